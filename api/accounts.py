"""`/rules/{id}/account`: why nothing happened, asked of the workers that apply the rule."""

from typing import Annotated

from anyio import create_task_group, to_thread
from fastapi import APIRouter, Query, Request

from core.access import Right
from core.errors import Forbidden, NothingToShow, Unavailable
from core.ids import EVENT_EPOCH, CameraId, first_event_id
from core.rule import Rule, RuleId
from registry import cameras, workers
from registry.audit.entry import Act
from registry.department_rules import DepartmentRule
from registry.rule_sight import check_rule
from registry.sight import check_camera

from .account_view import AccountView, joined
from .answers import RuleInPath, named_in_body
from .caller import Caller, Who
from .fields import CameraNumber
from .live_worker import address_of, address_of_holder, running_workers
from .problems import Kind, documented
from .services import Services, Use
from .whole_time import check_whole_time
from .worker_link import WorkerAddress, WorkerLink

router = APIRouter(prefix="/api/v1/rules", tags=["rules"])

OfCamera = Annotated[CameraNumber | None, Query(description="Of this camera alone; else of all that the rule watches.")]


@router.get("/{rule}/account", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
async def read_account(request: Request, use: Use, who: Who, rule: RuleInPath, camera: OfCamera = None) -> AccountView:
    """What became of the tracks that the rule has seen since it watches: at which condition each came nearest to an
    event. It begins anew when the rule is changed, and when the worker is started; 503 while no worker runs.

    It tells of the whole time since then, so all of that must be within reach.
    """
    asked = await to_thread.run_sync(_find_workers, use, who, rule, camera)
    link: WorkerLink = request.app.state.worker_link
    accounts: list[AccountView] = []
    faults: list[Unavailable] = []

    async def ask(worker: WorkerAddress) -> None:
        try:
            account = await link.account(worker, rule, camera)
        except Unavailable as fault:
            faults.append(fault)
        else:
            accounts.extend([] if account is None else [account])

    async with create_task_group() as group:
        for worker in asked:
            group.start_soon(ask, worker)
    if faults:
        raise faults[0]  # a sum that leaves somebody out would be wrong
    if not accounts:
        where = "" if camera is None else f" on camera {camera}"
        raise NothingToShow(
            f"nobody watches for rule {rule}{where}",
            hint="it takes a second or two after a change; else the rule is disabled, or no camera of it is watched",
        )
    account = joined(accounts)
    await to_thread.run_sync(_put_on_record, use, who, rule, camera, account)
    return account


def _find_workers(use: Services, who: Caller, rule: RuleId, camera: CameraId | None) -> list[WorkerAddress]:
    """Whoever may have applied the rule: the worker that watches its camera, or, where it has many, all of them."""
    with use.database.read() as connection:
        scope = who.scope(connection)
        found = check_rule(connection, scope, rule, Right.EVENTS)
        if camera is not None:
            with named_in_body("camera"):
                check_camera(connection, scope, camera, Right.EVENTS)
                cameras.get(connection, camera)
        elif isinstance(found, Rule):
            camera = found.camera
        seen = workers.seen(connection)
        if camera is None:
            return [address_of(worker) for worker in running_workers(use, seen)]
        worker = address_of_holder(use, seen, workers.holder_of(connection, camera))
        return [] if worker is None else [worker]


def _put_on_record(use: Services, who: Caller, rule: RuleId, camera: CameraId | None, account: AccountView) -> None:
    """Put on record that the account is shown. Raises `Forbidden` where it tells of more than may be read."""
    hint = "an account begins anew when the rule is changed, and when the worker is started"
    with use.database.read() as connection:
        scope = who.scope(connection)
        found = check_rule(connection, scope, rule, Right.EVENTS)
        if camera is None and isinstance(found, Rule):
            camera = found.camera
        reach, now = scope[Right.EVENTS], use.clock.now()
        if camera is not None:
            owners = check_whole_time(connection, reach, camera, min(account.since, now), now, hint=hint)
        elif isinstance(found, DepartmentRule):
            owners = frozenset({found.department})
            since = first_event_id(max(account.since, EVENT_EPOCH))
            if not (reach.is_all or since >= reach.departments[found.department]):
                raise Forbidden(
                    f"you may not read all that rule {rule} has seen since {account.since:%Y-%m-%d %H:%M:%S} UTC",
                    kind="rule",
                    number=str(rule),
                    department=found.department,
                    hint=hint,
                )
    who.looks(Act.SEARCH, "rule", rule, camera=camera, departments=owners, detail={"filters": {"account_of": rule}})
