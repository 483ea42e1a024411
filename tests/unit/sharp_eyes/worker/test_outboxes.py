"""Outboxes of slots: what a dead worker left in one is sent, as soon as nobody holds it."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.ids import EventId
from events.media import records
from events.media.absence import Absence
from events.media.blobs import Blobs, FolderBlobs
from events.media.keys import blob_key
from events.media.ledger import MediaLedger
from events.media.outbox import Outbox
from events.media.records import StoredBlob
from events.media.table import MediaKind, MediaState
from registry import cameras
from registry.db import Database
from sharp_eyes.doctor.finding import Verdict
from sharp_eyes.doctor.storage import check_outboxes
from sharp_eyes.settings import Settings
from sharp_eyes.worker.outboxes import LeftBehind, has_media, outboxes
from sharp_eyes.worker.slots import Slot, take_slot
from tests.support.builders import after, an_event
from tests.support.happenings import put_events
from tests.support.waiting import wait_for

SNAPSHOT = MediaKind.SNAPSHOT


class Leaving:
    """A data folder where workers come and go."""

    def __init__(self, data: Path, database: Database) -> None:
        self.settings = Settings(data=data)
        self.database = database
        self.clock = SystemClock()
        self.blobs: Blobs = FolderBlobs(data / "store")
        with database.write() as connection:
            camera = cameras.add(connection, name="gate").id
            self.events = put_events(connection, [an_event(n, camera=camera, at=after(n)) for n in range(1, 4)])

    def open(self, slot: Slot) -> Outbox:
        ledger = MediaLedger(self.database, self.clock)
        return Outbox(
            slot.folder,
            self.blobs,
            ledger,
            self.clock,
            limit_bytes=10_000,
            absence=Absence(self.clock, lambda _: None),
        )

    def leave(self, slot: Slot, event: EventId) -> None:
        """A worker that dies over the medium of `event`."""
        key = blob_key(event, 1, SNAPSHOT)
        with closing(self.open(slot)) as outbox:
            with outbox.writer(key) as sink:
                sink.write(b"picture")
            outbox.keep(event, SNAPSHOT, StoredBlob(key, 7))

    def states(self) -> list[MediaState | None]:
        with self.database.read() as connection:
            found = [records.find(connection, event, SNAPSHOT) for event in self.events]
        return [None if row is None else row.state for row in found]

    @property
    def left_behind(self) -> LeftBehind:
        return LeftBehind(self.settings, self.open, self.clock)


@pytest.fixture
def leaving(tmp_path: Path, sqlite_database: Database) -> Leaving:
    return Leaving(tmp_path, sqlite_database)


def test_what_dead_workers_left_is_sent_and_what_a_living_one_has_is_not_touched(leaving: Leaving) -> None:
    data = leaving.settings.data
    with take_slot(data) as one, take_slot(data) as two:
        leaving.leave(one, leaving.events[0])
        leaving.leave(two, leaving.events[1])
    with take_slot(data) as mine:
        leaving.leave(mine, leaving.events[2])
        assert {number: total.media for number, total in outboxes(data).items()} == {1: 2, 2: 1}
        assert leaving.left_behind.send_all() == 1
        assert leaving.states() == [None, MediaState.READY, None]
        assert not has_media(two)
        assert has_media(mine)
    assert leaving.left_behind.send_all() == 2
    assert leaving.states() == [MediaState.READY] * 3


def test_it_is_looked_for_at_the_start(leaving: Leaving) -> None:
    with take_slot(leaving.settings.data) as slot:
        leaving.leave(slot, leaving.events[0])
    sending = leaving.left_behind
    sending.start()
    wait_for(lambda: leaving.states()[0] is MediaState.READY, "it is sent")
    sending.stop(10)


def test_a_file_without_rows_is_seen_too(leaving: Leaving) -> None:
    with take_slot(leaving.settings.data) as slot:
        leaving.leave(slot, leaving.events[0])
    for file in slot.folder.glob("outbox.db*"):
        file.unlink()
    assert has_media(slot)
    assert leaving.left_behind.send_all() == 1


def test_the_doctor_tells_what_waits_and_doubts_what_waits_for_long(leaving: Leaving) -> None:
    now = leaving.clock.now()
    assert check_outboxes(leaving.settings, now).found == "nothing waits for the store"
    with take_slot(leaving.settings.data) as slot:
        leaving.leave(slot, leaving.events[0])
    soon, later = (check_outboxes(leaving.settings, now + timedelta(minutes=wait)) for wait in (1, 10))
    assert soon.found.startswith("1 media (0.0 MB) wait for the store, the oldest since 20")
    assert (soon.verdict, later.verdict) == (Verdict.GOOD, Verdict.DOUBTFUL)
    assert later.advice is not None
