"""`/events`: what happened, newest first."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, model_validator

from core.access import Right
from core.ids import EventId
from core.rule import RuleKind, Severity
from events.index import search
from events.index.event_filter import EventFilter
from events.index.sight import check_event
from events.outages.seen import all_as_seen

from .answers import Listing, Paging
from .caller import Who
from .event_json import event_json
from .event_record import record_search
from .event_views import EventView
from .fields import AskedEvent, AskedInstant, CameraNumber, LineNumber, Text, ZoneNumber
from .problems import Kind, documented
from .services import Use
from .written import written_json, written_listing

router = APIRouter(prefix="/api/v1/events", tags=["events"])

MOST_VALUES = 200
EventInPath = Annotated[AskedEvent, Path(description="The event's number.")]


class EventSearch(Paging):
    """Which events are asked for. A repeated filter finds any of its values; different filters must all hold."""

    from_at: AskedInstant | None = Field(default=None, alias="from", description="Started at this moment or later.")
    to_at: AskedInstant | None = Field(default=None, alias="to", description="Started before this moment.")
    label: tuple[Text, ...] = Field(default=(), max_length=MOST_VALUES, description="What the detector saw.")
    kind: tuple[RuleKind, ...] = Field(default=(), max_length=MOST_VALUES)
    camera: tuple[CameraNumber, ...] = Field(default=(), max_length=MOST_VALUES)
    severity: tuple[Severity, ...] = Field(default=(), max_length=MOST_VALUES, description="1 is the most urgent.")
    zone: tuple[ZoneNumber, ...] = Field(default=(), max_length=MOST_VALUES)
    line: tuple[LineNumber, ...] = Field(default=(), max_length=MOST_VALUES, description="The line that was crossed.")
    min_score: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Lowest of the best scores that fit; above 0 it leaves out events without a score.",
    )

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.from_at is not None and self.to_at is not None and self.from_at > self.to_at:
            raise ValueError("`from` lies after `to`, so nothing can fit; exchange them")
        return self

    def filters(self) -> dict[str, Any]:
        """What was asked for, as it goes on record."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"limit", "cursor"})


@router.get("", response_model=Listing[EventView], responses=documented(Kind.BAD_INPUT))
def list_events(use: Use, who: Who, asked: Annotated[EventSearch, Query()]) -> Response:
    """Events that the caller may see, newest first, a page at a time. What is hidden is found as little as what never
    was: a camera, zone or line of another department."""
    wanted = EventFilter(
        from_at=asked.from_at,
        to_at=asked.to_at,
        labels=frozenset(asked.label),
        kinds=frozenset(asked.kind),
        cameras=frozenset(asked.camera),
        severities=frozenset(asked.severity),
        zones=frozenset(asked.zone),
        lines=frozenset(asked.line),
        min_score=asked.min_score,
    )
    cursor = None if asked.cursor is None else EventId(asked.cursor)
    with use.database.read() as connection:
        reach = who.reach(connection, Right.EVENTS)
        page = search.search(connection, wanted, reach=reach, cursor=cursor, limit=asked.limit)
        items = all_as_seen(connection, page.items, reach)
    record_search(who, asked.filters(), items)
    return written_listing(map(event_json, items), next=None if page.next is None else str(page.next))


@router.get("/{event}", response_model=EventView, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_event(use: Use, who: Who, event: EventInPath) -> Response:
    """One event, in its newest version."""
    with use.database.read() as connection:
        scope = who.scope(connection)
        check_event(connection, scope, event)
        [found] = all_as_seen(connection, [search.get(connection, event)], scope[Right.EVENTS])
    record_search(who, {"event": str(event)}, [found], camera=found.event.camera)
    return written_json(event_json(found))
