"""What grants reach: departments, or cameras for as long as who granted it owned them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.ids import CameraId, EventId

from ..chunks import in_chunks
from ..spans import NO_SPANS, Spans
from ..tables import camera, former_owner, region
from .department_tree import DepartmentTree
from .grant import Grant, OnCamera, OnDepartment, OnRegion, OnSector
from .tenures import SINCE_EVER, Moves, Tenures, lowest_id

_REGIONS_AT_ONCE: Final = 500
_NOTHING: Final = np.zeros((2, 0), np.int64)


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
        lowest = SINCE_EVER if grant.since is None else lowest_id(grant.since)
        owners = None if grant.owner is None else self._tree.within(grant.owner)
        match grant.on:
            case OnDepartment(department=number):
                found = self._tree.within(number)
            case OnSector(sector=sector):
                found = self._tree.of_sector(sector)
            case OnRegion(region=code):
                on = self._of_region[code]
                return Granted(lowest, spans=on.whoever_owns(lowest) if owners is None else on.of(owners, lowest))
            case OnCamera(camera=camera):
                return Granted(lowest, spans=self._spans_of(camera, owners, lowest))
            case other:
                assert_never(other)
        return Granted(lowest, found if owners is None else found & owners)

    def _spans_of(self, number: CameraId, owners: frozenset[DepartmentId] | None, lowest: EventId) -> Spans:
        """The one camera: there may be a thousand such grants, so what takes no time is told apart."""
        owner, one = self._of_camera[number], np.array([number], np.int32)
        if owners is None:
            return Spans.going_on(one, lowest)
        if number in self._moves:
            return Tenures(one, np.array([owner], np.int64), lambda: self._moves).of(owners, lowest)
        return Spans.going_on(one, lowest) if owner in owners else NO_SPANS

    @cached_property
    def _moves(self) -> Moves:
        found = defaultdict(list)
        for row in self._connection.execute(select(former_owner).order_by(former_owner.c.until_at)):
            found[row.camera].append((row.until_at, row.department))
        return dict(found)

    def _read_cameras(self, numbers: Iterable[CameraId]) -> dict[CameraId, int]:
        found: dict[CameraId, int] = {}
        for chunk in in_chunks(sorted(numbers)):
            owned = select(camera.c.id, camera.c.department).where(camera.c.id.in_(chunk))
            found |= {row.id: row.department for row in self._connection.execute(owned)}
        return found

    def _read_regions(self, codes: set[str]) -> dict[str, Tenures]:
        """The cameras in each of these regions and in those below it."""
        if not codes:
            return {}
        below: dict[str | None, list[str]] = defaultdict(list)
        for code, parent in self._connection.execute(select(region.c.code, region.c.parent)):
            below[parent].append(code)
        inside = {code: _all_below(code, below) for code in codes}
        right_in: dict[str, NDArray[np.int64]] = {}
        for chunk in in_chunks(sorted(set[str]().union(*inside.values())), _REGIONS_AT_ONCE):
            of_chunk = select(camera.c.region, camera.c.id, camera.c.department).where(camera.c.region.in_(chunk))
            rows = self._connection.execute(of_chunk.order_by(camera.c.region)).all()
            if rows:
                codes_of, *numbers = zip(*rows, strict=True)
                right_in |= _split(codes_of, np.array(numbers, np.int64))
        found = {}
        for code, parts in inside.items():
            numbers, owners = np.concatenate(
                [_NOTHING, *(right_in[part] for part in parts if part in right_in)], axis=1
            )
            found[code] = Tenures(numbers.astype(np.int32), owners, lambda: self._moves)
        return found


def _split(codes: Sequence[str], columns: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Columns by their codes, of which those that are equal stand together."""
    begins = [at for at, code in enumerate(codes) if at == 0 or code != codes[at - 1]]
    parts = np.split(columns, begins[1:], axis=1)
    return {codes[at]: part for at, part in zip(begins, parts, strict=True)}


def _all_below(code: str, below: dict[str | None, list[str]]) -> list[str]:
    found, waiting = [], [code]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += below.get(one, [])
    return found
