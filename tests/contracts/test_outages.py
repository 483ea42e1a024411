"""Outages: what one uplink loses is one event, whoever watches its cameras, in whatever order it is told."""

from dataclasses import replace
from datetime import datetime
from itertools import permutations

import pytest
from sqlalchemy import Connection, select, update

from core.camera import DepartmentId
from core.event import EndReason, Event
from core.ids import CameraId
from core.rule import RuleKind, Severity
from events.index import changes
from events.index.search import get
from events.index.tables import event as event_table
from events.outages.listing import lost_cameras
from events.takeover import take_over
from registry import cameras, departments, streams
from registry.tables import camera as camera_table
from tests.support.builders import START, after, an_event
from tests.support.happenings import put_events

RECORDER = "rtsp://10.0.0.9:554/channel/{}"


@pytest.fixture
def on_recorder(connection: Connection) -> list[CameraId]:
    """Four cameras of one recorder."""
    numbers = [cameras.add(connection, name=f"camera {n}").id for n in range(4)]
    for number in numbers:
        streams.add(connection, number, url=RECORDER.format(number))
    return numbers


def lost(
    camera: CameraId, at: float, *, until: float | None = None, epoch: int = 1, n: int = 1, version: int = 1
) -> Event:
    """The camera's stream is lost since `at`, and back at `until`."""
    event = an_event(
        n,
        camera=camera,
        at=after(at),
        epoch=epoch,
        lasted_s=30 if until is None else until - at,
        version=version,
        label="stream",
        end_reason=None if until is None else EndReason.OVER,
    )
    return replace(event, kind=RuleKind.STREAM_LOST, zone=None, track=None, score=None, box=None, course=None)


def all_events(connection: Connection) -> list[Event]:
    ids = connection.scalars(select(event_table.c.id).order_by(event_table.c.id)).all()
    return [get(connection, number).event for number in ids]


def told(connection: Connection) -> list[tuple[float, float | None, int | None]]:
    """When each event started and ended, in seconds, and what it counts."""
    return [
        (_s(one.started_at), None if one.ended_at is None else _s(one.ended_at), one.count)
        for one in all_events(connection)
    ]


def _s(at: datetime) -> float:
    return (at - START).total_seconds()


