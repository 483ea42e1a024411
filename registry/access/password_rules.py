"""Which passwords are taken: long ones, unless they are what is guessed first. After NIST SP 800-63B-4, 3.1.1.

Nothing is asked about kinds of characters, and nobody has to choose a new one for the calendar's sake.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from core.errors import BadInput

from .known_passwords import PIECES, RUNS, WHOLE
from .passwords import normal_form

SHORTEST: Final = 15
"""In characters: the password is all that is asked for."""
LONGEST: Final = 256
_FEWEST_DIFFERENT: Final = 5
_FEWEST_OWN: Final = 8
"""How many characters must be left without what is guessed first."""
_SHORTEST_PIECE: Final = 3
_HINT: Final = "four or five words that have nothing to do with each other are long, and easy to keep in mind"
_STEPS: Final = frozenset(
    step for run in RUNS for way in (run, run[::-1]) for step in zip(way, way[1:], way[2:], strict=False)
)
"""Three characters in a row that lie in a row."""


def check_password(password: str, *, login: str, name: str, words: Iterable[str] = ()) -> None:
    """Raises `BadInput` (field `password`) with the reason for what is not taken; it never repeats the password.

    `login` and `name` are of the person, `words` are others that come to mind at once: the name of the city.
    """
    text = normal_form(password)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise _refused("the password holds a character that no keyboard types", hint="type it instead of pasting it")
    if len(text) < SHORTEST:
        raise _refused(f"the password has {len(text)} characters; at least {SHORTEST} are needed")
    if len(text) > LONGEST:
        raise _refused(
            f"the password has {len(text)} characters; at most {LONGEST} are taken",
            hint="a shorter one will do",
        )
    text = normal_form(text.casefold())
    if len(set(text)) < _FEWEST_DIFFERENT:
        raise _refused(f"the password has fewer than {_FEWEST_DIFFERENT} different characters")
    if (repeated := _period(text)) < SHORTEST and repeated <= len(text) // 2:
        raise _refused("the password is one short piece again and again, which counts once")
    if _squashed(text) in WHOLE:
        raise _refused("the password is one that everybody knows, and among the first that are tried")
    if _own(text, _guessed(login, name, words)) < _FEWEST_OWN:
        raise _refused(
            "the password is hardly more than a name, a well-known word or a row of the keyboard, which are tried first"
        )


def _refused(why: str, *, hint: str = _HINT) -> BadInput:
    return BadInput(why, field="password", hint=hint)


def _period(text: str) -> int:
    """The length of the shortest piece that `text` repeats from its beginning to its end, where it may be cut off."""
    return next(length for length in range(1, len(text) + 1) if text.startswith(text[length:]))


def _squashed(text: str) -> str:
    """Letters and digits alone."""
    return "".join(character for character in text if character.isalnum())


def _guessed(login: str, name: str, words: Iterable[str]) -> list[str]:
    """What is guessed first, the longest first: one may hold another."""
    found = set(PIECES)
    for given in (login, name, *words):
        whole = normal_form(normal_form(given).casefold())
        found |= {whole, _squashed(whole), *re.split(r"[\W_]+", whole)}
    return sorted((piece for piece in found if len(piece) >= _shortest(piece)), key=len, reverse=True)


def _shortest(piece: str) -> int:
    """A Chinese name has two characters; two letters stand in half of all words."""
    return _SHORTEST_PIECE if piece.isascii() else _SHORTEST_PIECE - 1


def _own(text: str, guessed: Sequence[str]) -> int:
    """How many characters are left without what is guessed, with and without blanks and marks in it: each row of a
    keyboard counts as what it begins with, each kind of mark once."""
    rest = _without(text, guessed)
    marks = {one for one in _unforeseen(rest) if not one.isalnum() and not one.isspace()}
    letters = [one for one in _unforeseen(_without(_squashed(rest), guessed)) if one.isalnum()]
    return len(letters) + len(marks)


def _without(text: str, guessed: Sequence[str]) -> str:
    for piece in guessed:
        text = text.replace(piece, " ")
    return text


def _unforeseen(text: str) -> Iterator[str]:
    """The characters of `text` that neither repeat the one before nor go on in a row."""
    for at, character in enumerate(text):
        before = tuple(text[max(0, at - 2) : at])
        if (*before, character) not in _STEPS and character not in before[-1:]:
            yield character
