"""Who owned a camera once finds its events of then, but not by where it stands and what it is called since."""

from dataclasses import replace
from typing import Any

import pytest

from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.ids import EventId
from core.place import Place
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.sieve import Sieve
from registry import cameras, departments, regions
from registry.catalogue.areas import Around, Box
from registry.db import Database
from registry.reach import EVERYTHING, Reach
from registry.regions import Region
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write

HERE: list[dict[str, Any]] = [
    {"q": "secret"},
    {"region": "31"},
    {"box": Box(121, 31, 122, 32)},
    {"around": Around(Place(121.47, 31.23), 500)},
    {"polygon": ((121, 31), (122, 31), (121.5, 32))},
]
"""What finds the camera by what is known of it now."""


@pytest.fixture(scope="module")
def owners(shared_database: Database) -> tuple[DepartmentId, DepartmentId]:
    """Who owned the camera first, and who owns it since."""
    with shared_database.write() as connection:
        regions.put(connection, Region("31", "Shanghai", None))
        first, second = (departments.add(connection, name=f"department {n}").id for n in range(2))
        [camera] = add_cameras(connection, 1, department=first)
    write(shared_database, [an_event(1, camera=camera, at=after(0))])
    facts = CameraFacts(region="31", address="a secret place", longitude=121.47, latitude=31.23)
    with shared_database.write() as connection:
        moved = replace(cameras.get(connection, camera), department=second)
        cameras.change(connection, moved, after(100), facts=facts)
    write(shared_database, [an_event(2, camera=camera, at=after(200))])
    return first, second


def seconds(database: Database, reach: Reach, **asked: Any) -> list[float]:
    with database.read() as connection:
        found = search(connection, EventFilter(**asked), reach=reach).items
    return [(one.event.started_at - after(0)).total_seconds() for one in found]


@pytest.mark.parametrize("asked", HERE, ids=lambda asked: str(*asked))
def test_a_former_owner_is_not_told_by_a_filter_what_the_camera_is_now(
    shared_database: Database, owners: tuple[DepartmentId, DepartmentId], asked: dict[str, Any]
) -> None:
    first, second = (Reach(departments={one: EventId(0)}) for one in owners)
    assert seconds(shared_database, first) == [0]
    assert seconds(shared_database, first, **asked) == []
    assert seconds(shared_database, second, **asked) == [200]
    both = Reach(departments=dict.fromkeys(owners, EventId(0)))
    for whoever in (both, EVERYTHING):
        assert seconds(shared_database, whoever, **asked) == [200, 0]


@pytest.mark.parametrize("asked", HERE, ids=lambda asked: str(*asked))
def test_nor_does_a_sieve_tell_it_that_is_made_for_a_former_owner(
    shared_database: Database, owners: tuple[DepartmentId, DepartmentId], asked: dict[str, Any]
) -> None:
    with shared_database.read() as connection:
        [new, old] = search(connection, EventFilter()).items
        for owner, is_told in zip(owners, (False, True), strict=True):
            reach = Reach(departments={owner: EventId(0)})
            sieve = Sieve.of(connection, EventFilter(**asked), now=after(0), reach=reach)
            assert [sieve.fits(old), sieve.fits(new)] == [is_told, is_told]
