"""The event index takes each version once, under an id that no other event has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.camera import DepartmentId
from core.errors import NotFound
from core.event import EndReason, Event
from core.ids import CameraId, EventId, next_millisecond
from core.rule import Severity
from events.index import changes
from events.index.search import get
from events.index.stored import StoredEvent
from registry import cameras, departments
from registry.db import Database
from tests.support.builders import START, after, an_event
from tests.support.happenings import add_cameras, put_events, write


@pytest.fixture
def camera(database: Database) -> CameraId:
    with database.write() as connection:
        return add_cameras(connection, 1)[0]


def read(database: Database, event: EventId) -> StoredEvent:
    with database.read() as connection:
        return get(connection, event)


def changed(database: Database) -> list[tuple[EventId, int]]:
    with database.read() as connection:
        return [(change.event, change.version) for change in changes.since(connection, 0, 1000)]


def test_an_event_comes_back_as_it_was_written(database: Database, camera: CameraId) -> None:
    event = an_event(camera=camera, severity=Severity.HIGH, score=0.8765, end_reason=EndReason.LEFT)
    assert write(database, [event]) == [event.id]
    stored = read(database, event.id)
    assert stored.event == event
    assert (stored.camera_name, stored.department, stored.department_name) == ("camera 1-1", 1, "City")
    assert (stored.zone_name, stored.media) == (None, ())


def test_an_event_that_is_not_there_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound, match="no event 5"):
        read(database, EventId(5))


def test_each_version_is_told_to_the_followers_in_order(database: Database, camera: CameraId) -> None:
    first, other = an_event(1, camera=camera), an_event(2, camera=camera, at=after(5))
    write(database, [first, other])
    write(database, [replace(first, version=2)])
    assert changed(database) == [(first.id, 1), (other.id, 1), (first.id, 2)]


def test_a_repeat_changes_nothing_and_is_not_told(database: Database, camera: CameraId) -> None:
    event = an_event(camera=camera)
    assert write(database, [event]) == write(database, [event]) == [event.id]
    assert changed(database) == [(event.id, 1)]


def test_a_lower_version_changes_nothing(database: Database, camera: CameraId) -> None:
    newer = an_event(camera=camera, version=3, score=0.9)
    write(database, [newer])
    assert write(database, [replace(newer, version=2, score=0.1)]) == [newer.id]
    assert read(database, newer.id).event == newer


def test_a_higher_version_replaces_what_it_knows_better(database: Database, camera: CameraId) -> None:
    write(database, [an_event(camera=camera)])
    newer = an_event(camera=camera, version=2, label="car", score=0.9, lasted_s=60, end_reason=EndReason.LEFT)
    write(database, [newer])
    assert read(database, newer.id).event == newer


def test_several_versions_in_one_batch_leave_the_newest(database: Database, camera: CameraId) -> None:
    event = an_event(camera=camera)
    versions = [replace(event, version=number, score=number / 10) for number in (1, 3, 2)]
    assert write(database, versions) == [event.id] * 3
    assert read(database, event.id).event == versions[1]
    assert changed(database) == [(event.id, 1), (event.id, 3)]


def test_the_same_id_of_another_origin_goes_to_the_next_free_millisecond(database: Database, camera: CameraId) -> None:
    first, second, third = (an_event(n, camera=camera) for n in (1, 2, 3))
    write(database, [first])
    moved = next_millisecond(first.id)
    assert write(database, [second, third]) == [moved, next_millisecond(moved)]
    assert read(database, moved).event.started_at == START + timedelta(milliseconds=1)


def test_the_same_number_of_a_later_epoch_is_another_event(database: Database, camera: CameraId) -> None:
    ids = write(database, [an_event(1, camera=camera, epoch=1), an_event(1, camera=camera, epoch=2)])
    assert len(set(ids)) == 2


def test_a_moved_event_is_found_again_under_its_first_and_its_final_id(database: Database, camera: CameraId) -> None:
    first, second = an_event(1, camera=camera), an_event(2, camera=camera)
    final = write(database, [first, second])[1]
    by_first_id = replace(second, version=2, score=0.6)
    by_final_id = replace(second, id=final, version=3, score=0.7)
    assert write(database, [by_first_id]) == [final]
    assert read(database, final).event.score == 0.6
    assert write(database, [by_final_id]) == [final]
    assert read(database, final).event.score == 0.7


def test_a_moved_event_does_not_end_before_it_starts(database: Database, camera: CameraId) -> None:
    short = an_event(2, camera=camera, lasted_s=0, end_reason=EndReason.LEFT)
    final = write(database, [an_event(1, camera=camera), short])[1]
    stored = read(database, final).event
    assert stored.ended_at == stored.last_seen_at == stored.started_at == START + timedelta(milliseconds=1)


def test_no_id_is_used_twice_after_the_clock_was_set_back(database: Database, camera: CameraId) -> None:
    before = [an_event(n, camera=camera, at=after(n / 1000)) for n in range(1, 51)]
    again = [an_event(n, camera=camera, epoch=2, at=after(n / 1000)) for n in range(1, 51)]
    ids = write(database, before) + write(database, again)
    assert len(set(ids)) == 100
    for id_, event in zip(ids, before + again, strict=True):
        assert read(database, id_).event.origin == event.origin


def test_started_at_is_kept_in_milliseconds(database: Database, camera: CameraId) -> None:
    event = an_event(camera=camera, at=START + timedelta(microseconds=1999))
    write(database, [event])
    stored = read(database, event.id).event
    assert stored.started_at == START + timedelta(milliseconds=1)
    assert stored.last_seen_at == event.last_seen_at


def test_an_event_of_a_camera_that_never_was_is_refused_with_its_batch(database: Database, camera: CameraId) -> None:
    with pytest.raises(NotFound, match="camera 99"):
        write(database, [an_event(camera=camera), an_event(camera=CameraId(99))])
    assert changed(database) == []


def test_nothing_of_a_batch_is_left_when_its_transaction_fails(database: Database, camera: CameraId) -> None:
    event = an_event(camera=camera, label="zebra", rule_name="never seen before")

    def write_and_fail() -> None:
        with database.write() as connection:
            put_events(connection, [event])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert changed(database) == []
    write(database, [an_event(9, camera=camera, label="giraffe")])
    write(database, [replace(event, id=an_event(camera=camera, at=after(9)).id)])
    assert read(database, an_event(camera=camera, at=after(9)).id).event.label == "zebra"


def test_no_events_are_no_work(database: Database) -> None:
    assert write(database, []) == []


class TestOwner:
    """An event belongs for ever to the department that owned the camera when it started."""

    @pytest.fixture
    def water(self, database: Database) -> DepartmentId:
        with database.write() as connection:
            return departments.add(connection, name="Water").id

    def move(self, database: Database, camera: CameraId, department: DepartmentId, seconds: float) -> None:
        with database.write() as connection:
            moved = replace(cameras.get(connection, camera), department=department)
            cameras.change(connection, moved, after(seconds))

    def owner(self, database: Database, event: Event) -> DepartmentId:
        write(database, [event])
        return read(database, event.id).department

    def test_it_keeps_its_owner_when_the_camera_moves(
        self, database: Database, camera: CameraId, water: DepartmentId
    ) -> None:
        event = an_event(camera=camera)
        write(database, [event])
        self.move(database, camera, water, 10)
        assert self.owner(database, replace(event, version=2)) == departments.DEFAULT

    def test_one_that_arrives_late_belongs_to_who_owned_the_camera_then(
        self, database: Database, camera: CameraId, water: DepartmentId
    ) -> None:
        self.move(database, camera, water, 10)
        self.move(database, camera, departments.DEFAULT, 20)
        assert self.owner(database, an_event(1, camera=camera, at=after(9.999))) == departments.DEFAULT
        assert self.owner(database, an_event(2, camera=camera, at=after(10))) == water
        assert self.owner(database, an_event(3, camera=camera, at=after(20))) == departments.DEFAULT

    def test_events_of_a_removed_camera_stay_readable(self, database: Database, camera: CameraId) -> None:
        event = an_event(camera=camera)
        write(database, [event])
        with database.write() as connection:
            cameras.remove(connection, camera, after(60))
        assert read(database, event.id).camera_name == "camera 1-1"
        late = an_event(2, camera=camera, at=after(1))
        assert write(database, [late]) == [late.id]
