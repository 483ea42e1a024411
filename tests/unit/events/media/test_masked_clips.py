"""Masked clips: made at the first play, once, and kept."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from core.errors import BadInput, Unavailable
from core.ids import EventId
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.clip_rendition import RenditionOrder
from events.media.clips import OriginalClips, Recorded
from events.media.keys import blob_key
from events.media.masked_clips import MOST_WAITING, Failed, Making, MaskedClips, Missing, Ready
from events.media.table import MediaKind
from registry.db import Database
from tests.support.builders import FakeClock
from tests.support.waiting import wait_for

from .making_clips import CONTENT, EPOCH, SEALING_KEY, Renderer, masked_files, settled


def test_the_first_request_makes_the_clip_and_the_next_ones_find_it(
    clips: MaskedClips, renderer: Renderer, blobs: FolderBlobs, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    assert isinstance(clips.request(event), Making)
    ready = settled(clips, event)

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

    assert isinstance(settled(clips, event), Ready)
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
    def write(self, *, hasty: bool = False) -> Iterator[Connection]:
        with self._real.write(hasty=hasty) as connection:
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
    assert isinstance(settled(clips, event), Ready)
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
    settled(clips, events[-1])

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

    assert settled(clips, event) == Failed("the clip holds no picture that can be decoded")
    assert clips.request(event) == Failed("the clip holds no picture that can be decoded")
    assert (len(renderer.orders), masked_files(blobs)) == (1, [])

    renderer.fault = None
    clock.advance(301)
    assert isinstance(settled(clips, event), Ready)
    assert len(renderer.orders) == 2


def test_a_process_that_dies_fails_its_clip_alone(
    clips: MaskedClips, renderer: Renderer, recorded: Callable[[], EventId]
) -> None:
    event, following = recorded(), recorded()
    renderer.fault = RuntimeError("a process in the process pool was terminated abruptly")
    clips.request(event)
    assert settled(clips, event) == Failed("the masked clip could not be made; the log of the API says why")

    renderer.fault = None
    assert isinstance(settled(clips, following), Ready)


def test_an_original_that_was_tampered_with_is_not_shown(
    clips: MaskedClips, blobs: FolderBlobs, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    path = blobs.folder / blob_key(event, EPOCH, MediaKind.ORIGINAL)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    failed = settled(clips, event)
    assert isinstance(failed, Failed)
    assert "was changed or cut off" in failed.reason
    assert masked_files(blobs) == []


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
    ready = settled(clips, event)
    assert isinstance(ready, Ready)
    blobs.delete(ready.key)

    assert isinstance(clips.request(event), Making)
    assert settled(clips, event) == ready


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
    assert masked_files(blobs) == []


def test_an_order_does_not_show_its_key(blobs: FolderBlobs) -> None:
    order = RenditionOrder(blobs, "a", "b", (SEALING_KEY,))
    assert "sealing_key" not in repr(order)
    assert repr(SEALING_KEY)[2:20] not in repr(order)
