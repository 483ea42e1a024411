"""What is particular to blobs in an S3 store: one that is away, turns us away, breaks off; long blobs; leftovers."""

import os
import pickle
import re
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr, ValidationError

from core.errors import BadInput, NotFound, Unavailable
from events.media.s3_blobs import READERS, S3Blobs
from events.media.sealing import SealedReader, SealedWriter
from events.media.settings import BlobSettings
from sharp_eyes.doctor.finding import Verdict
from sharp_eyes.doctor.storage import check_blobs
from sharp_eyes.settings import Settings
from tests.support.object_store import ObjectStore, object_store
from tests.support.ports import free_port
from tests.support.relay import answer_with, relay_to
from tests.support.waiting import wait_for

__all__ = ["object_store"]

KEY = "2026/01/31/7/123-4-original.mp4.sealed"
SECRET = "S3cret-of-the-store"
LONG = os.urandom((16 << 20) + 12_345)


@pytest.fixture
def blobs(object_store: ObjectStore, tmp_path: Path) -> S3Blobs:
    object_store.empty()
    return S3Blobs(object_store.settings(), tmp_path / "drafts")


def put(blobs: S3Blobs, content: bytes, key: str = KEY) -> None:
    with blobs.writer(key) as sink:
        sink.write(content)


def test_a_long_blob_is_sent_in_parts_and_read_from_anywhere(blobs: S3Blobs) -> None:
    put(blobs, LONG)
    assert blobs.size(KEY) == len(LONG)
    with blobs.open(KEY) as source:
        for start in (len(LONG) - 10, 5 << 20, 0, (3 << 20) - 5):
            source.seek(start)
            assert source.read(100_000) == LONG[start : start + 100_000]
    with blobs.open(KEY) as source:
        assert source.read() == LONG


def test_a_sealed_clip_goes_there_and_back(blobs: S3Blobs) -> None:
    with blobs.writer(KEY) as sink, SealedWriter(sink, bytes(32), KEY) as sealed:
        sealed.write(LONG[: 3 << 20])
    with SealedReader(blobs.open(KEY), bytes(32), KEY) as opened:
        opened.seek(-100, os.SEEK_END)
        assert opened.read() == LONG[(3 << 20) - 100 : 3 << 20]


def test_a_blob_that_is_replaced_while_it_is_read_says_so(blobs: S3Blobs) -> None:
    put(blobs, LONG[: 3 << 20])
    with blobs.open(KEY) as source:
        put(blobs, LONG[1 : 3 << 20])
        source.seek(2 << 20)
        with pytest.raises(Unavailable, match="replaced meanwhile"):
            source.read(10)


def test_nothing_is_left_of_what_was_being_written(blobs: S3Blobs, tmp_path: Path) -> None:
    with blobs.writer(KEY) as sink:
        sink.write(b"x" * 100_000)
        assert list((tmp_path / "drafts").iterdir()) == []


def test_uploads_that_nobody_works_on_are_swept_and_others_spared(blobs: S3Blobs, object_store: ObjectStore) -> None:
    put(blobs, b"there")
    begun = blobs._client._create_multipart_upload(object_store.settings().bucket, "begun", {})
    assert begun
    assert blobs.sweep_unfinished() == 0
    sweeping = S3Blobs(object_store.settings(), blobs._folder, forgotten=timedelta(seconds=-60))
    assert sweeping.sweep_unfinished() == 1
    assert sweeping.sweep_unfinished() == 0
    assert blobs.size(KEY) == 5


def test_a_bucket_that_is_missing_is_made_at_the_first_writing(object_store: ObjectStore, tmp_path: Path) -> None:
    blobs = S3Blobs(object_store.settings(bucket="made-anew"), tmp_path)
    assert blobs.sweep_unfinished() == 0
    with pytest.raises(NotFound):
        blobs.open(KEY)
    with pytest.raises(NotFound):
        blobs.size(KEY)
    blobs.delete(KEY)
    put(blobs, b"first")
    assert blobs.size(KEY) == 5


