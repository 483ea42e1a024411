"""What the one worker puts on record before it begins and after it has ended."""

import logging

from core.clock import Clock
from core.errors import SharpEyesError
from events.index.write import close_interrupted
from events.media import records
from events.media.blobs import Blobs
from events.media.table import MediaKind
from registry import epochs, stream_states, workers
from registry.db import Database

_log = logging.getLogger(__name__)

_MEDIA_OF_A_WORKER = (MediaKind.SNAPSHOT, MediaKind.ORIGINAL)


def clear_up(database: Database, blobs: Blobs, clock: Clock) -> None:
    """Give up or close what a worker that died has left half-done, also of cameras which nobody watches any more.

    To be called with the lock held: that says that all others are dead.
    """
    swept = blobs.sweep_unfinished()
    with database.write() as connection:
        given_up = records.fail_left_over(connection, _MEDIA_OF_A_WORKER, clock.now())
        newest = epochs.newest(connection)
        closed = close_interrupted(connection, {camera: epoch + 1 for camera, epoch in newest.items()})
    _end_watching(database, clock, "its worker died", is_dead=True)
    if swept or given_up or closed:
        _log.warning(
            "an earlier worker left %d unfinished files, %d events without their media, and %d events open, which are "
            "closed as interrupted now",
            *(swept, len(given_up), len(closed)),
        )


def say_farewell(database: Database, clock: Clock) -> None:
    """Say that nobody watches any more. Where that fails, the next start makes up for it."""
    try:
        _end_watching(database, clock, "its worker was stopped", is_dead=False)
    except SharpEyesError as error:
        _log.warning("that the cameras are not watched any more could not be put on record: %s", error.message)


def _end_watching(database: Database, clock: Clock, reason: str, *, is_dead: bool) -> None:
    with database.write() as connection:
        watched, now = epochs.unended(connection), clock.now()
        # What a worker that died said last is known to its last heartbeat.
        known = workers.list_workers(connection)
        heard_at = max((worker.heartbeat_at for worker in known), default=now)
        epochs.end(connection, watched, now)
        stream_states.unwatch(connection, watched, min(heard_at, now) if is_dead else now, reason)
        for worker in known:
            workers.remove(connection, worker.id)
