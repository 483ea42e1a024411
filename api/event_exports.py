"""`/events.csv`, `/events.ndjson` and `/events.geojson`: events as files, streamed as they are read."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from core.access import Right
from core.camera import DepartmentId
from core.errors import Forbidden, NotSignedIn
from core.ids import EventId
from events.index import search
from events.index.event_filter import EventFilter, Order
from events.outages.seen import all_as_seen
from events.tallies.facets import facets
from registry.audit.entry import Act
from registry.camera_places import places_of
from registry.idempotency import Transaction
from registry.reach import Reach
from registry.server_clock import server_time
from registry.visibility import Scope

from .caller import Caller, Who
from .event_files import WRITERS, EventFormat, ExportedEvent
from .event_query import EventQuery
from .export_stream import ExportDesk, ExportStream
from .exports import check_may_export
from .problems import Kind, documented
from .services import Services, Use
from .standing import StandingWatch

router = APIRouter(prefix="/api/v1", tags=["exports"])

_PIECE: Final = search.MOST_ITEMS
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
_SHAPES: Final = {
    EventFormat.CSV: {"type": "string", "format": "binary"},
    EventFormat.NDJSON: {"type": "string", "format": "binary"},
    EventFormat.GEOJSON: {"type": "object"},
}
_HEADERS: Final = {
    "Events-Expected": {
        "description": "How many events there will be, if nothing changes meanwhile.",
        "schema": {"type": "integer"},
    },
    "Events-Expected-At-Least": {
        "description": "`true` where only so many were counted: there may be more.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


class ExportQuery(EventQuery):
    """Which events are taken along, and in which order."""

    order: Order = Field(default=Order.NEWEST, description="By when they started.")


Asked = Annotated[ExportQuery, Query()]


def _documented(form: EventFormat) -> dict[str, Any]:
    told = {
        "description": "The file. An answer that ends without HTTP's end is not whole.",
        "content": {WRITERS[form].media_type: {"schema": _SHAPES[form]}},
        "headers": _HEADERS,
    }
    return {"response_class": Response, "responses": {200: told, **documented(Kind.BAD_INPUT)}}


@router.get("/events.csv", **_documented(EventFormat.CSV))
async def export_csv(request: Request, use: Use, who: Who, asked: Asked) -> Response:
    """The events that fit and may be exported, as a table in UTF-8 with a byte order mark. No picture and no link to
    one leaves."""
    return await _answer(request, use, who, asked, EventFormat.CSV)


@router.get("/events.ndjson", **_documented(EventFormat.NDJSON))
async def export_ndjson(request: Request, use: Use, who: Who, asked: Asked) -> Response:
    """The same, a JSON object a line, with the columns of the table."""
    return await _answer(request, use, who, asked, EventFormat.NDJSON)


@router.get("/events.geojson", **_documented(EventFormat.GEOJSON))
async def export_geojson(request: Request, use: Use, who: Who, asked: Asked) -> Response:
    """The same as GeoJSON (RFC 7946): each event where its camera stands now, by WGS-84; without geometry where that is
    not known."""
    return await _answer(request, use, who, asked, EventFormat.GEOJSON)


async def _answer(request: Request, use: Services, who: Caller, asked: ExportQuery, form: EventFormat) -> ExportStream:
    desk: ExportDesk = request.app.state.export_desk
    standing: StandingWatch = request.app.state.standing_watch
    wanted = asked.asked(use.days.zone)
    with ExitStack() as place:  # closed if anything fails before the answer has begun
        cut_off = place.enter_context(desk.join(who.principal))
        export = _Export(use, who, asked, wanted, form)
        begin = await to_thread.run_sync(export.begin, limiter=desk.reading)
        place.enter_context(standing.watch(who, export.scope, _Standing(export.reach, cut_off)))
        name = f"events.{form.value}"
        return ExportStream(
            desk,
            place.pop_all(),
            cut_off,
            begin,
            export.read_on,
            media_type=WRITERS[form].media_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"', **export.expected},
        )


class _Standing:
    """An export, as `StandingWatch` tells it how it may go on."""

    def __init__(self, reach: Reach, cut_off: asyncio.Event) -> None:
        self._reach = reach
        self._cut_off = cut_off

    def go_on(self, scope: Scope) -> None:
        """See `Watched.go_on`."""
        if not scope[Right.EXPORT].covers(self._reach):
            self._cut_off.set()

    def end(self) -> None:
        """See `Watched.end`."""
        self._cut_off.set()


class _Export:
    """Reads an export piece by piece, each in a transaction of its own, and puts on record whose events leave before
    they do. One thread at a time."""

    scope: Scope
    expected: dict[str, str]
    """The headers that say how many events there will be."""

    def __init__(self, use: Services, who: Caller, asked: ExportQuery, wanted: EventFilter, form: EventFormat) -> None:
        self._use = use
        self._who = who
        self._asked = asked
        self._wanted = wanted
        self._form = form
        self._writer = WRITERS[form]
        self._cursor: EventId | None = None
        self._is_over = False
        self._is_first = True
        self._on_record: set[DepartmentId] = set()

    @property
    def reach(self) -> Reach:
        """What may be taken along, as it was in the beginning."""
        return self.scope[Right.EXPORT]

    def begin(self) -> str:
        """The beginning of the file. Raises `Forbidden` for who may take nothing along, `BadInput` for what cannot be
        asked, and `Unavailable`."""
        with self._use.database.read() as connection:
            self.scope = self._who.scope(connection)
            check_may_export(self.reach)
            if self._asked.order is Order.OLDEST and self._wanted.to_at is None:
                # Else it would go on for as long as something happens.
                self._wanted = replace(self._wanted, to_at=server_time(connection) + _CLOCKS_DIFFER)
            total = facets(connection, self._wanted, self.reach, ZoneInfo(self._use.days.zone))
            first = self._read(connection)
        self.expected = {"Events-Expected": str(total.total)}
        if total.at_least:
            self.expected["Events-Expected-At-Least"] = "true"
        self._record(first, {"filters": self._asked.filters(), "count": total.total, "at_least": total.at_least})
        return self._writer.begin + self._text(first)

    def read_on(self) -> str | None:
        """The next piece of the file; None after its end. Raises `NotSignedIn` or `Forbidden` where it may not go on,
        and `Unavailable`."""
        if self._is_over:
            return None
        if self._cursor is None:
            self._is_over = True
            return self._writer.end
        with self._use.database.read() as connection:
            if not self._who.is_still_in_force(connection):
                raise NotSignedIn("the session or key of an export is over")
            if not self._who.reach(connection, Right.EXPORT).covers(self.reach):
                raise Forbidden("what an export may take along has become less")
            piece = self._read(connection)
        owners = {one.stored.department for one in piece}
        if not owners <= self._on_record:
            self._record(piece, {"goes_on": True})
        return self._text(piece)

    def _read(self, connection: Transaction) -> list[ExportedEvent]:
        scope = self._who.scope(connection)
        reach = scope[Right.EXPORT]
        found = search.search(
            connection, self._wanted, reach=reach, cursor=self._cursor, limit=_PIECE, order=self._asked.order
        )
        self._cursor = found.next
        seen = all_as_seen(connection, found.items, reach)
        # Where a camera stands now may be another owner's to tell.
        places = places_of(connection, {one.event.camera for one in seen}, scope[Right.LIST])
        return [ExportedEvent(one, places.get(one.event.camera)) for one in seen]

    def _record(self, piece: list[ExportedEvent], detail: dict[str, Any]) -> None:
        owners = {one.stored.department for one in piece} - self._on_record
        told = {"file": f"events.{self._form.value}", **detail}
        self._who.looks(Act.EXPORT, "event", departments=owners, detail=told)
        self._on_record |= owners

    def _text(self, piece: list[ExportedEvent]) -> str:
        if not piece:
            return ""
        between = "" if self._is_first else self._writer.between
        self._is_first = False
        return between + self._writer.written(piece)
