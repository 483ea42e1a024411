"""`/rules/{id}/flow`: how many objects crossed a flow rule's line, as a time series."""

from datetime import timedelta
from typing import Annotated, Final, Self

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from core.access import Right
from core.errors import BadInput
from core.rule import RuleKind
from events.flows.series import Step
from events.flows.within import series_within
from registry.audit.entry import Act
from registry.department_rules import DepartmentRule
from registry.owners import Owners
from registry.rule_sight import check_rule

from .answers import Listing, RuleInPath
from .caller import Who
from .fields import AskedInstant, Body
from .flow_view import FlowItem
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/rules", tags=["rules"])

_DAY: Final = timedelta(days=1)


class FlowAsked(Body):
    """Which time is asked for, and in steps of what."""

    from_at: AskedInstant | None = Field(
        default=None, alias="from", description="Minutes that begin at this moment or later; else a day before `to`."
    )
    to_at: AskedInstant | None = Field(
        default=None, alias="to", description="Minutes that begin before this moment; else now."
    )
    step: Step = Field(default=Step.HOUR, description="How long each step is; hours and days are those of UTC.")

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.from_at is not None and self.to_at is not None and self.from_at > self.to_at:
            raise ValueError("`from` lies after `to`, so nothing can fit; exchange them")
        return self


@router.get("/{rule}/flow", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_flow(use: Use, who: Who, rule: RuleInPath, asked: Annotated[FlowAsked, Query()]) -> Listing[FlowItem]:
    """What the rule counted in the time whose events the caller may see, oldest first; steps in which nobody crossed
    are left out. At most 10,000 steps."""
    to_at = asked.to_at or use.clock.now()
    from_at = asked.from_at or to_at - _DAY
    with use.database.read() as connection:
        scope = who.scope(connection)
        found = check_rule(connection, scope, rule, Right.EVENTS)
        if isinstance(found, DepartmentRule) or found.kind is not RuleKind.FLOW:
            raise BadInput(f"rule {rule} counts nothing: only rules of the kind flow do", field="rule")
        counts = series_within(connection, scope[Right.EVENTS], rule, found.camera, from_at, to_at, asked.step)
        owners = {owner for owner, *_ in Owners(connection, [found.camera]).spans(found.camera, from_at, to_at)}
    filters = {"flow_of": rule, "from": from_at.isoformat(), "to": to_at.isoformat(), "step": asked.step.value}
    who.looks(Act.SEARCH, "rule", rule, camera=found.camera, departments=owners, detail={"filters": filters})
    return Listing(
        items=tuple(FlowItem(at=one.at, direction=one.direction, label=one.label, count=one.count) for one in counts)
    )
