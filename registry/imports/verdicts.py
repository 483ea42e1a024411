"""What became of a row."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.camera import DepartmentId
from core.ids import CameraId


class VerdictKind(StrEnum):
    """What a row did; in a dry run, what it would do."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a row was not taken."""

    column: str | None
    """Which cell is at fault; None: the row as a whole."""
    found: str | None
    """What stands there, shortened; None where it may hold a secret, or where nothing stands there."""
    expected: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that got another value. Of secrets it is said that they changed, and no more."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one row."""

    row: int
    kind: VerdictKind
    camera: CameraId | None = None
    """None for a refused row, and for one that would create a camera in a dry run."""
    name: str | None = None
    changes: tuple[FieldChange, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    owners: frozenset[DepartmentId] = field(default=frozenset(), compare=False)
    """Whose camera was made or changed: where it moved, both."""

    def details(self) -> dict[str, Any]:
        """All but number, kind and camera, as JSON knows it."""
        details: dict[str, Any] = {} if self.name is None else {"name": self.name}
        if self.changes:
            details["changes"] = [{"field": one.field, "old": one.old, "new": one.new} for one in self.changes]
        if self.refusals:
            details["refusals"] = [
                {"column": one.column, "found": one.found, "expected": one.expected, "hint": one.hint}
                for one in self.refusals
            ]
        return details


def refused(row: int, name: str | None, *refusals: Refusal) -> Verdict:
    """The verdict on a row that was not taken."""
    return Verdict(row, VerdictKind.REFUSED, name=name, refusals=refusals)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows had which verdict."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        """How many rows there were."""
        return self.created + self.changed + self.unchanged + self.refused

    def with_more(self, verdicts: Iterable[Verdict]) -> "Tally":
        """The sums with these verdicts."""
        found = Counter(verdict.kind for verdict in verdicts)
        return Tally(
            self.created + found[VerdictKind.CREATED],
            self.changed + found[VerdictKind.CHANGED],
            self.unchanged + found[VerdictKind.UNCHANGED],
            self.refused + found[VerdictKind.REFUSED],
        )
