"""Storing events so that one which the database refuses holds up no other, and emptying what a dead worker left."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from core.errors import Unavailable
from core.event import Event
from core.ids import EventId
from core.rule import Subject
from registry.chunks import in_chunks
from registry.db import Database, Engines
from registry.server_clock import server_time

from .index.drafts import Drafts
from .index.outcome import Fate
from .index.write import write_events
from .media import records
from .media.table import MediaKind
from .spool import Spool

_log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 500
"""Events that are stored in one go."""
_MOST_TOGETHER: Final = {Engines.SQLITE: 100, Engines.POSTGRESQL: MOST_AT_ONCE}
"""Events of one transaction: a hundred hold SQLite's writer for about 15 ms, and whoever searches waits for it."""

REST_S: Final = 0.02
"""Who writes events as they come rests so long after each time: ten events in one transaction cost no more than three
in transactions of their own, and nobody misses an event that is 20 ms old."""

Refuse = Callable[[Event, str], None]
WhyNoMedia = Callable[[Event], str | None]


def store(
    database: Database, events: Sequence[Event], refuse: Refuse, why_no_media: WhyNoMedia = lambda _: None
) -> list[tuple[Event, Fate]]:
    """Write `events`: those that were taken, each with the id under which it stands, and what became of it.

    One that the database refuses alone is handed to `refuse`, with the reason. `why_no_media` says why no snapshot and
    no clip of an event will be made any more; that is put on record in the same transaction, unless there are some.

    Raises `Unavailable` where the database cannot work now; then some of them may have been written.
    """
    together = in_chunks(events, _MOST_TOGETHER[database.kind])
    return [stored for some in together for stored in _store(database, some, refuse, why_no_media)]


def _store(
    database: Database, events: Sequence[Event], refuse: Refuse, why_no_media: WhyNoMedia
) -> list[tuple[Event, Fate]]:
    try:
        drafts = Drafts(events)
        with database.write() as connection:
            outcomes = write_events(connection, events, drafts)
            never_made = [
                medium
                for event, outcome in zip(events, outcomes, strict=True)
                if outcome.fate is not Fate.FENCED and (reason := why_no_media(event)) is not None
                for medium in _media(event, outcome.id, reason)
            ]
            if never_made:
                records.say_never_made(connection, never_made, server_time(connection))
    except Unavailable:
        raise
    except Exception as error:
        if len(events) == 1:
            refuse(events[0], str(error))
            return []
        half = len(events) // 2
        parts = events[:half], events[half:]
        return [stored for part in parts for stored in _store(database, part, refuse, why_no_media)]
    return [(replace(event, id=outcome.id), outcome.fate) for event, outcome in zip(events, outcomes, strict=True)]


def drain(spool: Spool, database: Database) -> Counter[Fate]:
    """Hand over to the database what a worker that is dead left in `spool`. How many events met which fate.

    Where the database or the disk does not do its part, what is left stays there, and is told in the log.
    """
    fates: Counter[Fate] = Counter()
    try:
        while events := spool.next(MOST_AT_ONCE):
            stored = store(database, events, spool.set_aside, lambda _: records.LEFT_OVER)
            spool.remove(events)
            fates.update(fate for _, fate in stored)
    except Unavailable as error:
        _log.warning("%d events of an earlier worker wait on: %s", len(spool), error.message)
    if fates:
        _log.warning(
            "an earlier worker left events that the database had not taken: %d are stored now, %d it had already, and "
            "%d are not accepted, since another worker watched their cameras",
            *(fates[Fate.NEW] + fates[Fate.JOINED] + fates[Fate.NEWER], fates[Fate.KNOWN], fates[Fate.FENCED]),
        )
    return fates


def _media(event: Event, place: EventId, reason: str) -> list[tuple[EventId, MediaKind, str]]:
    """The media that a worker makes of `event`, which stands at `place`."""
    if event.kind.subject is Subject.STREAM:
        return [(place, MediaKind.SNAPSHOT, records.NO_PICTURE)]
    return [(place, MediaKind.SNAPSHOT, reason), (place, MediaKind.ORIGINAL, reason)]
