"""Making masked clips with a renderer that a test can hold up."""

import pickle
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.ids import EventId
from events.media.blobs import FolderBlobs
from events.media.clip_rendition import Rendered, RenditionOrder
from events.media.clips import OriginalClips, Recorded
from events.media.ledger import MediaLedger
from events.media.masked_clips import Failed, Making, MaskedClips, Missing, Ready, Waiting
from registry.db import Database
from tests.support.builders import FakeClock
from tests.support.waiting import wait_for

CONTENT = b"the camera's own packets"
SEALING_KEY = bytes(range(32))
EPOCH = 3


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


def settled(clips: MaskedClips, event: EventId) -> Ready | Failed | Missing:
    """The answer as soon as it is not `Making` any more."""
    wait_for(lambda: not isinstance(clips.request(event), Making), "the clip is made, or not")
    answer = clips.request(event)
    assert not isinstance(answer, Making | Waiting)
    return answer


def masked_files(blobs: FolderBlobs) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file() and path.suffix != ".sealed"]
