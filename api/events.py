"""`/events`: what happened, newest or oldest first."""

from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from core.access import Right
from core.clock import rfc3339
from core.ids import EventId
from events.index import search
from events.index.event_filter import Order
from events.index.sight import check_event
from events.outages.seen import all_as_seen
from events.retention.held_to_show import held_to_show

from .answers import Listing, Paging
from .caller import Who
from .event_json import event_json
from .event_query import EventQuery
from .event_record import search_on_record
from .event_views import EventView
from .fields import AskedEvent, Instant
from .problems import Kind, documented
from .services import Use
from .written import written_json, written_listing

router = APIRouter(prefix="/api/v1/events", tags=["events"])

EventInPath = Annotated[AskedEvent, Path(description="The event's number.")]


class EventSearch(EventQuery, Paging):
    """Which events are asked for, and which page of them."""

    order: Order = Field(default=Order.NEWEST, description="By when they started.")


class EventListing(Listing[EventView]):
    """One page of events."""

    searched_to: Instant | None = Field(
        description="Where few events fit, a page ends before it is full: up to this moment all were looked at, and "
        "`next` goes on from there. null where the page is full, or the last one."
    )


@router.get("", response_model=EventListing, responses=documented(Kind.BAD_INPUT))
def list_events(use: Use, who: Who, asked: Annotated[EventSearch, Query()]) -> Response:
    """Events that the caller may see, newest or oldest first, a page at a time. What is hidden is found as little as
    what never was: a camera, zone or line of another department."""
    wanted = asked.asked(use.days.zone)
    cursor = None if asked.cursor is None else EventId(asked.cursor)
    with ExitStack() as recorded:
        with use.database.read() as connection:
            reach = who.reach(connection, Right.EVENTS)
            found = search.search(connection, wanted, reach=reach, cursor=cursor, limit=asked.limit, order=asked.order)
            # As early as can be: what is left to do is done while this is being written.
            recorded.enter_context(search_on_record(who, asked.filters(), found.items))
            seen = all_as_seen(connection, found.items, reach)
            holds = held_to_show(connection)
        searched_to = None if found.searched_to is None else rfc3339(found.searched_to)
        next_ = None if found.next is None else str(found.next)
        return written_listing((event_json(one, holds) for one in seen), next=next_, searched_to=searched_to)


@router.get("/{event}", response_model=EventView, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_event(use: Use, who: Who, event: EventInPath) -> Response:
    """One event, in its newest version."""
    with use.database.read() as connection:
        scope = who.scope(connection)
        check_event(connection, scope, event)
        [found] = all_as_seen(connection, [search.get(connection, event)], scope[Right.EVENTS])
        holds = held_to_show(connection)
    with search_on_record(who, {"event": str(event)}, [found], camera=found.event.camera):
        return written_json(event_json(found, holds))
