"""Snapshots: masked, stored and written down; or nothing, and why."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import pytest

from core.box import Box, Point
from core.errors import Unavailable
from core.frame import Picture
from core.ids import CameraId, EventId
from core.zone import Polygon
from events.index import changes
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.ledger import MediaLedger
from events.media.masking import Masker, MaskingFailed
from events.media.records import MediaRecord
from events.media.snapshots import TOO_BUSY, SnapshotTaker
from events.media.table import MediaKind, MediaState
from registry.db import Database
from tests.support.builders import FakeClock
from tests.support.waiting import wait_for

from .making_clips import EPOCH

MARKS = (255, 0, 255)
CAMERA = CameraId(1)
RIGHT_HALF = Polygon((Point(0.5, 0), Point(1, 0), Point(1, 1), Point(0.5, 1)))


class FaceInTheMiddle:
    """Finds a face in the middle of every picture, when it is let, and remembers the niceness of its thread."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.entered = threading.Semaphore(0)
        self.fault: Exception | None = None
        self.niceness: set[int] = set()

    def find(self, picture: Picture) -> list[Box]:
        self.niceness.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        self.entered.release()
        assert self.may_go_on.wait(10)
        if self.fault is not None:
            raise self.fault
        return [Box(0.4, 0.4, 0.6, 0.6)]


class FullDisk(FolderBlobs):
    """Takes no blob to its end."""

    @contextmanager
    def writer(self, key: str) -> Iterator[BinaryIO]:
        with super().writer(key) as sink:
            yield sink
            raise Unavailable("blob cannot be written: the disk is full")


class Areas:
    """The privacy areas of all cameras, as they are `now`; None: nobody knows them."""

    def __init__(self) -> None:
        self.now: tuple[Polygon, ...] | None = ()

    def of(self, camera: CameraId) -> tuple[Polygon, ...]:
        if self.now is None:
            raise MaskingFailed(f"nobody knows the privacy areas of camera {camera}")
        return self.now


class Nobody:
    def find(self, picture: Picture, min_score: float) -> list[Box]:
        return []


@pytest.fixture
def faces() -> FaceInTheMiddle:
    return FaceInTheMiddle()


@pytest.fixture
def areas() -> Areas:
    return Areas()


@pytest.fixture
def taker(
    faces: FaceInTheMiddle, areas: Areas, blobs: FolderBlobs, sqlite_database: Database, clock: FakeClock
) -> Iterator[SnapshotTaker]:
    ledger = MediaLedger(sqlite_database, clock)
    taker = SnapshotTaker(Masker(faces, Nobody()), blobs, ledger, areas_of=areas.of, most_waiting=2)
    taker.start()
    yield taker
    faces.may_go_on.set()
    taker.stop(10)


def _picture(width: int = 320, height: int = 180) -> Picture:
    """Grey, with a chequered patch in the middle that must not be seen."""
    picture = np.full((height, width, 3), 90, np.uint8)
    rows, columns = slice(int(height * 0.4), int(height * 0.6)), slice(int(width * 0.4), int(width * 0.6))
    chequered = np.indices((height, width)).sum(axis=0) // 3 % 2 == 0
    picture[rows, columns][chequered[rows, columns]] = MARKS
    return picture


def _sharpness(picture: Picture) -> float:
    height, width = picture.shape[:2]
    middle = picture[int(height * 0.4) : int(height * 0.6), int(width * 0.4) : int(width * 0.6)]
    return float(np.abs(np.diff(middle.astype(int), axis=1)).mean())


def _row(database: Database, event: EventId) -> MediaRecord | None:
    with database.read() as connection:
        return records.find(connection, event, MediaKind.SNAPSHOT)


def _outcome(database: Database, event: EventId) -> MediaRecord:
    """The row of the snapshot as soon as it is decided."""

    def decided() -> MediaRecord | None:
        row = _row(database, event)
        return None if row is None or row.state is MediaState.PENDING else row

    return wait_for(decided, "the snapshot is made, or not")


