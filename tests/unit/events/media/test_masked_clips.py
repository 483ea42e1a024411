"""Masked clips: made at the first play, once, and kept."""

import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from core.box import Point
from core.errors import BadInput, Unavailable
from core.ids import CameraId, EventId
from core.privacy import PrivacyArea
from core.zone import Polygon
from events.media import records
from events.media.blackout import areas_mark
from events.media.blobs import FolderBlobs
from events.media.clip_rendition import Rendered, RenditionOrder
from events.media.clips import OriginalClips, Recorded
from events.media.keys import blob_key
from events.media.ledger import MediaLedger
from events.media.masked_clips import MOST_WAITING, Failed, Making, MaskedClips, Missing, Ready, Waiting
from events.media.table import MediaKind
from registry import cameras, privacy_areas
from registry.db import Database
from tests.support.builders import START, FakeClock
from tests.support.waiting import wait_for

from .conftest import EPOCH, SEALING_KEY

CONTENT = b"the camera's own packets"


class Renderer:
    """Turns the original's bytes round, in the shape that a process of its own would, when it is let."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.orders: list[RenditionOrder] = []
        self.fault: Exception | None = None

    def render(self, order: RenditionOrder, progress: Callable[[float], None]) -> Rendered:
        self.orders.append(order)
        there: RenditionOrder = pickle.loads(pickle.dumps(order))  # noqa: S301  # our own bytes
        with there.open_original() as source, there.masked_sink() as sink:
            sink.write(source.read()[::-1])
            progress(0.5)
            assert self.may_go_on.wait(10)
            if self.fault is not None:
                raise self.fault
        return Rendered(12.0, 640, 360)


@pytest.fixture
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def originals(blobs: FolderBlobs, sqlite_database: Database, clock: FakeClock) -> OriginalClips:
    return OriginalClips(blobs, lambda: SEALING_KEY, MediaLedger(sqlite_database, clock))


@pytest.fixture
def clips(blobs: FolderBlobs, sqlite_database: Database, clock: FakeClock, renderer: Renderer) -> Iterator[MaskedClips]:
    clips = MaskedClips(blobs, lambda: (SEALING_KEY,), sqlite_database, renderer, clock)
    clips.start()
    yield clips
    renderer.may_go_on.set()
    clips.stop(10)


@pytest.fixture
def recorded(originals: OriginalClips, store_event: Callable[[], EventId]) -> Callable[[], EventId]:
    """Stores one more event, with its original clip, at each call."""

    def record() -> EventId:
        event = store_event()
        assert originals.record(event, EPOCH, lambda sink: Recorded(float(sink.write(CONTENT))))
        return event

    return record


def _settled(clips: MaskedClips, event: EventId) -> Ready | Failed | Missing:
    """The answer as soon as it is not `Making` any more."""
    wait_for(lambda: not isinstance(clips.request(event), Making), "the clip is made, or not")
    answer = clips.request(event)
    assert not isinstance(answer, Making | Waiting)
    return answer


def _masked_files(blobs: FolderBlobs) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file() and path.suffix != ".sealed"]


def test_the_first_request_makes_the_clip_and_the_next_ones_find_it(
    clips: MaskedClips, renderer: Renderer, blobs: FolderBlobs, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    assert isinstance(clips.request(event), Making)
    ready = _settled(clips, event)

    assert ready == Ready(blob_key(event, EPOCH, MediaKind.MASKED_CLIP), len(CONTENT), 12.0)
    with blobs.open(ready.key) as file:
        assert file.read() == CONTENT[::-1]
    assert clips.request(event) == ready
    assert len(renderer.orders) == 1


def test_two_who_ask_at_once_get_one_clip(
    clips: MaskedClips, renderer: Renderer, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    renderer.may_go_on.clear()
    asking = [threading.Thread(target=clips.request, args=(event,)) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(10)
    renderer.may_go_on.set()

    assert isinstance(_settled(clips, event), Ready)
    assert len(renderer.orders) == 1


class HoldsTheFirstAnswer(Database):
    """A database whose first reader gets to go on only when it is let."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self._first = threading.Lock()
        self.asked = threading.Event()
        self.may_go_on = threading.Event()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._real.read() as connection:
            yield connection
        if self._first.acquire(blocking=False):
            self.asked.set()
            assert self.may_go_on.wait(10)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._real.write() as connection:
            yield connection


