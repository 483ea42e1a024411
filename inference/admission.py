"""Whether a rule may begin an event now: its hours, and the quiet after its last event."""

from datetime import datetime, timedelta

from core.rule import Rule
from core.unfulfilled import Unfulfilled


class Admission:
    """The hours and the cool-down of one rule."""

    __slots__ = ("_asked_at", "_cool_down", "_hours", "_last_began_at", "_within_hours")

    def __init__(self, rule: Rule) -> None:
        self._hours = rule.hours
        self._cool_down = rule.cool_down
        self._last_began_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._within_hours = True

    def refusal(self, at: datetime) -> Unfulfilled | None:
        """Why no event may begin at `at`; None if one may."""
        if self._hours and not self.is_watching(at):
            return Unfulfilled.HOURS
        last = self._last_began_at
        # Below zero the clock was set back: what began in a time that has yet to come says nothing.
        if last is not None and timedelta(0) <= at - last < self._cool_down:
            return Unfulfilled.COOL_DOWN
        return None

    def is_watching(self, at: datetime) -> bool:
        """Whether `at` lies within the rule's hours."""
        if at != self._asked_at:  # asked for many objects of one picture
            self._asked_at = at
            self._within_hours = not self._hours or any(hours.hold(at) for hours in self._hours)
        return self._within_hours

    def begun(self, started_at: datetime) -> None:
        """An event of the rule began."""
        self._last_began_at = started_at
