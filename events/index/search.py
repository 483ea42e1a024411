"""Searches events, newest first."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, select

from core.errors import BadInput, NotFound
from core.ids import EventId
from registry.page import Page

from .filters import EventFilter, Wanted, resolve
from .seek import newest_ids
from .stored import StoredEvent, read_events
from .tables import event

MOST_ITEMS: Final = 1_000
MOST_KEYS: Final = 2_000
"""So many cameras times labels are sought one by one; past that a walk over all events is quicker."""
MOST_WALKED: Final = 20_000
"""After so many events that did not fit a search stops, and says where."""
_STRIDE: Final = 2_000


def search(
    connection: Connection, asked: EventFilter, *, cursor: EventId | None = None, limit: int = 50
) -> Page[StoredEvent, EventId]:
    """Events that fit `asked`, newest first, below `cursor` (the `next` of the page before).

    A page may be short, even empty, and still have a next one: where few events fit, a search stops after walking past
    20,000 others. Raises `BadInput` for a limit outside 1 to 1,000.
    """
    if not 1 <= limit <= MOST_ITEMS:
        raise BadInput(f"limit is {limit}; expected 1 to {MOST_ITEMS}", field="limit")
    wanted = resolve(connection, asked)
    if wanted is None:
        return Page((), None)
    if cursor is not None:
        wanted = replace(wanted, highest=min(wanted.highest, EventId(cursor - 1)))
    ids, next_id = _walk(connection, _within_reach(wanted), limit)
    return Page(tuple(read_events(connection, ids)), next_id)


def get(connection: Connection, number: EventId) -> StoredEvent:
    """The event of that id. Raises `NotFound`."""
    found = read_events(connection, [number])
    if not found:
        raise NotFound(f"there is no event {number}")
    return found[0]


def _within_reach(wanted: Wanted) -> Wanted:
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


def _walk(connection: Connection, wanted: Wanted, limit: int) -> tuple[list[EventId], EventId | None]:
    """The ids of a page, and the cursor of the next one."""
    keys = (len(wanted.cameras) if wanted.cameras else 1) * (len(wanted.labels) if wanted.labels else 1)
    stride = limit + 1 if not wanted.others else max(limit + 1, _STRIDE // keys)
    fitting: list[EventId] = []
    highest, walked = wanted.highest, 0
    while True:
        candidates = newest_ids(
            connection,
            cameras=wanted.cameras,
            labels=wanted.labels,
            lowest=wanted.lowest,
            highest=highest,
            limit=stride,
        )
        fitting += _fitting(connection, wanted, candidates)
        if len(fitting) > limit:
            return fitting[:limit], fitting[limit - 1]
        if len(candidates) < stride:
            return fitting, None
        highest = EventId(candidates[-1] - 1)
        walked += max(len(candidates), keys)
        if walked >= MOST_WALKED:
            return fitting, candidates[-1]


def _fitting(connection: Connection, wanted: Wanted, candidates: list[EventId]) -> list[EventId]:
    """Those of `candidates` that fulfil the conditions which no index answers."""
    if not wanted.others or not candidates:
        return candidates
    statement = select(event.c.id).where(event.c.id.in_(candidates), *wanted.others).order_by(event.c.id.desc())
    return [EventId(number) for number in connection.scalars(statement)]
