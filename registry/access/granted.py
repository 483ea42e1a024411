"""What a grant reaches: departments, or cameras for as long as who granted it owned them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import ColumnElement, Connection, select

from core.camera import DepartmentId
from core.ids import CAMERA_BITS, LAST_EVENT, CameraId, EventId, first_event_id

from .. import regions
from ..chunks import in_chunks
from ..reach import CameraSpan
from ..tables import camera, former_owner
from .department_tree import DepartmentTree
from .grant import Grant, OnCamera, OnDepartment, OnRegion, OnSector


@dataclass(frozen=True, slots=True)
class Granted:
    """What a grant reaches."""

    lowest: EventId
    """No older event of its departments is within it."""
    departments: frozenset[DepartmentId] = frozenset()
    spans: tuple[CameraSpan, ...] = ()


def granted(connection: Connection, grant: Grant, tree: DepartmentTree) -> Granted:
    """What `grant` reaches while it is in force."""
    lowest = EventId(0) if grant.since is None else lowest_id(grant.since)
    owners = None if grant.owner is None else tree.within(grant.owner)
    match grant.on:
        case OnDepartment(department=number):
            found = tree.within(number)
        case OnSector(sector=sector):
            found = tree.of_sector(sector)
        case OnRegion(region=code):
            codes = regions.below(connection, code)
            of_region = [camera.c.region.in_(chunk) for chunk in in_chunks(codes)]
            return Granted(lowest, spans=tuple(_spans(connection, of_region, owners, lowest)))
        case OnCamera(camera=number):
            return Granted(lowest, spans=tuple(_spans(connection, [camera.c.id == number], owners, lowest)))
        case other:
            assert_never(other)
    return Granted(lowest, found if owners is None else found & owners)


def lowest_id(at: datetime) -> EventId:
    """The lowest id of an event that started no earlier than `at`: a part of a millisecond counts as a whole one."""
    first = first_event_id(at)
    return first if at.microsecond % 1000 == 0 else EventId(first + (1 << CAMERA_BITS))


def _spans(
    connection: Connection,
    conditions: Collection[ColumnElement[bool]],
    owners: Collection[DepartmentId] | None,
    lowest: EventId,
) -> list[CameraSpan]:
    """The cameras that fulfil one of `conditions`, for as long as they belonged to one of `owners`."""
    now: dict[CameraId, DepartmentId] = {}
    for condition in conditions:
        for row in connection.execute(select(camera.c.id, camera.c.department).where(condition)):
            now[row.id] = row.department
    if owners is None:
        return [CameraSpan(number, lowest) for number in now]
    moved: defaultdict[CameraId, list[tuple[datetime, DepartmentId]]] = defaultdict(list)
    for row in connection.execute(select(former_owner).order_by(former_owner.c.until_at)):
        if row.camera in now:
            moved[row.camera].append((row.until_at, row.department))
    spans = []
    for number, owner in now.items():
        from_id = lowest
        for until_at, former in moved.get(number, ()):
            end = lowest_id(until_at)
            if former in owners and from_id < end:
                spans.append(CameraSpan(number, from_id, EventId(end - 1)))
            from_id = max(from_id, end)
        if owner in owners:
            spans.append(CameraSpan(number, from_id, LAST_EVENT))
    return spans
