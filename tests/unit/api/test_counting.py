from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from starlette.requests import Request

from api.caller import Caller
from api.counting import record_count
from api.event_query import EventQuery
from core.access import Principal, PrincipalKind, Role
from core.camera import DepartmentId
from registry.audit.recent import SAME_LOOK_FOR, RecentLooks
from tests.support.builders import FakeClock

WATER, RAIL = DepartmentId(2), DepartmentId(3)


@dataclass
class Asker:
    """Who asks, with what went on record."""

    address: str = "10.0.0.1"
    principal: Principal = field(
        default_factory=lambda: Principal(PrincipalKind.PERSON, 1, "Li Wei", Role.OPERATOR, WATER)
    )
    recorded: list[list[DepartmentId]] = field(default_factory=list)

    def looks(self, *_: Any, departments: list[DepartmentId], detail: Any) -> None:
        self.recorded.append(departments)


def test_a_count_goes_on_record_again_once_another_departments_events_are_counted() -> None:
    clock, who = FakeClock(), Asker()
    state = SimpleNamespace(recent_looks=RecentLooks(clock))
    request = Request({"type": "http", "app": SimpleNamespace(state=state)})
    for departments in ([WATER], [WATER], [RAIL, WATER], [WATER, RAIL]):
        record_count(request, cast(Caller, who), "facets", EventQuery(), departments)
    assert who.recorded == [[WATER], [WATER, RAIL]]
    clock.advance(SAME_LOOK_FOR.total_seconds())
    record_count(request, cast(Caller, who), "facets", EventQuery(), [WATER])
    assert who.recorded[2:] == [[WATER]]
