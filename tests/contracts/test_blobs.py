"""What every store of blobs promises: a folder, a real S3 store, and the same over TLS with an authority of its own."""

import io
import os
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import BadInput, NotFound
from events.media.blobs import Blobs, FolderBlobs
from events.media.checksums import digest_of, sha256_of
from events.media.s3_blobs import S3Blobs
from tests.support.object_store import ObjectStore, object_store

__all__ = ["object_store"]

KEY = "2026/01/31/7/123-4-snapshot.jpg"
IN_ORDER = [
    "2026/01/30/7/1-1-a",
    "2026/01/31/1/2-1-a",
    "2026/01/31/10/3-1-a",
    "2026/01/31/10/3-1-b",
    "2026/02/01/1/4-1-a",
]
THREE_PARTS = os.urandom((32 << 20) + 12_345)


@pytest.fixture(params=["folder", "s3", "s3 over TLS"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return FolderBlobs(tmp_path / "blobs")
    store: ObjectStore = request.getfixturevalue("object_store")
    store.empty()
    return S3Blobs(store.settings() if request.param == "s3" else store.tls_settings(), tmp_path / "drafts")


def _put(blobs: Blobs, content: bytes, key: str = KEY) -> None:
    with blobs.writer(key) as sink:
        sink.write(content)


def _fail_half_way(blobs: Blobs, content: bytes) -> None:
    with blobs.writer(KEY) as sink:
        sink.write(content)
        raise RuntimeError


def _read(blobs: Blobs, key: str = KEY) -> bytes:
    with blobs.open(key) as source:
        return source.read()


@pytest.mark.parametrize("content", [b"", b"one", bytes(range(256)) * 4_000], ids=["empty", "small", "1 MB"])
def test_a_blob_reads_as_it_was_written(blobs: Blobs, content: bytes) -> None:
    _put(blobs, content)

    assert _read(blobs) == content
    assert blobs.size(KEY) == len(content)


def test_a_reader_can_start_anywhere(blobs: Blobs) -> None:
    _put(blobs, b"0123456789")

    with blobs.open(KEY) as source:
        source.seek(-4, 2)
        assert (source.read(2), source.tell()) == (b"67", 8)


def test_a_blob_is_not_there_before_its_writer_has_ended(blobs: Blobs) -> None:
    with blobs.writer(KEY) as sink:
        sink.write(b"half")
        sink.flush()
        with pytest.raises(NotFound, match=KEY):
            blobs.open(KEY)


def test_that_a_blob_is_gone_is_told_without_its_key(blobs: Blobs) -> None:
    for ask in (blobs.open, blobs.size):
        with pytest.raises(NotFound, match=KEY) as caught:
            ask(KEY)
        assert caught.value.outside == "what was stored is gone"


def test_a_writer_that_fails_leaves_nothing(blobs: Blobs) -> None:
    with pytest.raises(RuntimeError):
        _fail_half_way(blobs, b"half")

    with pytest.raises(NotFound):
        blobs.size(KEY)
    assert blobs.sweep_unfinished() == 0


def test_a_writer_that_fails_leaves_the_older_blob(blobs: Blobs) -> None:
    _put(blobs, b"old")

    with pytest.raises(RuntimeError):
        _fail_half_way(blobs, b"new")

    assert _read(blobs) == b"old"


def test_a_newer_blob_takes_the_place_of_the_older(blobs: Blobs) -> None:
    _put(blobs, b"a longer, older one")
    _put(blobs, b"new")

    assert _read(blobs) == b"new"


def test_a_reader_goes_on_reading_what_it_opened_while_the_blob_is_replaced(blobs: Blobs) -> None:
    _put(blobs, b"old")

    with blobs.open(KEY) as source:
        _put(blobs, b"new")
        assert source.read() == b"old"


def test_a_deleted_blob_is_gone(blobs: Blobs) -> None:
    _put(blobs, b"content")
    blobs.delete(KEY)

    with pytest.raises(NotFound, match=KEY):
        blobs.open(KEY)
    with pytest.raises(NotFound, match=KEY):
        blobs.size(KEY)


def test_deleting_what_is_not_there_is_no_error(blobs: Blobs) -> None:
    blobs.delete(KEY)


def test_sweeping_spares_finished_blobs_and_writers_at_work(blobs: Blobs) -> None:
    _put(blobs, b"finished", "finished")

    with blobs.writer(KEY) as sink:
        sink.write(b"at work")
        sink.flush()
        assert blobs.sweep_unfinished() == 0

    assert (_read(blobs), _read(blobs, "finished")) == (b"at work", b"finished")


def test_a_pickled_store_is_the_same_store(blobs: Blobs) -> None:
    _put(blobs, b"content")

    assert _read(pickle.loads(pickle.dumps(blobs))) == b"content"  # noqa: S301  # our own bytes


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../outside",
        "a/../../b",
        "a//b",
        "a/",
        ".hidden",
        "A",
        "a\0b",
        "a\n",
        "tmp/x",
        "é",
        "x" * 201,
    ],
)
def test_a_key_that_could_leave_the_store_is_refused(blobs: Blobs, key: str) -> None:
    with pytest.raises(BadInput, match="a blob's key"):
        _put(blobs, b"", key)
    with pytest.raises(BadInput, match="a blob's key"):
        blobs.open(key)
    with pytest.raises(BadInput, match="a blob's key"):
        blobs.delete(key)


