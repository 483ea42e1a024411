"""From a look to a picture: frames are held until their event is on record, and not beyond some memory."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.box import Box
from core.event import Event
from core.frame import Picture
from core.ids import CameraId
from core.rule import RuleKind
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.clips import OriginalClips
from events.media.ledger import MediaLedger
from events.media.masking import Masker
from events.media.records import NO_PICTURE, WAITED_TOO_LONG
from events.media.snapshots import SnapshotTaker
from events.media.table import MediaKind
from inference.watch import Look
from registry import cameras
from registry.db import Database
from sharp_eyes.worker.consequences import MOST_HELD_BYTES, Consequences
from sharp_eyes.worker.measures import Measures
from sharp_eyes.worker.recordings import NOT_READ, Recordings
from tests.support.builders import FakeClock, a_frame, after, an_event
from tests.support.happenings import put_events
from tests.support.waiting import wait_for


class Nobody:
    """Finds neither faces nor people."""

    def find(self, picture: Picture, min_score: float = 0.0) -> list[Box]:
        return []


class Parts:
    """Consequences with real parts behind them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        clock = FakeClock()
        ledger = MediaLedger(database, clock)
        blobs = FolderBlobs(folder / "blobs")
        self.written: list[Event] = []
        self.measures = Measures()
        self.snapshots = SnapshotTaker(Masker(Nobody(), Nobody()), blobs, ledger, areas_of=lambda _: ())
        self.consequences = Consequences(
            self.written.extend,
            self.snapshots,
            Recordings(OriginalClips(blobs, lambda: bytes(32), ledger), ledger, lambda _: None, clock),
            self.measures,
            clock,
        )
        with database.write() as connection:
            self.camera: CameraId = cameras.add(connection, name="gate").id

    def begin(self, n: int, width: int = 64) -> Event:
        """A look that begins an event."""
        event = an_event(n, camera=self.camera, at=after(n))
        frame = a_frame(after(n), camera=self.camera, width=width, height=width)
        self.consequences.looked(Look(frame, (), (), (event,)))
        return event

    def commit(self, event: Event, *, is_late: bool = False) -> None:
        with self._database.write() as connection:
            put_events(connection, [event])
        self.consequences.committed(event, is_first=True, is_late=is_late)

    def outcome(self, event: Event, kind: MediaKind) -> str | None:
        """What the medium's row says, once it is decided."""
        with self._database.read() as connection:
            found = records.find(connection, event.id, kind)
        return None if found is None else found.reason or ("ready" if found.blob else None)


@pytest.fixture
def parts(sqlite_database: Database, tmp_path: Path) -> Iterator[Parts]:
    parts = Parts(sqlite_database, tmp_path)
    parts.snapshots.start()
    yield parts
    parts.snapshots.stop(5)


def test_an_event_on_record_gets_its_picture(parts: Parts) -> None:
    event = parts.begin(1)
    assert parts.written == [event]
    parts.commit(event)
    assert wait_for(lambda: parts.outcome(event, MediaKind.SNAPSHOT), "its snapshot") == "ready"
    assert parts.outcome(event, MediaKind.ORIGINAL) == NOT_READ


def test_frames_are_held_within_bounds_and_the_oldest_event_says_that_it_goes_without(parts: Parts) -> None:
    side = 4096
    fit = MOST_HELD_BYTES // (side * side * 3 // 2)
    events = [parts.begin(n, side) for n in range(1, fit + 2)]
    parts.commit(events[0])
    assert wait_for(lambda: parts.outcome(events[0], MediaKind.SNAPSHOT), "its reason") == WAITED_TOO_LONG
    parts.commit(events[1])
    assert wait_for(lambda: parts.outcome(events[1], MediaKind.SNAPSHOT), "its snapshot") == "ready"


def test_frames_that_were_let_go_make_room_for_others(parts: Parts) -> None:
    side = 4096
    for n in range(1, 2 * (MOST_HELD_BYTES // (side * side * 3 // 2)) + 2):
        event = parts.begin(n, side)
        if n > 1:
            parts.consequences.committed(event, is_first=True)
    first = an_event(1, camera=parts.camera, at=after(1))
    parts.commit(first)
    assert wait_for(lambda: parts.outcome(first, MediaKind.SNAPSHOT), "its snapshot") == "ready"


def test_made_and_stored_are_counted_alike(parts: Parts) -> None:
    event = parts.begin(1)
    parts.commit(event)
    parts.consequences.committed(event, is_first=False)
    text = parts.measures.text().decode()
    assert "sharp_eyes_events_made_total 1.0" in text
    assert "sharp_eyes_events_stored_total 1.0" in text


def test_an_event_of_a_lost_stream_says_that_there_is_no_picture_and_gets_no_clip(parts: Parts) -> None:
    plain = an_event(1, camera=parts.camera)
    event = replace(plain, kind=RuleKind.STREAM_LOST, label="stream", track=None, score=None, box=None)
    parts.consequences.happened([event])
    assert parts.written == [event]
    parts.commit(event)
    assert wait_for(lambda: parts.outcome(event, MediaKind.SNAPSHOT), "its reason") == NO_PICTURE
    assert parts.outcome(event, MediaKind.ORIGINAL) is None
    parts.consequences.happened([replace(event, version=2)])
    text = parts.measures.text().decode()
    assert "sharp_eyes_events_made_total 1.0" in text
    assert "sharp_eyes_events_stored_total 1.0" in text


def test_an_event_that_is_on_record_late_gets_its_snapshot_where_the_frame_was_kept_and_no_clip(parts: Parts) -> None:
    kept = parts.begin(1)
    parts.commit(kept, is_late=True)
    wait_for(lambda: parts.outcome(kept, MediaKind.SNAPSHOT) == "ready", "its snapshot is made")
    assert parts.outcome(kept, MediaKind.ORIGINAL) is None


def test_one_whose_frame_was_not_kept_is_left_as_it_is_on_record(parts: Parts) -> None:
    late = an_event(2, camera=parts.camera, at=after(2))
    parts.commit(late, is_late=True)
    parts.snapshots.stop(5)
    assert [parts.outcome(late, kind) for kind in (MediaKind.SNAPSHOT, MediaKind.ORIGINAL)] == [None, None]