def test_one_who_asked_just_before_it_was_finished_does_not_get_it_made_again(
    renderer: Renderer,
    blobs: FolderBlobs,
    sqlite_database: Database,
    clock: FakeClock,
    recorded: Callable[[], EventId],
) -> None:
    event = recorded()
    database = HoldsTheFirstAnswer(sqlite_database)
    clips = MaskedClips(blobs, lambda: (SEALING_KEY,), database, renderer, clock)
    clips.start()
    late = threading.Thread(target=clips.request, args=(event,))
    late.start()
    assert database.asked.wait(10)
    assert isinstance(_settled(clips, event), Ready)
    database.may_go_on.set()
    late.join(10)
    wait_for(lambda: clips.waiting == 0, "no clip waits")
    clips.stop(10)

    assert len(renderer.orders) == 1


def test_how_far_it_is_can_be_seen(clips: MaskedClips, renderer: Renderer, recorded: Callable[[], EventId]) -> None:
    event, behind = recorded(), recorded()
    renderer.may_go_on.clear()
    clips.request(event)
    clips.request(behind)

    wait_for(lambda: clips.request(event) == Making(0.5), "half of it is made")
    assert clips.request(behind) == Making(0.0)


def test_one_clip_is_made_at_a_time_in_the_order_of_the_requests(
    clips: MaskedClips, renderer: Renderer, recorded: Callable[[], EventId]
) -> None:
    events = [recorded() for _ in range(4)]
    renderer.may_go_on.clear()
    for event in events:
        clips.request(event)
    wait_for(lambda: renderer.orders, "the first order")
    assert (len(renderer.orders), clips.waiting) == (1, 4)
    renderer.may_go_on.set()
    _settled(clips, events[-1])

    assert [order.masked for order in renderer.orders] == [
        blob_key(event, EPOCH, MediaKind.MASKED_CLIP) for event in events
    ]


def test_when_too_many_wait_the_next_one_is_asked_to_come_again(
    clips: MaskedClips, renderer: Renderer, recorded: Callable[[], EventId]
) -> None:
    renderer.may_go_on.clear()
    for _ in range(MOST_WAITING):
        clips.request(recorded())

    with pytest.raises(Unavailable, match=f"{MOST_WAITING} clips are waiting"):
        clips.request(recorded())


