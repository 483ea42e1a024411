"""Stretches of ids without a gap."""

from dataclasses import dataclass

from core.ids import EventId

from .event_filter import Order


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ids from the lowest to the highest."""

    lowest: EventId
    highest: EventId

    def first(self, order: Order) -> EventId:
        """Where one begins that goes through it in that order."""
        return self.highest if order is Order.NEWEST else self.lowest

    def last(self, order: Order) -> EventId:
        """Where it ends for that one."""
        return self.lowest if order is Order.NEWEST else self.highest

    def after(self, number: EventId, order: Order) -> "Stretch | None":
        """What is left of it after `number`; None: nothing."""
        if order is Order.NEWEST:
            return _if_any(self.lowest, min(self.highest, number - 1))
        return _if_any(max(self.lowest, number + 1), self.highest)

    def up_to(self, number: EventId, order: Order) -> "Stretch":
        """What of it comes before `number`, which lies in it, and `number`."""
        return Stretch(number, self.highest) if order is Order.NEWEST else Stretch(self.lowest, number)

    def within(self, other: "Stretch") -> "Stretch | None":
        """What lies in both; None: nothing."""
        return _if_any(max(self.lowest, other.lowest), min(self.highest, other.highest))


def _if_any(lowest: int, highest: int) -> Stretch | None:
    return Stretch(EventId(lowest), EventId(highest)) if lowest <= highest else None