def test_a_wrong_login_is_said_and_not_shown(object_store: ObjectStore, tmp_path: Path) -> None:
    blobs = S3Blobs(object_store.settings(secret_key=SecretStr(SECRET)), tmp_path)
    for act in (lambda: put(blobs, b""), lambda: blobs.open(KEY), lambda: blobs.size(KEY), lambda: blobs.delete(KEY)):
        with pytest.raises(Unavailable) as caught:
            act()
        assert SECRET not in str(caught.value) + str(caught.value.hint) + repr(caught.value.__context__)
        assert "SHARP_EYES_BLOBS__SECRET_KEY" in (caught.value.hint or "")


def test_a_store_that_is_away_is_said_soon(tmp_path: Path) -> None:
    settings = a_store(free_port())
    blobs = S3Blobs(settings, tmp_path)
    began = time.monotonic()
    with pytest.raises(Unavailable, match=f"the store 127.0.0.1:.*/{settings.bucket} cannot be reached"):
        put(blobs, b"x")
    with pytest.raises(Unavailable, match="cannot be read"):
        blobs.open(KEY)
    assert blobs.sweep_unfinished() == 0
    assert time.monotonic() - began < 15
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_answers_nonsense_is_said(tmp_path: Path) -> None:
    with answer_with(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort") as port:
        blobs = S3Blobs(a_store(port), tmp_path)
        with pytest.raises(Unavailable, match="does not answer as it should"):
            blobs.open(KEY).read()
    with answer_with(b"no HTTP at all\r\n\r\n") as port, pytest.raises(Unavailable, match="the store"):
        put(S3Blobs(a_store(port), tmp_path), b"x")


def test_a_store_that_goes_away_while_a_blob_is_read_is_said(object_store: ObjectStore, tmp_path: Path) -> None:
    with relay_to(object_store.port) as between:
        blobs = S3Blobs(object_store.settings(s3_endpoint=f"127.0.0.1:{between.port}"), tmp_path)
        put(blobs, LONG[: 3 << 20])
        with blobs.open(KEY) as source:
            source.seek(2 << 20)
            between.go_down()
            with pytest.raises(Unavailable, match="cannot be read"):
                source.read()
            between.come_up()
            assert source.read(10) == LONG[2 << 20 : (2 << 20) + 10]


def test_a_store_that_hangs_holds_up_few_who_read_and_the_others_hear_of_it_soon(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    with relay_to(object_store.port) as between, ThreadPoolExecutor(READERS + 4) as pool:
        blobs = S3Blobs(object_store.settings(s3_endpoint=f"127.0.0.1:{between.port}"), tmp_path)
        put(blobs, b"a picture")
        between.stall()
        asked = [pool.submit((blobs.open, blobs.size)[number % 2], KEY) for number in range(READERS + 4)]
        wait_for(lambda: sum(one.done() for one in asked) == 4, "some hear of it", 10)
        faults = [one.exception() for one in asked if one.done()]
        between.go_on()
        assert all(one.exception() is None for one in asked if one.exception() not in faults)
        assert blobs.size(KEY) == 9
    for fault in faults:
        assert isinstance(fault, Unavailable)
        assert "too many wait for the store" in fault.message
        assert KEY not in fault.outside
        assert "127.0.0.1" not in fault.outside


def test_a_connection_that_breaks_off_once_costs_nothing(object_store: ObjectStore, tmp_path: Path) -> None:
    with relay_to(object_store.port) as between:
        blobs = S3Blobs(object_store.settings(s3_endpoint=f"127.0.0.1:{between.port}"), tmp_path)
        for act in (lambda: put(blobs, b"content"), lambda: blobs.size(KEY), lambda: list(blobs.keys())):
            between.break_off_once()
            act()
            assert not between.breaks_off
        assert blobs.size(KEY) == 7


def test_a_store_that_changes_what_it_takes_is_found_out(object_store: ObjectStore, tmp_path: Path) -> None:
    def change(data: bytes) -> bytes:
        return re.sub(rb"[0-9a-f]{32}", b"0" * 32, data.replace(b"a picture", b"a pixture"))

    with relay_to(object_store.port) as between:
        blobs = S3Blobs(object_store.settings(s3_endpoint=f"127.0.0.1:{between.port}"), tmp_path)
        put(blobs, b"first")
        between.garble(change)
        put(blobs, b"another mark than the checksum, as where it is encrypted")
        with pytest.raises(Unavailable, match="gives back other bytes than were sent"):
            put(blobs, b"a picture")


def test_what_is_told_of_a_fault_names_neither_the_store_nor_the_blob(tmp_path: Path) -> None:
    blobs = S3Blobs(a_store(free_port()), tmp_path)
    for act in (lambda: put(blobs, b""), lambda: blobs.open(KEY), lambda: blobs.size(KEY), lambda: list(blobs.keys())):
        with pytest.raises(Unavailable) as caught:
            act()
        assert "the store is away" in caught.value.outside
        assert not any(word in caught.value.outside for word in ("127.0.0.1", "sharp-eyes", KEY, "2026"))


def test_no_text_form_and_no_dump_shows_the_login() -> None:
    settings = a_store(1)
    blobs = S3Blobs(settings, Path("/tmp"))
    assert SECRET not in repr(blobs) + repr(settings) + settings.model_dump_json()
    assert pickle.loads(pickle.dumps(blobs)).place == blobs.place  # noqa: S301  # our own bytes


@pytest.mark.parametrize("endpoint", ["http://store:8333", "store/bucket", "user@store", "", "a store"])
def test_an_endpoint_that_is_more_than_a_host_is_refused(endpoint: str) -> None:
    with pytest.raises(ValidationError, match="expected host or host:port"):
        BlobSettings(s3_endpoint=endpoint)


def test_a_store_without_a_login_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="needs a login") as caught:
        S3Blobs(BlobSettings(s3_endpoint="store:8333"), tmp_path)
    assert "SHARP_EYES_BLOBS__ACCESS_KEY" in (caught.value.hint or "")


def test_certificates_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing")
    for file in (tmp_path / "no.pem", tmp_path / "none.pem"):
        with pytest.raises(BadInput, match="cannot be read"):
            S3Blobs(a_store(1).model_copy(update={"secure": True, "ca_file": file}), tmp_path)


def test_the_doctor_tries_the_store_and_leaves_nothing_there(object_store: ObjectStore, tmp_path: Path) -> None:
    object_store.empty()
    good = check_blobs(Settings(data=tmp_path, blobs=object_store.settings()))
    assert good is not None
    assert good.verdict is Verdict.GOOD
    assert object_store.keys() == []
    bad = check_blobs(Settings(data=tmp_path, blobs=object_store.settings(secret_key=SecretStr(SECRET))))
    assert bad is not None
    assert (bad.verdict, SECRET in f"{bad}") == (Verdict.BAD, False)
    assert check_blobs(Settings(data=tmp_path)) is None


def test_a_certificate_is_asked_for_and_may_be_ones_own(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    answer = b"HTTP/1.1 403 so\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with answer_with(answer, tls=context) as port:
        strange = a_store(port).model_copy(update={"secure": True})
        with pytest.raises(Unavailable, match="shows no certificate that is trusted"):
            S3Blobs(strange, tmp_path).size(KEY)
        with pytest.raises(Unavailable, match="answers AccessDenied"):
            S3Blobs(strange.model_copy(update={"ca_file": tmp_path / "ca.pem"}), tmp_path).size(KEY)


def a_store(port: int) -> BlobSettings:
    return BlobSettings(
        s3_endpoint=f"127.0.0.1:{port}",
        access_key=SecretStr("access"),
        secret_key=SecretStr(SECRET),
        secure=False,
    )
