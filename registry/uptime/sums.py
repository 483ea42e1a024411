"""Adds up how long streams were in which state: what is counted by day, and what spells tell that are not yet counted.

A spell that goes on counts up to its worker's last word. Where that is older than a lease, nobody has watched since.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    case,
    func,
    literal,
    select,
    type_coerce,
)

from core.camera import DepartmentId
from core.ids import CameraId
from core.spell import NotWatched

from .. import regions
from ..catalogue.reached import single_cameras
from ..columns import LAST_INSTANT, to_microseconds
from ..departments import Sector
from ..driver_rows import in_pieces
from ..owners import Owners
from ..reach import EVERYTHING, Reach
from ..search_text import folded
from ..tables import camera, department, former_owner, worker
from ..uptime_tables import stream_spell, uptime_day, uptime_sum
from .asked import Period, Which
from .counting import milliseconds
from .days import Days
from .stretches import stretches

_SILENCE: Final = timedelta(seconds=5)
"""A worker that was not heard of for so long has lost its leases."""
_US_A_MS: Final = 1000

Key = tuple[Any, ...]


class Column(StrEnum):
    """What sums may be told apart by."""

    DAY = "day"
    CAMERA = "camera"
    DEPARTMENT = "department"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums as of one moment. `connection` must see one state throughout, as `Database.read()` gives it."""

    connection: Connection
    days: Days
    now: datetime
    departments: frozenset[DepartmentId] | None
    """Only time when these owned the camera; None: whoever did."""
    regions: frozenset[str] | None
    cameras: tuple[CameraId, ...] | Select[tuple[int]] | None
    reach: Reach = EVERYTHING

    def of(self, *cameras: CameraId) -> "Sums":
        """The same, of these cameras alone."""
        return replace(self, cameras=cameras)

    def by(self, columns: Sequence[Column], period: Period) -> Counter[Key]:
        """Milliseconds by the values of `columns`, and by state, which comes last."""
        if self.reach.is_all:
            return self._by(columns, period)
        sums: Counter[Key] = Counter()
        for stretch, reach in stretches(self.reach, self.days, period):
            for part in replace(self, reach=reach)._parts():
                sums.update(part._by(columns, stretch))
        return sums

    def _parts(self) -> Iterator["Sums"]:
        """The same time without a reach: what departments within it owned, and what others owned of single cameras."""
        within = frozenset(self.reach.departments)
        asked = self.departments
        owned = within if asked is None else within & asked
        if owned:
            yield replace(self, reach=EVERYTHING, departments=owned)
        single = self._single()
        if single is not None:
            others = self._all_departments() if asked is None else asked
            yield replace(self, reach=EVERYTHING, departments=others - within, cameras=single)

    def _all_departments(self) -> frozenset[DepartmentId]:
        return frozenset(DepartmentId(number) for number in self.connection.scalars(select(department.c.id)))

    def _single(self) -> tuple[CameraId, ...] | Select[tuple[int]] | None:
        if isinstance(self.cameras, tuple):
            return tuple(number for number in self.cameras if number in self.reach.cameras_now) or None
        single = single_cameras(self.reach)
        if single is None or self.cameras is None:
            return single
        return self.cameras.where(camera.c.id.in_(single))

    def _by(self, columns: Sequence[Column], period: Period) -> Counter[Key]:
        sums = self._counted(columns, period)
        begin, end = self.days.start(period.first), self.days.start(period.last + 1)
        earliest = self._earliest()
        if earliest is None or earliest >= end:
            return sums
        begin = max(begin, earliest)
        if Column.DAY not in columns:
            sums.update(self._uncounted(columns, begin, end))
            return sums
        place = columns.index(Column.DAY)
        for day, since, until in self.days.split(begin, min(end, max(self.now, begin))):
            for key, much in self._uncounted([one for one in columns if one is not Column.DAY], since, until).items():
                sums[(*key[:place], day, *key[place:])] += much
        return sums

    def _counted(self, columns: Sequence[Column], period: Period) -> Counter[Key]:
        needs_cameras = self.cameras is not None or Column.CAMERA in columns
        table = uptime_day if needs_cameras else uptime_sum
        keys = [*(table.c[column] for column in columns), table.c.state]
        statement = select(*keys, func.sum(table.c.milliseconds)).group_by(*keys)
        statement = statement.where(table.c.day.between(period.first, period.last))
        if self.departments is not None:
            statement = statement.where(table.c.department.in_(self.departments))
        if self.regions is not None:
            statement = statement.where(table.c.region.in_(self.regions))
        if self.cameras is not None:
            statement = statement.where(uptime_day.c.camera.in_(self.cameras))
        sums: Counter[Key] = Counter()
        for piece in in_pieces(self.connection.execute(statement)):
            # By the method of plain dictionaries: each key comes once, and there may be a hundred thousand.
            dict.update(sums, {row[:-1]: much for row in piece if (much := int(row[-1])) > 0})
        return sums

    def _earliest(self) -> datetime | None:
        """From when on something is not counted yet."""
        statement = select(func.min(stream_spell.c.counted_to)).where(stream_spell.c.counted_to.is_not(None))
        if self.cameras is not None:
            statement = statement.where(stream_spell.c.camera.in_(self.cameras))
        earliest: datetime | None = self.connection.execute(statement).scalar_one()
        return earliest

    def _uncounted(self, columns: Sequence[Column], begin: datetime, end: datetime) -> Counter[Key]:
        sums: Counter[Key] = Counter()
        statement = self._spells(columns, begin, end).where(~_moved(begin))
        if self.departments is not None:
            statement = statement.where(camera.c.department.in_(self.departments))
        if self.regions is not None:
            statement = statement.where(_REGION.in_(self.regions))
        for piece in in_pieces(self.connection.execute(statement)):
            for row in piece:
                *_, said, silent = row
                if said >= _US_A_MS:
                    sums[row[:-2]] += int(said) // _US_A_MS
                if silent >= _US_A_MS:
                    sums[(*row[:-3], NotWatched.UNWATCHED.value)] += int(silent) // _US_A_MS
        self._add_moved(sums, columns, begin, end)
        return sums

    def _spells(self, columns: Sequence[Column], begin: datetime, end: datetime) -> Select[Any]:
        """What spells tell, and what follows from the silence of workers since then, in microseconds."""
        now = literal(to_microseconds(self.now), BigInteger)
        from_us, until_us = _us(stream_spell.c.counted_to), _us(stream_spell.c.until_at)
        heartbeat = _us(worker.c.heartbeat_at)
        heard = case(
            (stream_spell.c.worker.is_(None), now),
            (heartbeat.is_(None), from_us),
            (heartbeat > now, now),
            else_=heartbeat,
        )
        is_silent = until_us.is_(None) & (heard < now - literal(_SILENCE // timedelta(microseconds=1), BigInteger))
        said = _within(from_us, func.coalesce(until_us, heard), begin, end)
        silent = case((is_silent, _within(_later(heard, from_us), now, begin, end)), else_=0)
        keys = [*(_COLUMNS[column] for column in columns), stream_spell.c.state]
        statement = (
            select(*keys, func.sum(said), func.sum(silent))
            .select_from(stream_spell)
            .join(camera, camera.c.id == stream_spell.c.camera)
            .outerjoin(worker, worker.c.id == stream_spell.c.worker)
            .where(stream_spell.c.counted_to < end)
            # Not by the index of ends, where all that is counted stands, too.
            .where(func.coalesce(until_us, LAST_INSTANT) > to_microseconds(begin))
            .group_by(*keys)
        )
        return statement if self.cameras is None else statement.where(stream_spell.c.camera.in_(self.cameras))

    def _add_moved(self, sums: Counter[Key], columns: Sequence[Column], begin: datetime, end: datetime) -> None:
        """Add the spells of the few cameras that had another owner since `begin`, piece by piece."""
        statement = (
            select(stream_spell, worker.c.heartbeat_at, _REGION.label("region"))
            .join(camera, camera.c.id == stream_spell.c.camera)
            .outerjoin(worker, worker.c.id == stream_spell.c.worker)
            .where(stream_spell.c.counted_to < end, _moved(begin))
        )
        if self.cameras is not None:
            statement = statement.where(stream_spell.c.camera.in_(self.cameras))
        rows = self.connection.execute(statement).all()
        owners = Owners(self.connection, {row.camera for row in rows})
        for row in rows:
            if self.regions is not None and row.region not in self.regions:
                continue
            for state, since, until in self._pieces(row):
                for owner, from_at, until_at in owners.spans(row.camera, max(since, begin), min(until, end)):
                    if self.departments is None or owner in self.departments:
                        values = {
                            Column.CAMERA: row.camera,
                            Column.DEPARTMENT: owner,
                            Column.REGION: row.region,
                        }
                        if much := milliseconds(from_at, until_at):
                            sums[(*(values[column] for column in columns), state)] += much

    def _pieces(self, row: Row[Any]) -> list[tuple[str, datetime, datetime]]:
        if row.until_at is not None or row.worker is None:
            return [(row.state, row.counted_to, row.until_at or self.now)]
        heard_at = min(row.heartbeat_at or row.counted_to, self.now)
        pieces = [(row.state, row.counted_to, heard_at)]
        if row.heartbeat_at is None or heard_at < self.now - _SILENCE:
            pieces.append((NotWatched.UNWATCHED.value, max(heard_at, row.counted_to), self.now))
        return pieces


def sums_of(connection: Connection, days: Days, now: datetime, which: Which) -> Sums:
    """Sums as of `now`, by the database's clock, of the time that `which` is about.

    Raises `NotFound` for an unknown region.
    """
    return Sums(
        connection,
        days,
        now,
        _departments(connection, which),
        _regions(connection, which.regions) if which.regions else None,
        _cameras(which),
        which.reach,
    )


_REGION: Final = func.coalesce(camera.c.region, "")
_COLUMNS: Final = {
    Column.CAMERA: stream_spell.c.camera,
    Column.DEPARTMENT: camera.c.department,
    Column.REGION: _REGION,
}


def _us(column: ColumnElement[Any]) -> ColumnElement[int]:
    """An instant as the number that the database keeps, to be calculated with."""
    return type_coerce(column, BigInteger)


def _later(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    return case((one > other, one), else_=other)


def _within(since: ColumnElement[int], until: ColumnElement[int], begin: datetime, end: datetime) -> ColumnElement[int]:
    """How much of the time from `since` until `until` lies between `begin` and `end`."""
    first, last = (literal(to_microseconds(at), BigInteger) for at in (begin, end))
    from_us = _later(since, first)
    until_us = case((until < last, until), else_=last)
    return case((until_us > from_us, until_us - from_us), else_=0)


def _moved(since: datetime) -> ColumnElement[bool]:
    """Whether the spell's camera had another owner since then."""
    return stream_spell.c.camera.in_(select(former_owner.c.camera).where(former_owner.c.until_at > since))


def _departments(connection: Connection, which: Which) -> frozenset[DepartmentId] | None:
    if not which.departments and not which.sectors:
        return None
    statement = select(department.c.id)
    if which.departments:
        statement = statement.where(department.c.id.in_(which.departments))
    if which.sectors:
        statement = statement.where(department.c.kind.in_([Sector(one).value for one in which.sectors]))
    return frozenset(DepartmentId(number) for number in connection.scalars(statement))


def _cameras(which: Which) -> tuple[CameraId, ...] | Select[tuple[int]] | None:
    if which.q is None:
        return tuple(sorted(which.cameras)) if which.cameras else None
    statement = select(camera.c.id)
    for word in folded(which.q).split():
        statement = statement.where(camera.c.search_text.contains(word, autoescape=True))
    return statement.where(camera.c.id.in_(which.cameras)) if which.cameras else statement


def _regions(connection: Connection, codes: frozenset[str]) -> frozenset[str]:
    """These regions, and all below them. Raises `NotFound` for an unknown one."""
    return frozenset(found for code in codes for found in regions.below(connection, code))
