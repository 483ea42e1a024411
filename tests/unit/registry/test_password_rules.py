"""Which passwords are taken, and which are guessed first."""

import pytest

from core.errors import BadInput
from registry.access.password_rules import LONGEST, SHORTEST, check_password


def check(password: str) -> None:
    check_password(password, login="li.wei", name="李伟 Wei", words=["Jiangcheng"])


def refusal(password: str) -> str:
    with pytest.raises(BadInput) as caught:
        check(password)
    assert caught.value.field == "password"
    assert caught.value.hint
    assert password not in caught.value.message + caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    "password",
    [
        "copper lantern drifts sideways",
        "nine otters eat soup",
        "早上八点半在桥头买三个热包子吃",
        "xK9vQ2mT7pLw4zR",
        "&$)!=(#%+?*~{;]",
        "protesters walk admin roads",
        "x" * 3 + "Velvet Anchors Orbit Tuesday" * 8,
        "Стол Река Окно Гора",
        "🐙 lamp 🌋 brick 🧭 jelly",
    ],
    ids=["words", "short words", "chinese", "random", "marks", "holds words", "long", "cyrillic", "pictures"],
)
def test_a_long_one_of_ones_own_is_taken(password: str) -> None:
    check(password)


@pytest.mark.parametrize(
    "password",
    [
        "abcdefghijklmnop",
        "zyxwvutsrqponmlkj",
        "123456789012345",
        "0987654321098765",
        "qwertyuiopasdfghjkl",
        "1qaz2wsx3edc4rfv",
        "1q2w3e4r5t6y7u8i9o0p",
        "QWERTYUIOP1234567890",
        "!@#$%^&*()_+!@#$%^",
        "aaabbbcccdddeeefff",
    ],
)
def test_a_row_of_the_keyboard_is_refused(password: str) -> None:
    assert "tried first" in refusal(password)


@pytest.mark.parametrize(
    "password",
    [
        "password password 1",
        "Password-2026-Password!",
        "li.wei li.wei 2026",
        "Li Wei Jiangcheng 1",
        "李伟李伟李伟李伟李伟2026年",
        "sharpeyes-sharp-eyes",
        "SharpEyes@admin2026",
        "admin.jiangcheng.root.1",
        "ｐａｓｓｗｏｒｄ　ａｄｍｉｎ　１",
    ],
)
def test_one_made_of_what_is_guessed_first_is_refused(password: str) -> None:
    refusal(password)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "Correct-Horse-Battery-Staple", "床前明月光,疑是地上霜。举头望明月,低头思故乡"],
)
def test_one_that_everybody_knows_is_refused_however_it_is_written(password: str) -> None:
    assert "everybody knows" in refusal(password)


@pytest.mark.parametrize("password", ["tulip7tulip7tulip7", "otterbreadotterbread", "vexing tvexing tvex"])
def test_a_short_piece_again_and_again_is_refused(password: str) -> None:
    assert "counts once" in refusal(password)


def test_few_different_characters_are_refused() -> None:
    assert "different characters" in refusal("abababbaababbabaab")


@pytest.mark.parametrize("length", [0, 1, SHORTEST - 1])
def test_a_short_one_is_refused_with_its_length(length: int) -> None:
    text = "xK9vQ2mT7pLw4zR"[:length]
    with pytest.raises(BadInput, match=f"has {length} characters; at least 15"):
        check(text)


def test_the_longest_one_is_taken_and_a_longer_one_is_not() -> None:
    text = "".join(chr(0x4E00 + 7 * n) for n in range(LONGEST + 1))
    check(text[:-1])
    assert "at most 256" in refusal(text)


def test_it_is_measured_as_it_is_hashed() -> None:
    assert "14 characters" in refusal("xK9vQ2mT7pLw4e\u0301")  # e and its accent are one


@pytest.mark.parametrize(
    "password", ["copper lantern\x00 drifts", "copper lantern drifts\n", "copper lantern \ud800drifts"]
)
def test_what_no_keyboard_types_is_refused(password: str) -> None:
    assert "no keyboard" in refusal(password)
