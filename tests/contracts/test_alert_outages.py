"""Alerts tell of an outage what its cameras within reach make of it: the others might as well not have been lost."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.access import Right
from core.camera import DepartmentId
from core.event import EndReason, Event
from core.ids import CameraId
from core.rule import RuleKind
from events.alerts.subscription import Moment
from events.index.event_filter import EventFilter
from registry import cameras, streams
from registry.access.grant import OnCamera
from registry.db import Database
from registry.visibility import EventFacts
from tests.support.alerting import Office, an_office
from tests.support.builders import after, an_event
from tests.support.sharing import Neighbours, neighbours

BOTH = frozenset({Moment.STARTED, Moment.ENDED})
_MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(sqlite_database: Database) -> tuple[Office, DepartmentId]:
    """With three cameras on one uplink; another department may see the events of the first."""
    office = an_office(sqlite_database, facts=EventFacts.GRANT)
    with sqlite_database.write() as connection:
        city: Neighbours = neighbours(connection)
        for channel in range(3):
            number = cameras.add(connection, name=f"bridge {channel}", department=city.rivers).id
            streams.add(connection, number, url=f"rtsp://10.0.0.9:554/channel/{channel}")
            office.cameras.append(number)
        city.granted(on=OnCamera(office.cameras[0]), rights=frozenset({Right.EVENTS}), history=True)
    return office, city.rail


def a_loss(camera: CameraId, second: float) -> Event:
    one = an_event(1, camera=camera, at=after(second), lasted_s=0, label="stream")
    return replace(one, kind=RuleKind.STREAM_LOST, track=None, score=None, box=None)


def happen_and_send(office: Office) -> list[dict[str, Any]]:
    """All cameras are lost; the first is back after nine seconds, the others stay away for an hour."""
    losses = [a_loss(number, n) for n, number in enumerate(office.cameras)]
    office.happen(*losses)
    office.match()
    sent = office.deliver()
    for one, lasted_s in zip(losses, (9, 3_600, 3_600), strict=True):
        end = after(lasted_s)
        office.happen(replace(one, version=2, last_seen_at=end, ended_at=end, end_reason=EndReason.OVER))
        office.match()
        sent += office.deliver()
    return [json.loads(letter.body) for letter in sent]


def test_an_outage_is_told_without_the_cameras_out_of_reach(town: tuple[Office, DepartmentId]) -> None:
    office, rail = town
    some = office.subscribe(department=rail, moments=BOTH)
    started, ended = happen_and_send(office)
    assert (started["data"]["count"], ended["data"]["count"]) == (None, None)
    assert [one["id"].split(".")[1:] for one in (started, ended)] == [["1", str(some.id)], ["2", str(some.id)]]
    assert started["data"]["ended_at"] is None
    assert ended["data"]["ended_at"] == ended["time"] == "2026-03-01T12:00:09.000Z"
    assert [row.version for row in office.deliveries()] == [1, 2]


@pytest.mark.parametrize(
    ("asked", "number"), [(EventFilter(min_duration=_MINUTE), 0), (EventFilter(max_duration=_MINUTE), 1)]
)
def test_a_filter_goes_by_how_long_it_was_within_reach(
    town: tuple[Office, DepartmentId], asked: EventFilter, number: int
) -> None:
    office, rail = town
    office.subscribe(department=rail, filter=asked, moments=frozenset({Moment.ENDED}))
    assert len(happen_and_send(office)) == number
