"""A search that names what is hidden asks the database the same as one that names what never was: it takes as long."""

from typing import Any

import pytest
from sqlalchemy import event

from core.box import Point
from core.ids import CameraId, EventId
from core.line import LineId
from core.zone import Polygon, ZoneId
from events.index.event_filter import EventFilter
from events.index.search import search
from events.tallies.facets import facets
from registry import departments, lines, zones
from registry.db import Database
from registry.reach import Reach
from registry.spans import CameraSpan
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(1, 1)))
NEVER = 4_000_000


@pytest.fixture(scope="module")
def town(shared_database: Database) -> tuple[list[Reach], dict[str, Any]]:
    """Two who see one department or camera, and what there is in the other one."""
    with shared_database.write() as connection:
        mine, others = (departments.add(connection, name=f"department {n}").id for n in range(2))
        [seen] = add_cameras(connection, 1, department=mine)
        [hidden] = add_cameras(connection, 1, department=others)
        zone = zones.add(connection, hidden, name="gate", polygon=TRIANGLE).id
        line = lines.add(connection, hidden, name="stop", start=Point(0.5, 1), end=Point(0.5, 0)).id
    write(shared_database, [an_event(n, camera=one, at=after(n), zone=zone) for n, one in enumerate((seen, hidden))])
    reaches = [Reach(departments={mine: EventId(0)}), Reach(spans=[CameraSpan(seen)])]
    return reaches, {"cameras": hidden, "zones": zone, "lines": line}


NEVER_WAS = {"cameras": CameraId(NEVER), "zones": ZoneId(NEVER), "lines": LineId(NEVER)}


def naming(name: str, number: Any) -> EventFilter:
    found: dict[str, Any] = {name: frozenset({number})}
    return EventFilter(**found)


@pytest.mark.parametrize("name", list(NEVER_WAS))
def test_what_is_hidden_is_sought_like_what_never_was(
    shared_database: Database, town: tuple[list[Reach], dict[str, Any]], name: str
) -> None:
    reaches, hidden = town
    for reach in reaches:
        asked = _statements(shared_database, naming(name, hidden[name]), reach)
        assert asked == _statements(shared_database, naming(name, NEVER_WAS[name]), reach)
        assert asked


def _statements(database: Database, asked: EventFilter, reach: Reach) -> list[str]:
    """What the database is asked."""
    told: list[str] = []
    with database.read() as connection:
        search(connection, asked, reach=reach)  # what is kept for a minute is known from here on

        def note(*executed: Any) -> None:
            told.append(executed[2])

        event.listen(connection, "before_cursor_execute", note)
        assert not search(connection, asked, reach=reach).items
        assert not facets(connection, asked, reach).total
    return told
