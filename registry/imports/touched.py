"""What goes on record of a whole import."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from core.camera import DepartmentId

from .importer import Ledger
from .verdicts import Tally, Verdict


@dataclass(slots=True)
class Touched:
    """`Ledger` that passes on what it is told, and remembers how many rows there were, and whose cameras."""

    ledger: Ledger
    tally: Tally = field(default_factory=Tally)
    departments: set[DepartmentId] = field(default_factory=set)
    """Those whose cameras were made or changed, or would be in a dry run."""

    def note(self, connection: Connection | None, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
        """See `Ledger`."""
        self.ledger.note(connection, verdicts, tally, share)
        self.tally = tally
        self.departments.update(owner for verdict in verdicts for owner in verdict.owners)

    @property
    def sums(self) -> dict[str, int]:
        """How many rows had which verdict, for the record."""
        return sums_of(self.tally)


def sums_of(tally: Tally) -> dict[str, int]:
    """`tally` as the record keeps it."""
    return {name: getattr(tally, name) for name in ("created", "changed", "unchanged", "refused")}
