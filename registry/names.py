"""What a name may be: of a camera, a zone, a line, a rule, a department."""

import unicodedata
from typing import Final

from core.errors import BadInput

LONGEST_NAME: Final = 128
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: a name with them can look like another one."""


def check_name(name: str, what: str, *, field: str = "name") -> str:
    """`name` without blanks around it, composed (Unicode NFC). `what` says whose name it is, in the error.

    Raises `BadInput` for an empty name, more than 128 characters, control characters or direction marks.
    """
    cleaned = unicodedata.normalize("NFC", name).strip()
    if not cleaned:
        raise BadInput(f"the name of {what} is empty", field=field)
    if len(cleaned) > LONGEST_NAME:
        raise BadInput(
            f"the name of {what} has {len(cleaned)} characters; at most {LONGEST_NAME} are allowed", field=field
        )
    for character in cleaned:
        if character in _TURNING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise BadInput(
                f"the name of {what} holds the invisible character U+{ord(character):04X}",
                field=field,
                hint="type the name anew instead of pasting it",
            )
    return cleaned
