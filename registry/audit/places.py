"""The chain as it is walked: seals with their rows, place by place, some thousands at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from .chain import canonical
from .rows import read_rows

STEP: Final = 5_000
_SEALS: Final = text("SELECT place, row, hash FROM audit_seal WHERE place > :after AND place <= :upto ORDER BY place")
_NEXT: Final = text("SELECT min(place) FROM audit_seal WHERE place > :after AND place <= :upto")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal, and what its row is now."""

    place: int
    row: int
    hash: bytes
    written: bytes | None
    """The row's canonical form; None where there is no row, or nothing that can be read."""
    is_there: bool
    """Whether there is such a row."""


def some_places(connection: Connection, after: int, upto: int) -> list[Sealed]:
    """The next places beyond `after` and up to `upto`, in their order; none where there are no more. One that stands
    twice comes twice, in one answer."""
    first = connection.execute(_NEXT, {"after": after, "upto": upto}).scalar_one()
    if first is None:
        return []
    last = min(upto, first + STEP - 1)
    try:
        return list(_read(connection, first - 1, last))
    except OperationalError:
        # SQLite keeps text that is none, when somebody puts it there; the others are read one by one.
        return [one for place in range(first, last + 1) for one in _read_one(connection, place)]


def _read(connection: Connection, after: int, upto: int) -> Iterator[Sealed]:
    seals = connection.execute(_SEALS, {"after": after, "upto": upto}).all()
    rows, departments = read_rows(connection, [row for _, row, _ in seals])
    for place, row, digest in seals:
        values = rows.get(row)
        written = None if values is None else canonical(values, departments.get(row, ()))
        yield Sealed(place, row, _bytes(digest), written, values is not None)


def _read_one(connection: Connection, place: int) -> list[Sealed]:
    try:
        return list(_read(connection, place - 1, place))
    except OperationalError:
        rows = connection.execute(_SEALS, {"after": place - 1, "upto": place}).all()
        return [Sealed(row.place, row.row, _bytes(row.hash), None, True) for row in rows]


def _bytes(value: Any) -> bytes:
    """SQLite takes anything for a hash."""
    return bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()
