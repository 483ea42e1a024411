"""`/events/facets`: how many events there are of each label, kind, severity, department and camera."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import Field

from core.access import Right
from core.rule import RuleKind, Severity
from events.tallies.facets import Count, Facet, facets
from registry.access.grant import OnCamera, OnDepartment
from registry.access.grant_names import names_in

from .caller import Who
from .counting import record_count
from .event_query import EventQuery
from .fields import Body, Instant
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/events", tags=["events"])

One = TypeVar("One")


class TotalView(Body):
    """How many events there are."""

    count: int
    at_least: bool = Field(description="Only the newest were counted: there are so many, or more.")


class LabelCount(Body):
    """How many events of a label."""

    value: str = Field(examples=["person"])
    count: int


class KindCount(Body):
    """How many events of a kind."""

    value: RuleKind
    count: int


class SeverityCount(Body):
    """How many events of a severity."""

    value: Severity
    count: int


class NamedCount(Body):
    """How many events of something that has a number and a name."""

    value: int
    name: str
    count: int


class FacetView(Body, Generic[One]):
    """Counts, the largest first; not of all values where there are many."""

    counts: tuple[One, ...]
    at_least: bool = Field(description="Only the newest events were counted: of each there are so many, or more.")


class FacetsView(Body):
    """Counts of the events that fit. Each facet is counted as if it were not filtered by itself, so that it tells what
    else could be chosen; null: it was not counted."""

    total: TotalView = Field(description="With all filters.")
    counted_to: Instant | None = Field(description="Where only the newest were counted, since when; else null.")
    labels: FacetView[LabelCount] | None
    kinds: FacetView[KindCount] | None
    severities: FacetView[SeverityCount] | None
    departments: FacetView[NamedCount] | None = Field(description="Who owned the camera when the event started.")
    cameras: FacetView[NamedCount] | None


@router.get("/facets", responses=documented(Kind.BAD_INPUT))
def count_facets(request: Request, use: Use, who: Who, asked: Annotated[EventQuery, Query()]) -> FacetsView:
    """How many events fit that the caller may see, in all and by label, kind, severity, department and camera."""
    wanted = asked.asked(use.days.zone)
    with use.database.read() as connection:
        reach = who.reach(connection, Right.EVENTS)
        found = facets(connection, wanted, reach, ZoneInfo(use.days.zone))
        departments, cameras = _values(found.departments), _values(found.cameras)
        named = names_in(connection, [*map(OnDepartment, departments), *map(OnCamera, cameras)], [])
    record_count(request, who, "facets", asked, departments or reach.departments)
    return FacetsView(
        total=TotalView(count=found.total, at_least=found.at_least),
        counted_to=found.counted_to,
        labels=_facet(found.labels, lambda one: LabelCount(value=one.value, count=one.count)),
        kinds=_facet(found.kinds, lambda one: KindCount(value=one.value, count=one.count)),
        severities=_facet(found.severities, lambda one: SeverityCount(value=one.value, count=one.count)),
        departments=_facet(found.departments, _with_names(named.departments)),
        cameras=_facet(found.cameras, _with_names(named.cameras)),
    )


def _values(facet: Facet | None) -> list[Any]:
    return [] if facet is None else [one.value for one in facet.counts]


def _facet(facet: Facet | None, view: Callable[[Count], One]) -> FacetView[One] | None:
    return None if facet is None else FacetView(counts=tuple(map(view, facet.counts)), at_least=facet.at_least)


def _with_names(names: Mapping[Any, str]) -> Callable[[Count], NamedCount]:
    return lambda one: NamedCount(value=one.value, name=names.get(one.value, ""), count=one.count)
