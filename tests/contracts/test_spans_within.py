"""Spans of named cameras within a reach, and whether all events in them are within it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.ids import LAST_EVENT, CameraId, EventId
from registry import cameras, departments
from registry.access.tenures import lowest_id
from registry.camera_spans import spans_within
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from tests.support.builders import after
from tests.support.happenings import add_cameras

A_SECOND = timedelta(seconds=1)


def a_town(connection: Connection) -> tuple[DepartmentId, CameraId, CameraId]:
    """A department, a camera that has always been its own, and one that came to it at 100 s."""
    mine = departments.add(connection, name="mine").id
    [stays] = add_cameras(connection, 1, department=mine)
    [comes] = add_cameras(connection, 1, department=departments.DEFAULT)
    cameras.change(connection, replace(cameras.get(connection, comes), department=mine), after(100))
    return mine, stays, comes


def test_of_a_camera_that_never_moved_they_are_exact(connection: Connection) -> None:
    mine, stays, _ = a_town(connection)
    found = spans_within(connection, Reach(departments={mine: EventId(7)}), [stays], slack=A_SECOND)
    assert found.are_exact
    assert found.spans == [CameraSpan(stays, EventId(7), LAST_EVENT)]


def test_of_one_that_moved_they_are_not(connection: Connection) -> None:
    mine, stays, comes = a_town(connection)
    found = spans_within(connection, Reach(departments={mine: EventId(0)}), [stays, comes], slack=A_SECOND)
    assert not found.are_exact
    assert found.spans == [CameraSpan(stays), CameraSpan(comes, lowest_id(after(99)))]


def test_what_a_reach_says_of_single_cameras_is_exact(connection: Connection) -> None:
    _, _, comes = a_town(connection)
    span = CameraSpan(comes, EventId(5), EventId(500))
    other = departments.add(connection, name="other").id
    found = spans_within(connection, Reach(departments={other: EventId(0)}, spans=[span]), [comes], slack=A_SECOND)
    assert found.are_exact
    assert found.spans == [span]


def test_who_sees_everything_sees_all_of_them(connection: Connection) -> None:
    _, stays, comes = a_town(connection)
    found = spans_within(connection, EVERYTHING, [stays, comes])
    assert found.are_exact
    assert found.spans == [CameraSpan(stays), CameraSpan(comes)]
