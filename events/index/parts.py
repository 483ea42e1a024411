"""What a search goes through, one part after the other: what started in its time, what began earlier and went on."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from core.ids import EventId

from .event_filter import Order
from .stretch import Stretch
from .wanted import Wanted


class PartKind(Enum):
    """Which events of a part can fit."""

    ALL = "all"
    RECENT = "recent"
    """Those that were going on."""
    LONG = "long"
    """The same, and an index has all of them: they lasted for long, or have not ended."""


GOING_ON: Final = {PartKind.ALL: 1.0, PartKind.RECENT: 0.1, PartKind.LONG: 0.001}
"""Which share of its events can fit, about."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some ids, and which of their events can fit."""

    kind: PartKind
    ids: Stretch


def parts_of(wanted: Wanted, order: Order, cursor: EventId | None) -> Iterator[Part]:
    """The parts in `order`, as far as they lie after `cursor`."""
    ends = [(PartKind.ALL, wanted.lowest, wanted.highest)]
    if wanted.earlier is not None:
        recent = wanted.earlier.recent
        ends.append((PartKind.RECENT, recent, EventId(wanted.lowest - 1)))
        ends.append((PartKind.LONG, EventId(0), EventId(recent - 1)))
    for kind, lowest, highest in ends if order is Order.NEWEST else ends[::-1]:
        ids: Stretch | None = Stretch(lowest, highest) if lowest <= highest else None
        if ids is not None and cursor is not None:
            ids = ids.after(cursor, order)
        if ids is not None:
            yield Part(kind, ids)
