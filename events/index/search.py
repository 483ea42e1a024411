"""Searches events, newest first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from sqlalchemy import Connection, select

from core.errors import BadInput, NotFound
from core.ids import EventId, event_time
from registry.reach import EVERYTHING, Reach

from .event_filter import EventFilter, Order
from .filters import resolve
from .found import Fitting, Found
from .steps import MOST_WALKED, Way, way_over_all, way_within
from .stored import StoredEvent, read_events
from .tables import event

MOST_ITEMS: Final = 1_000


def search(
    connection: Connection,
    asked: EventFilter,
    *,
    reach: Reach = EVERYTHING,
    cursor: EventId | None = None,
    limit: int = 50,
    order: Order = Order.NEWEST,
) -> Found:
    """Events within `reach` that fit `asked`, in `order`, after `cursor` (the `next` of the page before).

    A page may be short, even empty, and still have a next one: where few events fit, a search stops after walking past
    20,000 others. Raises `BadInput` for a limit outside 1 to 1,000.
    """
    if not 1 <= limit <= MOST_ITEMS:
        raise BadInput(f"limit is {limit}; expected 1 to {MOST_ITEMS}", field="limit")
    ids, next_id = _ids(connection, asked, reach, cursor, limit, order)
    searched_to = None if next_id is None or len(ids) == limit else event_time(next_id)
    return Found(tuple(read_events(connection, ids)), next_id, searched_to)


def fitting(
    connection: Connection,
    asked: EventFilter,
    *,
    reach: Reach,
    limit: int,
    order: Order = Order.NEWEST,
    cursor: EventId | None = None,
) -> Fitting:
    """The ids of the first `limit` events within `reach` that fit `asked`, in `order`, after `cursor`.

    There may be fewer though not all was looked at, as in `search`.
    """
    ids, next_id = _ids(connection, asked, reach, cursor, limit, order)
    return Fitting(np.array(ids, np.int64), next_id is None, next_id)


def _ids(
    connection: Connection, asked: EventFilter, reach: Reach, cursor: EventId | None, limit: int, order: Order
) -> tuple[list[EventId], EventId | None]:
    if order is Order.OLDEST:
        raise NotImplementedError("oldest first")
    wanted = resolve(connection, asked, reach)
    if wanted is None or reach.is_nothing:
        return [], None
    if cursor is not None:
        wanted = replace(wanted, highest=min(wanted.highest, EventId(cursor - 1)))
    way = way_over_all(connection, wanted, limit) if reach.is_all else way_within(connection, wanted, reach, limit)
    return _walk(connection, way, limit)


def get(connection: Connection, number: EventId) -> StoredEvent:
    """The event of that id. Raises `NotFound`."""
    found = read_events(connection, [number])
    if not found:
        raise NotFound(f"there is no event {number}")
    return found[0]


def _walk(connection: Connection, way: Way, limit: int) -> tuple[list[EventId], EventId | None]:
    """The ids of a page, and the cursor of the next one."""
    fitting: list[EventId] = []
    walked = 0
    for step in way.steps:
        fitting += _fitting(connection, way, step.ids)
        if len(fitting) > limit:
            return fitting[:limit], fitting[limit - 1]
        walked += step.walked
        if step.down_to is not None and walked >= MOST_WALKED:
            return fitting, step.down_to
    return fitting, None


def _fitting(connection: Connection, way: Way, candidates: Sequence[EventId]) -> Sequence[EventId]:
    """Those of `candidates` that fulfil the conditions which no index answers."""
    if not candidates or not (way.wanted.others or way.reach):
        return candidates
    columns = event.c.id, event.c.camera, event.c.department
    statement = select(*columns).where(event.c.id.in_(candidates), *way.wanted.others).order_by(event.c.id.desc())
    rows = np.array([tuple(row) for row in connection.execute(statement)], np.int64).reshape(-1, 3)
    if way.reach is not None:
        rows = rows[way.reach.has_events(rows[:, 0], rows[:, 1], rows[:, 2])]
    return [EventId(number) for number in rows[:, 0].tolist()]
