"""The searches on record that showed what is held: their rows name the events, and no column does."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from core.ids import CameraId, EventId, event_camera
from registry.audit.entry import Act
from registry.audit.tables import audit_row, audit_seal
from registry.db import Database

from .hold import HoldCamera, HoldEvent, Holding, HoldSpan

_AT_ONCE: Final = 2_000
"""Places that one statement reads: some ten milliseconds."""


@dataclass(frozen=True, slots=True)
class FoundSearch:
    """A search that a hold keeps."""

    place: int
    """In the chain."""
    nth: int
    """Which of the holds it is, in the order in which they were handed over."""


def first_search(
    database: Database, held: Sequence[Holding], upto: int, report: Callable[[int, int], None]
) -> FoundSearch | None:
    """The first sealed search, up to the place `upto`, that showed a held event, or in the time held an event of a held
    camera. A department's own are found by their departments. In short transactions: what is sealed stays as it is."""
    events = {on.event: nth for nth, on in enumerate(held) if isinstance(on, HoldEvent)}
    cameras: defaultdict[CameraId, list[tuple[HoldSpan, int]]] = defaultdict(list)
    for nth, on in enumerate(held):
        if isinstance(on, HoldCamera):
            cameras[on.camera].append((on.span, nth))
    if not (events or cameras):
        return None
    with database.read() as connection:
        begins = connection.execute(select(func.min(audit_seal.c.place))).scalar_one()
    for begin in range(upto + 1 if begins is None else begins, upto + 1, _AT_ONCE):
        with database.read() as connection:
            found = _searches(connection, begin, min(begin + _AT_ONCE - 1, upto))
        for place, at, detail in found:
            for event in _shown(detail):
                spans = cameras.get(event_camera(event), ())
                keeps = next((nth for span, nth in spans if _is_in(at, span)), events.get(event))
                if keeps is not None:
                    return FoundSearch(place, keeps)
        report(begin, upto)
    return None


def _searches(connection: Connection, first: int, last: int) -> list[tuple[int, datetime, str]]:
    """The searches at the places from `first` to `last`, in their order: where, when, and what is told of them."""
    seal, row = audit_seal.c, audit_row.c
    asked = (
        select(seal.place, row.at, row.detail)
        .join(audit_row, row.id == seal.row)
        .where(seal.place.between(first, last), row.act == Act.SEARCH.value)
        .order_by(seal.place)
    )
    return [(found.place, found.at, found.detail) for found in connection.execute(asked)]


def _shown(detail: str) -> Iterator[EventId]:
    """The events that a search showed. Of a row that somebody has put his hands on none: `verify` tells of it, and then
    nothing goes."""
    with suppress(ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        told: Any = json.loads(detail)
        for ids in told.get("shown", {}).values():
            yield from (EventId(int(number)) for number in ids)


def _is_in(at: datetime, span: HoldSpan) -> bool:
    return (span.from_at is None or at >= span.from_at) and (span.until_at is None or at < span.until_at)