def test_a_blob_of_several_parts_is_put_whole_and_read_from_anywhere(blobs: Blobs) -> None:
    blobs.put(KEY, io.BytesIO(THREE_PARTS))

    assert blobs.size(KEY) == len(THREE_PARTS)
    assert sha256_of(blobs, KEY) == digest_of(io.BytesIO(THREE_PARTS), "sha256")
    with blobs.open(KEY) as source:
        for start in (len(THREE_PARTS) - 10, (16 << 20) - 5, 0):
            source.seek(start)
            assert source.read(100) == THREE_PARTS[start : start + 100]


def test_what_is_put_is_taken_from_its_start(blobs: Blobs) -> None:
    source = io.BytesIO(b"all of it")
    source.seek(4)
    blobs.put(KEY, source)

    assert _read(blobs) == b"all of it"


def test_all_keys_are_listed_in_order_with_their_lengths_and_times(blobs: Blobs) -> None:
    for key in reversed(IN_ORDER):
        _put(blobs, b"x" * len(key), key)

    found = list(blobs.keys())
    assert [(one.key, one.bytes) for one in found] == [(key, len(key)) for key in IN_ORDER]
    now = datetime.now(UTC)
    assert all(now - timedelta(minutes=2) < one.changed_at < now + timedelta(minutes=2) for one in found)


def test_a_listing_begins_behind_a_key_and_keeps_to_a_prefix(blobs: Blobs) -> None:
    for key in IN_ORDER:
        _put(blobs, b"", key)

    for number, key in enumerate(IN_ORDER):
        assert [one.key for one in blobs.keys(after=key)] == IN_ORDER[number + 1 :]
    assert [one.key for one in blobs.keys("2026/01/31/")] == IN_ORDER[1:4]
    assert [one.key for one in blobs.keys("2026/01/31/1")] == IN_ORDER[1:4]
    assert [one.key for one in blobs.keys("2026/01/31/", after=IN_ORDER[2])] == IN_ORDER[3:4]
    assert [one.key for one in blobs.keys("2027/")] == []


def test_what_is_being_written_and_what_was_deleted_is_in_no_listing(blobs: Blobs) -> None:
    _put(blobs, b"", "deleted")
    blobs.delete("deleted")
    with blobs.writer(KEY) as sink:
        sink.write(b"half")
        sink.flush()
        assert list(blobs.keys()) == []


def test_what_others_put_there_under_other_names_is_passed_over(
    blobs: Blobs, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    _put(blobs, b"ours")
    for name in ("README.TXT", "2026/01/31/7/Not ours.jpg"):
        if isinstance(blobs, FolderBlobs):
            (blobs.folder / name).write_bytes(b"theirs")
        else:
            request.getfixturevalue("object_store").put(name, b"theirs")

    assert [one.key for one in blobs.keys("")] == [KEY]
