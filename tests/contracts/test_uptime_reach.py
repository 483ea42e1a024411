"""Uptime within a reach: the time of departments that are within it, and all time of single cameras."""

from sqlalchemy import Connection

from core.ids import EventId
from registry.reach import NOTHING, Reach
from registry.spans import CameraSpan
from registry.uptime.answers import by_camera, grouped, worst_first
from registry.uptime.asked import By, Which
from registry.uptime.days import date_of
from tests.contracts.test_uptime import BEGIN, CITY, LIVE, WATER, dates, furnish


def test_within_reach_is_the_time_of_departments_and_all_time_of_single_cameras(connection: Connection) -> None:
    """Both cameras are live for two hours; the second one goes to the water department after the first of them."""
    place = furnish(connection)
    gate, yard = (stream.camera for stream in place.streams)
    for which in (0, 1):
        place.say(which, LIVE)
    place.tick(4)
    place.move(1, WATER)
    place.tick(4)
    span = dates(date_of(place.days.of(BEGIN)), date_of(place.days.of(place.now)))
    for reach, by_department, by_camera_ in (
        (NOTHING, {}, {}),
        (Reach(departments={CITY: EventId(0)}), {"1": 3}, {gate: 2}),
        (Reach(departments={WATER: EventId(0)}), {str(WATER): 1}, {yard: 1}),
        (Reach(spans=[CameraSpan(yard)]), {"1": 1, str(WATER): 1}, {yard: 2}),
        (Reach(departments={CITY: EventId(0)}, spans=[CameraSpan(yard)]), {"1": 3, str(WATER): 1}, {gate: 2, yard: 2}),
        (Reach(spans=[CameraSpan(yard, highest=EventId(9))]), {}, {}),
    ):
        which_ = Which(reach=reach)
        found = grouped(place.connection, place.days, place.now, By.DEPARTMENT, span, which_)
        assert {one.key: one.online_ms / 3_600_000 for one in found} == by_department
        of_cameras = by_camera(place.connection, place.days, place.now, span, which_).items
        assert {int(one.key): one.online_ms / 3_600_000 for one in of_cameras} == by_camera_
        ranked = worst_first(place.connection, place.days, place.now, span, which_).items
        assert {int(one.key) for one in ranked} == set(by_camera_)
        place.count()
