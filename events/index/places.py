"""Places: which ids are taken, by which origin, in which version."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from core.event import Event, Origin
from core.ids import EventId, next_millisecond
from registry.chunks import in_chunks

from .tables import event, event_interruption


@dataclass(frozen=True, slots=True)
class _Taken:
    origin: Origin
    version: int
    """The newest one that the event's worker made."""
    interruptions: int


class Places:
    """Knows the table, and what the batch that is being written takes. For those who hold the lock of `changes`."""

    def __init__(self, connection: Connection, ids: Collection[EventId]) -> None:
        self._connection = connection
        self._asked: set[EventId] = set()
        self._taken: dict[EventId, _Taken] = {}
        self._ask(set(ids))

    def find(self, one: Event) -> EventId:
        """From its own id on, the one that belongs to the origin of `one`, or the first that is free."""
        place = one.id
        while True:
            if place not in self._asked:
                self._ask({place})
            holder = self._taken.get(place)
            if holder is None or holder.origin == one.origin:
                return place
            place = next_millisecond(place)

    def has(self, one: Event) -> bool:
        """Whether some version of `one` has a place."""
        return self.find(one) in self._taken

    def take(self, place: EventId, one: Event) -> int | None:
        """Put `one` at `place`, which `find` answered: the version that it has there.

        None where what stands there is as new.
        """
        before = self._taken.get(place, _Taken(one.origin, 0, 0))
        if one.version <= before.version:
            return None
        self._taken[place] = _Taken(one.origin, one.version, before.interruptions)
        return one.version + before.interruptions

    def _ask(self, ids: set[EventId]) -> None:
        self._asked |= ids
        interruptions = func.coalesce(event_interruption.c.count, 0).label("interruptions")
        statement = select(event.c.id, event.c.epoch, event.c.n, event.c.version, interruptions).outerjoin(
            event_interruption, event_interruption.c.event == event.c.id
        )
        for chunk in in_chunks(ids):
            for row in self._connection.execute(statement.where(event.c.id.in_(chunk))):
                own = row.version - row.interruptions
                self._taken[EventId(row.id)] = _Taken(Origin(row.epoch, row.n), own, row.interruptions)
