"""The store: what is known, added and verified."""

import shutil
from pathlib import Path

import pytest

from core.errors import BadInput, Conflict, NotFound, Unavailable
from models.entry import ModelState, Origin
from models.model_file import ModelFile
from models.store import ModelStore

from .conftest import CONTENT, a_card


def fits(model: ModelFile) -> None:
    """Stands for the check that ONNX Runtime makes: the model fits."""


def fits_not(model: ModelFile) -> None:
    raise BadInput(f"{model.path} does not fit")


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


@pytest.mark.parametrize("name", ["nanodet-g-int8", "centerface-int8"])
def test_a_shipped_model_is_found_and_sound(store: ModelStore, name: str) -> None:
    assert store.find(name).card.name == name
    assert store.find(name).read()


def test_a_model_to_be_pulled_says_how_to_get_it(store: ModelStore) -> None:
    with pytest.raises(NotFound) as missing:
        store.find("yolox-nano-416")
    assert "sharp-eyes models pull yolox-nano-416" in (missing.value.hint or "")


@pytest.mark.parametrize("name", ["nothing", "../secret", "", "A", "small.toml"])
def test_an_unknown_name_is_answered_with_the_known_ones(store: ModelStore, name: str) -> None:
    with pytest.raises(NotFound, match="known are centerface-int8, nanodet-g-int8, yolox-nano-416"):
        store.find(name)


def test_an_added_model_is_found_again_by_a_new_store(
    store: ModelStore, tmp_path: Path, small: tuple[Path, Path]
) -> None:
    file, card = small
    store.add(file, str(card), fits)
    again = ModelStore(tmp_path / "models")
    assert again.find("small").read() == CONTENT
    assert [(entry.name, entry.origin) for entry in again.list()] == [
        ("centerface-int8", Origin.SHIPPED),
        ("nanodet-g-int8", Origin.SHIPPED),
        ("yolox-nano-416", Origin.TO_PULL),
        ("small", Origin.ADDED),
    ]
    assert files_in(tmp_path / "models") == ["small.onnx", "small.toml"]


def test_adding_the_same_again_changes_nothing(store: ModelStore, small: tuple[Path, Path]) -> None:
    file, card = small
    store.add(file, str(card), fits)
    assert store.add(file, str(card), fits).read() == CONTENT


def test_a_file_with_another_hash_is_not_added(store: ModelStore, tmp_path: Path, small: tuple[Path, Path]) -> None:
    file, card = small
    file.write_bytes(CONTENT[:-1])
    with pytest.raises(BadInput, match=r"expected SHA-256 [0-9a-f]{64} \(10240 bytes\), found [0-9a-f]{64} \(10239 "):
        store.add(file, str(card), fits)
    assert files_in(tmp_path / "models") == []


def test_a_file_that_does_not_fit_is_not_added(store: ModelStore, tmp_path: Path, small: tuple[Path, Path]) -> None:
    file, card = small
    with pytest.raises(BadInput, match=r"given\.onnx does not fit"):
        store.add(file, str(card), fits_not)
    assert files_in(tmp_path / "models") == []


def test_the_name_of_a_shipped_model_cannot_be_taken(store: ModelStore, small: tuple[Path, Path]) -> None:
    file, card = small
    card.write_text(a_card().replace('name = "small"', 'name = "nanodet-g-int8"'))
    with pytest.raises(Conflict, match="already a model called 'nanodet-g-int8'"):
        store.add(file, str(card), fits)


def test_the_name_of_an_added_model_cannot_be_taken(store: ModelStore, small: tuple[Path, Path]) -> None:
    file, card = small
    store.add(file, str(card), fits)
    card.write_text(a_card().replace("min_score = 0.4", "min_score = 0.5"))
    with pytest.raises(Conflict, match="already a model called 'small'"):
        store.add(file, str(card), fits)
    assert store.find("small").card.min_score == 0.4


def test_a_missing_file_is_named(store: ModelStore, tmp_path: Path, small: tuple[Path, Path]) -> None:
    with pytest.raises(NotFound, match=r"there is no file .*none\.onnx"):
        store.add(tmp_path / "none.onnx", str(small[1]), fits)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, small: tuple[Path, Path]) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(Unavailable, match="models"):
        ModelStore(tmp_path / "models").add(small[0], str(small[1]), fits)


def test_verify_has_a_verdict_for_every_kind_of_fault(
    store: ModelStore, tmp_path: Path, small: tuple[Path, Path]
) -> None:
    store.add(small[0], str(small[1]), fits)
    folder = tmp_path / "models"
    for name in ("changed", "lost"):
        (folder / f"{name}.toml").write_text(a_card().replace('"small"', f'"{name}"'))
    (folder / "changed.onnx").write_bytes(b"x" + CONTENT)
    (folder / "garbage.toml").write_bytes(b"\xff\xfe")
    shutil.copy(folder / "small.toml", folder / "misnamed.toml")
    verdicts = {verdict.name: verdict for verdict in store.verify(fits)}
    assert {name: verdict.state for name, verdict in verdicts.items()} == {
        "centerface-int8": ModelState.SOUND,
        "nanodet-g-int8": ModelState.SOUND,
        "yolox-nano-416": ModelState.ABSENT,
        "small": ModelState.SOUND,
        "changed": ModelState.WRONG_HASH,
        "lost": ModelState.BROKEN,
        "garbage": ModelState.BROKEN,
        "misnamed": ModelState.BROKEN,
    }
    assert {name for name, verdict in verdicts.items() if verdict.is_fault} == {
        "changed", "lost", "garbage", "misnamed"
    }  # fmt: skip


def test_verify_tells_which_model_does_not_fit(store: ModelStore) -> None:
    states = {verdict.name: verdict.state for verdict in store.verify(fits_not)}
    assert states["nanodet-g-int8"] is ModelState.UNFIT


def test_a_broken_card_does_not_keep_another_model_from_being_found(store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "garbage.toml").write_text("name =")
    assert store.find("nanodet-g-int8").read()
    assert [entry.fault is None for entry in store.list()] == [True, True, True, False]
