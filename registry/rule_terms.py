"""What somebody says of a new rule, checked and completed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TypedDict

from core.hours import Hours
from core.line import Direction
from core.rule import RuleKind, Severity

from .names import check_name


class Terms(TypedDict, total=False):
    """What a rule may say beside its name, labels and place. What is left out is as in `core.rule.Rule`, but for
    `min_duration`: that is `RuleKind.usual_duration`."""

    kind: RuleKind
    direction: Direction | None
    min_duration: timedelta
    min_score: float
    min_size: float
    min_path: float
    min_speed: float | None
    min_count: int | None
    hours: tuple[Hours, ...]
    cool_down: timedelta
    once_per_track: bool
    severity: Severity
    enabled: bool


def completed(terms: Terms) -> Terms:
    """`terms`, with the duration that is usual for the kind where none is said."""
    kind = terms.get("kind", RuleKind.OBJECT_IN_ZONE)
    return {"min_duration": kind.usual_duration, **terms}


def checked_labels(labels: Iterable[str]) -> frozenset[str]:
    """`labels`, each as `check_name` returns it. Raises `BadInput` for one that is no name."""
    return frozenset(check_name(label, "a label", field="labels") for label in labels)
