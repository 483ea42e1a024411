"""Notices: opened when a trouble begins, closed when it is over, and listed."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from registry.chunks import in_chunks
from registry.db import is_sqlite
from registry.page import Page
from registry.server_clock import server_time

from .notice import Notice, NoticeId, NoticeKind, NoticeMoment
from .table import LONGEST_DETAIL, LONGEST_SUBJECT, OPEN, notice
from .telling import tell

_IS_OPEN: Final = notice.c.ended_at.is_(None)
_CLEAN: Final = str.maketrans("", "", "\0")
"""PostgreSQL takes no text that holds NUL; what a store or a disk answered may."""


def open_notice(
    connection: Connection, kind: NoticeKind, subject: str, detail: str, *, at: datetime | None = None
) -> None:
    """Say that `subject` has a trouble, and tell the subscriptions that ask for notices, all in this transaction.

    While one of this kind and subject is open only its words are renewed, and nobody is told: it may be said again and
    again, by several processes at once. `at`: when it began; None: now, by the database's clock.
    """
    subject, detail = _cut(subject, LONGEST_SUBJECT), _cut(detail, LONGEST_DETAIL)
    now = at or server_time(connection)
    dialect = sqlite if is_sqlite(connection) else postgresql
    adding = dialect.insert(notice).on_conflict_do_nothing(index_elements=["kind", "subject"], index_where=OPEN)
    values = {"kind": kind.value, "subject": subject, "detail": detail, "began_at": now}
    made = connection.execute(adding.values(values).returning(notice.c.id)).scalar_one_or_none()
    if made is not None:
        tell(connection, NoticeId(made), NoticeMoment.OPENED, now)
        return
    is_it = notice.c.kind == kind.value, notice.c.subject == subject, _IS_OPEN
    connection.execute(update(notice).where(*is_it, notice.c.detail != detail).values(detail=detail))


def close_notice(connection: Connection, kind: NoticeKind, subject: str, *, at: datetime | None = None) -> None:
    """Say that the trouble is over, and tell those who were told of it, all in this transaction. Where none is open
    nothing happens."""
    now = at or server_time(connection)
    is_it = notice.c.kind == kind.value, notice.c.subject == _cut(subject, LONGEST_SUBJECT), _IS_OPEN
    over = update(notice).where(*is_it).values(ended_at=now).returning(notice.c.id)
    for number in connection.scalars(over):
        tell(connection, NoticeId(number), NoticeMoment.CLOSED, now)


def open_notices(connection: Connection) -> list[Notice]:
    """All troubles that go on, the newest first. They are few: one of a kind for each thing that can have it."""
    return [_notice(row) for row in connection.execute(select(notice).where(_IS_OPEN).order_by(notice.c.id.desc()))]


def list_notices(
    connection: Connection, *, only_open: bool, cursor: NoticeId | None = None, limit: int = 100
) -> Page[Notice, NoticeId]:
    """Troubles, the one that began last first, before the one of number `cursor`."""
    statement = select(notice).order_by(notice.c.id.desc()).limit(limit + 1)
    if only_open:
        statement = statement.where(_IS_OPEN)
    if cursor is not None:
        statement = statement.where(notice.c.id < cursor)
    found = [_notice(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def read_notices(connection: Connection, numbers: Collection[NoticeId]) -> dict[NoticeId, Notice]:
    """Those of `numbers` that there are."""
    found: dict[NoticeId, Notice] = {}
    for chunk in in_chunks(sorted(numbers)):
        found |= {
            NoticeId(row.id): _notice(row) for row in connection.execute(select(notice).where(notice.c.id.in_(chunk)))
        }
    return found


def _cut(text: str, length: int) -> str:
    return text.translate(_CLEAN)[:length]


def _notice(row: Row[tuple[object, ...]]) -> Notice:
    return Notice(NoticeId(row.id), NoticeKind(row.kind), row.subject, row.detail, row.began_at, row.ended_at)
