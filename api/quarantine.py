"""`/cameras/{id}/quarantine`: letting out a camera that brought the worker down."""

from fastapi import APIRouter

from registry import quarantine
from registry.audit.entry import Act

from .answers import CameraInPath
from .caller import Who
from .changing import check_change
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])


@router.delete("/{camera}/quarantine", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def release_camera(use: Use, who: Who, camera: CameraInPath) -> None:
    """Open the camera again and forget its crashes. Where it crashes the worker three times more, it is back here."""
    with use.database.write() as connection:
        owner = check_change(connection, who, camera)
        quarantine.release(connection, camera)
        who.changed(connection, Act.REMOVE, "quarantine", camera, camera=camera, departments={owner})
