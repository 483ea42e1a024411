"""Uptime as CSV, page by page."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from itertools import chain
from typing import Any, Final

from core.ids import LAST_CAMERA
from core.spell import NotWatched
from core.stream_state import StreamState
from registry.db import Database
from registry.idempotency import Transaction
from registry.page import Page
from registry.uptime.answers import uptimes
from registry.uptime.asked import By, Order, Period, Uptime, Which
from registry.uptime.days import Days

_AT_ONCE: Final = 1000
_STATES: Final = (*StreamState, *NotWatched)
_HEAD: Final = ("name", "share", "online_s", "watched_s", *(f"{state.value}_s" for state in _STATES))
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK: Final = "\ufeff"


def uptime_csv(
    database: Database,
    days: Days,
    now: datetime,
    by: By,
    order: Order,
    period: Period,
    which: Callable[[Transaction], Which],
) -> Iterator[str]:
    """The lines of the file, some at a time, of `which` holds when they are read; the first page is read before this
    returns, so that what is wrong with the question is told. Raises `NotFound` for an unknown region."""
    pages = _pages(database, days, now, by, order, period, which)
    first = next(pages)
    return chain([_BYTE_ORDER_MARK + _lines([(by.value, *_HEAD)]), _lines(_rows(first))], map(_page_lines, pages))


def plain(text: str) -> str:
    """`text` as a spreadsheet takes it for text, whatever it begins with."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _pages(
    database: Database,
    days: Days,
    now: datetime,
    by: By,
    order: Order,
    period: Period,
    which: Callable[[Transaction], Which],
) -> Iterator[Page[Uptime, int]]:
    cursor: int | None = None
    # Where the worst comes first all have to be looked at for each page.
    limit = LAST_CAMERA if order is Order.SHARE else _AT_ONCE
    while True:
        # A transaction a page: who downloads slowly must not hold one.
        with database.read() as connection:
            page = uptimes(connection, days, now, by, order, period, which(connection), cursor=cursor, limit=limit)
        yield page
        cursor = page.next
        if cursor is None:
            return


def _page_lines(page: Page[Uptime, int]) -> str:
    return _lines(_rows(page))


def _rows(page: Page[Uptime, int]) -> Iterator[tuple[Any, ...]]:
    for one in page.items:
        share = "" if one.share is None else f"{one.share:.6f}"
        states = (one.by_state.get(state, 0) / 1000 for state in _STATES)
        yield plain(one.key), plain(one.name), share, one.online_ms / 1000, one.watched_ms / 1000, *states


def _lines(rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
