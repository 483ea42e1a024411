"""Whether somebody may see an event, and how they are told if not."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from core.access import Right
from core.camera import DepartmentId
from core.errors import Forbidden, Hidden, NotFound
from core.ids import CameraId, EventId
from registry.tables import department
from registry.visibility import Scope

from .tables import event

_DOING: Final = {
    Right.MEDIA: "see pictures of",
    Right.UNMASKED: "see the original of",
    Right.EXPORT: "export",
}
_PLACE: Final = select(event.c.camera, event.c.department, department.c.name).join(
    department, department.c.id == event.c.department
)


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event happened, and whose it is."""

    camera: CameraId
    department: DepartmentId
    """The owner of the camera when the event started."""


def check_event(connection: Connection, scope: Scope, number: EventId, right: Right = Right.EVENTS) -> EventPlace:
    """Where an event is that `scope` reaches by `right`.

    Raises `NotFound` where there is none, `Hidden` in the same words where its facts may not be read, `Forbidden` where
    they may be, but not in this way.
    """
    told = f"there is no event {number}"
    row = connection.execute(_PLACE.where(event.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(told)
    place = EventPlace(CameraId(row.camera), DepartmentId(row.department))
    about = {"kind": "event", "number": str(number)}
    if not scope[Right.EVENTS].has_event(number, place.camera, place.department):
        raise Hidden(told, **about, camera=place.camera, department=place.department)
    if not scope[right].has_event(number, place.camera, place.department):
        raise Forbidden(
            f"you may not {_DOING.get(right, right.value)} event {number}: neither a role nor a grant gives you "
            f"{right.value!r} there",
            **about,
            camera=place.camera,
            department=place.department,
            hint=f"ask the department {row.name!r} for a grant",
        )
    return place
