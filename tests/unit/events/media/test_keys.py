"""Names of blobs."""

from datetime import UTC, datetime

import pytest

from core.ids import CameraId, event_id
from events.media.keys import BlobName, blob_key, masked_clip_key, name_of, shows_areas
from events.media.table import MediaKind

EVENT = event_id(datetime(2026, 3, 1, 23, 59, 59, 999_000, UTC), CameraId(42))


def test_a_key_names_day_camera_event_epoch_and_kind() -> None:
    assert blob_key(EVENT, 7, MediaKind.SNAPSHOT) == f"2026/03/01/42/{EVENT}-7-snapshot.jpg"
    assert blob_key(EVENT, 7, MediaKind.ORIGINAL) == f"2026/03/01/42/{EVENT}-7-original.mp4.sealed"


def test_the_masked_clip_lies_beside_its_original() -> None:
    original = blob_key(EVENT, 7, MediaKind.ORIGINAL)
    assert masked_clip_key(original) == blob_key(EVENT, 7, MediaKind.MASKED_CLIP)


def test_every_kind_has_a_key_of_its_own() -> None:
    assert len({blob_key(EVENT, 7, kind) for kind in MediaKind}) == len(MediaKind)


def test_the_key_of_a_masked_clip_says_with_which_privacy_areas_it_was_made() -> None:
    original = blob_key(EVENT, 7, MediaKind.ORIGINAL)
    plain, marked = masked_clip_key(original), masked_clip_key(original, "0123456789ab")
    assert marked == f"2026/03/01/42/{EVENT}-7-masked_clip-0123456789ab.mp4"
    for key, mark in ((plain, ""), (marked, "0123456789ab")):
        assert [shows_areas(key, other) for other in ("", "0123456789ab", "ffffffffffff")] == [
            other == mark for other in ("", "0123456789ab", "ffffffffffff")
        ]


@pytest.mark.parametrize("kind", MediaKind)
def test_a_key_says_what_its_blob_is(kind: MediaKind) -> None:
    key = blob_key(EVENT, 7, kind)
    name = name_of(key)
    assert name == name_of(key.rpartition("/")[2]) == BlobName(EVENT, 7, kind)
    assert name is not None
    assert name.key == key


def test_the_mark_of_privacy_areas_is_part_of_a_key() -> None:
    key = blob_key(EVENT, 7, MediaKind.MASKED_CLIP).replace(".mp4", "-0a1b2c3d4e5f.mp4")
    name = name_of(key)
    assert name == BlobName(EVENT, 7, MediaKind.MASKED_CLIP, "0a1b2c3d4e5f")
    assert name is not None
    assert name.key == key


@pytest.mark.parametrize(
    "last",
    [
        "",
        "doctor",
        f"{EVENT}-7-snapshot.png",
        f"{EVENT}-7-snapshot.jpg.old",
        f"0{EVENT}-7-snapshot.jpg",
        f"{EVENT}-07-snapshot.jpg",
        f"{EVENT}-snapshot.jpg",
        f"{EVENT}-7-portrait.jpg",
        "9999999999999999999-1-snapshot.jpg",
        f"x{EVENT}-7-snapshot.jpg",
    ],
)
def test_what_is_named_otherwise_is_none_of_ours(last: str) -> None:
    assert name_of(last) is None
    assert name_of(f"2026/03/01/42/{last}") is None
