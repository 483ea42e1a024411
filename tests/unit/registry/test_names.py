"""What a name may be."""

import pytest

from core.errors import BadInput
from registry.names import LONGEST_NAME, check_name


@pytest.mark.parametrize(
    "name", ["北门 1号", "North gate (left)", "Ворота", "بوابة", "a" * LONGEST_NAME, "🎥", "O'Neil & Sons"]
)
def test_names_of_any_script_are_taken_as_they_are(name: str) -> None:
    assert check_name(name, "a camera") == name


def test_blanks_around_a_name_are_dropped_and_letters_composed() -> None:
    assert check_name(" \u3000Cafe\u0301 \t", "a camera") == "Caf\u00e9"


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_an_empty_name_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="the name of a zone is empty"):
        check_name(name, "a zone")


def test_a_name_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(BadInput, match="has 129 characters; at most 128"):
        check_name("a" * 129, "a camera")


@pytest.mark.parametrize("hidden", ["\x00", "\n", "\x7f", "\u202e", "\u200f", "\u2066", "\u2028", "\ud800"])
def test_invisible_characters_inside_a_name_are_refused_and_named(hidden: str) -> None:
    with pytest.raises(BadInput, match=f"U\\+{ord(hidden):04X}") as caught:
        check_name(f"gate{hidden}1", "a camera", field="cameras[3].name")
    assert caught.value.field == "cameras[3].name"
    assert hidden not in caught.value.message
