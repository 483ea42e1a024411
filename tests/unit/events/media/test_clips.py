"""Original clips: sealed while they are written, kept whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from core.errors import Unavailable
from core.ids import EventId
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.clips import OriginalClips, Recorded
from events.media.ledger import MediaLedger
from events.media.records import MediaRecord
from events.media.sealing import SealedReader
from events.media.table import MediaKind, MediaState
from registry.db import Database
from tests.support.builders import FakeClock

from .making_clips import EPOCH, SEALING_KEY

PACKETS = b"a packet of the camera; " * 10_000


@pytest.fixture
def clips(blobs: FolderBlobs, sqlite_database: Database, clock: FakeClock) -> OriginalClips:
    return OriginalClips(blobs, lambda: SEALING_KEY, MediaLedger(sqlite_database, clock))


def _row(database: Database, event: EventId) -> MediaRecord:
    with database.read() as connection:
        row = records.find(connection, event, MediaKind.ORIGINAL)
    assert row is not None
    return row


def _files(blobs: FolderBlobs) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def _write(sink: BinaryIO) -> Recorded:
    sink.write(PACKETS)
    return Recorded(12.5, 640, 360)


def test_a_clip_is_stored_sealed_and_written_down(
    clips: OriginalClips, blobs: FolderBlobs, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    assert clips.record(event, EPOCH, _write)

    row = _row(sqlite_database, event)
    assert row.blob is not None
    assert (row.state, row.blob.seconds, row.blob.width, row.blob.height) == (MediaState.READY, 12.5, 640, 360)
    assert row.blob.bytes == blobs.size(row.blob.key)
    with SealedReader(blobs.open(row.blob.key), SEALING_KEY, row.blob.key) as opened:
        assert opened.read() == PACKETS


def test_nothing_readable_lies_on_the_disk_at_any_moment(
    clips: OriginalClips, blobs: FolderBlobs, store_event: Callable[[], EventId]
) -> None:
    seen: list[bool] = []

    def write_and_look(sink: BinaryIO) -> Recorded:
        for _ in range(5):
            sink.write(PACKETS)
            sink.flush()
            seen.extend(b"packet" in path.read_bytes() for path in _files(blobs))
        return Recorded(1.0)

    clips.record(store_event(), EPOCH, write_and_look)
    assert len(seen) == 5
    assert not any(seen)


def test_while_a_clip_is_recorded_its_row_says_so(
    clips: OriginalClips, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    states: list[MediaState] = []

    def look(sink: BinaryIO) -> Recorded:
        states.append(_row(sqlite_database, event).state)
        return Recorded(1.0)

    clips.record(event, EPOCH, look)
    assert states == [MediaState.PENDING]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Unavailable("no clip: the stream brought no packets"), "no clip: the stream brought no packets"),
        (ValueError("bad packet"), "the clip could not be recorded; the worker's log says why"),
        (OSError("Invalid data found"), "the clip could not be recorded; the worker's log says why"),
        (Unavailable("the store 10.0.0.9:9000 is away", told="the store is away"), "the store is away"),
    ],
    ids=["ours", "theirs", "an OSError, as the muxer's are", "ours, of the store"],
)
def test_a_recorder_that_fails_leaves_no_clip_and_a_reason(
    clips: OriginalClips,
    blobs: FolderBlobs,
    sqlite_database: Database,
    store_event: Callable[[], EventId],
    fault: Exception,
    reason: str,
) -> None:
    def fail(sink: BinaryIO) -> Recorded:
        sink.write(PACKETS)
        raise fault

    event = store_event()
    assert not clips.record(event, EPOCH, fail)

    row = _row(sqlite_database, event)
    assert (row.state, row.reason, row.blob) == (MediaState.FAILED, reason, None)
    assert _files(blobs) == []


def test_a_clip_of_no_event_is_not_kept(clips: OriginalClips, blobs: FolderBlobs) -> None:
    assert not clips.record(EventId(5 << 22 | 1), EPOCH, _write)
    assert _files(blobs) == []
