"""The key file."""

import hashlib
import hmac
import stat
import threading
from pathlib import Path

import pytest

from core.errors import BadInput, Unavailable
from registry.sealing_key import SealingKey, load_or_create


def test_a_missing_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealing.key"
    load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(path.read_bytes()) == 32
    assert list(path.parent.iterdir()) == [path]


def test_the_key_is_the_same_the_next_time_and_another_elsewhere(tmp_path: Path) -> None:
    first = load_or_create(tmp_path / "a").derive("clips")
    assert load_or_create(tmp_path / "a").derive("clips") == first
    assert load_or_create(tmp_path / "b").derive("clips") != first


def test_all_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    keys: list[bytes] = []

    def load() -> None:
        start.wait()
        keys.append(load_or_create(tmp_path / "sealing.key").derive("clips"))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["sealing.key"]


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "sealing.key"
    path.touch(mode=0o600)
    path.write_bytes(bytes(length))
    with pytest.raises(BadInput, match=f"has {length} bytes, expected 32"):
        load_or_create(path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "sealing.key"
    load_or_create(path)
    path.chmod(mode)
    with pytest.raises(BadInput, match=f"{mode:04o}, expected 0600") as caught:
        load_or_create(path)
    assert caught.value.hint == f"chmod 600 {path}"


def test_a_place_where_no_key_can_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be read or made"):
        load_or_create(tmp_path / "file" / "sealing.key")


def test_each_purpose_has_a_key_of_its_own_and_the_text_shows_none() -> None:
    key = SealingKey(bytes(32))
    assert key.derive("clips") != key.derive("stream logins")
    assert len(key.derive("clips")) == 32
    assert repr(key) == "SealingKey(hidden)"


def test_derivation_follows_rfc_5869() -> None:
    """Worked out by hand with HMAC-SHA-256: extract with a salt of zeros, then one block of expand."""
    extracted = hmac.new(bytes(32), bytes(range(32)), hashlib.sha256).digest()
    expanded = hmac.new(extracted, b"sharp-eyes clips\x01", hashlib.sha256).digest()
    assert SealingKey(bytes(range(32))).derive("clips") == expanded
