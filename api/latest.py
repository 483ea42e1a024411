"""`/cameras/{id}/latest`: the newest masked picture, fetched from the worker that watches the camera."""

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from core.errors import NotFound
from core.ids import CameraId
from registry import cameras, workers

from .answers import CameraInPath
from .live_worker import address_of_holder
from .problems import Kind, documented
from .services import Services, Use
from .worker_link import WorkerAddress, WorkerLink

router = APIRouter(prefix="/api/v1/cameras", tags=["media"])


@router.get(
    "/{camera}/latest",
    response_class=Response,
    responses={
        200: {"description": "The picture.", "content": {"image/jpeg": {"schema": {"format": "binary"}}}},
        **documented(Kind.NOT_FOUND, Kind.BAD_INPUT),
    },
)
async def latest_picture(request: Request, use: Use, camera: CameraInPath) -> Response:
    """The newest picture of the camera (JPEG), masked; 404 before there is one, 503 while no worker runs."""
    worker = await to_thread.run_sync(_find_worker, use, camera)
    link: WorkerLink = request.app.state.worker_link
    picture = None if worker is None else await link.latest(worker, camera)
    if picture is None:
        raise NotFound(f"camera {camera} has sent no picture yet", hint="its state says how its stream is doing")
    return Response(picture, media_type="image/jpeg")


def _find_worker(use: Services, camera: CameraId) -> WorkerAddress | None:
    with use.database.read() as connection:
        cameras.get(connection, camera)
        return address_of_holder(use, workers.seen(connection), workers.holder_of(connection, camera))
