"""`/event-changes`: events as they happen, by server-sent events."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Request, Response

from core.errors import BadInput
from core.ids import LAST_EVENT
from events.index import changes
from events.index.stored import read_events
from registry.db import Database

from .change_feed import Batch, Change, ChangeFeed
from .event_stream import EventStream
from .event_views import EventView, view
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["events"])

_EXAMPLE = 'retry: 2000\nid: 41\n\nid: 42\nevent: event\ndata: {"id": "314772357120000017", "version": 1, ...}\n\n'


class IndexedChanges:
    """The changes of the event index, each with its event as it is now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self) -> int:
        """See `ChangeSource.head`."""
        with self._database.read() as connection:
            return changes.latest(connection)

    def after(self, seq: int, limit: int) -> Batch:
        """See `ChangeSource.after`. Of several changes of one event the last one is told: all show what it is now."""
        with self._database.read() as connection:
            found = changes.since(connection, seq, limit)
            last = {change.event: change.seq for change in found}
            stored = read_events(connection, list(last)) if last else []
        told = sorted((last[one.event.id], view(one)) for one in stored)
        return Batch(
            changes=tuple(Change(number, _message(number, event)) for number, event in told),
            last=found[-1].seq if found else seq,
            more=len(found) == limit,
        )


def _message(seq: int, event: EventView) -> bytes:
    return f"id: {seq}\nevent: event\ndata: {event.model_dump_json()}\n\n".encode()


@router.get(
    "/event-changes",
    status_code=200,
    response_class=Response,
    responses={
        200: {
            "description": "An endless stream: each message has a change's number as its id, and an event as its data.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
        },
        **documented(Kind.BAD_INPUT),
    },
)
async def follow_events(
    request: Request,
    use: Use,
    last_event_id: Annotated[
        str | None, Header(description="The number of the last change seen: the stream goes on after it.")
    ] = None,
) -> Response:
    """Follow the events: each change from now on, or after `Last-Event-ID`.

    A change's data is the event as it is when the change is sent, which may be newer than the change. A client that
    reads too slowly is disconnected, and resumes by `Last-Event-ID`, as browsers do by themselves.
    """
    feed: ChangeFeed = request.app.state.change_feed
    after = await to_thread.run_sync(feed.source.head)
    if last_event_id:
        # A number beyond the newest one comes from another database: begin now, rather than wait until it is reached.
        after = min(after, _number(last_event_id))
    return EventStream(feed, after, heartbeat_s=use.settings.heartbeat_s)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LAST_EVENT):
        raise BadInput(
            "Last-Event-ID is no number of a change; expected digits",
            field="Last-Event-ID",
            hint="leave it out to begin now",
        )
    return int(text)
