"""The city is counted from what is kept of it, and what changed is counted at once."""

from dataclasses import dataclass, replace

import pytest

from core.camera import DepartmentId, Stream
from core.errors import NotFound
from core.ids import CameraId, EventId
from core.stream_state import StreamState, StreamStatus
from registry import cameras, departments, regions, stream_states, streams
from registry.catalogue.census import STATES_STAND_S, Census
from registry.catalogue.summary import Summary, Tally, summary
from registry.db import Database
from registry.departments import DEFAULT
from registry.reach import EVERYTHING, Reach
from registry.regions import Region
from registry.spans import CameraSpan
from registry.workers import WorkerId
from tests.support.builders import START, FakeClock, after


class GivenUp(Exception):
    """Ends a transaction."""


@dataclass
class Place:
    """A gate that is live, of the first department."""

    database: Database
    gate: Stream
    clock: FakeClock
    census: Census

    def counted(self, reach: Reach = EVERYTHING, within: str | None = None) -> Summary:
        with self.database.read() as connection:
            return self.census.summary(connection, reach=reach, within=within)

    def say(self, state: StreamState) -> None:
        with self.database.write() as connection:
            status = StreamStatus(self.gate.camera, self.gate.id, state, START, "")
            stream_states.put(connection, WorkerId(1), [status], after(1))

    def grow(self) -> CameraId:
        with self.database.write() as connection:
            return cameras.add(connection, name="another").id


def furnish(database: Database, *, many: int) -> Place:
    with database.write() as connection:
        camera = cameras.add(connection, name="gate")
        stream = streams.add(connection, camera.id, url="rtsp://10.0.0.1/a")
    clock = FakeClock()
    place = Place(database, stream, clock, Census(clock, many=many))
    place.say(StreamState.LIVE)
    assert place.counted().all == Tally(1, 1, 1)
    return place


@pytest.fixture
def village(database: Database) -> Place:
    """Fewer cameras than are many."""
    return furnish(database, many=10)


@pytest.fixture
def city(database: Database) -> Place:
    """More cameras than are many."""
    return furnish(database, many=0)


def test_a_new_camera_is_counted_at_once(city: Place) -> None:
    city.grow()
    assert city.counted().all == Tally(2, 2, 1)


def test_a_camera_that_is_switched_off_or_removed_is_counted_so_at_once(city: Place) -> None:
    number = city.grow()
    with city.database.write() as connection:
        cameras.change(connection, replace(cameras.get(connection, number), enabled=False), START)
    assert city.counted().all == Tally(2, 1, 1)
    with city.database.write() as connection:
        cameras.remove(connection, city.gate.camera, START)
    assert city.counted().all == Tally(1, 0, 0)


def test_new_names_of_departments_and_regions_are_told_at_once(city: Place) -> None:
    with city.database.write() as connection:
        departments.change(connection, replace(departments.get(connection, DEFAULT), name="Renamed"))
        regions.put(connection, Region("31", "Somewhere", None))
    found = city.counted()
    assert [one.name for one in found.by_department] == ["Renamed"]
    assert [one.name for one in found.by_region] == ["Somewhere"]


def test_a_few_cameras_states_are_counted_at_once(village: Place) -> None:
    village.say(StreamState.STALLED)
    assert village.counted().by_state == {StreamState.STALLED: 1}
    assert village.counted().all == Tally(1, 1, 0)


def test_many_cameras_states_stand_for_a_second(city: Place) -> None:
    city.say(StreamState.STALLED)
    assert city.counted().by_state == {StreamState.LIVE: 1}
    city.clock.advance(STATES_STAND_S)
    assert city.counted().by_state == {StreamState.STALLED: 1}


def test_each_reach_and_region_is_counted_for_itself(city: Place) -> None:
    number = city.grow()
    other = Reach(spans=[CameraSpan(number, EventId(0))])
    owned = Reach(departments={DEFAULT: EventId(0)})
    nothing = Reach(departments={DepartmentId(77): EventId(0)})
    with city.database.write() as connection:
        regions.put(connection, Region("31", "Somewhere", None))
        regions.put(connection, Region("3101", "Below", "31"))
    for _ in range(2):
        for reach in (EVERYTHING, other, owned, nothing):
            for within in (None, "31"):
                with city.database.read() as connection:
                    assert city.counted(reach, within) == summary(connection, reach=reach, within=within)
    assert city.counted(other).all == Tally(1, 1, 0)
    with pytest.raises(NotFound, match="no region 99"):
        city.counted(within="99")


def test_what_a_change_sees_of_itself_is_not_kept(city: Place) -> None:
    try:
        with city.database.write() as connection:
            cameras.add(connection, name="never")
            assert city.census.summary(connection).all.registered == 2
            raise GivenUp
    except GivenUp:
        pass
    with city.database.write() as connection:  # gives the same version to something else
        departments.add(connection, name="Aside")
    assert city.counted().all == Tally(1, 1, 1)


def test_what_was_read_before_a_change_is_not_kept_after_it(city: Place) -> None:
    with city.database.read() as before:
        assert city.census.summary(before).all.registered == 1
        city.grow()
        assert city.counted().all.registered == 2
        assert city.census.summary(before).all.registered == 1
    assert city.counted().all.registered == 2
