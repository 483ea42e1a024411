"""Uptime by camera, department, region, sector or day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from heapq import nsmallest
from typing import Any, Final, assert_never

from sqlalchemy import ColumnElement, Connection, or_, select

from core.camera import DepartmentId
from core.ids import CAMERA_BITS, LAST_CAMERA, CameraId
from core.spell import spell_state
from core.stream_state import StreamState

from ..catalogue.reached import is_reached
from ..chunks import in_chunks
from ..driver_rows import in_pieces
from ..page import Page
from ..tables import camera, department, former_owner, region
from .asked import By, Order, Period, Uptime, Which
from .days import Days, date_of
from .sums import Column, Key, Sums, sums_of

_PARTS: Final = 1_000_000
"""Shares are ordered in whole millionths, so that a cursor is a number."""
_NEVER_WATCHED: Final = _PARTS + 1
_AT_ONCE: Final = 1000
_LIVE: Final = StreamState.LIVE.value


def uptimes(
    connection: Connection,
    days: Days,
    now: datetime,
    by: By,
    order: Order,
    period: Period,
    which: Which,
    *,
    cursor: int | None = None,
    limit: int = 100,
) -> Page[Uptime, int]:
    """Uptime as of `now`, by the database's clock: of cameras a page after `cursor`, of everything else all there is.

    Raises `NotFound` for an unknown region.
    """
    if by is not By.CAMERA:
        found = grouped(connection, days, now, by, period, which)
        if order is Order.SHARE:
            found.sort(key=lambda one: _NEVER_WATCHED if one.share is None else one.share)
        return Page(tuple(found), None)
    if order is Order.SHARE:
        return worst_first(connection, days, now, period, which, cursor=cursor, limit=limit)
    after = None if cursor is None else CameraId(min(cursor, LAST_CAMERA))
    page = by_camera(connection, days, now, period, which, cursor=after, limit=limit)
    return Page(page.items, page.next)


def owners_of_time(
    connection: Connection, days: Days, now: datetime, period: Period, which: Which
) -> frozenset[DepartmentId]:
    """Whose time it is. Raises `NotFound` for an unknown region."""
    sums = sums_of(connection, days, now, which).by([Column.DEPARTMENT], period)
    return frozenset(DepartmentId(owner) for owner, _ in sums)


def grouped(connection: Connection, days: Days, now: datetime, by: By, period: Period, which: Which) -> list[Uptime]:
    """Uptime by department, region, sector or day: all there is of, by key. By camera there are pages."""
    sums = sums_of(connection, days, now, which)
    match by:
        case By.DAY:
            found = _apart(sums.by([Column.DAY], period))
            return [_uptime(date_of(day).isoformat(), date_of(day).isoformat(), found[day]) for day in sorted(found)]
        case By.DEPARTMENT:
            found = _apart(sums.by([Column.DEPARTMENT], period))
            names = _named(connection, department.c.id, department.c.name)
            return [_uptime(str(key), names[key], found[key]) for key in sorted(found)]
        case By.SECTOR:
            kinds = _named(connection, department.c.id, department.c.kind)
            by_kind: Counter[Key] = Counter()
            for (owner, state), much in sums.by([Column.DEPARTMENT], period).items():
                by_kind[kinds[owner], state] += much
            found = _apart(by_kind)
            return [_uptime(key, key, found[key]) for key in sorted(found)]
        case By.REGION:
            found = _apart(sums.by([Column.REGION], period))
            names = _named(connection, region.c.code, region.c.name)
            return [_uptime(key, names.get(key, ""), found[key]) for key in sorted(found)]
        case By.CAMERA:
            return list(by_camera(connection, days, now, period, which, limit=LAST_CAMERA).items)
        case _:
            assert_never(by)


def by_camera(
    connection: Connection,
    days: Days,
    now: datetime,
    period: Period,
    which: Which,
    *,
    cursor: CameraId | None = None,
    limit: int = 100,
) -> Page[Uptime, CameraId]:
    """Uptime of cameras by number, after `cursor`; also of removed ones that were there in that time."""
    sums = sums_of(connection, days, now, which)
    statement = _cameras(sums, period).order_by(camera.c.id).limit(limit + 1)
    if cursor is not None:
        statement = statement.where(camera.c.id > cursor)
    rows = [(CameraId(row.id), row.name) for row in connection.execute(statement)]
    items = tuple(_of(sums, period, rows[:limit]))
    return Page(items, rows[limit - 1][0] if len(rows) > limit else None)


def worst_first(
    connection: Connection,
    days: Days,
    now: datetime,
    period: Period,
    which: Which,
    *,
    cursor: int | None = None,
    limit: int = 100,
) -> Page[Uptime, int]:
    """Uptime of cameras, the least share first, those that were never to be watched last; after `cursor`."""
    sums = sums_of(connection, days, now, which)
    watched_ms: defaultdict[int, int] = defaultdict(int)
    online_ms: dict[int, int] = {}
    for (number, state), much in sums.by([Column.CAMERA], period).items():
        watched_ms[number] += much
        if state == _LIVE:
            online_ms[number] = much
    asked = connection.execute(_cameras(sums, period).with_only_columns(camera.c.id))
    ranks = (
        _rank(number, watched_ms.get(number, 0), online_ms.get(number, 0))
        for piece in in_pieces(asked)
        for (number,) in piece
    )
    best = nsmallest(limit + 1, ranks if cursor is None else (rank for rank in ranks if rank > cursor))
    numbers = [CameraId(rank & LAST_CAMERA) for rank in best[:limit]]
    names = {
        row.id: row.name
        for chunk in in_chunks(numbers)
        for row in connection.execute(select(camera.c.id, camera.c.name).where(camera.c.id.in_(chunk)))
    }
    items = tuple(_of(sums, period, [(number, names[number]) for number in numbers]))
    return Page(items, best[limit - 1] if len(best) > limit else None)


def _named(connection: Connection, key: ColumnElement[Any], name: ColumnElement[str]) -> dict[Any, str]:
    return {row[0]: row[1] for row in connection.execute(select(key, name))}


def _rank(number: int, watched_ms: int, online_ms: int) -> int:
    share = online_ms * _PARTS // watched_ms if watched_ms else _NEVER_WATCHED
    return share << CAMERA_BITS | number


def _cameras(sums: Sums, period: Period) -> Any:
    """Those that are asked for, and were there in that time."""
    begin = sums.days.start(period.first)
    statement = select(camera.c.id, camera.c.name).where(
        or_(camera.c.deleted_at.is_(None), camera.c.deleted_at > begin)
    )
    if not sums.reach.is_all:
        statement = statement.where(is_reached(sums.reach))
    if sums.departments is not None:
        owned = select(former_owner.c.camera).where(
            former_owner.c.department.in_(sums.departments), former_owner.c.until_at > begin
        )
        statement = statement.where(or_(camera.c.department.in_(sums.departments), camera.c.id.in_(owned)))
    if sums.regions is not None:
        statement = statement.where(camera.c.region.in_(sums.regions))
    if sums.cameras is not None:
        statement = statement.where(camera.c.id.in_(sums.cameras))
    return statement


def _of(sums: Sums, period: Period, cameras: Sequence[tuple[CameraId, str]]) -> Iterator[Uptime]:
    for chunk in in_chunks(cameras, _AT_ONCE):
        found = _apart(sums.of(*(number for number, _ in chunk)).by([Column.CAMERA], period))
        yield from (_uptime(str(number), name, found.get(number, {})) for number, name in chunk)


def _apart(sums: Mapping[Key, int]) -> dict[Any, dict[str, int]]:
    """Sums by key and state, as sums by state for each key."""
    found: defaultdict[Any, dict[str, int]] = defaultdict(dict)
    for (key, state), much in sums.items():
        found[key][state] = much
    return dict(found)


def _uptime(key: str, name: str, by_state: Mapping[str, int]) -> Uptime:
    return Uptime(key, name, {spell_state(state): much for state, much in sorted(by_state.items())})
