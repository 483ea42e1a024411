"""What can be wrong with the record."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    """A row is not what was sealed."""
    REMOVED = "removed"
    """A row or a seal is missing."""
    INSERTED = "inserted"
    """A row has no seal, and waits for none."""
    UNSEALED = "unsealed"
    """A row waits for its seal longer than the sealer takes: nobody seals, or somebody hinders it."""
    REORDERED = "reordered"
    """A row stands at the place of another one."""
    LINK = "link"
    """A seal does not follow the one before it."""
    TWICE = "twice"
    """A place, or a row, stands twice in the chain."""
    CHECKPOINT = "checkpoint"
    """A checkpoint does not fit the chain, or nobody of this site signed it."""
    TRUNCATED = "truncated"
    """The chain ends before a place that was signed."""
    PRUNED = "pruned"
    """The beginning is missing, and no checkpoint or no row tells why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where."""

    kind: FaultKind
    place: int | None
    row: int | None
    words: str
    """For a person."""
