"""Each event on record gets its clip, or a reason why not; and a recording leaves nothing behind."""

from pathlib import Path

import pytest

from core.event import EndReason, Event
from core.ids import CameraId
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.clips import OriginalClips
from events.media.ledger import MediaLedger
from events.media.records import MediaRecord
from events.media.table import MediaKind, MediaState
from ingest.ring import Ring
from registry import cameras
from registry.db import Database
from sharp_eyes.worker.recordings import MOST_OF_A_CAMERA, NOT_READ, TOO_MANY_OF_A_CAMERA, Recordings
from tests.support.builders import FakeClock, after, an_event
from tests.support.filmed_camera import FilmedCamera as Camera
from tests.support.footage import make_clip
from tests.support.happenings import put_events
from tests.support.waiting import wait_for


class Films:
    """Recordings of one camera's ring, and the events that they are of."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._events = 0
        self.clock = FakeClock()
        self.ring: Ring | None = Ring()
        self.ledger = MediaLedger(database, self.clock)
        clips = OriginalClips(FolderBlobs(folder / "blobs"), lambda: bytes(32), self.ledger)
        self.recordings = Recordings(clips, self.ledger, lambda _: self.ring, self.clock)
        with database.write() as connection:
            self._camera: CameraId = cameras.add(connection, name="gate").id
            self.other_camera = cameras.add(connection, name="yard").id

    def event(self, end_reason: EndReason | None = None, camera: CameraId | None = None) -> Event:
        """One more event, which is on record."""
        self._events += 1
        event = an_event(self._events, camera=camera or self._camera, at=after(self._events), end_reason=end_reason)
        with self._database.write() as connection:
            put_events(connection, [event])
        return event

    def clip(self, event: Event) -> MediaRecord | None:
        with self._database.read() as connection:
            return records.find(connection, event.id, MediaKind.ORIGINAL)

    def reason(self, event: Event) -> str | None:
        clip = self.clip(event)
        return None if clip is None else clip.reason


@pytest.fixture
def films(sqlite_database: Database, tmp_path: Path) -> Films:
    return Films(sqlite_database, tmp_path)


def test_a_clip_ends_with_the_ring_of_a_camera_that_is_removed(films: Films, tmp_path: Path) -> None:
    camera = Camera(make_clip(tmp_path / "clip.mp4", frames=100))
    ring = films.ring = camera.ring
    ring.begin(camera.parameters)
    camera.play()
    event = films.event()
    films.recordings.begin(event)
    films.ring = None
    ring.end()
    wait_for(lambda: films.recordings.going_on == 0, "the recording has ended")
    clip = films.clip(event)
    assert clip is not None
    assert clip.state is MediaState.READY


def test_an_event_of_a_camera_that_is_not_read_any_more_gets_a_reason(films: Films) -> None:
    films.ring = None
    event = films.event()
    films.recordings.begin(event)
    assert films.reason(event) == NOT_READ


def test_a_crowd_before_one_camera_leaves_the_others_their_clips(films: Films) -> None:
    events = [films.event() for _ in range(MOST_OF_A_CAMERA + 1)]
    other = films.event(camera=films.other_camera)
    for event in [*events, other]:
        films.recordings.begin(event)
    assert films.reason(events[-1]) == TOO_MANY_OF_A_CAMERA
    assert films.reason(other) is None
    assert films.recordings.going_on == MOST_OF_A_CAMERA + 1
    films.recordings.stop(20)
    assert films.recordings.going_on == 0
    assert "brought no packets" in (films.reason(events[0]) or "")


def test_a_recording_whose_event_never_ends_does_not_wait_for_ever(films: Films) -> None:
    event = films.event()
    films.recordings.begin(event)
    wait_for(lambda: films.clip(event), "the recording has begun")
    films.clock.advance(61)
    wait_for(lambda: films.recordings.going_on == 0, "the recording has ended")
    assert "brought no packets" in (films.reason(event) or "")


def test_an_event_that_is_over_when_it_is_on_record_ends_its_clip(films: Films) -> None:
    event = films.event(EndReason.LEFT)
    films.recordings.begin(event)
    films.recordings.end(event)
    films.clock.advance(30)
    wait_for(lambda: films.recordings.going_on == 0, "the recording has ended")
