"""What is shown as held is what is held now, though it is worked out once only."""

from dataclasses import replace

import pytest

from core.camera import DepartmentId
from core.ids import CameraId
from events.retention import held_to_show as kept
from events.retention import holds
from events.retention.held import Held, in_force
from events.retention.held_to_show import held_to_show
from events.retention.hold import HoldCamera, HoldDepartment, HoldId, Holding
from registry import departments
from registry.db import Database
from tests.support.builders import START, after
from tests.support.happenings import add_cameras


def take(database: Database, on: Holding) -> HoldId:
    with database.write() as connection:
        return holds.take(
            connection, on, name="case 8", reason="the court asked", owner=None, by="Chen Jie", at=START
        ).id


def release(database: Database, number: HoldId) -> None:
    with database.write() as connection:
        holds.release(connection, number, why="the case is over", by="Chen Jie", at=after(60))


def shown(database: Database) -> Held:
    with database.read() as connection:
        found = held_to_show(connection)
        assert found == in_force(connection)
    return found


@pytest.fixture
def camera(database: Database) -> CameraId:
    with database.write() as connection:
        return add_cameras(connection, 1)[0]


def test_a_hold_is_shown_as_soon_as_it_is_taken_and_no_longer_than_it_lasts(
    database: Database, camera: CameraId
) -> None:
    assert shown(database).is_nothing
    first = take(database, HoldCamera(camera))
    assert list(shown(database).cameras) == [camera]
    second = take(database, HoldDepartment(departments.DEFAULT))
    assert departments.DEFAULT in shown(database).departments
    release(database, first)
    assert not shown(database).cameras
    assert departments.DEFAULT in shown(database).departments
    release(database, second)
    assert shown(database).is_nothing


def test_one_that_takes_the_place_of_another_is_another(database: Database, camera: CameraId) -> None:
    first = take(database, HoldCamera(camera))
    shown(database)
    release(database, first)
    take(database, HoldDepartment(departments.DEFAULT))
    assert not shown(database).cameras


def test_a_department_that_moves_below_a_held_one_is_held(database: Database) -> None:
    with database.write() as connection:
        top = departments.add(connection, name="top").id
        below = departments.add(connection, name="below")
    take(database, HoldDepartment(top))
    assert set(shown(database).departments) == {top}
    with database.write() as connection:
        departments.change(connection, replace(below, parent=top))
    assert set(shown(database).departments) == {top, below.id}


def test_it_is_worked_out_once(database: Database, camera: CameraId, monkeypatch: pytest.MonkeyPatch) -> None:
    take(database, HoldCamera(camera))
    first = shown(database)

    def fail(_: object) -> Held:
        raise AssertionError("it was worked out again")

    monkeypatch.setattr(kept, "in_force", fail)
    with database.read() as connection:
        assert held_to_show(connection) is first


def test_what_is_not_committed_is_seen_by_who_writes_alone(database: Database, camera: CameraId) -> None:
    with database.write() as connection:
        holds.take(
            connection,
            HoldCamera(camera),
            name="case 8",
            reason="the court asked",
            owner=DepartmentId(departments.DEFAULT),
            by="Chen Jie",
            at=START,
        )
        assert list(held_to_show(connection).cameras) == [camera]
    assert list(shown(database).cameras) == [camera]
