"""Adds what spells tell up by day. Reading is exact without it, and quick by it: spells that are not counted yet are
summed up then."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Event as Flag
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, literal, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from core.camera import DepartmentId
from core.clock import Clock
from core.ids import CameraId

from .. import spells
from ..chunks import in_chunks
from ..columns import EPOCH, Instant
from ..db import Database, is_sqlite
from ..deal_plan import is_to_be_watched
from ..owners import Owners
from ..server_clock import server_time
from ..tables import camera, worker
from ..uptime_tables import stream_spell, uptime_day, uptime_sum
from .days import Days
from .settings import HistorySettings

_AT_ONCE: Final = 200
"""Spells of one transaction: SQLite's writer is not held for long."""
_MILLISECOND: Final = timedelta(milliseconds=1)
_PAUSE_S: Final = 0.02


class Cell(NamedTuple):
    """What time is added up by."""

    day: int
    camera: CameraId
    department: DepartmentId
    region: str
    state: str


class Place(NamedTuple):
    """How far the spells of all cameras were gone through."""

    camera: CameraId
    counted_to: datetime


def tidy(database: Database, days: Days, settings: HistorySettings, clock: Clock, stop: Flag) -> None:
    """Count what is not counted yet, and remove what is older than the settings say: in many short transactions.

    To be called once an hour or so, by any worker; two at once do not count anything twice. Ends early when `stop` is
    set. Raises `Unavailable`.
    """
    _end_unwanted(database, clock, stop)
    place: Place | None = None
    while not stop.is_set():
        with database.write() as connection:
            place = count(connection, days, server_time(connection), after=place, limit=_AT_ONCE)
        if place is None:
            break
        clock.sleep(_PAUSE_S, stop)  # Others want to write, too.
    while not stop.is_set():
        with database.write() as connection:
            removed = prune(connection, days, settings, server_time(connection), limit=_AT_ONCE)
        if removed == 0:
            return
        clock.sleep(_PAUSE_S, stop)


def _end_unwanted(database: Database, clock: Clock, stop: Flag) -> None:
    """End the spells that tell that nobody watches a camera which nobody is to watch any more, say for lack of a stream
    to detect on. (Those that somebody watches end with the lease.)"""
    unwanted = (
        select(stream_spell.c.camera)
        .join(camera, camera.c.id == stream_spell.c.camera)
        .where(stream_spell.c.until_at.is_(None), stream_spell.c.worker.is_(None), ~is_to_be_watched())
    )
    with database.read() as connection:  # Looking through all cameras must not hold up who writes.
        found = connection.scalars(unwanted).all()
    for chunk in in_chunks(found, _AT_ONCE):
        if stop.is_set():
            return
        with database.write() as connection:
            still = connection.scalars(unwanted.where(camera.c.id.in_(chunk))).all()
            spells.end(connection, [CameraId(number) for number in still], server_time(connection))
        clock.sleep(_PAUSE_S, stop)


def count(connection: Connection, days: Days, now: datetime, *, after: Place | None = None, limit: int) -> Place | None:
    """Count at most `limit` spells: those that have ended, and those that go on up to the last midnight. The place
    after which to go on; None at the end."""
    today = days.start(days.of(now))
    statement = (
        select(stream_spell, worker.c.heartbeat_at)
        .outerjoin(worker, worker.c.id == stream_spell.c.worker)
        .where(stream_spell.c.counted_to.is_not(None))
        .where(or_(stream_spell.c.until_at.is_not(None), stream_spell.c.counted_to < today))
        .order_by(stream_spell.c.camera, stream_spell.c.counted_to)
        .limit(limit)
        .with_for_update(of=stream_spell, skip_locked=True)
    )
    if after is not None:
        place = tuple_(literal(after.camera), literal(after.counted_to, Instant))
        statement = statement.where(tuple_(stream_spell.c.camera, stream_spell.c.counted_to) > place)
    rows = connection.execute(statement).all()
    spans = [(row, _until(row, today)) for row in rows]
    _add(connection, _cells(connection, days, spans))
    _mark(connection, spans)
    return Place(rows[-1].camera, rows[-1].counted_to) if len(rows) == limit else None


def prune(connection: Connection, days: Days, settings: HistorySettings, now: datetime, *, limit: int) -> int:
    """Remove about `limit` rows of what is older than the settings say. How many were removed."""
    removed = spells.prune(connection, now - timedelta(days=settings.spells_days), limit)
    oldest = days.of(now) - settings.uptime_days
    for table in (uptime_day, uptime_sum):
        keys = list(table.primary_key.columns)
        old = select(*keys).where(table.c.day < oldest).limit(limit)
        removed += connection.execute(delete(table).where(tuple_(*keys).in_(old))).rowcount
    return removed


def milliseconds(from_at: datetime, until_at: datetime) -> int:
    """Whole milliseconds between two instants, so that pieces of a span add up to it."""
    return (until_at - EPOCH) // _MILLISECOND - (from_at - EPOCH) // _MILLISECOND


def _until(row: Row[Any], today: datetime) -> datetime:
    """Up to when a spell can be counted now: one that goes on may have ended with its worker's last word."""
    if row.until_at is not None:
        ended_at: datetime = row.until_at
        return ended_at
    if row.worker is None:
        return today
    heard_at: datetime = row.heartbeat_at or row.counted_to
    return min(heard_at, today)


def _cells(connection: Connection, days: Days, spans: list[tuple[Row[Any], datetime]]) -> Iterable[tuple[Cell, int]]:
    cameras = sorted({CameraId(row.camera) for row, _ in spans})
    owners, regions = Owners(connection, cameras), _regions(connection, cameras)
    for row, until_at in spans:
        for owner, from_at, owned_until in owners.spans(row.camera, row.counted_to, until_at):
            for day, begin, end in days.split(from_at, owned_until):
                yield Cell(day, row.camera, owner, regions[row.camera], row.state), milliseconds(begin, end)


def _regions(connection: Connection, cameras: list[CameraId]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in in_chunks(cameras):
        statement = select(camera.c.id, camera.c.region).where(camera.c.id.in_(chunk))
        found |= {row.id: row.region or "" for row in connection.execute(statement)}
    return found


def _add(connection: Connection, cells: Iterable[tuple[Cell, int]]) -> None:
    by_camera: Counter[Cell] = Counter()
    by_department: Counter[tuple[int, int, str, str]] = Counter()
    for cell, much in cells:
        by_camera[cell] += much
        by_department[cell.day, cell.department, cell.region, cell.state] += much
    dialect = sqlite if is_sqlite(connection) else postgresql
    for table, sums in ((uptime_day, by_camera), (uptime_sum, by_department)):
        names = [column.name for column in table.primary_key.columns]
        # In one order, so that two that count do not wait for each other.
        rows = [{**dict(zip(names, key, strict=True)), "milliseconds": much} for key, much in sorted(sums.items())]
        if rows:
            statement = dialect.insert(table)
            more = {"milliseconds": table.c.milliseconds + statement.excluded.milliseconds}
            connection.execute(statement.on_conflict_do_update(index_elements=names, set_=more), rows)


def _mark(connection: Connection, spans: list[tuple[Row[Any], datetime]]) -> None:
    marks = [
        {
            "of": row.camera,
            "since": row.from_at,
            "to": None if row.until_at is not None else max(until_at, row.counted_to),
        }
        for row, until_at in spans
    ]
    if marks:
        one = (stream_spell.c.camera == bindparam("of")) & (stream_spell.c.from_at == bindparam("since"))
        connection.execute(update(stream_spell).where(one).values(counted_to=bindparam("to")), marks)
