"""`/rules:try`: what a rule would have done, before it is switched on."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final, Self

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import Field, model_validator

from core.access import Right
from core.camera import DepartmentId
from core.errors import BadInput
from registry import cameras, rules, workers
from registry.audit.entry import Act
from registry.sight import check_camera

from .answers import named_in_body, part_of_body
from .caller import Caller, Who
from .fields import AskedInstant, Body, CameraNumber
from .live_worker import address_of, running_workers
from .problems import Kind, documented
from .rule_bodies import NewRule
from .rules import check_labels
from .services import Services, Use
from .trial_words import TrialOrder, TrialView
from .whole_time import check_whole_time
from .worker_link import WorkerAddress, WorkerLink

router = APIRouter(prefix="/api/v1", tags=["rules"])

LONGEST: Final = timedelta(hours=72)


class TrialAsked(Body):
    """Which rule is to be tried, on which camera, and on which time: the last seconds, or from a moment to another."""

    camera: CameraNumber
    rule: NewRule = Field(description="As it would be added; it need not be enabled.")
    last_s: float | None = Field(
        default=None, gt=0, le=LONGEST.total_seconds(), description="The last so many seconds; else 3600."
    )
    from_at: AskedInstant | None = Field(default=None, alias="from")
    to_at: AskedInstant | None = Field(default=None, alias="to", description="Not included; else now.")

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if self.last_s is not None and (self.from_at is not None or self.to_at is not None):
            raise ValueError("the time is named twice: leave out `last_s`, or `from` and `to`")
        if self.to_at is not None and self.from_at is None:
            raise ValueError("`to` alone names no time: `from` is missing")
        return self


@router.post("/rules:try", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
async def try_rule(request: Request, use: Use, who: Who, body: TrialAsked) -> TrialView:
    """Which events the rule would have made: the code that applies rules live, over the track log. Nothing is stored.

    Rules of the kinds motion and stream_lost cannot be tried: no track tells of what they watch. Two rules at most are
    tried at once; 503 while more are, or while no worker runs.
    """
    worker, order, owners = await to_thread.run_sync(_order, use, who, body)
    link: WorkerLink = request.app.state.worker_link
    found = await link.try_rule(worker, order)
    filters = {"tried": body.rule.kind.value, "from": order.from_at.isoformat(), "to": order.to_at.isoformat()}
    looks = partial(who.looks, Act.SEARCH, "camera", body.camera, camera=body.camera, departments=owners)
    await to_thread.run_sync(partial(looks, detail={"filters": filters}))
    return found


def _order(use: Services, who: Caller, body: TrialAsked) -> tuple[WorkerAddress, TrialOrder, frozenset[DepartmentId]]:
    now = use.clock.now()
    to_at = body.to_at or now
    from_at = body.from_at or to_at - timedelta(seconds=body.last_s or 3600)
    if from_at >= to_at:
        raise BadInput("`from` does not lie before `to`, so there is nothing to try the rule on", field="from")
    if to_at - from_at > LONGEST:
        raise BadInput(f"a rule can be tried on {LONGEST // timedelta(hours=1)} hours at most", field="from")
    with use.database.read() as connection:
        with named_in_body("camera"):
            check_camera(connection, who.scope(connection), body.camera, Right.EVENTS)
            cameras.get(connection, body.camera)
        # What would have been an event is told as if it was one.
        reach, hint = who.reach(connection, Right.EVENTS), "try the rule on a later time"
        owners = check_whole_time(connection, reach, body.camera, from_at, to_at, hint=hint)
        with part_of_body("rule"):
            check_labels(use, body.rule.labels)
            rule = body.rule.save(partial(rules.draft, connection, body.camera))
        running = running_workers(use, workers.seen(connection))
        watching = workers.holder_of(connection, body.camera)
        worker = address_of(watching if watching is not None and watching in running else running[-1])
    return worker, TrialOrder(rule=replace(rule, enabled=True), from_at=from_at, to_at=to_at), owners
