"""A database with a camera and events on it, and a folder for blobs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.ids import EventId
from events.media.blobs import FolderBlobs
from registry import cameras
from registry.db import Database
from tests.support.builders import FakeClock, after, an_event
from tests.support.databases import sqlite_database
from tests.support.happenings import put_events

from .making_clips import EPOCH, clips, originals, recorded, renderer

__all__ = ["blobs", "clips", "clock", "originals", "recorded", "renderer", "sqlite_database", "store_event"]


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
        event = an_event(stored, camera=camera, at=after(stored), epoch=EPOCH)
        with sqlite_database.write() as connection:
            return put_events(connection, [event])[0]

    return store
