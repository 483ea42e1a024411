"""Walks to a page of events: on the way that is the cheapest by what is known so far, until the page is full."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.ids import CAMERA_BITS, EventId
from registry.catalogue.owning import own_or_owned
from registry.reach import Reach

from .choice import fit_share, ways_of, ways_to_earlier
from .densities import all_ids, densities
from .event_filter import Order
from .lengths import Lengths
from .parts import GOING_ON, Part, PartKind, parts_of
from .seek import Asked, Walked
from .sifter import Sifter
from .stretch import Stretch
from .wanted import Wanted
from .ways import A_STATEMENT, Way

MOST_WALKED: Final = 20_000
"""After about so many events that did not fit a search stops, and says where."""
_ENOUGH: Final = 0.9
"""For the last tenth of them it takes no step of its own."""
_USUAL: Final = 2.0
"""An event that costs more than this to walk past counts as several: 11,000 that are looked up stop a search too."""
_SHORTEST_STRIDE: Final = 200
_FEWEST: Final = 50.0
"""So many events are asked of several keys at least."""
_LONGEST_STRIDE: Final = 4_000.0
"""In what it costs, as ways cost."""
_FIRST_LOOK: Final = 500
"""So many events are walked past before all cameras are looked up that are meant by place or text."""
_LOOKED_UP: Final = 5.0
"""As so many events counts one that had to be looked up besides."""
_LOOKING_UP: Final = 3_000.0
"""What that costs, as ways cost."""
_BELIEF: Final = 50.0
"""After so many events what was seen counts as much as what was expected."""
_LEAP: Final = 500.0
"""Where so many events are expected between two of the hours that are asked for, they are leapt over."""
_SPARE: Final = 1.3
_SPARE_WHERE_CHEAP: Final = 1.6
"""Where those that do not fit are passed by unseen, going a little further costs less than another step."""
_MOST_LEAPS: Final = 16
"""So many stretches are leapt through in one step at most."""
_FEW_DEPARTMENTS: Final = 20

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """What a walk came to."""

    ids: Ids
    """Those that fit, in order, as many as were asked for at most."""
    next: EventId | None
    """The cursor that goes on from there; None: there are no others."""
    is_cut: bool = False
    """Whether it ended though it had neither as many as were asked for nor seen all."""


class Walk:
    """One search on its way. For one thread."""

    def __init__(self, connection: Connection, wanted: Wanted, reach: Reach, order: Order) -> None:
        self._connection = connection
        self._reach = reach = _with_events(connection, reach)
        self._order = order
        self._known = densities(connection)
        self._lengths = Lengths(self._known, order)
        self._sifter = Sifter(connection, wanted, reach)
        self._ways: list[Way] = []
        self._fit_share = 1.0
        self._found: list[Ids] = []
        self._number = 0
        self._past = 0.0

    def to(self, limit: int, cursor: EventId | None) -> Ended:
        """The first `limit` events after `cursor`."""
        begun: Stretch | None = None
        for part in self._parts(cursor):
            if self._sifter.finds_nothing:
                break
            begun = begun or part.ids
            left = self._enter(part, part.ids)
            while left is not None:
                if self._past >= _ENOUGH * MOST_WALKED:
                    return self._cut(begun, left)
                left = self._step(part, left, limit + 1 - self._number)
                if self._number > limit:
                    ids = np.concatenate(self._found)[:limit]
                    return Ended(ids, EventId(int(ids[-1])))
        return Ended(np.concatenate([*self._found, np.empty(0, np.int64)]), None)

    def _parts(self, cursor: EventId | None) -> Iterator[Part]:
        """The parts to go through. There is no end of hours before the first event, and after the last one."""
        parts = parts_of(self._sifter.wanted, self._order, cursor)
        if self._sifter.wanted.hours is None:
            yield from parts
            return
        there = all_ids(self._connection)
        for part in parts:
            ids = None if there is None else part.ids.within(there)
            if ids is not None:
                yield replace(part, ids=ids)

    def _enter(self, part: Part, left: Stretch) -> Stretch | None:
        """Find the ways through `left` of `part`; what is left then: nothing where there is no way."""
        about = self._connection, self._sifter.wanted, self._reach, self._known
        earlier = self._sifter.wanted.earlier
        if part.kind is PartKind.ALL or earlier is None:
            self._ways = ways_of(*about)
        elif part.kind is PartKind.RECENT:
            self._ways = ways_of(*about, (earlier.going_on,))
        else:
            self._ways = ways_to_earlier(*about, earlier.going_on, part.ids.highest)
        self._fit_share = fit_share(self._sifter.wanted, self._reach, self._known) * GOING_ON[part.kind]
        return left if self._ways else None

    def _step(self, part: Part, left: Stretch, missing: int) -> Stretch | None:
        """Go on at the beginning of what is left; what is left then."""
        hours = self._sifter.wanted.hours
        watched = None if hours is None else hours.stretch(left.first(self._order), self._order)
        if hours is not None:
            watched = None if watched is None else watched.within(left)
            if watched is None:
                return None
            left = _from(left, watched.first(self._order), self._order)
        way = min(self._ways, key=lambda one: self._cost(one, left, missing))
        stride = self._stride(way, missing)
        if self._sifter.wanted.meant is not None:
            if self._past and self._cost(way, left, missing) > _LOOKING_UP:
                self._sifter.look_up()
                return None if self._sifter.finds_nothing else self._enter(part, left)
            if not self._past:
                stride = min(stride, _FIRST_LOOK)
        leaps = watched is not None and self._leaps(way, watched)
        asked = self._asked(way, left, stride, leaps=leaps)
        walked = way.step(self._connection, asked)
        self._learn(way, asked, walked)
        looked_up = self._sifter.looked_up
        fitting = self._sifter.sifted(walked, is_within=way.is_within)
        self._found.append(fitting)
        self._number += fitting.size
        past = (walked.number - fitting.size) * _counts_for(way)
        self._past += past + _LOOKED_UP * (self._sifter.looked_up - looked_up)
        self._past += way.a_step * max(1, len(asked.parts)) + (A_STATEMENT if leaps else 0)
        believed = _BELIEF * min(1.0, self._fit_share / way.share)
        seen = (fitting.size + believed) / (walked.number + _BELIEF)
        self._fit_share = min(1.0, way.share * seen)
        return left.after(asked.ids.last(self._order) if walked.until is None else walked.until, self._order)

    def _asked(self, way: Way, left: Stretch, stride: int, *, leaps: bool) -> Asked:
        """What a step on that way is to find at the beginning of `left`."""
        if leaps:
            parts = self._parts_to_leap(way, left, stride)
        else:
            parts = [self._lengths.first(left, way.share, stride) if way.takes_all else left]
        return Asked(
            Stretch(min(one.lowest for one in parts), max(one.highest for one in parts)),
            stride,
            self._order,
            self._sifter.needs_departments(is_within=way.is_within),
            tuple(parts) if len(parts) > 1 else (),
        )

    def _parts_to_leap(self, way: Way, left: Stretch, stride: int) -> list[Stretch]:
        """The next of the hours that are asked for: so many that as many events are expected in them as are needed."""
        hours, parts, expected = self._sifter.wanted.hours, list[Stretch](), 0.0
        rest: Stretch | None = left
        while rest is not None and hours is not None and expected < stride and len(parts) < _MOST_LEAPS:
            found = hours.stretch(rest.first(self._order), self._order)
            watched = None if found is None else found.within(rest)
            if watched is None:
                break
            # A step along one key ends where it has enough, and takes all of several stretches.
            is_bounded = way.takes_all or parts
            parts.append(self._lengths.first(watched, way.share, stride - expected) if is_bounded else watched)
            expected += self._lengths.expected(parts[-1], way.share)
            rest = left.after(watched.last(self._order), self._order) if way.can_leap and parts[-1] == watched else None
        return parts

    def _learn(self, way: Way, asked: Asked, walked: Walked) -> None:
        """How many events there are, where a step took all of them."""
        if way.takes_all or asked.parts:
            seen = asked if walked.until is None else asked.up_to(walked.until)
            parts = seen.parts or (seen.ids,)
            self._lengths.found(walked.number, parts, way.share)

    def _cost(self, way: Way, left: Stretch, missing: int) -> float:
        """What the rest of the page is expected to cost on that way, in events that are walked past."""
        there = way.share * self._known.expected(left.lowest, left.highest)
        return way.set_out + way.an_event * min(there, missing * way.share / self._fit_share)

    def _stride(self, way: Way, missing: int) -> int:
        fits = min(1.0, self._fit_share / way.share)
        if fits > 0.999 and not (way.takes_all or way.fitting):
            return missing
        longest = max(_LONGEST_STRIDE / min(1.0, way.an_event), 2 * missing)
        longest = min(longest, max((MOST_WALKED - self._past) / _counts_for(way), missing, _SHORTEST_STRIDE))
        spare = _SPARE if way.an_event >= 1.0 and not way.takes_all else _SPARE_WHERE_CHEAP
        # Keys that are asked may as well tell something; of a few nobody knows whether they are missing.
        shortest = max(way.a_step, _FEWEST) if way.takes_all else _SHORTEST_STRIDE
        return int(min(max(spare * missing / fits, missing, shortest), longest))

    def _leaps(self, way: Way, watched: Stretch) -> bool:
        """Whether what lies between `watched` and the next of the hours is leapt over."""
        hours, order = self._sifter.wanted.hours, self._order
        beyond = watched.last(order) + (-1 if order is Order.NEWEST else 1)
        following = None if hours is None or beyond < 0 else hours.stretch(EventId(beyond), order)
        if following is None:
            return False
        lowest, highest = sorted((EventId(beyond), following.first(order)))
        between = self._known.expected(lowest, highest) * way.share
        return between > _LEAP and between * way.an_event > way.set_out  # all keys are asked in each stretch

    def _cut(self, begun: Stretch, left: Stretch) -> Ended:
        """Stop before `left`, at the end of a millisecond: the event that was looked at last may be hidden, and its id
        would name it. Only where the walk has not come out of its first millisecond it does."""
        ids = np.concatenate(self._found)
        if self._order is Order.NEWEST:
            cursor = EventId(-(-(left.highest + 1) >> CAMERA_BITS) << CAMERA_BITS)
            cursor = cursor if cursor <= begun.highest else EventId(left.highest + 1)
            return Ended(ids[ids >= cursor], cursor, is_cut=True)
        cursor = EventId((left.lowest >> CAMERA_BITS << CAMERA_BITS) - 1)
        cursor = cursor if cursor >= begun.lowest else EventId(left.lowest - 1)
        return Ended(ids[ids <= cursor], cursor, is_cut=True)


def _counts_for(way: Way) -> float:
    """As how many events counts one that is walked past on that way."""
    return max(1.0, way.an_event / _USUAL)


def _with_events(connection: Connection, reach: Reach) -> Reach:
    """`reach` without its departments where these never had a camera: to somebody who sees none but those of others,
    the events of his department need not be looked for, and whose an event is need not be looked up."""
    if not reach.cameras.size or not reach.departments or len(reach.departments) > _FEW_DEPARTMENTS:
        return reach
    return reach if own_or_owned(connection, reach.departments) else reach.single_cameras


def _from(left: Stretch, first: EventId, order: Order) -> Stretch:
    """`left` without what comes before `first`."""
    return Stretch(left.lowest, first) if order is Order.NEWEST else Stretch(first, left.highest)
