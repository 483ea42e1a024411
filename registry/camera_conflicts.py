"""What another camera has already: a name or an own id of the department, a code of the whole city."""

from sqlalchemy import Connection, and_, or_, select

from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.errors import Conflict
from core.ids import CameraId

from .tables import camera


def check_free(
    connection: Connection, number: CameraId | None, name: str, department: DepartmentId, facts: CameraFacts
) -> None:
    """Raises `Conflict`, which names the other camera, where one beside `number` has the name, own id or code."""
    same = [and_(camera.c.department == department, camera.c.name == name)]
    if facts.own_id is not None:
        same.append(and_(camera.c.department == department, camera.c.own_id == facts.own_id))
    if facts.gb_code is not None:
        same.append(camera.c.gb_code == facts.gb_code)
    found = select(camera.c.id, camera.c.name, camera.c.department, camera.c.own_id, camera.c.gb_code).where(
        camera.c.deleted_at.is_(None), or_(*same)
    )
    for row in connection.execute(found.order_by(camera.c.id)):
        if row.id == number:
            continue
        if facts.gb_code is not None and row.gb_code == facts.gb_code:
            raise Conflict(f"camera {row.id} ({row.name!r}) has the code {facts.gb_code} already")
        if row.department != department:
            continue
        if row.name == name:
            raise Conflict(f"the department has a camera {name!r} already: number {row.id}")
        raise Conflict(f"camera {row.id} ({row.name!r}) of the department has the id {facts.own_id!r} already")
