"""Rows and seals that do not fit each other: what may have been done to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .chain import link
from .faults import Fault, FaultKind

_MOST_COMPARED: Final = 200
"""Each is tried with each."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A place whose hash is not what follows from the seal before it and its row."""

    place: int
    row: int
    before: bytes
    """The hash of the place before, as it stands there."""
    stored: bytes
    written: bytes
    """The row's canonical form."""

    @property
    def computed(self) -> bytes:
        """What its hash would have to be."""
        return link(self.before, self.place, self.written)


def explained(mismatches: list[Mismatch]) -> Iterator[Fault]:
    """What each of them is: a row that took another one's place, a seal that follows another one, or else a change."""
    compared = mismatches[:_MOST_COMPARED]
    hashes = {one.stored for one in compared}
    for one in mismatches:
        if len(mismatches) <= _MOST_COMPARED and _is_anothers_place(one, compared, hashes):
            words = f"at place {one.place} stood another row than {one.row} when it was sealed"
            yield Fault(FaultKind.REORDERED, one.place, one.row, words)
        elif any(link(before, one.place, one.written) == one.stored for before in hashes):
            yield link_fault(one)
        else:
            words = f"row {one.row} at place {one.place} is not what was sealed, or the seal before it is not"
            yield Fault(FaultKind.CHANGED, one.place, one.row, words)


def link_fault(one: Mismatch) -> Fault:
    """A seal whose hash was changed, or that follows another one than it did."""
    return Fault(FaultKind.LINK, one.place, one.row, f"the seal at place {one.place} does not follow the one before it")


def _is_anothers_place(one: Mismatch, others: list[Mismatch], hashes: set[bytes]) -> bool:
    return any(link(one.before, one.place, other.written) in hashes for other in others if other is not one)
