"""Long lists in pieces that a statement can take."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

MOST_PARAMETERS: Final = 10_000
"""Both databases take three times as many; this leaves room for the other parameters of a statement."""


def in_chunks(items: Iterable[T], size: int = MOST_PARAMETERS) -> Iterator[list[T]]:
    """`items` in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
