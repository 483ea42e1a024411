"""`/cameras/{id}/quarantine`: letting out a camera that brought the worker down."""

from fastapi import APIRouter

from registry import quarantine

from .answers import CameraInPath
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])


@router.delete("/{camera}/quarantine", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def release_camera(use: Use, camera: CameraInPath) -> None:
    """Open the camera again and forget its crashes. Where it crashes the worker three times more, it is back here."""
    with use.database.write() as connection:
        quarantine.release(connection, camera)
