"""Loads millions of rows, of events and of histories: without indexes first, then the indexes at once."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, DropIndex

from events.index.tables import SEARCH_INDEXES, event, event_detail
from events.tallies.recount import paused, recount
from registry.uptime_tables import stream_spell, uptime_day, uptime_sum

from .histories import DAY_COLUMNS, SPELL_COLUMNS, SUM_COLUMNS
from .traffic import COLUMNS, DETAIL_COLUMNS, Batch, Rows

INDEXES: Final = (*SEARCH_INDEXES, *sorted(uptime_day.indexes, key=lambda index: str(index.name)))
"""Those that are made at the end."""
_COLUMNS: Final = {
    event.name: COLUMNS,
    event_detail.name: DETAIL_COLUMNS,
    stream_spell.name: SPELL_COLUMNS,
    uptime_day.name: DAY_COLUMNS,
    uptime_sum.name: SUM_COLUMNS,
}
TableRows = Iterable[tuple[str, Rows]]
"""Rows of the table of that name."""
_REPORT_EVERY: Final = 50_000


Heard = Callable[[int, int], None]
"""Hears how much is done, of how much."""


def load_into_sqlite(path: Path, parts: Iterable[TableRows], indexed: Heard, tallied: Heard) -> None:
    """Load `parts`, in their order, into the file at `path`, which nobody else has open, and which is thrown away if
    this fails.

    `indexed` hears how many indexes there are of how many, `tallied` when the events are counted.
    """
    inserts = {
        table: f"INSERT INTO {table} ({_names(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - ours
        for table, columns in _COLUMNS.items()
    }
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # No journal, no waiting for the disk: a file that is not finished is not kept.
        for setting in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "temp_store=FILE"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("PRAGMA cache_size=-262144")  # KiB, for sorting the indexes.
        connection.execute("PRAGMA threads=2")
        for index in INDEXES:
            connection.execute(f"DROP INDEX {index.name}")
        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as counting:
            with paused(counting):
                connection.execute("BEGIN")
                for table, rows in chain.from_iterable(parts):
                    connection.executemany(inserts[table], rows)
                connection.execute("COMMIT")
            for number, index in enumerate(INDEXES):
                indexed(number, len(INDEXES))
                counting.execute(CreateIndex(index))  # its text alone would leave out for which rows
            indexed(len(INDEXES), len(INDEXES))
            _count(counting, tallied)
        connection.execute("ANALYZE")
    finally:
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def load_into_postgresql(connection: Connection, parts: Iterable[TableRows], indexed: Heard, tallied: Heard) -> None:
    """The same by COPY, inside the transaction of `connection`: an interruption undoes all of it."""
    for index in INDEXES:
        connection.execute(DropIndex(index))
    driver: Any = connection.connection.driver_connection
    with paused(connection), driver.cursor() as cursor:
        for table, rows in chain.from_iterable(parts):
            with cursor.copy(f"COPY {table} ({_names(_COLUMNS[table])}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    connection.exec_driver_sql("SET LOCAL work_mem = '256MB'")
    for number, index in enumerate(INDEXES):
        indexed(number, len(INDEXES))
        connection.execute(CreateIndex(index))
    indexed(len(INDEXES), len(INDEXES))
    _count(connection, tallied)
    connection.exec_driver_sql("ANALYZE")


def _count(connection: Connection, tallied: Heard) -> None:
    """Fill the tallies, which the database did not keep meanwhile."""
    tallied(0, 1)
    recount(connection)
    tallied(1, 1)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def of_events(batches: Iterable[Batch], loaded: Callable[[int], None]) -> Iterator[tuple[str, Rows]]:
    """Table by table, the rows of each batch; `loaded` hears how many events there are: at the start, about every
    50,000, and at the end."""
    total, told = 0, 0
    loaded(0)
    for batch in batches:
        yield event.name, batch.events
        yield event_detail.name, batch.details
        total += len(batch.events)
        if total - told >= _REPORT_EVERY:
            loaded(total)
            told = total
    loaded(total)


def of_histories(
    spells: Rows, days: Iterable[tuple[Rows, Rows]], loaded: Callable[[int], None]
) -> Iterator[tuple[str, Rows]]:
    """The same of spells and of days; `loaded` hears how many days there are."""
    loaded(0)
    yield stream_spell.name, spells
    for number, (of_cameras, sums) in enumerate(days, 1):
        yield uptime_day.name, of_cameras
        yield uptime_sum.name, sums
        loaded(number)
