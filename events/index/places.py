"""Places: which ids are taken, by which origin, in which version."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from core.event import Event, Origin
from core.ids import EventId, next_millisecond
from registry.db import is_sqlite

from ..number_lists import listed

_ASKED: Final = """
    SELECT e.id, e.epoch, e.n, e.version, coalesce(i.count, 0) AS interruptions
    FROM {asked} CROSS JOIN event e LEFT JOIN event_interruption i ON i.event = e.id WHERE e.id = asked.value
"""
_TAKEN: Final = {
    True: text(_ASKED.format(asked="json_each(:ids) asked")),
    False: text(_ASKED.format(asked="unnest(CAST(:ids AS bigint[])) asked(value)")),
}


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
        embedded = is_sqlite(self._connection)
        for row in self._connection.execute(_TAKEN[embedded], {"ids": listed(ids, embedded=embedded)}):
            own = row.version - row.interruptions
            self._taken[EventId(row.id)] = _Taken(Origin(row.epoch, row.n), own, row.interruptions)