def _files(blobs: FolderBlobs) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def _decoded(jpeg: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_a_snapshot_is_masked_stored_and_written_down(
    taker: SnapshotTaker, blobs: FolderBlobs, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    taker.take(event, EPOCH, _picture)
    row = _outcome(sqlite_database, event)

    assert row.blob is not None
    with blobs.open(row.blob.key) as file:
        jpeg = file.read()
    assert (row.state, row.blob.bytes) == (MediaState.READY, len(jpeg))
    assert (row.blob.width, row.blob.height) == (320, 180) == _decoded(jpeg).shape[1::-1]
    assert _sharpness(_decoded(jpeg)) < 0.2 * _sharpness(_picture())


def test_followers_learn_of_the_snapshot(
    taker: SnapshotTaker, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    taker.take(event, EPOCH, _picture)
    _outcome(sqlite_database, event)

    with sqlite_database.read() as connection:
        assert [change.event for change in changes.since(connection, 0, 10)] == [event, event]


def test_a_large_picture_is_stored_at_most_1280_wide(
    taker: SnapshotTaker, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    taker.take(event, EPOCH, lambda: _picture(2560, 1440))

    blob = _outcome(sqlite_database, event).blob
    assert blob is not None
    assert (blob.width, blob.height) == (1280, 720)


def test_nothing_but_the_picture_is_in_the_file(taker: SnapshotTaker) -> None:
    assert b"Exif" not in taker.mask_jpeg(CAMERA, _picture())


def test_a_masker_that_fails_leaves_no_picture_and_a_reason(
    taker: SnapshotTaker,
    faces: FaceInTheMiddle,
    blobs: FolderBlobs,
    sqlite_database: Database,
    store_event: Callable[[], EventId],
) -> None:
    faces.fault = RuntimeError("the network is gone")
    event = store_event()
    taker.take(event, EPOCH, _picture)
    row = _outcome(sqlite_database, event)

    assert (row.state, row.reason, row.blob) == (MediaState.FAILED, "the masker failed: the network is gone", None)
    assert _files(blobs) == []


def test_a_picture_that_cannot_be_made_does_not_stop_the_next_one(
    taker: SnapshotTaker, blobs: FolderBlobs, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    def broken() -> Picture:
        raise ValueError("no such plane")

    bad, good = store_event(), store_event()
    taker.take(bad, EPOCH, broken)
    taker.take(good, EPOCH, _picture)

    assert _outcome(sqlite_database, good).state is MediaState.READY
    row = _outcome(sqlite_database, bad)
    assert row.state is MediaState.FAILED
    assert row.reason == "the snapshot could not be made; the worker's log says why"
    assert (taker.stored, taker.failed, len(_files(blobs))) == (1, 1, 1)


def test_while_a_picture_is_waited_for_its_row_says_so(
    taker: SnapshotTaker, faces: FaceInTheMiddle, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    faces.may_go_on.clear()
    event = store_event()
    taker.take(event, EPOCH, _picture)
    assert faces.entered.acquire(timeout=10)

    row = _row(sqlite_database, event)
    assert row is not None
    assert row.state is MediaState.PENDING


def test_when_too_many_wait_the_newest_gets_no_picture_and_nobody_is_held_up(
    taker: SnapshotTaker, faces: FaceInTheMiddle, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    faces.may_go_on.clear()
    events = [store_event() for _ in range(4)]
    taker.take(events[0], EPOCH, _picture)
    assert faces.entered.acquire(timeout=10)
    for event in events[1:]:
        taker.take(event, EPOCH, _picture)
    faces.may_go_on.set()

    states = [(row.state, row.reason) for row in (_outcome(sqlite_database, event) for event in events)]
    assert states == [(MediaState.READY, None)] * 3 + [(MediaState.FAILED, TOO_BUSY)]


def test_a_full_disk_leaves_no_picture_and_a_reason(
    faces: FaceInTheMiddle,
    blobs: FolderBlobs,
    sqlite_database: Database,
    clock: FakeClock,
    store_event: Callable[[], EventId],
) -> None:
    ledger = MediaLedger(sqlite_database, clock)
    taker = SnapshotTaker(Masker(faces, Nobody()), FullDisk(blobs.folder), ledger, areas_of=lambda _: ())
    taker.start()
    event = store_event()
    taker.take(event, EPOCH, _picture)

    assert _outcome(sqlite_database, event).reason == "blob cannot be written: the disk is full"
    assert _files(blobs) == []
    taker.stop(10)


def test_an_event_that_is_not_stored_leaves_no_file(
    taker: SnapshotTaker, blobs: FolderBlobs, sqlite_database: Database
) -> None:
    taker.take(EventId(5 << 22 | 1), EPOCH, _picture)
    wait_for(lambda: taker.unrecorded, "the loss is counted")

    assert _files(blobs) == []


def test_what_waits_is_made_before_the_stop(
    taker: SnapshotTaker, faces: FaceInTheMiddle, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    events = [store_event(), store_event()]
    for event in events:
        taker.take(event, EPOCH, _picture)
    taker.stop(10)

    rows = [_row(sqlite_database, event) for event in events]
    assert [row.state for row in rows if row] == [MediaState.READY] * 2


def test_the_thread_gives_way_to_others(
    taker: SnapshotTaker, faces: FaceInTheMiddle, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    taker.take(event, EPOCH, _picture)
    _outcome(sqlite_database, event)

    assert faces.niceness == {10}
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) < 10


def test_the_latest_picture_is_masked_and_small(taker: SnapshotTaker) -> None:
    shown = _decoded(taker.mask_jpeg(CAMERA, _picture(1280, 720)))
    assert shown.shape == (360, 640, 3)
    assert _sharpness(shown) < 5


def test_two_threads_never_use_the_masker_at_once(
    taker: SnapshotTaker, faces: FaceInTheMiddle, store_event: Callable[[], EventId]
) -> None:
    faces.may_go_on.clear()
    asking = [threading.Thread(target=taker.mask_jpeg, args=(CAMERA, _picture())) for _ in range(3)]
    for thread in asking:
        thread.start()
    assert faces.entered.acquire(timeout=10)
    assert not faces.entered.acquire(timeout=0.1)

    faces.may_go_on.set()
    for thread in asking:
        thread.join(10)


def test_a_row_that_the_database_refuses_costs_no_later_event_its_picture(
    taker: SnapshotTaker,
    sqlite_database: Database,
    store_event: Callable[[], EventId],
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = store_event(), store_event()
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE event_media RENAME TO elsewhere")
    taker.take(first, EPOCH, _picture)
    wait_for(lambda: "could not be written down" in caplog.text, "the first has been tried")
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO event_media")
    taker.take(second, EPOCH, _picture)
    assert _outcome(sqlite_database, second).state is MediaState.READY


def test_an_event_whose_picture_was_not_kept_says_why(
    taker: SnapshotTaker, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    taker.go_without(event, "the picture was not kept")
    assert _outcome(sqlite_database, event).reason == "the picture was not kept"


def test_privacy_areas_are_black_in_what_is_stored(
    taker: SnapshotTaker,
    areas: Areas,
    blobs: FolderBlobs,
    sqlite_database: Database,
    store_event: Callable[[], EventId],
) -> None:
    areas.now = (RIGHT_HALF,)
    event = store_event()
    taker.take(event, EPOCH, _picture)
    blob = _outcome(sqlite_database, event).blob
    assert blob is not None
    with blobs.open(blob.key) as file:
        stored = _decoded(file.read())
    assert stored[:, 168:].max() <= 12
    assert stored[:60, :150].min() > 50


def test_an_area_counts_from_the_moment_at_which_a_picture_is_masked(taker: SnapshotTaker, areas: Areas) -> None:
    assert _decoded(taker.mask_jpeg(CAMERA, _picture()))[:60, 160:].min() > 50
    areas.now = (RIGHT_HALF,)
    assert _decoded(taker.mask_jpeg(CAMERA, _picture()))[:, 168:].max() <= 12


def test_where_nobody_knows_the_areas_there_is_no_picture_and_a_reason(
    taker: SnapshotTaker,
    areas: Areas,
    blobs: FolderBlobs,
    sqlite_database: Database,
    store_event: Callable[[], EventId],
) -> None:
    areas.now = None
    event = store_event()
    taker.take(event, EPOCH, _picture)
    assert _outcome(sqlite_database, event).reason == "nobody knows the privacy areas of camera 1"
    assert _files(blobs) == []
    with pytest.raises(MaskingFailed):
        taker.mask_jpeg(CAMERA, _picture())
