"""A card that lists an int8 and a float file."""

from hashlib import sha256
from pathlib import Path

import pytest

from core.errors import BadInput, NotFound
from models.card import parse_card
from models.entry import ModelState
from models.model_file import ModelFile
from models.precision import Precision
from models.store import ModelStore

from .conftest import CONTENT, Mirror, a_card

FLOATS = CONTENT[::-1] * 2
INT8, FLOAT = Precision.INT8, Precision.FLOAT


def fits(model: ModelFile) -> None:
    """Stands for the check that ONNX Runtime makes: the model fits."""


def a_card_of_two(first: str = 'precision = "int8"', second: str = 'precision = "float"') -> str:
    file = f'[[accepted]]\nsha256 = "{sha256(FLOATS).hexdigest()}"\nsize_bytes = {len(FLOATS)}\n'
    return f"{a_card()}{first}\n{file}{second}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A models folder that knows `small` in two precisions, and lacks its weights."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "small.toml").write_text(a_card_of_two())
    return folder


@pytest.fixture
def given(tmp_path: Path) -> dict[Precision, Path]:
    """Both files, outside of any store."""
    files = {INT8: tmp_path / "a.onnx", FLOAT: tmp_path / "b.onnx"}
    files[INT8].write_bytes(CONTENT)
    files[FLOAT].write_bytes(FLOATS)
    return files


def test_each_file_is_known_by_its_hash_and_lies_beside_the_other(folder: Path, given: dict[Precision, Path]) -> None:
    store = ModelStore(folder)
    assert {which: store.add(file, "small", fits).precision for which, file in given.items()} == {
        INT8: INT8,
        FLOAT: FLOAT,
    }
    assert sorted(path.name for path in folder.glob("*.onnx")) == ["small_float.onnx", "small_int8.onnx"]
    assert store.find("small", INT8).read() == CONTENT
    assert store.find("small", FLOAT).read() == FLOATS
    assert store.find("small").precision is INT8
    assert [entry.absent for entry in store.list() if entry.name == "small"] == [()]


@pytest.mark.parametrize("here", [INT8, FLOAT])
def test_a_file_that_is_not_here_is_replaced_by_the_other(
    folder: Path, given: dict[Precision, Path], here: Precision
) -> None:
    store = ModelStore(folder)
    store.add(given[here], "small", fits)
    assert {store.find("small", prefer).precision for prefer in (INT8, FLOAT, None)} == {here}
    (absent,) = (entry.absent for entry in store.list() if entry.name == "small")
    assert absent == (FLOAT if here is INT8 else INT8,)


def test_without_any_file_it_is_gone(folder: Path) -> None:
    with pytest.raises(NotFound, match="the weights of model 'small' are gone"):
        ModelStore(folder).find("small", FLOAT)


def test_each_file_is_pulled_by_its_own_name(folder: Path, mirror: Mirror) -> None:
    store = ModelStore(folder, mirror.url)
    assert store.pull("small").precision is INT8
    mirror.content = FLOATS
    assert store.pull("small", precision=FLOAT).read() == FLOATS
    assert [path for path, _ in mirror.asked] == ["/models/small_int8.onnx", "/models/small_float.onnx"]


def test_the_other_file_is_no_substitute_under_a_wrong_name(folder: Path, mirror: Mirror) -> None:
    with pytest.raises(BadInput, match=r"expected 20480"):
        ModelStore(folder, mirror.url).pull("small", precision=FLOAT)
    (folder / "small_float.onnx").write_bytes(CONTENT)
    with pytest.raises(BadInput, match=r"is not the float file of model 'small': expected SHA-256"):
        ModelStore(folder).find("small", FLOAT).read()


def test_a_precision_that_the_card_does_not_list_cannot_be_pulled(folder: Path) -> None:
    (folder / "small.toml").write_text(a_card() + 'precision = "int8"\n')
    with pytest.raises(NotFound, match="the card of 'small' has no float file"):
        ModelStore(folder).pull("small", precision=FLOAT)


def test_every_file_is_verified(folder: Path, given: dict[Precision, Path]) -> None:
    store = ModelStore(folder)

    def verdicts() -> dict[Precision | None, tuple[ModelState, bool]]:
        return {one.precision: (one.state, one.is_fault) for one in store.verify(fits) if one.name == "small"}

    assert verdicts() == {INT8: (ModelState.BROKEN, True), FLOAT: (ModelState.BROKEN, True)}
    store.add(given[INT8], "small", fits)
    assert verdicts() == {INT8: (ModelState.SOUND, False), FLOAT: (ModelState.ABSENT, False)}
    (folder / "small_float.onnx").write_bytes(b"damaged")
    assert verdicts() == {INT8: (ModelState.SOUND, False), FLOAT: (ModelState.WRONG_HASH, True)}


def test_a_card_of_one_precision_keeps_the_plain_name(tmp_path: Path, given: dict[Precision, Path]) -> None:
    card = tmp_path / "card.toml"
    card.write_text(a_card() + 'precision = "int8"\n')
    added = ModelStore(tmp_path / "models").add(given[INT8], str(card), fits)
    assert (added.path.name, added.precision) == ("small.onnx", INT8)


def test_a_card_names_the_precision_of_all_files_or_of_none() -> None:
    with pytest.raises(BadInput, match="some files name a precision and some do not"):
        parse_card(a_card_of_two(second=""), "card")
    assert parse_card(a_card_of_two("", ""), "card").precisions == (None,)
    with pytest.raises(BadInput, match=r"accepted\[1\]\.precision"):
        parse_card(a_card_of_two(second='precision = "int4"'), "card")
