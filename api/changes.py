"""`/event-changes`: events as they happen, by server-sent events."""

import logging
from collections import Counter
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request, Response

from core.access import Right
from core.camera import DepartmentId
from core.errors import BadInput, SharpEyesError
from core.ids import LAST_EVENT
from events.index import changes
from events.index.event_filter import EventFilter
from events.index.stored import StoredEvent, read_events
from events.outages.seen import Losses, as_seen, losses_of
from events.retention.held import Held
from events.retention.held_to_show import held_to_show
from registry.audit.entry import Act
from registry.db import Database
from registry.reach import Reach
from registry.visibility import Scope

from .caller import Caller, Who
from .change_feed import Batch, Change, ChangeFeed, Follower
from .event_json import NOTHING_HELD, event_json
from .event_query import EventConditions
from .event_stream import EventStream
from .live_filter import LiveFilter
from .problems import Kind, documented
from .services import Services, Use
from .standing import StandingWatch

router = APIRouter(prefix="/api/v1", tags=["events"])
_log = logging.getLogger(__name__)

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
            losses = losses_of(connection, stored)
            holds = held_to_show(connection) if stored else NOTHING_HELD
        found_changes = (_change(last[one.event.id], one, losses, holds) for one in stored)
        return Batch(
            changes=tuple(sorted(found_changes, key=lambda change: change.seq)),
            last=found[-1].seq if found else seq,
            more=len(found) == limit,
        )


def _change(seq: int, stored: StoredEvent, losses: Losses, holds: Held) -> Change:
    message = _message(seq, stored, holds)

    def seen(reach: Reach) -> StoredEvent:
        return as_seen(stored, losses, reach)

    def within(reach: Reach) -> bytes:
        shown = seen(reach)
        return message if shown is stored else _message(seq, shown, holds)

    return Change(seq, within, stored.event.id, stored.event.camera, stored.department, seen)


def _message(seq: int, stored: StoredEvent, holds: Held) -> bytes:
    return b"id: %d\nevent: event\ndata: %b\n\n" % (seq, event_json(stored, holds))


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
    who: Who,
    asked: Annotated[EventConditions, Query()],
    last_event_id: Annotated[
        str | None, Header(description="The number of the last change seen: the stream goes on after it.")
    ] = None,
) -> Response:
    """Follow the events that the caller may see and that fit: each change from now on, or after `Last-Event-ID`.

    A change's data is the event as it is when the change is sent, which may be newer than the change; what
    does not fit any more is not told. A client that
    reads too slowly is disconnected, and resumes by `Last-Event-ID`, as browsers do by themselves. So is one whose
    session or key is over; what a grant allows ends with the grant.
    """
    feed: ChangeFeed = request.app.state.change_feed
    standing: StandingWatch = request.app.state.standing_watch
    wanted = asked.asked(use.days.zone)
    scope = await to_thread.run_sync(_scope_of, use, who)
    passing = None
    if wanted != EventFilter():
        passing = LiveFilter(use.database, use.clock, wanted, scope[Right.EVENTS])
        await to_thread.run_sync(passing.make)
    after = await to_thread.run_sync(feed.source.head)
    if last_event_id:
        # A number beyond the newest one comes from another database: begin now, rather than wait until it is reached.
        after = min(after, _number(last_event_id))
    stream = EventStream(feed, after, scope[Right.EVENTS], passing, heartbeat_s=use.settings.heartbeat_s)
    with stream.place.pop_all() as place:  # closed if anything fails before the answer has begun
        place.enter_context(standing.watch(who, scope, _Following(stream.follower, passing)))
        owners = scope[Right.EVENTS].departments
        detail = {"after": after, **({} if passing is None else {"filters": asked.filters()})}
        begun = partial(who.looks, Act.FOLLOW_BEGUN, "event", departments=owners, detail=detail)
        await to_thread.run_sync(begun)
        stream.on_end = partial(_record_end, who, stream.told)
        stream.place = place.pop_all()
    return stream


class _Following:
    """Somebody who follows, as `StandingWatch` tells it how that may go on."""

    def __init__(self, follower: Follower, passing: LiveFilter | None) -> None:
        self._follower = follower
        self._passing = passing

    def go_on(self, scope: Scope) -> None:
        """See `Watched.go_on`."""
        self._follower.reach = scope[Right.EVENTS]
        if self._passing is not None:
            self._passing.reach = self._follower.reach

    def end(self) -> None:
        """See `Watched.end`."""
        self._follower.cut_off.set()


def _scope_of(use: Services, who: Caller) -> Scope:
    with use.database.read() as connection:
        return who.scope(connection)


def _record_end(who: Caller, told: Counter[DepartmentId]) -> None:
    try:
        who.looks(Act.FOLLOW_ENDED, "event", departments=set(told), detail={"told": told.total()})
    except SharpEyesError as error:
        _log.error("it could not be put on record that somebody ended following events: %s", error)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LAST_EVENT):
        raise BadInput(
            "Last-Event-ID is no number of a change; expected digits",
            field="Last-Event-ID",
            hint="leave it out to begin now",
        )
    return int(text)
