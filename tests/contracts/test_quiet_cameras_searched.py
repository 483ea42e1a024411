"""The last event of a few cameras where hardly anything happens is found in a few steps, however long ago it was."""

import numpy as np
import pytest
from sqlalchemy import event

from core.ids import CAMERA_BITS, EventId
from events.index import walking
from events.index.densities import Densities
from events.index.event_filter import EventFilter, Order
from events.index.search import search
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write

THREE_YEARS = 3 * 365 * 86_400


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("number", [2, 4, 9])
@pytest.mark.parametrize("limit", [1, 5, 50])
def test_few_steps_lead_to_it(
    database: Database, monkeypatch: pytest.MonkeyPatch, number: int, limit: int, order: Order
) -> None:
    with database.write() as connection:
        *quiet, other = add_cameras(connection, number + 1)
    middle = an_event(1, camera=quiet[0], at=after(THREE_YEARS / 2))
    ends = [an_event(2 + n, camera=other, at=after(at)) for n, at in enumerate((0, THREE_YEARS))]
    asked_for, first, last = write(database, [middle, *ends])
    busy_city = Densities(
        lowest=EventId(first >> CAMERA_BITS << CAMERA_BITS),
        highest=last,
        a_day=333_000.0,
        words=np.empty((0, 3), np.int64),
        counts=np.empty(0, np.float64),
        owners={},
        cameras=100_000,
    )
    monkeypatch.setattr(walking, "densities", lambda _: busy_city)
    statements: list[str] = []

    def hear(_1: object, _2: object, statement: str, *_: object) -> None:
        statements.append(statement)

    with database.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", hear)
        page = search(connection, EventFilter(cameras=frozenset(quiet)), limit=limit, order=order)
        event.remove(connection.engine, "before_cursor_execute", hear)
    assert [one.event.id for one in page.items] == [asked_for]
    assert len(statements) < 20
