"""Stored snapshots, with what is a privacy area today black."""

import cv2
import numpy as np
import pytest

from core.box import Point
from core.errors import NotFound
from core.frame import Picture
from core.zone import Polygon
from events.media.blackout import NotBlackedOut
from events.media.blobs import FolderBlobs
from events.media.shown_snapshots import ShownSnapshots

KEY = "2026/05/01/1/5-1-snapshot.jpg"
RIGHT_HALF = Polygon((Point(0.5, 0), Point(1, 0), Point(1, 1), Point(0.5, 1)))
LEFT_HALF = Polygon((Point(0, 0), Point(0.5, 0), Point(0.5, 1), Point(0, 1)))


def keep(blobs: FolderBlobs, content: bytes, key: str = KEY) -> None:
    with blobs.writer(key) as sink:
        sink.write(content)


def grey() -> bytes:
    return cv2.imencode(".jpg", np.full((180, 320, 3), 90, np.uint8))[1].tobytes()


def read(snapshots: ShownSnapshots, *areas: Polygon, key: str = KEY) -> bytes:
    file, size = snapshots.open(key, areas)
    with file:
        content = file.read()
    assert len(content) == size
    return content


def decoded(jpeg: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_without_areas_a_snapshot_is_shown_as_it_is_stored(blobs: FolderBlobs) -> None:
    keep(blobs, b"whatever it is")
    assert read(ShownSnapshots(blobs)) == b"whatever it is"


def test_what_is_an_area_now_is_black_in_what_was_stored_before(blobs: FolderBlobs) -> None:
    keep(blobs, grey())
    snapshots = ShownSnapshots(blobs)
    for _ in range(2):
        right, left = (decoded(read(snapshots, area)) for area in (RIGHT_HALF, LEFT_HALF))
        assert right[:, 168:].max() <= 12
        assert right[:, :152].min() > 70
        assert left[:, :152].max() <= 12
        assert left[:, 168:].min() > 70


def test_the_next_who_ask_get_the_same_picture_without_its_being_made_again(blobs: FolderBlobs) -> None:
    keep(blobs, grey())
    snapshots = ShownSnapshots(blobs)
    first = read(snapshots, RIGHT_HALF)
    blobs.delete(KEY)
    assert read(snapshots, RIGHT_HALF) == first
    with pytest.raises(NotFound):
        snapshots.open(KEY, (LEFT_HALF,))


def test_no_more_is_kept_than_there_is_room_for(blobs: FolderBlobs) -> None:
    snapshots = ShownSnapshots(blobs, most_kept_bytes=2_000)
    for number in range(4):
        keep(blobs, grey(), f"{number}.jpg")
        assert 700 < len(read(snapshots, RIGHT_HALF, key=f"{number}.jpg")) < 2_000
    blobs.delete("0.jpg")
    with pytest.raises(NotFound):
        snapshots.open("0.jpg", (RIGHT_HALF,))


def test_what_cannot_be_blacked_out_is_not_shown(blobs: FolderBlobs) -> None:
    keep(blobs, b"no picture at all")
    with pytest.raises(NotBlackedOut):
        ShownSnapshots(blobs).open(KEY, (RIGHT_HALF,))
