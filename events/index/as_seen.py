"""Outages by how long they were for who sees a part of them: the cameras out of reach do not show there either."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np
from sqlalchemy import Connection, text

from core.event import Event
from core.ids import EventId
from core.rule import RuleKind
from registry.columns import to_microseconds
from registry.db import is_sqlite
from registry.reach import Reach

from ..number_lists import listed
from ..outages.seen import all_as_seen
from .ascending import NO_NUMBERS, Numbers
from .conditions import Condition
from .stored import read_events
from .wanted import Wanted

_MICROSECOND: Final = timedelta(microseconds=1)
_KIND: Final = f"(SELECT id FROM event_kind WHERE name = '{RuleKind.STREAM_LOST.value}')"  # noqa: S608 - constant text
_LOST: Final = {
    True: text(
        f"SELECT e.id FROM json_each(:ids) k CROSS JOIN event e WHERE e.id = k.value AND e.kind = {_KIND}"  # noqa: S608
    ),
    False: text(f"SELECT e.id FROM event e WHERE e.id = ANY(CAST(:ids AS bigint[])) AND e.kind = {_KIND}"),  # noqa: S608
}
"""Of these ids those of lost streams: of one camera, or of all on an uplink."""


def with_longer_outages(wanted: Wanted) -> Wanted:
    """The same, but that outages may have lasted for longer: who sees a part of one may have seen a shorter one."""
    return replace(wanted, others=tuple(map(_longer, wanted.others)))


def _longer(one: Condition) -> Condition:
    return Condition("lasted_at_most_us_or_outage", one.value) if one.name == "lasted_at_most_us" else one


class SeenOutages:
    """Sifts outages by what is within reach of them. For one search."""

    def __init__(self, connection: Connection, wanted: Wanted, reach: Reach) -> None:
        self._connection = connection
        self._reach = reach
        bounds = {one.name: one.value for one in wanted.others if isinstance(one.value, int)}
        self._shortest = bounds.get("lasted_us")
        self._longest = bounds.get("lasted_at_most_us", bounds.get("lasted_at_most_us_or_outage"))
        self._lowest = wanted.lowest
        self._going_on_at = None if wanted.earlier is None else wanted.earlier.going_on.value
        self.looked_up = 0
        """So many lost streams were looked up."""

    @property
    def matter(self) -> bool:
        """Whether it is asked at all how long something was, by somebody who may see a part of it: all cameras of an
        outage belong to one department, so who sees that since ever sees all."""
        asked = self._shortest, self._longest, self._going_on_at
        is_in_parts = bool(self._reach.cameras.size) or any(self._reach.departments.values())
        return is_in_parts and not self._reach.is_all and any(bound is not None for bound in asked)

    def unfit(self, ids: Iterable[int]) -> Numbers:
        """Those of `ids`, which are within reach, that are lost streams and do not fit as they are seen; ascending."""
        embedded = is_sqlite(self._connection)
        given = {"ids": listed(ids, embedded=embedded)}
        lost = [EventId(number) for number in self._connection.scalars(_LOST[embedded], given)]
        if not lost:
            return NO_NUMBERS
        self.looked_up += len(lost)
        seen = all_as_seen(self._connection, read_events(self._connection, lost), self._reach)
        return np.array(sorted(one.event.id for one in seen if not self._fits(one.event)), np.int64)

    def _fits(self, event: Event) -> bool:
        lasted_us = ((event.ended_at or event.last_seen_at) - event.started_at) // _MICROSECOND
        if self._shortest is not None and lasted_us < self._shortest:
            return False
        if self._longest is not None and lasted_us > self._longest:
            return False
        if event.id >= self._lowest or not isinstance(self._going_on_at, int) or event.ended_at is None:
            return True
        return to_microseconds(event.ended_at) > self._going_on_at
