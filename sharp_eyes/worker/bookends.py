"""What the one worker puts on record before it begins and after it has ended."""

import logging

from core.clock import Clock
from core.errors import SharpEyesError
from events.media.blobs import Blobs
from events.takeover import take_over
from registry import epochs, stream_states, workers
from registry.db import Database

_log = logging.getLogger(__name__)


def clear_up(database: Database, blobs: Blobs, clock: Clock) -> None:
    """Give up or close what a worker that died has left half-done, also of cameras which nobody watches any more.

    To be called with the lock held: that says that all others are dead.
    """
    swept = blobs.sweep_unfinished()
    with database.write() as connection:
        newest = epochs.newest(connection)
        left = take_over(connection, {camera: epoch + 1 for camera, epoch in newest.items()}, clock.now())
    _end_watching(database, clock)
    if swept or left.without_media or left.closed:
        _log.warning(
            "an earlier worker left %d unfinished files, %d events without their media, and %d events open, which are "
            "closed as interrupted now",
            *(swept, len(left.without_media), len(left.closed)),
        )


def say_farewell(database: Database, clock: Clock) -> None:
    """Say that nobody watches any more. Where that fails, the next start makes up for it."""
    try:
        _end_watching(database, clock)
    except SharpEyesError as error:
        _log.warning("that the cameras are not watched any more could not be put on record: %s", error.message)


def _end_watching(database: Database, clock: Clock) -> None:
    with database.write() as connection:
        watched = epochs.unended(connection)
        epochs.end(connection, watched, clock.now())
        stream_states.forget(connection, watched)
        for worker in workers.list_workers(connection):
            workers.remove(connection, worker.id)
