"""The record as CSV, page by page."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from itertools import chain
from typing import Any, Final

from registry.audit.reading import Home, NamedNumber, RecordFilter, RecordRow, list_record
from registry.db import Database
from registry.imports.formulas import with_guard

_AT_ONCE: Final = 1000
_BYTE_ORDER_MARK: Final = "\ufeff"
_HEAD: Final = (
    "id",
    "at",
    "act",
    "outcome",
    "actor_kind",
    "actor",
    "actor_name",
    "actor_role",
    "actor_department",
    "actor_department_name",
    "address",
    "object_kind",
    "object",
    "camera",
    "camera_name",
    "departments",
    "department_names",
    "purpose",
    "detail",
    "sealed",
)


def record_csv(database: Database, asked: RecordFilter, home: Home) -> Iterator[str]:
    """The lines of the file, some at a time; the first page is read before this returns, so that a database that is
    away is told. Raises `Unavailable`."""
    pages = _pages(database, asked, home)
    first = next(pages)
    return chain([_BYTE_ORDER_MARK + _lines([_HEAD]), _page_lines(first)], map(_page_lines, pages))


def _pages(database: Database, asked: RecordFilter, home: Home) -> Iterator[tuple[RecordRow, ...]]:
    cursor: int | None = None
    while True:
        # A transaction a page: who downloads slowly must not hold one.
        with database.read() as connection:
            page = list_record(connection, asked, home, cursor=cursor, limit=_AT_ONCE)
        yield page.items
        cursor = page.next
        if cursor is None:
            return


def _page_lines(rows: tuple[RecordRow, ...]) -> str:
    return _lines([[_cell(value) for value in _values(row)] for row in rows])


def _values(row: RecordRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.at.isoformat(),
        row.act,
        row.outcome,
        row.actor_kind,
        row.actor,
        row.actor_name,
        row.actor_role,
        *_number_and_name(row.actor_department),
        row.address,
        row.object_kind,
        row.object,
        *_number_and_name(row.camera),
        " ".join(str(one.id) for one in row.departments),
        ", ".join(one.name for one in row.departments),
        row.purpose,
        json.dumps(row.detail, ensure_ascii=False) if row.detail else "",
        "true" if row.sealed else "false",
    )


def _number_and_name(found: NamedNumber | None) -> tuple[int | None, str]:
    return (None, "") if found is None else (found.id, found.name)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return with_guard(value)
    return "" if value is None else str(value)


def _lines(rows: Any) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
