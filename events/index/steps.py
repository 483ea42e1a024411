"""The ways to walk through events, newest first: over all of them, by the keys that are sought, or past a screen.

Each way is a generator of steps, which a search takes one after the other until its page is full.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from core.ids import CAMERA_BITS, EventId
from registry.reach import Reach

from .filters import Wanted
from .keyed import newest_ids_within
from .reach_keys import KeyGroup, keys_of_reach, keys_of_spans
from .screen import screened
from .seek import newest_ids
from .tables import event

MOST_KEYS: Final = 2_000
"""So many keys times labels are sought one by one; past that a walk over all events is quicker."""
MOST_WALKED: Final = 20_000
"""After so many events that did not fit a search stops, and says where."""
_STRIDE: Final = 2_000
_KEYED_STRIDE: Final = 500
_FEWEST_SCREENED: Final = 500
_MOST_SCREENED: Final = 4_000


@dataclass(frozen=True, slots=True)
class Step:
    """Some events on the way."""

    ids: Sequence[EventId]
    """Those that may fit, newest first."""
    walked: int
    """How many it took to find them."""
    down_to: EventId | None
    """Those from this one on have been seen; None: there are none below."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the events of a search are come by."""

    steps: Iterator[Step]
    wanted: Wanted
    """What is left to be asked of them."""
    reach: Reach | None = None
    """Each must still be within it; None: they are."""


def way_over_all(connection: Connection, wanted: Wanted, limit: int) -> Way:
    """The way to everything."""
    wanted = _sought(wanted)
    return Way(_steps_over_all(connection, wanted, limit), wanted)


def way_within(connection: Connection, wanted: Wanted, reach: Reach, limit: int) -> Way:
    """The way to what is within `reach`."""
    if wanted.spans is None:
        groups = keys_of_reach(reach, wanted.lowest, wanted.highest)
    else:
        groups = keys_of_spans(wanted.spans, wanted.lowest, wanted.highest)
    keys = sum(map(len, groups))
    if keys > MOST_KEYS:
        if wanted.cameras is not None:
            named = event.c.camera.in_(wanted.cameras)
            wanted = replace(wanted, cameras=None, others=(*wanted.others, named))
        return Way(_screened_steps(connection, wanted, reach, limit), wanted)
    if wanted.labels is not None and keys * len(wanted.labels) > MOST_KEYS:
        wanted = replace(wanted, others=(*wanted.others, event.c.label.in_(wanted.labels)), labels=None)
    must_check = reach if wanted.spans is not None else None
    return Way(_keyed_steps(connection, wanted, groups, limit), wanted, must_check)


def _sought(wanted: Wanted) -> Wanted:
    """With too many keys to seek each, labels and then cameras become mere conditions."""
    cameras, labels, others = wanted.cameras, wanted.labels, wanted.others
    if cameras is not None and labels is not None and len(cameras) * len(labels) > MOST_KEYS:
        if len(cameras) <= MOST_KEYS:
            others, labels = (*others, event.c.label.in_(labels)), None
        else:
            others, cameras = (*others, event.c.camera.in_(cameras)), None
    if cameras is not None and len(cameras) > MOST_KEYS:
        others, cameras = (*others, event.c.camera.in_(cameras)), None
    return replace(wanted, cameras=cameras, labels=labels, others=others)


def _steps_over_all(connection: Connection, wanted: Wanted, limit: int) -> Iterator[Step]:
    keys = (len(wanted.cameras) if wanted.cameras else 1) * (len(wanted.labels) if wanted.labels else 1)
    stride = limit + 1 if not wanted.others else max(limit + 1, _STRIDE // keys)
    highest: EventId | None = wanted.highest
    while highest is not None:
        ids = newest_ids(
            connection,
            cameras=wanted.cameras,
            labels=wanted.labels,
            lowest=wanted.lowest,
            highest=highest,
            limit=stride,
        )
        step = _step(ids, stride, keys)
        yield step
        highest = _below(step.down_to)


def _keyed_steps(connection: Connection, wanted: Wanted, groups: Sequence[KeyGroup], limit: int) -> Iterator[Step]:
    keys = sum(map(len, groups)) * (len(wanted.labels) if wanted.labels else 1)
    stride = limit + 1 if not wanted.others else max(limit + 1, _KEYED_STRIDE)
    highest: EventId | None = wanted.highest
    while highest is not None:
        ids = newest_ids_within(
            connection, groups, labels=wanted.labels, lowest=wanted.lowest, highest=highest, limit=stride
        )
        step = _step(ids, stride, keys)
        yield step
        highest = _below(step.down_to)


def _screened_steps(connection: Connection, wanted: Wanted, reach: Reach, limit: int) -> Iterator[Step]:
    stride = max(4 * limit, _FEWEST_SCREENED)
    highest: EventId | None = wanted.highest
    while highest is not None:
        found = screened(connection, reach, labels=wanted.labels, lowest=wanted.lowest, highest=highest, limit=stride)
        down_to = None if found.lowest is None else _after_its_millisecond(found.lowest, highest)
        ids = [EventId(number) for number in found.ids.tolist() if down_to is None or number >= down_to]
        yield Step(ids, found.walked, down_to)
        highest, stride = _below(down_to), min(2 * stride, _MOST_SCREENED)


def _after_its_millisecond(lowest: EventId, highest: EventId) -> EventId:
    """Where a step ends that came down to `lowest`: that event may be hidden, and its id names it. So the step ends
    with the millisecond above, if there is one in it."""
    above = EventId(((lowest >> CAMERA_BITS) + 1) << CAMERA_BITS)
    return above if above <= highest else lowest


def _step(ids: Sequence[EventId], stride: int, keys: int) -> Step:
    return Step(ids, max(len(ids), keys), ids[-1] if len(ids) >= stride else None)


def _below(down_to: EventId | None) -> EventId | None:
    return None if down_to is None else EventId(down_to - 1)
