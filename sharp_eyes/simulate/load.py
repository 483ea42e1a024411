"""Loads millions of event rows: without indexes first, then the indexes at once."""

import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.schema import CreateIndex, DropIndex

from events.index.tables import SEARCH_INDEXES, event

from .traffic import COLUMNS

Rows = Iterable[list[tuple[Any, ...]]]
_NAMES: Final = ", ".join(COLUMNS)
_REPORT_EVERY: Final = 50_000


def load_into_sqlite(
    path: Path, rows: Rows, loaded: Callable[[int], None], indexed: Callable[[int, int], None]
) -> None:
    """Load `rows` into the file at `path`, which nobody else has open and which is thrown away if this fails.

    `loaded` hears how many rows there are, `indexed` how many indexes of how many.
    """
    marks = ", ".join("?" * len(COLUMNS))
    insert = f"INSERT INTO {event.name} ({_NAMES}) VALUES ({marks})"  # noqa: S608 - names of our own
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # No journal, no waiting for the disk: a file that is not finished is not kept.
        for setting in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "temp_store=FILE"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("PRAGMA cache_size=-262144")  # KiB, for sorting the indexes.
        connection.execute("PRAGMA threads=2")
        for index in SEARCH_INDEXES:
            connection.execute(f"DROP INDEX {index.name}")
        connection.execute("BEGIN")
        for batch in _counted(rows, loaded):
            connection.executemany(insert, batch)
        connection.execute("COMMIT")
        for number, index in enumerate(SEARCH_INDEXES):
            indexed(number, len(SEARCH_INDEXES))
            connection.execute(str(CreateIndex(index)))
        indexed(len(SEARCH_INDEXES), len(SEARCH_INDEXES))
        connection.execute("ANALYZE")
    finally:
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def load_into_postgresql(
    connection: Connection, rows: Rows, loaded: Callable[[int], None], indexed: Callable[[int, int], None]
) -> None:
    """The same by COPY, inside the transaction of `connection`: an interruption undoes all of it."""
    for index in SEARCH_INDEXES:
        connection.execute(DropIndex(index))
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {event.name} ({_NAMES}) FROM STDIN") as copy:
        for batch in _counted(rows, loaded):
            for row in batch:
                copy.write_row(row)
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    for number, index in enumerate(SEARCH_INDEXES):
        indexed(number, len(SEARCH_INDEXES))
        connection.execute(CreateIndex(index))
    indexed(len(SEARCH_INDEXES), len(SEARCH_INDEXES))
    connection.exec_driver_sql("ANALYZE")


def _counted(rows: Rows, loaded: Callable[[int], None]) -> Iterable[list[tuple[Any, ...]]]:
    """`rows`, telling `loaded` at the start, about every 50,000 of them, and at the end."""
    total, told = 0, 0
    loaded(0)
    for batch in rows:
        yield batch
        total += len(batch)
        if total - told >= _REPORT_EVERY:
            loaded(total)
            told = total
    loaded(total)