def test_a_failure_holds_for_a_while_and_is_tried_again_then(
    clips: MaskedClips, renderer: Renderer, blobs: FolderBlobs, clock: FakeClock, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    renderer.fault = BadInput("the clip holds no picture that can be decoded")
    clips.request(event)

    assert _settled(clips, event) == Failed("the clip holds no picture that can be decoded")
    assert clips.request(event) == Failed("the clip holds no picture that can be decoded")
    assert (len(renderer.orders), _masked_files(blobs)) == (1, [])

    renderer.fault = None
    clock.advance(301)
    assert isinstance(_settled(clips, event), Ready)
    assert len(renderer.orders) == 2


def test_a_process_that_dies_fails_its_clip_alone(
    clips: MaskedClips, renderer: Renderer, recorded: Callable[[], EventId]
) -> None:
    event, following = recorded(), recorded()
    renderer.fault = RuntimeError("a process in the process pool was terminated abruptly")
    clips.request(event)
    assert _settled(clips, event) == Failed("the masked clip could not be made; the log of the API says why")

    renderer.fault = None
    assert isinstance(_settled(clips, following), Ready)


def test_an_original_that_was_tampered_with_is_not_shown(
    clips: MaskedClips, blobs: FolderBlobs, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    path = blobs.folder / blob_key(event, EPOCH, MediaKind.ORIGINAL)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    failed = _settled(clips, event)
    assert isinstance(failed, Failed)
    assert "was changed or cut off" in failed.reason
    assert _masked_files(blobs) == []


def test_an_event_without_a_clip_has_none_to_make(
    clips: MaskedClips, originals: OriginalClips, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    assert clips.request(event) == Missing("no clip of this event was recorded")

    def fail(sink: object) -> Recorded:
        raise Unavailable("no clip: the stream brought no packets")

    originals.record(event, EPOCH, fail)
    assert clips.request(event) == Missing("no clip: the stream brought no packets")


def test_a_clip_that_is_still_recorded_is_asked_for_again_later(
    clips: MaskedClips, sqlite_database: Database, clock: FakeClock, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    with sqlite_database.write() as connection:
        records.mark_pending(connection, [event], MediaKind.ORIGINAL, clock.now())

    assert clips.request(event) == Making(0.0)
    assert clips.waiting == 0


def test_a_masked_clip_that_was_lost_is_made_again(
    clips: MaskedClips, blobs: FolderBlobs, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    ready = _settled(clips, event)
    assert isinstance(ready, Ready)
    blobs.delete(ready.key)

    assert isinstance(clips.request(event), Making)
    assert _settled(clips, event) == ready


def test_a_stop_in_the_middle_leaves_nothing_half_and_no_failure(
    renderer: Renderer,
    blobs: FolderBlobs,
    sqlite_database: Database,
    clock: FakeClock,
    recorded: Callable[[], EventId],
) -> None:
    event = recorded()
    renderer.may_go_on.clear()
    renderer.fault = RuntimeError("the renderer was stopped")
    stopped = MaskedClips(blobs, lambda: (SEALING_KEY,), sqlite_database, renderer, clock)
    stopped.start()
    stopped.request(event)
    wait_for(lambda: renderer.orders, "the first order")
    stopping = threading.Thread(target=stopped.stop, args=(10,))
    stopping.start()
    wait_for(lambda: stopped.is_stopping, "the stop")
    renderer.may_go_on.set()
    stopping.join(10)

    with sqlite_database.read() as connection:
        assert records.find(connection, event, MediaKind.MASKED_CLIP) is None
    assert _masked_files(blobs) == []


def test_an_order_does_not_show_its_key(blobs: FolderBlobs) -> None:
    order = RenditionOrder(blobs, "a", "b", (SEALING_KEY,))
    assert "sealing_key" not in repr(order)
    assert repr(SEALING_KEY)[2:20] not in repr(order)


TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))


def _add_area(database: Database) -> PrivacyArea:
    with database.write() as connection:
        return privacy_areas.add(connection, CameraId(1), name="window", polygon=TRIANGLE, at=START)


def _stored(blobs: FolderBlobs, ready: Ready | Failed | Missing) -> str:
    """The key of a clip that is ready, and the only one of its event."""
    assert isinstance(ready, Ready)
    assert [path.relative_to(blobs.folder).as_posix() for path in _masked_files(blobs)] == [ready.key]
    return ready.key


def test_a_clip_made_before_a_privacy_area_came_is_not_shown_but_made_again(
    clips: MaskedClips,
    renderer: Renderer,
    blobs: FolderBlobs,
    sqlite_database: Database,
    recorded: Callable[[], EventId],
) -> None:
    event = recorded()
    without = _stored(blobs, _settled(clips, event))
    area = _add_area(sqlite_database)
    renderer.may_go_on.clear()
    assert isinstance(clips.request(event), Making)
    renderer.may_go_on.set()
    ready = _settled(clips, event)

    assert isinstance(ready, Ready)
    assert ready.mark == areas_mark((TRIANGLE,))
    assert _stored(blobs, ready) != without
    assert [order.areas for order in renderer.orders] == [(), (TRIANGLE,)]
    assert clips.request(event) == ready

    with sqlite_database.write() as connection:
        privacy_areas.remove(connection, area.id, START)
    assert _stored(blobs, _settled(clips, event)) == without
    assert len(renderer.orders) == 3


def test_a_clip_whose_camera_got_a_privacy_area_while_it_was_made_is_made_again(
    clips: MaskedClips, renderer: Renderer, sqlite_database: Database, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    renderer.may_go_on.clear()
    clips.request(event)
    wait_for(lambda: renderer.orders, "its making has begun")
    _add_area(sqlite_database)
    renderer.may_go_on.set()
    assert isinstance(_settled(clips, event), Ready)
    assert [order.areas for order in renderer.orders] == [(), (TRIANGLE,)]


def test_a_clip_of_a_removed_camera_is_black_there_too(
    clips: MaskedClips, renderer: Renderer, sqlite_database: Database, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    _add_area(sqlite_database)
    with sqlite_database.write() as connection:
        cameras.remove(connection, CameraId(1), START)
    _settled(clips, event)
    assert [order.areas for order in renderer.orders] == [(TRIANGLE,)]


def test_an_outdated_clip_without_its_original_is_not_shown_any_more(
    clips: MaskedClips, sqlite_database: Database, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    _settled(clips, event)
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("DELETE FROM event_media WHERE kind = 'original'")
    assert isinstance(clips.request(event), Ready)
    _add_area(sqlite_database)
    answer = clips.request(event)
    assert isinstance(answer, Missing)
    assert "before a privacy area was changed" in answer.reason