class TestOneUplink:
    def test_what_a_recorder_loses_is_one_event_until_the_last_one_is_back(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, third, _ = on_recorder
        put_events(connection, [lost(first, 0)])
        assert told(connection) == [(0, None, None)]
        put_events(connection, [lost(second, 1), lost(third, 100)])
        assert told(connection) == [(0, None, 3)]
        put_events(connection, [lost(first, 0, until=130, version=2), lost(third, 100, until=140, version=2)])
        assert told(connection) == [(0, None, 3)]
        put_events(connection, [lost(second, 1, until=135, version=5)])
        assert told(connection) == [(0, 140, 3)]
        (event,) = all_events(connection)
        assert (event.camera, event.end_reason) == (first, EndReason.OVER)
        page = lost_cameras(connection, event.id, limit=2)
        assert [(one.camera, one.name, _s(one.lost_at)) for one in page.items] == [
            (first, "camera 0", 0),
            (second, "camera 1", 1),
        ]
        (last,) = lost_cameras(connection, event.id, limit=2, cursor=page.next).items
        assert (last.camera, last.ended_at) == (third, after(140))

    def test_versions_grow_and_each_is_told_once(self, connection: Connection, on_recorder: list[CameraId]) -> None:
        first, second, *_ = on_recorder
        versions = [
            lost(first, 0),
            lost(second, 1),
            lost(first, 0, version=2),
            lost(second, 1, until=50, version=2),
            lost(first, 0, until=60, version=3),
        ]
        for one in [*versions, *versions]:
            put_events(connection, [one])
        seen = [(one.event, one.version) for one in changes.since(connection, 0, 100)]
        assert [version for _, version in seen] == [1, 2, 3, 4, 5]
        assert len({number for number, _ in seen}) == 1

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_the_order_in_which_workers_tell_makes_no_difference(
        self, connection: Connection, on_recorder: list[CameraId], order: tuple[int, ...]
    ) -> None:
        first, second, third, _ = on_recorder
        versions = [lost(first, 0, until=50), lost(second, 1, until=60), lost(third, 2, until=55)]
        for place in order:
            put_events(connection, [versions[place]])
        ((_, ended, count),) = told(connection)
        assert (ended, count) == (60, 3)

    def test_what_is_lost_two_minutes_later_or_after_the_others_are_back_is_another_event(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, third, fourth = on_recorder
        put_events(connection, [lost(first, 0), lost(second, 121)])
        put_events(connection, [lost(first, 0, until=125, version=2), lost(second, 121, until=126, version=2)])
        put_events(connection, [lost(third, 200, until=230), lost(fourth, 240, until=270)])
        assert told(connection) == [(0, 125, None), (121, 126, None), (200, 230, None), (240, 270, None)]

    def test_a_camera_that_is_lost_once_more_belongs_to_the_outage_that_goes_on(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, *_ = on_recorder
        put_events(connection, [lost(first, 0), lost(second, 1, until=100)])
        put_events(connection, [lost(second, 500, n=2)])
        assert told(connection) == [(0, None, 2)]
        (found,) = [one for one in lost_cameras(connection, all_events(connection)[0].id).items if one.camera == second]
        assert (found.lost_at, found.ended_at) == (after(1), None)

    def test_a_camera_that_is_lost_for_good_does_not_gather_the_losses_of_another_one_for_ever(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, *_ = on_recorder
        put_events(connection, [lost(first, 0), lost(second, 1, until=100)])
        put_events(connection, [lost(second, 86_000, until=86_050, n=2), lost(second, 86_500, until=86_600, n=3)])
        assert told(connection) == [(0, None, 2), (86_500, 86_600, None)]

    def test_one_that_is_told_late_opens_it_again(self, connection: Connection, on_recorder: list[CameraId]) -> None:
        first, second, *_ = on_recorder
        put_events(connection, [lost(first, 0, until=31)])
        put_events(connection, [lost(second, 2)])
        assert told(connection) == [(0, None, 2)]


class TestWhatBelongsTogether:
    def test_other_hosts_departments_and_severities_are_events_of_their_own(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, third, fourth = on_recorder
        water = departments.add(connection, name="Water").id
        _own(connection, second, department=water)
        stream = streams.of_cameras(connection, [third])[0]
        streams.change(connection, replace(stream, url="rtsp://10.0.0.8/channel"))
        urgent = replace(lost(fourth, 3), severity=Severity.HIGH)
        put_events(connection, [lost(first, 0), lost(second, 1), lost(third, 2), urgent])
        assert [count for *_, count in told(connection)] == [None] * 4

    def test_the_uplink_that_a_department_names_goes_before_the_host(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, third, _ = on_recorder
        for number in (first, third):
            connection.execute(update(camera_table).where(camera_table.c.id == number).values(uplink="line 7"))
        put_events(connection, [lost(first, 0), lost(second, 1), lost(third, 2)])
        assert told(connection) == [(0, None, 2), (1, None, None)]

    def test_a_file_has_no_uplink(self, connection: Connection) -> None:
        numbers = [cameras.add(connection, name=f"clip {n}").id for n in range(2)]
        for number in numbers:
            streams.add(connection, number, url="file:///clips/one.mp4")
        put_events(connection, [lost(number, 0) for number in numbers])
        assert [count for *_, count in told(connection)] == [None, None]

    def test_events_of_other_kinds_are_left_alone(self, connection: Connection, on_recorder: list[CameraId]) -> None:
        put_events(connection, [an_event(1, camera=number) for number in on_recorder])
        assert len(all_events(connection)) == len(on_recorder)


class TestTakeOver:
    def test_a_dead_workers_streams_do_not_keep_an_outage_open(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, *_ = on_recorder
        put_events(connection, [lost(first, 0), lost(second, 1)])
        take_over(connection, {first: 2}, after(70))
        assert told(connection) == [(0, None, 2)]
        put_events(connection, [lost(second, 1, until=60, version=2)])
        (event,) = all_events(connection)
        assert (event.ended_at, event.end_reason) == (after(60), EndReason.OVER)
        assert [one.version for one in changes.since(connection, 0, 100)] == [2, 3, 4]

    def test_the_next_worker_goes_on_with_it(self, connection: Connection, on_recorder: list[CameraId]) -> None:
        first, second, *_ = on_recorder
        put_events(connection, [lost(first, 0), lost(second, 1)])
        take_over(connection, {first: 2}, after(70))
        put_events(connection, [lost(first, 300, epoch=2)])
        put_events(connection, [lost(second, 1, until=310, version=2)])
        assert told(connection) == [(0, None, 2)]

    def test_it_ends_as_interrupted_with_the_last_of_them_and_a_worker_that_knows_better_wins(
        self, connection: Connection, on_recorder: list[CameraId]
    ) -> None:
        first, second, *_ = on_recorder
        put_events(connection, [lost(first, 0), lost(second, 1)])
        take_over(connection, {first: 2, second: 2}, after(70))
        take_over(connection, {first: 2, second: 2}, after(71))
        (event,) = all_events(connection)
        assert (event.ended_at, event.end_reason, event.version) == (after(31), EndReason.INTERRUPTED, 4)
        put_events(connection, [lost(first, 0, until=50, version=2)])
        (event,) = all_events(connection)
        assert (event.ended_at, event.end_reason, event.version) == (after(50), EndReason.OVER, 5)


def _own(connection: Connection, number: CameraId, *, department: DepartmentId) -> None:
    found = cameras.get(connection, number)
    cameras.change(connection, replace(found, department=department), after(-1000))
