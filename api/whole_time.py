"""Whether all that happened on a camera in some time may be read: for what is told of that time as a whole."""

from datetime import datetime

from core.camera import DepartmentId
from core.errors import Forbidden
from core.ids import EVENT_EPOCH, CameraId, first_event_id
from registry.idempotency import Transaction
from registry.owners import Owners
from registry.reach import Reach


def check_whole_time(
    connection: Transaction, reach: Reach, camera: CameraId, from_at: datetime, to_at: datetime, *, hint: str
) -> frozenset[DepartmentId]:
    """Whose the camera was.

    Raises `Forbidden` where some of the time is not within `reach`: what happened under another owner, or before a
    grant began, stays theirs.
    """
    owners = set[DepartmentId]()
    for owner, begin, _ in Owners(connection, [camera]).spans(camera, from_at, to_at):
        if not reach.has_event(first_event_id(max(begin, EVENT_EPOCH)), camera, owner):
            raise Forbidden(
                f"you may not read all that happened on camera {camera} since {from_at:%Y-%m-%d %H:%M:%S} UTC",
                kind="camera",
                number=str(camera),
                camera=camera,
                department=owner,
                hint=hint,
            )
        owners.add(owner)
    return frozenset(owners)
