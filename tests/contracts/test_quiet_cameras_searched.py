"""The last event of a few cameras where hardly anything happens is found in a few steps, however long ago it was."""

import pytest

from core.ids import CAMERA_BITS, EventId
from events.index import walking
from events.index.event_filter import EventFilter, Order
from events.index.search import search
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.expecting import a_city
from tests.support.happenings import add_cameras, write
from tests.support.statements import said

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
    busy_city = a_city(EventId(first >> CAMERA_BITS << CAMERA_BITS), last, a_day=333_000.0, cameras=100_000)
    monkeypatch.setattr(walking, "densities", lambda _: busy_city)
    with database.read() as connection, said() as statements:
        page = search(connection, EventFilter(cameras=frozenset(quiet)), limit=limit, order=order)
    assert [one.event.id for one in page.items] == [asked_for]
    assert len(statements) < 20
