"""Events as workers make them, for whoever writes: those of the city's last days, once more and now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import delete, insert, select

from core.errors import SharpEyesError
from core.event import EndReason, Event, Origin
from core.ids import EventId, event_id
from events.index.stored import read_events
from events.index.tables import event
from registry.db import Database
from registry.server_clock import server_time
from registry.tables import camera_epoch

_PATTERNS: Final = 5_000
_EPOCH: Final = 1_000_000
"""Of all that the benchmark writes; no lease comes as far."""
_NOBODY: Final = 0
"""The number of no worker."""
_LASTED: Final = timedelta(seconds=8)


class Happenings:
    """Makes events after patterns, which are kept in memory. Two of them need different `first` numbers."""

    def __init__(self, patterns: list[Event], seed: int, first: int) -> None:
        self._patterns = patterns
        self._random = Random(seed)  # noqa: S311 - no secret
        self._next = first

    def make(self, count: int, at: datetime) -> list[Event]:
        """So many events that have just ended, on cameras as busy as they are."""
        return [self._one(at + timedelta(milliseconds=self._random.randrange(1_000))) for _ in range(count)]

    def _one(self, at: datetime) -> Event:
        pattern = self._random.choice(self._patterns)
        self._next += 1
        return replace(
            pattern,
            id=event_id(at, pattern.camera),
            origin=Origin(_EPOCH, self._next),
            version=1,
            started_at=at,
            last_seen_at=at + _LASTED,
            ended_at=at + _LASTED,
            end_reason=EndReason.OVER,
        )


@contextmanager
def watched(database: Database) -> Iterator[list[Event]]:
    """The patterns, of events whose cameras are leased meanwhile: what is written of them is accepted.

    Raises `SharpEyesError` where the city has no events.
    """
    with database.read() as connection:
        newest = connection.scalars(select(event.c.id).order_by(event.c.id.desc()).limit(_PATTERNS))
        patterns = [one.event for one in read_events(connection, [EventId(number) for number in newest])]
    if not patterns:
        raise SharpEyesError("the city has no events to write more of")
    _let_go(database)
    with database.write() as connection:
        at = server_time(connection)
        cameras = sorted({one.camera for one in patterns})
        lease = {"epoch": _EPOCH, "worker": _NOBODY, "from_at": at}
        connection.execute(insert(camera_epoch), [{"camera": camera, **lease} for camera in cameras])
    try:
        yield patterns
    finally:
        _let_go(database)


def _let_go(database: Database) -> None:
    with database.write() as connection:
        connection.execute(delete(camera_epoch).where(camera_epoch.c.epoch == _EPOCH))
