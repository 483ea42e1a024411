"""Counting, for one rule, what became of the tracks that it saw."""

from collections import Counter

from core.unfulfilled import RuleAccount, Unfulfilled

RANK = {condition: rank for rank, condition in enumerate(Unfulfilled)}
"""The place of each condition in the order in which they are asked."""


class Trial:
    """How far one track has come with one rule. Kinds that must remember more of a track add it."""

    __slots__ = ("furthest", "has_event")

    def __init__(self) -> None:
        self.furthest = Unfulfilled.PLACE
        """The condition that came nearest to an event and did not hold. (Tracks of other labels have no trial.)"""
        self.has_event = False
        """Whether it made an event, or took part in one."""

    def fail(self, condition: Unfulfilled) -> None:
        """The track, as this picture shows it, fails at `condition`."""
        if condition is not self.furthest and RANK[condition] > RANK[self.furthest]:
            self.furthest = condition


class Account:
    """Counts each track once, when it is over."""

    __slots__ = ("_tracks", "_unfulfilled", "_with_event")

    def __init__(self) -> None:
        self._tracks = 0
        self._with_event = 0
        self._unfulfilled: Counter[Unfulfilled] = Counter()

    def count(self, trial: Trial | None) -> None:
        """One more track is over; `None` for one that never bore any of the rule's labels."""
        self._tracks += 1
        if trial is None:
            self._unfulfilled[Unfulfilled.LABEL] += 1
        elif trial.has_event:
            self._with_event += 1
        else:
            self._unfulfilled[trial.furthest] += 1

    @property
    def total(self) -> RuleAccount:
        """The sums so far, conditions in the order in which they are asked."""
        unfulfilled = {condition: self._unfulfilled[condition] for condition in RANK if condition in self._unfulfilled}
        return RuleAccount(self._tracks, self._with_event, unfulfilled)
