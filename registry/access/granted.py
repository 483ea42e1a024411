"""What grants reach: departments, or cameras for as long as who granted it owned them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, select

from core.camera import DepartmentId
from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_EVENT, CameraId, EventId, first_event_id

from ..chunks import in_chunks
from ..spans import NO_SPANS, CameraSpan, Spans
from ..tables import camera, former_owner, region
from .department_tree import DepartmentTree
from .grant import Grant, OnCamera, OnDepartment, OnRegion, OnSector

_Owned: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int64]]
"""Cameras, and the department of each."""
_SINCE_EVER: Final = EventId(0)


@dataclass(frozen=True, slots=True, eq=False)
class Granted:
    """What a grant reaches."""

    lowest: EventId
    """No older event of its departments is within it."""
    departments: frozenset[DepartmentId] = frozenset()
    spans: Spans = NO_SPANS


class Grounds:
    """What some grants are on, as a connection sees it, read once for all of them. For one thread."""

    def __init__(self, connection: Connection, grants: Sequence[Grant], tree: DepartmentTree) -> None:
        self._connection = connection
        self._tree = tree
        self._of_camera = self._read_cameras({grant.on.camera for grant in grants if isinstance(grant.on, OnCamera)})
        self._of_region = self._read_regions({grant.on.region for grant in grants if isinstance(grant.on, OnRegion)})

    def granted(self, grant: Grant) -> Granted:
        """What `grant`, one of those it was made with, reaches while it is in force."""
        lowest = _SINCE_EVER if grant.since is None else lowest_id(grant.since)
        owners = None if grant.owner is None else self._tree.within(grant.owner)
        match grant.on:
            case OnDepartment(department=number):
                found = self._tree.within(number)
            case OnSector(sector=sector):
                found = self._tree.of_sector(sector)
            case OnRegion(region=code):
                return Granted(lowest, spans=self._spans(self._of_region[code], owners, lowest))
            case OnCamera(camera=number):
                owner = np.array([self._of_camera[number]], np.int64)
                return Granted(lowest, spans=self._spans((np.array([number], np.int32), owner), owners, lowest))
            case other:
                assert_never(other)
        return Granted(lowest, found if owners is None else found & owners)

    def _spans(self, owned: _Owned, owners: frozenset[DepartmentId] | None, lowest: EventId) -> Spans:
        """The cameras, for as long as they belonged to one of `owners`; None: to anybody."""
        cameras, departments = owned
        if owners is None:
            return Spans.going_on(cameras, lowest)
        if cameras.size == 1 and int(cameras[0]) not in self._moved:  # most grants are on one camera
            return Spans.going_on(cameras, lowest) if int(departments[0]) in owners else NO_SPANS
        moved = np.isin(cameras, self._moved_numbers)
        of_owners = np.isin(departments, np.array(sorted(owners), np.int64))
        spans = [Spans.going_on(cameras[of_owners & ~moved], lowest)]
        for number, now in zip(cameras[moved].tolist(), departments[moved].tolist(), strict=True):
            spans.append(Spans.of(_turns(number, [*self._moved[number], (None, now)], owners, lowest)))
        return Spans.all_of(spans)

    @cached_property
    def _moved(self) -> dict[int, list[tuple[datetime | None, int]]]:
        """Until when each camera that ever moved belonged to whom, oldest first."""
        found = defaultdict(list)
        for row in self._connection.execute(select(former_owner).order_by(former_owner.c.until_at)):
            found[row.camera].append((row.until_at, row.department))
        return dict(found)

    @cached_property
    def _moved_numbers(self) -> NDArray[np.int32]:
        return np.fromiter(self._moved, np.int32, len(self._moved))

    def _read_cameras(self, numbers: Iterable[CameraId]) -> dict[CameraId, int]:
        found: dict[CameraId, int] = {}
        for chunk in in_chunks(sorted(numbers)):
            owned = select(camera.c.id, camera.c.department).where(camera.c.id.in_(chunk))
            found |= {row.id: row.department for row in self._connection.execute(owned)}
        return found

    def _read_regions(self, codes: set[str]) -> dict[str, _Owned]:
        """The cameras in each of these regions and in those below it."""
        if not codes:
            return {}
        below = defaultdict(list)
        for code, parent in self._connection.execute(select(region.c.code, region.c.parent)):
            below[parent].append(code)
        inside = {code: _all_below(code, below) for code in codes}
        right_in: dict[str, list[_Owned]] = defaultdict(list)
        for chunk in in_chunks(sorted(set[str]().union(*inside.values())), 500):
            for code, owned in self._by_region(camera.c.region.in_(chunk)):
                right_in[code].append(owned)
        return {code: _joined([one for part in parts for one in right_in[part]]) for code, parts in inside.items()}

    def _by_region(self, condition: ColumnElement[bool]) -> list[tuple[str, _Owned]]:
        statement = select(camera.c.region, camera.c.id, camera.c.department).where(condition)
        rows = self._connection.execute(statement.order_by(camera.c.region, camera.c.id)).all()
        if not rows:
            return []
        codes, numbers, owners = zip(*rows, strict=True)
        ids, departments = np.array(numbers, np.int32), np.array(owners, np.int64)
        edges = [at for at in range(len(codes)) if at == 0 or codes[at] != codes[at - 1]] + [len(codes)]
        return [(codes[begin], (ids[begin:end], departments[begin:end])) for begin, end in pairwise(edges)]


def lowest_id(at: datetime) -> EventId:
    """The lowest id of an event that started no earlier than `at`: a part of a millisecond counts as a whole one."""
    if at < EVENT_EPOCH:
        return _SINCE_EVER
    first = first_event_id(at)
    return first if at.microsecond % 1000 == 0 else EventId(first + (1 << CAMERA_BITS))


def _turns(
    number: int, owned: Iterable[tuple[datetime | None, int]], owners: frozenset[DepartmentId], lowest: EventId
) -> Iterable[CameraSpan]:
    """The spans of a camera in the turns of `owners`. What started within the very millisecond of a move is in none."""
    from_id = lowest
    for until_at, owner in owned:
        end = LAST_EVENT if until_at is None else EventId(max(0, _first_id(until_at) - 1))
        if owner in owners and from_id <= end:
            yield CameraSpan(CameraId(number), from_id, end)
        if until_at is not None:
            from_id = max(from_id, lowest_id(until_at))


def _first_id(at: datetime) -> EventId:
    return first_event_id(max(at, EVENT_EPOCH))


def _all_below(code: str, below: dict[str | None, list[str]]) -> list[str]:
    found, waiting = [], [code]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += below.get(one, [])
    return found


def _joined(parts: Sequence[_Owned]) -> _Owned:
    if not parts:
        return np.array([], np.int32), np.array([], np.int64)
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
