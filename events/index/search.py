"""Searches events, newest or oldest first."""

from datetime import datetime
from typing import Final

import numpy as np
from sqlalchemy import Connection

from core.errors import BadInput, NotFound
from core.ids import EventId, event_time
from registry.reach import EVERYTHING, Reach

from .event_filter import EventFilter, Order
from .filters import resolve
from .found import Fitting, Found
from .stored import StoredEvent, read_events
from .walking import Ended, Walk

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
    about 20,000 others, or fewer where they cost more. Raises `BadInput` for a limit outside 1 to 1,000.
    """
    if not 1 <= limit <= MOST_ITEMS:
        raise BadInput(f"limit is {limit}; expected 1 to {MOST_ITEMS}", field="limit")
    ended = _ended(connection, asked, reach, cursor, limit, order)
    items = read_events(connection, [EventId(number) for number in ended.ids.tolist()])
    return Found(tuple(items), ended.next, _searched_to(ended, order))


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
    ended = _ended(connection, asked, reach, cursor, limit, order)
    return Fitting(ended.ids, ended.next is None, ended.next)


def get(connection: Connection, number: EventId) -> StoredEvent:
    """The event of that id. Raises `NotFound`."""
    found = read_events(connection, [number])
    if not found:
        raise NotFound(f"there is no event {number}")
    return found[0]


def _ended(
    connection: Connection, asked: EventFilter, reach: Reach, cursor: EventId | None, limit: int, order: Order
) -> Ended:
    wanted = resolve(connection, asked)
    if wanted is None or reach.is_nothing:
        return Ended(np.empty(0, np.int64), None)
    return Walk(connection, wanted, reach, order).to(limit, cursor)


def _searched_to(ended: Ended, order: Order) -> datetime | None:
    if not ended.is_cut or ended.next is None:
        return None
    return event_time(ended.next if order is Order.NEWEST else EventId(ended.next + 1))
