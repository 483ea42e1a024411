"""Outages by how long they were for who sees a part of them: the cameras out of reach do not show there either."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_CAMERA
from registry.columns import to_microseconds
from registry.db import is_sqlite
from registry.reach import Reach

from ..number_lists import listed
from .ascending import NO_NUMBERS, Numbers
from .conditions import Condition
from .wanted import Wanted

_EPOCH_US: Final = to_microseconds(EVENT_EPOCH)
_MILLISECOND_US: Final = 1_000
_TOLD: Final = "m.event, o.department, m.camera, m.lost_at, coalesce(m.ended_at, m.last_seen_at), m.ended_at IS NULL"
_LOSSES: Final = {
    True: text(
        f"SELECT {_TOLD} FROM json_each(:ids) k CROSS JOIN outage o ON o.event = k.value "  # noqa: S608 - constant
        "CROSS JOIN outage_member m ON m.event = o.event"
    ),
    False: text(
        f"SELECT {_TOLD} FROM unnest(CAST(:ids AS bigint[])) k(value) "  # noqa: S608 - constant
        "CROSS JOIN LATERAL (SELECT * FROM outage WHERE event = k.value OFFSET 0) o "
        "CROSS JOIN LATERAL (SELECT * FROM outage_member WHERE event = o.event OFFSET 0) m"
    ),
}
"""The lost streams that the outages among these ids are made of."""


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
        """So many lost streams of outages were looked up."""

    @property
    def matter(self) -> bool:
        """Whether it is asked at all how long something was, by somebody who may see a part of it: all cameras of an
        outage belong to one department, so who sees that since ever sees all."""
        asked = self._shortest, self._longest, self._going_on_at
        is_in_parts = bool(self._reach.cameras.size) or any(self._reach.departments.values())
        return is_in_parts and not self._reach.is_all and any(bound is not None for bound in asked)

    def unfit(self, ids: Numbers) -> Numbers:
        """Those of `ids`, which are within reach, that are outages and do not fit as they are seen; ascending."""
        embedded = is_sqlite(self._connection)
        told = self._connection.execute(_LOSSES[embedded], {"ids": listed(ids.tolist(), embedded=embedded)}).all()
        if not told:
            return NO_NUMBERS
        self.looked_up += len(told)
        within, owners, cameras, lost_us, until_us, goes_on = np.array(told, np.int64).T
        outages, of = np.unique(within, return_inverse=True)
        as_events = (lost_us - _EPOCH_US) // _MILLISECOND_US << CAMERA_BITS | cameras
        seen = self._reach.has_events(as_events, cameras, owners)
        # Where none is seen its own id was taken, so it stands a moment later than it was lost (see `outages.seen`).
        own_first = np.lexsort((lost_us, cameras != (within & LAST_CAMERA), within))
        first = own_first[np.unique(within[own_first], return_index=True)[1]]
        seen[first] |= np.bincount(of, seen) == 0
        until = np.zeros_like(outages)
        np.maximum.at(until, of[seen], until_us[seen])
        return outages[~self._fit(outages, until, np.bincount(of, seen & (goes_on != 0)) > 0)]

    def _fit(self, outages: Numbers, until_us: Numbers, go_on: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of these fit that are seen until then, and of which some go on."""
        lasted_us = until_us - (outages >> CAMERA_BITS) * _MILLISECOND_US - _EPOCH_US
        fit = np.ones(outages.shape, np.bool_)
        if self._shortest is not None:
            fit &= lasted_us >= self._shortest
        if self._longest is not None:
            fit &= lasted_us <= self._longest
        if isinstance(self._going_on_at, int):
            fit &= (outages >= self._lowest) | go_on | (until_us > self._going_on_at)
        return fit
