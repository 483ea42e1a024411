"""Whether somebody may see or change one thing, and how they are told if not."""

from sqlalchemy import Connection, select

from core.access import Right
from core.camera import DepartmentId
from core.errors import Forbidden, Hidden, NotFound
from core.ids import CameraId

from .tables import camera
from .visibility import Scope

_DOING = {
    Right.LIST: "see",
    Right.EVENTS: "read the events of",
    Right.MEDIA: "see pictures of events on",
    Right.LIVE: "see the live picture of",
    Right.UNMASKED: "see originals of",
    Right.EXPORT: "export",
    Right.MANAGE: "change",
}


def check_camera(
    connection: Connection, scope: Scope, number: CameraId, right: Right, *, missing: str | None = None
) -> DepartmentId:
    """The department of a camera (removed ones too) that `scope` reaches by `right`.

    Raises `NotFound` where there is none, `Hidden` in the same words where it may not be seen, `Forbidden` where it may
    be seen, but not by this right. `missing` is what to say where it was asked for by a part of it: `there is no zone
    17`.
    """
    told = missing or f"there is no camera {number}"
    owner = connection.execute(select(camera.c.department).where(camera.c.id == number)).scalar_one_or_none()
    if owner is None:
        raise NotFound(told)
    if not scope[Right.LIST].has_camera(number, owner):
        raise Hidden(told, kind="camera", number=str(number), camera=number, department=owner)
    if not scope[right].has_camera(number, owner):
        raise Forbidden(
            f"you may not {_DOING[right]} camera {number}: neither a role nor a grant gives you {right.value!r} there",
            kind="camera",
            number=str(number),
            camera=number,
            department=owner,
            hint="ask the department that owns it for a grant",
        )
    return DepartmentId(owner)


def check_department(scope: Scope, number: DepartmentId, right: Right, *, to: str) -> None:
    """Raises `Forbidden` unless all cameras of the department are within reach of `right`, also those to come; `to`
    says what for: `add cameras to`."""
    reach = scope[right]
    if not (reach.is_all or number in reach.departments):
        raise Forbidden(
            f"you may not {to} department {number}", kind="department", number=str(number), department=number
        )
