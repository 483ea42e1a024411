"""What a text on one line may be: a name, an address, a contact."""

import unicodedata
from typing import Final

from .errors import BadInput

_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: a text with them can look like another one."""
_WITHOUT_WIDTH: Final = frozenset("\u00ad\u200b\u2060\ufeff")
"""They show nothing: two texts that look alike would differ."""
_SHOWN: Final = 20
_CATEGORIES: Final = ("Cc", "Cs", "Zl", "Zp")


def check_text(text: str, what: str, *, field: str, longest: int) -> str:
    """`text` without blanks around it, composed (Unicode NFC); `what` says in the error whose text it is.

    Raises `BadInput` for more than `longest` characters, for control characters, direction marks and characters
    without width.
    """
    cleaned = unicodedata.normalize("NFC", text).strip()
    if len(cleaned) > longest:
        raise BadInput(f"{what} has {len(cleaned)} characters; at most {longest} are allowed", field=field)
    if (hidden := hidden_character(cleaned)) is not None:
        raise BadInput(
            f"{what} holds the invisible character U+{ord(hidden):04X}",
            field=field,
            hint="type it anew instead of pasting it",
        )
    return cleaned


def quoted(text: str) -> str:
    """`text` for an error, in quotation marks and cut to 20 characters. What may be an address with a password, typed
    into the wrong field, is not repeated."""
    if any(mark in text for mark in ":@/=?&"):
        return "something that looks like an address"
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def hidden_character(text: str) -> str | None:
    """The first character of `text` that nobody sees, or that turns the direction of writing; None: there is none."""
    for character in text:
        if character in _TURNING or character in _WITHOUT_WIDTH or unicodedata.category(character) in _CATEGORIES:
            return character
    return None
