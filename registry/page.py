"""A page of a list that is read in the order of its keys."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Page(Generic[T, K]):
    """Some items of a list, and the key after which the next page begins; None when this was the last one.

    A page may hold fewer items than asked for, even none, and still have a next one: a search that would have to walk
    too far stops on the way.
    """

    items: tuple[T, ...]
    next: K | None
