"""The chain: how a row is written down without ambiguity, and the hash that binds it to all rows before it."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

FORM: Final = 1
"""Of what is hashed; it stands in it. Another form gets another number."""
ROOT: Final = bytes(32)
"""What the first place follows."""

COLUMNS: Final = (
    "id",
    "at",
    "act",
    "outcome",
    "actor_kind",
    "actor",
    "actor_name",
    "actor_role",
    "actor_department",
    "address",
    "object_kind",
    "object",
    "camera",
    "purpose",
    "detail",
)
"""All of `audit_row`, in the order in which they are hashed."""
Values = tuple[Any, ...]
"""A row as the database keeps it: the columns of `COLUMNS`; times are microseconds since 1970."""

_WRITE: Final = json.JSONEncoder(
    ensure_ascii=True, separators=(",", ":"), default=lambda value: {"bytes": bytes(value).hex()}
).encode


def canonical(values: Values, departments: Sequence[int]) -> bytes:
    """The one way to write a row down: JSON of its form, its columns and its departments, which ascend.

    JSON tells a number from a text and a text from nothing, and where each ends: no two rows are written alike.
    """
    return _WRITE([FORM, *values, list(departments)]).encode("ascii")


def link(before: bytes, place: int, row: bytes) -> bytes:
    """The hash of `place`: SHA-256 over the hash before it, the place in 8 bytes, and its row's canonical form."""
    return sha256(before + place.to_bytes(8, "big", signed=True) + row).digest()


def by_row(pairs: Sequence[Any]) -> dict[Any, list[int]]:
    """Pairs of row and department: the departments of each row, ascending."""
    found: dict[Any, list[int]] = {}
    for row, department in sorted(map(tuple, pairs), key=_numbers_first):
        found.setdefault(row, []).append(department)
    return found


def _numbers_first(pair: tuple[Any, ...]) -> tuple[str, int, str]:
    """An order that holds also where somebody has put a text in place of a number, which SQLite takes."""
    row, department = pair
    return (str(row), department, "") if isinstance(department, int) else (str(row), 0, repr(department))
