"""What an owner keeps of a camera beside its fields: a JSON object with bounds."""

import json
from collections.abc import Mapping
from typing import Any, Final

from .errors import BadInput
from .wording import hidden_character

MOST_BYTES: Final = 4096
MOST_KEYS: Final = 64
DEEPEST: Final = 4
LONGEST_KEY: Final = 64
_LARGEST_NUMBER: Final = 2**53
"""JavaScript's numbers are exact up to here."""


def check_extra(extra: Mapping[str, Any], *, field: str) -> dict[str, Any]:
    """`extra` back, as a dict of its own.

    Raises `BadInput` for more than 4096 bytes of JSON, 64 keys in all or 4 levels, for keys of more than 64 characters
    or with invisible ones, for texts that a database cannot keep, and for numbers beyond 2**53.
    """
    keys = _count_keys(extra, field, 1)
    if keys > MOST_KEYS:
        raise BadInput(f"{field} has {keys} keys; at most {MOST_KEYS} are allowed", field=field)
    text = extra_text(extra)
    if (length := len(text.encode())) > MOST_BYTES:
        raise BadInput(f"{field} has {length} bytes as JSON; at most {MOST_BYTES} are allowed", field=field)
    checked: dict[str, Any] = json.loads(text)
    return checked


def extra_text(extra: Mapping[str, Any]) -> str:
    """`extra` as the registry keeps it: JSON, keys in order, characters as they are."""
    return json.dumps(extra, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _count_keys(value: object, where: str, level: int) -> int:
    """How many keys are in `value`. Raises `BadInput` for what is not plain, bounded JSON; no error repeats a key."""
    match value:
        case None | bool():
            return 0
        case int() | float():
            if not abs(value) <= _LARGEST_NUMBER:  # so that what is no number is refused too
                raise BadInput(f"a number in {where} is none or lies beyond 2**53", field=where)
            return 0
        case str():
            _check_characters(value, where)
            return 0
        case Mapping():
            _check_level(where, level)
            for key in value:
                _check_key(key, where)
            return sum(1 + _count_keys(inner, where, level + 1) for inner in value.values())
        case list() | tuple():
            _check_level(where, level)
            return sum(_count_keys(inner, where, level + 1) for inner in value)
        case _:
            raise BadInput(f"{where} holds something that JSON does not know", field=where)


def _check_level(where: str, level: int) -> None:
    if level > DEEPEST:
        raise BadInput(f"{where} has more than {DEEPEST} levels", field=where)


def _check_key(key: object, where: str) -> None:
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or hidden_character(key) is not None:
        raise BadInput(
            f"a key in {where} is not 1 to {LONGEST_KEY} characters, all of them visible",
            field=where,
            hint="a key is a plain word: asset_number for example",
        )


def _check_characters(text: str, where: str) -> None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput(f"a text in {where} holds a character that cannot be kept", field=where)
