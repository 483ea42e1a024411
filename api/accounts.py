"""`/rules/{id}/account`: why nothing happened, asked of the worker that applies the rule."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request

from core.errors import NotFound
from core.ids import CameraId
from core.rule import RuleId
from registry import cameras, rules

from .account_view import AccountView
from .answers import RuleInPath, named_in_body
from .fields import CameraNumber
from .live_worker import running_worker
from .problems import Kind, documented
from .services import Services, Use
from .worker_link import WorkerAddress, WorkerLink

router = APIRouter(prefix="/api/v1/rules", tags=["rules"])

OfCamera = Annotated[CameraNumber | None, Query(description="Of this camera alone; else of all that the rule watches.")]


@router.get("/{rule}/account", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
async def read_account(request: Request, use: Use, rule: RuleInPath, camera: OfCamera = None) -> AccountView:
    """What became of the tracks that the rule has seen since it watches: at which condition each came nearest to an
    event. It begins anew when the rule is changed, and when the worker is started; 503 while no worker runs."""
    worker = await to_thread.run_sync(_find_worker, use, rule, camera)
    link: WorkerLink = request.app.state.worker_link
    account = await link.account(worker, rule, camera)
    if account is None:
        where = "" if camera is None else f" on camera {camera}"
        raise NotFound(
            f"nobody watches for rule {rule}{where}",
            hint="it takes a second or two after a change; else the rule is disabled, or no camera of it is watched",
        )
    return account


def _find_worker(use: Services, rule: RuleId, camera: CameraId | None) -> WorkerAddress:
    with use.database.read() as connection:
        rules.get(connection, rule)
        if camera is not None:
            with named_in_body("camera"):
                cameras.get(connection, camera)
    return running_worker(use)
