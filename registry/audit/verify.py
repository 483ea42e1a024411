"""Checking the record: walks over the chain and finds what was changed, removed, put in or put elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ..db import Database
from .chain import ROOT, link
from .checkpoints import Checkpoint, CheckpointKeys, all_of
from .faults import Fault, FaultKind
from .mismatches import Mismatch, explained, link_fault
from .places import Sealed, some_places
from .pruned import Pruned, pruned_faults, pruned_to
from .seals import end_of_chain
from .unsealed import unsealed_faults

MOST_FAULTS: Final = 10_000
"""More are counted, not named."""

Report = Callable[[int, int], None]
"""How many places are checked, of how many."""


@dataclass(slots=True)
class Verdict:
    """What was found."""

    begins_after: int = 0
    """The place up to which was pruned."""
    place: int = 0
    """The last one that was checked."""
    rows: int = 0
    """How many were checked."""
    checkpoints: int = 0
    """How many fit."""
    faults: list[Fault] = field(default_factory=list)
    unnamed: int = 0
    """Faults beyond `MOST_FAULTS`."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.faults or self.unnamed)

    def add(self, *faults: Fault) -> None:
        """Note what is wrong."""
        room = MOST_FAULTS - len(self.faults)
        self.faults += faults[:room]
        self.unnamed += len(faults[room:])


def verify(
    database: Database,
    keys: CheckpointKeys,
    now: datetime,
    *,
    given: Sequence[Checkpoint] = (),
    upto: int | None = None,
    report: Report = lambda done, of: None,
) -> Verdict:
    """Check the whole record, or the chain up to the place `upto` alone; `given`: checkpoints that were kept elsewhere.

    It reads in short transactions, and takes no more memory for more rows. Raises `Unavailable`.
    """
    with database.read() as connection:
        last = end_of_chain(connection).place
        start = pruned_to(connection)
        kept = all_of(connection)
    if upto is not None:
        last = min(last, upto)
        kept = [one for one in kept if one.place <= upto]
    verdict = Verdict(begins_after=start.place, place=start.place)
    signed = _Signed(verdict, keys, [*kept, *given])
    walk = _Walk(verdict, signed, start)
    while True:
        with database.read() as connection:
            walk.go_on_from(pruned_to(connection))
            places = some_places(connection, walk.place, last)
        if not places:
            break
        for one in places:
            walk.step(one)
        report(walk.place - start.place, last - start.place)
    walk.finish()
    signed.finish(last)
    if upto is None:
        with database.read() as connection:
            verdict.add(*pruned_faults(connection, kept, keys))
        for faults in unsealed_faults(database, now):
            verdict.add(*faults)
    verdict.faults.sort(key=lambda fault: (fault.place is None, fault.place or 0, fault.row or 0))
    return verdict


class _Walk:
    """Goes from seal to seal. Each is compared with the one before as it stands there: one change is one fault."""

    def __init__(self, verdict: Verdict, signed: "_Signed", start: Pruned) -> None:
        self._verdict = verdict
        self._signed = signed
        self.place = start.place
        self._before: bytes | None = start.hash if start.place else ROOT
        self._last: Mismatch | None = None
        self._mismatches: list[Mismatch] = []
        signed.passes(start.place, start.hash)

    def go_on_from(self, pruned: Pruned) -> None:
        """Somebody prunes meanwhile: what is gone by now needs no check any more."""
        if pruned.place > self.place:
            self.place, self._before = pruned.place, pruned.hash
            self._verdict.begins_after = pruned.place
            self._settle()
            self._signed.passes(pruned.place, pruned.hash)

    def step(self, one: Sealed) -> None:
        """Check the next place."""
        if one.place == self.place:
            words = f"place {one.place} stands twice in the chain, also with row {one.row}"
            self._verdict.add(Fault(FaultKind.TWICE, one.place, one.row, words))
            return
        if one.place > self.place + 1:
            self._missing(self.place + 1, one.place - 1)
        if one.written is None:
            self._unreadable(one)
        elif self._before is not None:
            self._compare(Mismatch(one.place, one.row, self._before, one.hash, one.written))
        self._signed.passes(one.place, one.hash)
        self.place, self._before = one.place, one.hash
        self._verdict.place = one.place
        self._verdict.rows += 1

    def finish(self) -> None:
        """There are no more places."""
        self._settle()
        self._verdict.add(*explained(self._mismatches))

    def _compare(self, one: Mismatch) -> None:
        if one.computed == one.stored:
            self._settle()
        elif self._last is not None and link(self._last.computed, one.place, one.written) == one.stored:
            # It follows from what the hash before should be: that hash alone was changed, and no row.
            self._verdict.add(link_fault(self._last))
            self._last = None
        else:
            self._settle()
            self._last = one

    def _settle(self) -> None:
        """What did not fit before is no matter of one hash alone."""
        if self._last is not None and len(self._mismatches) < MOST_FAULTS:
            self._mismatches.append(self._last)
        elif self._last is not None:
            self._verdict.unnamed += 1
        self._last = None

    def _missing(self, first: int, last: int) -> None:
        self._settle()
        self._before = None
        which = f"place {first} is" if first == last else f"places {first} to {last} are"
        words = f"{which} missing in the chain: rows and their seals were removed"
        self._verdict.add(Fault(FaultKind.REMOVED, first, None, words))

    def _unreadable(self, one: Sealed) -> None:
        self._settle()
        if one.is_there:
            words = f"row {one.row} at place {one.place} holds what is no text"
            self._verdict.add(Fault(FaultKind.CHANGED, one.place, one.row, words))
        else:
            words = f"row {one.row} was sealed at place {one.place}, and is there no more"
            self._verdict.add(Fault(FaultKind.REMOVED, one.place, one.row, words))


class _Signed:
    """The checkpoints, while the chain goes past them."""

    def __init__(self, verdict: Verdict, keys: CheckpointKeys, checkpoints: Sequence[Checkpoint]) -> None:
        self._verdict = verdict
        self._ahead: dict[int, list[Checkpoint]] = {}
        self._fits_to = 0
        for one in dict.fromkeys(checkpoints):
            if keys.is_genuine(one):
                self._ahead.setdefault(one.place, []).append(one)
            else:
                words = f"the checkpoint of place {one.place} is signed by no key of this site"
                verdict.add(Fault(FaultKind.CHECKPOINT, one.place, None, words))

    def passes(self, place: int, digest: bytes) -> None:
        """The chain has `digest` at `place`."""
        for one in self._ahead.pop(place, ()):
            if one.hash == digest:
                self._verdict.checkpoints += 1
                self._fits_to = place
            else:
                since = f"after place {self._fits_to}" if self._fits_to else "from its beginning"
                words = (
                    f"the chain at place {place} is not what was signed at {one.at.isoformat()}: "
                    f"it was made anew somewhere {since}"
                )
                self._verdict.add(Fault(FaultKind.CHECKPOINT, place, None, words))

    def finish(self, last: int) -> None:
        """The chain ends at `last`; what lies before the place up to which was pruned cannot be compared any more."""
        for place, checkpoints in self._ahead.items():
            if self._verdict.begins_after < place <= last:
                words = f"place {place} is missing in the chain, and was signed"
                self._verdict.add(Fault(FaultKind.CHECKPOINT, place, None, words))
            elif place > last:
                words = (
                    f"the chain ends at place {last}, and place {place} was signed at "
                    f"{checkpoints[0].at.isoformat()}: its end was removed"
                )
                self._verdict.add(Fault(FaultKind.TRUNCATED, place, None, words))
