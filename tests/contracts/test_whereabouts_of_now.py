"""Where cameras are is known from memory as each connection sees it, and never as another one does."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pytest
from sqlalchemy import Connection

from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.errors import NotFound
from core.ids import CameraId, EventId
from events.index.event_filter import EventFilter
from events.index.search import search
from registry import cameras, departments, regions
from registry.catalogue.areas import Box
from registry.catalogue.ever_owned import ever_owned
from registry.catalogue.filter import CameraFilter
from registry.catalogue.known_whereabouts import REST_S, KnownWhereabouts, known_whereabouts, steady_owners
from registry.catalogue.meant import MeantCameras, SoughtCameras
from registry.catalogue.whereabouts import read_whereabouts
from registry.db import Database
from registry.owners import Owners
from registry.reach import EVERYTHING, Reach
from registry.regions import Region
from registry.version import current
from tests.support.builders import FakeClock, after, an_event
from tests.support.happenings import write

HERE: Final = CameraFacts(region="31", longitude=121.47, latitude=31.23)
ELSEWHERE: Final = CameraFacts(region="02", longitude=114.3, latitude=30.6)
BOX: Final = Box(121, 31, 122, 32)


@dataclass(frozen=True)
class Town:
    """Two cameras, one of them `HERE`."""

    database: Database
    here: CameraId
    elsewhere: CameraId
    other: DepartmentId

    def found(self, reach: Reach = EVERYTHING) -> list[int]:
        """The cameras `HERE`, in a transaction of its own."""
        with self.database.read() as connection:
            return found(connection, reach)

    def move(self, number: CameraId, facts: CameraFacts) -> None:
        with self.database.write() as connection:
            cameras.change(connection, cameras.get(connection, number), after(1), facts=facts)


def found(connection: Connection, reach: Reach = EVERYTHING) -> list[int]:
    [by_box, by_region] = [MeantCameras.of(box=BOX), MeantCameras.of(region="31")]
    assert by_box is not None
    assert by_region is not None
    ids = SoughtCameras(connection, by_box, reach).all().tolist()
    assert SoughtCameras(connection, by_region, reach).all().tolist() == ids
    return list(ids)


@pytest.fixture
def town(database: Database) -> Town:
    with database.write() as connection:
        for code in ("02", "31"):
            regions.put(connection, Region(code, code))
        other = departments.add(connection, name="other").id
        here, elsewhere = (
            cameras.add(connection, name=name, facts=facts).id for name, facts in (("a", HERE), ("b", ELSEWHERE))
        )
    return Town(database, here, elsewhere, other)


def test_each_change_of_cameras_is_seen_by_the_next_search(town: Town) -> None:
    of_other = Reach(departments={town.other: EventId(0)})
    assert (town.found(), town.found(of_other)) == ([town.here], [])
    town.move(town.elsewhere, HERE)
    assert town.found() == [town.here, town.elsewhere]
    town.move(town.here, ELSEWHERE)
    assert town.found() == [town.elsewhere]
    with town.database.write() as connection:
        moved = replace(cameras.get(connection, town.elsewhere), department=town.other)
        cameras.change(connection, moved, after(2))
    assert town.found(of_other) == [town.elsewhere]
    with town.database.write() as connection:
        cameras.remove(connection, town.elsewhere, after(3))
        new = cameras.add(connection, name="c", facts=HERE).id
    assert town.found() == [town.elsewhere, new]
    with town.database.write() as connection:
        regions.put(connection, Region("77", "new"))
        regions.put(connection, Region("31", "31", parent="77"))
    with town.database.read() as connection:
        around = MeantCameras.of(region="77")
        assert around is not None
        assert SoughtCameras(connection, around, EVERYTHING).all().tolist() == [town.elsewhere, new]


def test_events_are_found_where_their_camera_is_now(town: Town) -> None:
    write(town.database, [an_event(1, camera=town.here, at=after(0)), an_event(2, camera=town.elsewhere, at=after(9))])

    def times() -> list[float]:
        with town.database.read() as connection:
            page = search(connection, EventFilter(box=BOX), reach=EVERYTHING).items
        return [(one.event.started_at - after(0)).total_seconds() for one in page]

    assert times() == [0]
    town.move(town.elsewhere, HERE)
    assert times() == [9, 0]
    town.move(town.here, ELSEWHERE)
    assert times() == [9]


def test_each_new_version_is_read_once_it_is_time(town: Town) -> None:
    clock = FakeClock()
    kept = KnownWhereabouts(clock.monotonic)
    for facts in (ELSEWHERE, HERE, ELSEWHERE):
        town.move(town.here, facts)
        clock.advance(REST_S)
        with town.database.read() as connection:
            whereabouts = kept.at(current(connection), lambda: read_whereabouts(connection))
            assert whereabouts is not None
            assert whereabouts.fitting(CameraFilter(box=BOX, removed=None)).tolist() == found(connection)


def test_who_changes_something_asks_the_database(town: Town) -> None:
    assert town.found() == [town.here]
    with suppress(InterruptedError), town.database.write() as connection:
        assert known_whereabouts(connection) is None
        cameras.change(connection, cameras.get(connection, town.elsewhere), after(1), facts=HERE)
        assert found(connection) == [town.here, town.elsewhere]
        raise InterruptedError("nothing stays")
    assert town.found() == [town.here]
    with town.database.write() as connection:  # by the version that was given up
        cameras.change(connection, cameras.get(connection, town.here), after(1), facts=ELSEWHERE)
    assert town.found() == []


def test_who_sees_an_older_state_gets_nothing_newer(town: Town) -> None:
    with town.database.read() as older:
        version = current(older)
        town.move(town.here, ELSEWHERE)
        with town.database.read() as newer:
            assert current(newer) > version
            assert known_whereabouts(newer) is not None  # the first reading of all
            assert found(newer) == []
        assert known_whereabouts(older) is None
        assert found(older) == [town.here]
        assert ever_owned(older, np.array([town.here]), [departments.DEFAULT]).tolist() == [town.here]
        with town.database.read() as newer:
            assert known_whereabouts(newer) is not None


def test_what_was_read_of_an_older_state_is_not_what_is_now(town: Town) -> None:
    with town.database.read() as older:
        assert found(older) == [town.here]  # read first
        town.move(town.here, ELSEWHERE)
        assert town.found() == []
        assert known_whereabouts(older) is not None
        assert found(older) == [town.here]


def test_a_former_owner_is_one_as_soon_as_the_camera_has_moved(town: Town) -> None:
    numbers = np.array([town.here, town.elsewhere])

    def owned(by: DepartmentId) -> list[int]:
        with town.database.read() as connection:
            return list(ever_owned(connection, numbers, [by]).tolist())

    assert owned(town.other) == []
    with town.database.write() as connection:
        cameras.change(connection, replace(cameras.get(connection, town.here), department=town.other), after(1))
    assert owned(town.other) == [town.here]
    assert owned(departments.DEFAULT) == [town.here, town.elsewhere]
    with town.database.read() as connection:
        whereabouts = read_whereabouts(connection)
    assert whereabouts.ever_owned(numbers, [departments.DEFAULT]).tolist() == [town.here, town.elsewhere]
    assert whereabouts.ever_owned(numbers, [town.other]).tolist() == [town.here]


def test_steady_owners_are_told_of_what_is_known_alone_and_as_it_is_now(town: Town) -> None:
    def steady(*numbers: CameraId) -> dict[CameraId, DepartmentId] | None:
        with town.database.read() as connection:
            return steady_owners(connection, numbers)

    assert steady(town.here) is None  # nothing was read yet
    town.found()
    both = {town.here: departments.DEFAULT, town.elsewhere: departments.DEFAULT}
    assert steady(town.here, town.elsewhere) == both
    assert steady(town.elsewhere, CameraId(4_000_000)) == {town.elsewhere: departments.DEFAULT}
    with town.database.write() as connection:
        assert steady_owners(connection, [town.here]) is None
        cameras.change(connection, replace(cameras.get(connection, town.here), department=town.other), after(1))
    assert steady(town.elsewhere) is None  # of another version


def test_who_moved_has_no_steady_owner(town: Town) -> None:
    with town.database.write() as connection:
        cameras.change(connection, replace(cameras.get(connection, town.here), department=town.other), after(1))
    town.found()
    with town.database.read() as connection:
        assert steady_owners(connection, [town.here, town.elsewhere]) is None
        assert steady_owners(connection, [town.elsewhere]) == {town.elsewhere: departments.DEFAULT}
        moved = Owners(connection, {town.here})
        assert moved.at(town.here, after(0)) == departments.DEFAULT
        assert moved.at(town.here, after(2)) == town.other
        assert Owners(connection, {town.elsewhere}).at(town.elsewhere, after(0)) == departments.DEFAULT
        with pytest.raises(NotFound, match="no camera 4000000"):
            Owners(connection, {town.elsewhere, CameraId(4_000_000)})
