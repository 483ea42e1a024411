"""What another camera has already: a name or an own id of the department, a code of the whole city."""

from typing import Final

from sqlalchemy import Connection, bindparam, select, union_all

from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.errors import Conflict
from core.ids import CameraId

from .reach import EVERYTHING, Reach
from .tables import camera

_SHOWN: Final = select(camera.c.id, camera.c.name, camera.c.department, camera.c.own_id, camera.c.gb_code).where(
    camera.c.deleted_at.is_(None)
)
_SAME: Final = union_all(
    _SHOWN.where(camera.c.department == bindparam("owner"), camera.c.name == bindparam("called")),
    _SHOWN.where(camera.c.department == bindparam("owner"), camera.c.own_id == bindparam("own")),
    _SHOWN.where(camera.c.gb_code == bindparam("code")),
)
"""Three seeks: with OR between them SQLite would read every camera. Built once: an import asks it for each row."""


def check_free(
    connection: Connection,
    number: CameraId | None,
    name: str,
    department: DepartmentId,
    facts: CameraFacts,
    seen: Reach = EVERYTHING,
) -> None:
    """Raises `Conflict` where a camera beside `number` has the name, own id or code; it is named where it is `seen`."""
    asked = {"owner": department, "called": name, "own": facts.own_id, "code": facts.gb_code}
    for row in connection.execute(_SAME, asked):
        if row.id == number:
            continue
        has_code = facts.gb_code is not None and row.gb_code == facts.gb_code
        is_seen = seen.has_camera(CameraId(row.id), DepartmentId(row.department))
        if has_code and is_seen:
            raise Conflict(f"camera {row.id} ({row.name!r}) has the code {facts.gb_code} already")
        if has_code:
            raise Conflict(f"the code {facts.gb_code} is taken")
        if row.department != department:
            continue
        if not is_seen:
            what = f"name {name!r}" if row.name == name else f"own id {facts.own_id!r}"
            raise Conflict(f"the {what} is taken in the department")
        if row.name == name:
            raise Conflict(f"the department has a camera {name!r} already: number {row.id}")
        raise Conflict(f"camera {row.id} ({row.name!r}) of the department has the id {facts.own_id!r} already")
