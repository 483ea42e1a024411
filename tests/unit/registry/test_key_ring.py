"""Keys in force and former ones, from files and from texts."""

import base64
from pathlib import Path

import pytest

from core.errors import BadInput, Unavailable
from registry.key_ring import KeyFiles, KeyRing, open_files, ring_of
from registry.sealing_key import SealingKey, load_or_create, parse, replace

MASTER = bytes(range(200, 232))


def test_the_first_start_makes_the_key_and_there_is_no_former_one(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealing.key"
    assert [key.id for key in open_files(path).keys] == [load_or_create(path).id]


def test_a_replaced_key_is_noticed_and_the_former_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "sealing.key"
    ring = open_files(path)
    before = ring.derive("clips")
    new = replace(path, KeyFiles(path).former / "a.key")
    assert ring.current.id == new.id
    assert ring.derive_all("clips") == (new.derive("clips"), before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(found.name for found in tmp_path.iterdir()) == ["former", "sealing.key"]


def test_a_replacement_that_was_killed_before_its_end_is_simply_repeated(tmp_path: Path) -> None:
    path = tmp_path / "sealing.key"
    before = open_files(path).current
    former = KeyFiles(path).former / "a.key"
    former.parent.mkdir()
    former.hardlink_to(path)
    assert [key.id for key in KeyRing(KeyFiles(path)).keys] == [before.id]
    new = replace(path, former)
    assert [key.id for key in KeyRing(KeyFiles(path)).keys] == [new.id, before.id]


def test_keys_stay_as_they_were_where_the_file_is_gone_and_no_new_one_is_made(tmp_path: Path) -> None:
    path = tmp_path / "sealing.key"
    ring = open_files(path)
    before = ring.current.id
    path.unlink()
    assert ring.current.id == before
    assert not path.exists()
    with pytest.raises(Unavailable, match="cannot be read"):
        KeyRing(KeyFiles(path))


def test_a_former_key_that_others_may_read_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sealing.key"
    open_files(path)
    replace(path, KeyFiles(path).former / "a.key")
    (KeyFiles(path).former / "a.key").chmod(0o644)
    assert len(KeyRing(KeyFiles(path)).keys) == 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sealing.key"
    open_files(path)
    (tmp_path / "former").touch()
    with pytest.raises(Unavailable, match="cannot be read or made"):
        replace(path, KeyFiles(path).former / "a.key")


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(MASTER).decode(),
        base64.urlsafe_b64encode(MASTER).decode(),
        base64.urlsafe_b64encode(MASTER).decode().rstrip("="),
        MASTER.hex(),
        f"  {MASTER.hex().upper()}\n",
    ],
)
def test_a_key_is_read_from_base64_and_from_hexadecimal(text: str) -> None:
    assert parse(text, "SHARP_EYES_KEY").id == SealingKey(MASTER).id


@pytest.mark.parametrize("text", ["", "S3cret", "S3cret" * 11, "x" * 64, "00" * 31, "é" * 44])
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(BadInput, match=f"SHARP_EYES_KEY: {len(text)} characters") as caught:
        parse(text, "SHARP_EYES_KEY")
    assert not text or text not in caught.value.message


def test_the_id_tells_nothing_of_the_key_and_the_ring_hides_all() -> None:
    key = SealingKey(MASTER)
    assert len(key.id) == 8
    assert key.id not in MASTER.hex()
    assert "keys" not in repr(ring_of(key)).lower().replace("keyring", "")
