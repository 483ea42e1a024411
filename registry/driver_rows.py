"""Rows as the driver gives them, for a hundred thousand: one of SQLAlchemy's costs as much as finding it does."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import CursorResult

_PIECE: Final = 2_000


def in_pieces(result: CursorResult[Any]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """All rows of `result`, in pieces: the collector of garbage would go through all of them again and again.

    The values are not translated: instants are numbers, and sums of PostgreSQL are `Decimal`.
    """
    while piece := result.cursor.fetchmany(_PIECE):
        yield piece
