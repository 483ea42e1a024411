"""What a check found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How good what was found is."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    """It works, but worse than it could, or not for long."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    check: str
    verdict: Verdict
    found: str
    advice: str | None = None
    """What to do; None where all is well."""
