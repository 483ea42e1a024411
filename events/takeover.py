"""Taking over: what a worker that does not answer any more left half-done is brought to an end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from core.ids import CameraId, EventId

from .index import changes
from .index.interruptions import interrupt
from .media import records
from .media.table import MediaKind
from .outages import interrupting

_MEDIA_OF_A_WORKER: Final = (MediaKind.SNAPSHOT, MediaKind.ORIGINAL)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was brought to an end."""

    closed: tuple[EventId, ...] = ()
    """Events that were open, and are closed as interrupted where they were last seen."""
    without_media: tuple[EventId, ...] = ()
    """Events of which a snapshot or a clip was on its way, and is not waited for any more."""


def hold_events(connection: Connection) -> None:
    """Let nobody write events until the end of this transaction.

    Whoever ends epochs calls this first, before it asks the database for the time: an event that is written meanwhile
    would be measured by an epoch that ends in this very moment.
    """
    changes.lock(connection)


def take_over(connection: Connection, epochs: Mapping[CameraId, int], at: datetime) -> TakenOver:
    """Bring to an end what epochs before these left of their cameras: open events, and media that were on their way.

    `epochs` are those that begin; of a camera that nobody watches any more, the number after its last one. Nothing of
    other cameras is looked at. A worker that was only cut off may deliver later versions and media all the same: they
    win over what is done here.
    """
    if not epochs:
        return TakenOver()
    changes.lock(connection)
    closed = interrupt(connection, epochs)
    interrupting.interrupt(connection, epochs)
    given_up = records.give_up_older(connection, epochs, _MEDIA_OF_A_WORKER, at)
    return TakenOver(tuple(closed), tuple(given_up))
