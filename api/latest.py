"""`/cameras/{id}/latest`: the newest masked picture, fetched from the worker that watches the camera."""

from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from core.access import Right
from core.camera import DepartmentId
from core.errors import NothingToShow
from core.ids import CameraId
from events.media.blackout import Areas, black_out_jpeg
from registry import cameras, privacy_areas, workers
from registry.audit.entry import Act
from registry.sight import check_camera

from .answers import CameraInPath
from .caller import Caller, Who
from .live_worker import address_of_holder
from .looking import look
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
async def latest_picture(request: Request, use: Use, who: Who, camera: CameraInPath) -> Response:
    """The newest picture of the camera (JPEG), masked; 404 before there is one, 503 while no worker runs."""
    owner, worker, areas = await to_thread.run_sync(_find_worker, use, who, camera)
    link: WorkerLink = request.app.state.worker_link
    picture = None if worker is None else await link.latest(worker, camera)
    if picture is None:
        raise NothingToShow(f"camera {camera} has sent no picture yet", hint="its state says how its stream is doing")
    if areas:
        # Its worker does so too, a moment after it has heard of them; nobody has to wait for that moment.
        picture = await to_thread.run_sync(black_out_jpeg, picture, areas)
    noting = partial(look, request, who, Act.LOOK_AT_LATEST, "camera", camera, camera=camera, department=owner)
    await to_thread.run_sync(noting)
    return Response(picture, media_type="image/jpeg")


def _find_worker(use: Services, who: Caller, camera: CameraId) -> tuple[DepartmentId, WorkerAddress | None, Areas]:
    with use.database.read() as connection:
        owner = check_camera(connection, who.scope(connection), camera, Right.LIVE)
        cameras.get(connection, camera)
        worker = address_of_holder(use, workers.seen(connection), workers.holder_of(connection, camera))
        return owner, worker, privacy_areas.polygons_of(connection, camera)
