"""Cards: what they say, and what is refused."""

from pathlib import Path

import pytest

from core.errors import BadInput, NotFound
from models.card import AcceptedFile, Card, CardInput, load_card, parse_card
from models.input_size import FreeSize
from models.size import Size, parse_size

from .conftest import a_card

CARDS = sorted((Path(__file__).parents[3] / "models" / "cards").glob("*.toml"))


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_a_shipped_card_loads_and_bears_the_name_of_its_file(path: Path) -> None:
    assert load_card(path).name == path.stem


def test_the_three_shipped_cards_are_there() -> None:
    assert [path.stem for path in CARDS] == ["centerface-int8", "nanodet-g-int8", "yolox-nano-416"]


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ('task = "objects"', 'task = "people"', "task", "'people'"),
        ("min_score = 0.4", "min_score = 1.5", "min_score", "found 1.5"),
        ("min_score = 0.4", 'min_score = 0.4\nlandmarks = "yes"', "landmarks", "found 'yes'"),
        ('licence = "Apache-2.0"\n', "", "licence", "required"),
        ('licence = "Apache-2.0"', 'licence = "\\u001b[31m"', "licence", "should match pattern"),
        ('name = "small"', 'name = "../small"', "name", "found '../small'"),
        ('outputs = ["output"]', 'outputs = ["output", "embedding"]', "outputs", "found 2; yolox has 1"),
        ('decoding = "yolox"', 'decoding = "centerface"', "decoding", "centerface, which finds faces"),
        ("width = 416, height = 416", "width = 400, height = 416", "input.size", "found [400, 416]"),
        ('kind = "fixed", width = 416', 'kind = "fixed", wide = 416', "input.size.fixed.wide", "found 416"),
        ("std = [1, 1, 1]", "std = [1, 0, 1]", "input.std[1]", "found 0"),
        ("pad = 114", "pad = nan", "input.pad", "found nan"),
    ],
)
def test_a_wrong_card_is_refused_with_key_and_finding(old: str, new: str, field: str, said: str) -> None:
    text = a_card()
    assert old in text
    with pytest.raises(BadInput, match=r"small\.toml") as refusal:
        parse_card(text.replace(old, new), "small.toml")
    listed = refusal.value.message
    assert f"{field}: " in listed
    assert said in listed


def test_a_url_that_is_not_https_is_refused() -> None:
    with pytest.raises(BadInput, match=r"accepted\[0\]\.url"):
        parse_card(a_card() + 'url = "http://example.com/small.onnx"', "small.toml")


def test_every_fault_of_a_card_is_named_at_once() -> None:
    text = a_card().replace("min_score = 0.4", "min_score = 7").replace("pad = 114", "pad = 999")
    with pytest.raises(BadInput, match=r"pad: .*min_score: |min_score: .*pad: "):
        parse_card(text, "small.toml")


def test_a_card_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("name = \n")
    with pytest.raises(BadInput, match=r"bad\.toml is not TOML: .*line 1"):
        load_card(path)


def test_a_card_of_random_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(BadInput, match="cannot be read as a card"):
        load_card(path)


def test_a_missing_card_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no card at"):
        load_card(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ((1920, 1080), "416x256"),
        ((640, 480), "416x320"),
        ((432, 768), "256x416"),
        ((16, 16), "416x416"),
        ((8000, 10), "416x32"),
        ((416, 257), "416x288"),
    ],
)
def test_a_free_input_is_shaped_like_the_picture(picture: tuple[int, int], expected: str) -> None:
    nanodet = load_card(CARDS[1])
    assert nanodet.input.size.size_for(*picture) == parse_size(expected)


def test_a_size_that_a_free_model_cannot_take_is_refused_with_one_that_it_can() -> None:
    with pytest.raises(BadInput, match=r"640x360.*multiple of 32, 640x384 for example"):
        load_card(CARDS[1]).input.size.check(Size(640, 360))


def test_a_fixed_model_takes_its_own_size_alone() -> None:
    yolox = load_card(CARDS[2])
    yolox.input.size.check(Size(416, 416))
    with pytest.raises(BadInput, match="takes 416x416 alone"):
        yolox.input.size.check(Size(416, 256))


@pytest.mark.parametrize("text", ["416", "416x", "x256", "0x256", "416x256x3", "99999x32", "wide x high", "-416x256"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_size(text)


def test_the_example_of_the_reference_is_a_card() -> None:
    page = (CARDS[0].parents[2] / "docs" / "reference" / "model-cards.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    assert parse_card(example, "example").labels == ("person", "excavator", "person without helmet")


def test_the_reference_names_every_key_of_a_card() -> None:
    page = (CARDS[0].parents[2] / "docs" / "reference" / "model-cards.md").read_text(encoding="utf-8")
    keys = {*Card.model_fields, *CardInput.model_fields, *AcceptedFile.model_fields, *FreeSize.model_fields}
    assert not [key for key in keys if f"{key} = " not in page and f"[{key}]" not in page]


@pytest.mark.parametrize("text", ["min_score = " + "9" * 5000, "labels = " + "[" * 5000, "labels ="])
def test_text_that_is_no_toml_is_told(text: str) -> None:
    with pytest.raises(BadInput, match=r"here\.toml is not TOML"):
        parse_card(text, "here.toml")
