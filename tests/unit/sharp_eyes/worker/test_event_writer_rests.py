"""A worker writes an event as soon as there is one, and those that come a moment later together."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from core.clock import SystemClock
from core.event import Event
from events.index.outcome import Fate
from events.spool import Spool
from events.storing import REST_S, store
from registry import cameras, epochs
from registry.db import Database
from registry.workers import WorkerId
from sharp_eyes.worker import event_writer
from sharp_eyes.worker.event_writer import EventWriter
from tests.support.builders import START, after, an_event
from tests.support.waiting import wait_for


class Slow(SystemClock):
    """Rests until it is let go."""

    def __init__(self) -> None:
        self.is_resting, self.goes_on = Flag(), Flag()

    def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
        if seconds != REST_S:
            return super().sleep(seconds, wake)
        self.is_resting.set()
        self.goes_on.wait(10)
        return False


def test_what_comes_while_it_rests_is_written_together(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_database.write() as connection:
        camera = cameras.add(connection, name="gate").id
        epochs.take(connection, WorkerId(1), [camera], START)
    sizes: list[int] = []

    def counting(database: Database, events: Sequence[Event], *more: Any) -> list[tuple[Event, Fate]]:
        sizes.append(len(events))
        return store(database, events, *more)

    monkeypatch.setattr(event_writer, "store", counting)
    clock, committed = Slow(), list[int]()
    spool = Spool(tmp_path / "spool.db")
    writer = EventWriter(sqlite_database, spool, clock, lambda event, *_: committed.append(event.origin.n))
    writer.start()
    writer.offer([an_event(1, camera=camera)])
    assert clock.is_resting.wait(10)
    for n in range(2, 6):
        writer.offer([an_event(n, camera=camera, at=after(n))])
    clock.goes_on.set()
    wait_for(lambda: len(committed) == 5, "all are written")
    writer.stop(5)
    assert sizes == [1, 4]
