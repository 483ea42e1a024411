"""A database with a camera and events on it, a folder for blobs, and a wait with a deadline."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.event import Event, Origin
from core.ids import EventId, event_id
from core.rule import RuleId, RuleKind, Severity
from events.index.write import write_events
from events.media.blobs import FolderBlobs
from registry import cameras
from registry.db import Database
from tests.support.builders import START, FakeClock, a_box
from tests.support.databases import sqlite_database

__all__ = ["blobs", "clock", "sqlite_database", "store_event"]

SEALING_KEY = bytes(range(32))
EPOCH = 3


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


@pytest.fixture
def store_event(sqlite_database: Database) -> Callable[[], EventId]:
    """Stores one more event at each call."""
    with sqlite_database.write() as connection:
        camera = cameras.add(connection, name="gate").id
    stored = 0

    def store() -> EventId:
        nonlocal stored
        stored += 1
        started_at = START + timedelta(seconds=stored)
        event = Event(
            id=event_id(started_at, camera),
            origin=Origin(EPOCH, stored),
            version=1,
            rule=RuleId(1),
            rule_name="somebody is there",
            kind=RuleKind.OBJECT_IN_ZONE,
            label="person",
            severity=Severity.LOW,
            zone=None,
            track=stored,
            score=0.8,
            box=a_box(),
            started_at=started_at,
            last_seen_at=started_at,
        )
        with sqlite_database.write() as connection:
            return write_events(connection, [event])[0]

    return store


def wait_until(holds: Callable[[], object], *, within_s: float = 10.0) -> None:
    """Wait until `holds` is true. Fails after `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"not so within {within_s} s")
        time.sleep(0.005)
