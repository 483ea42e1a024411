"""Flows over SQLite and PostgreSQL: counted by minute, told by minute, hour and day."""

from datetime import datetime, timedelta

import pytest

from core.crossing import Crossing
from core.errors import BadInput
from core.ids import CameraId
from core.line import Direction, LineId
from core.rule import RuleId
from events.flows import count
from events.flows.count import key_of
from events.flows.series import MOST_STEPS, FlowCount, Step, series
from registry.db import Database
from tests.support.builders import CAMERA, START, after

RIGHT, LEFT = Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT
OTHER = CameraId(8)


def add(database: Database, seconds: float, number: int, *, label: str = "car", direction: Direction = RIGHT) -> None:
    for camera, rule in ((CAMERA, 1), (OTHER, 2)):
        crossing = Crossing(RuleId(rule), LineId(1), direction, label, after(seconds))
        with database.write() as connection:
            count.add(connection, {key_of(camera, crossing): number})


def told(database: Database, step: Step, to_at: datetime | None = None) -> list[FlowCount]:
    with database.read() as connection:
        return series(connection, RuleId(1), [CAMERA, OTHER], START, to_at or START + timedelta(days=3), step)


def test_crossings_of_a_minute_are_added_up(database: Database) -> None:
    add(database, 1, 2)
    add(database, 59, 3)
    add(database, 60, 4)
    assert told(database, Step.MINUTE) == [FlowCount(START, RIGHT, "car", 5), FlowCount(after(60), RIGHT, "car", 4)]


def test_directions_and_labels_are_told_apart(database: Database) -> None:
    add(database, 1, 1)
    add(database, 1, 2, direction=LEFT)
    add(database, 1, 3, label="bus")
    assert [(found.direction, found.label, found.count) for found in told(database, Step.HOUR)] == [
        (RIGHT, "bus", 3),
        (RIGHT, "car", 1),
        (LEFT, "car", 2),
    ]


def test_hours_and_days_are_those_of_utc(database: Database) -> None:
    for hours in (0, 0.5, 1, 12, 13):
        add(database, 3600 * hours, 1)
    assert [(found.at.hour, found.count) for found in told(database, Step.HOUR)] == [
        (12, 2),
        (13, 1),
        (0, 1),
        (1, 1),
    ]
    assert [(found.at, found.count) for found in told(database, Step.DAY)] == [
        (START.replace(hour=0), 3),
        (START.replace(hour=0) + timedelta(days=1), 2),
    ]


def test_the_end_is_not_included(database: Database) -> None:
    add(database, 0, 1)
    add(database, 60, 1)
    assert len(told(database, Step.MINUTE, after(60))) == 1


def test_a_series_without_end_is_refused(database: Database) -> None:
    with pytest.raises(BadInput, match="10,000 steps"):
        told(database, Step.MINUTE, START + timedelta(minutes=MOST_STEPS + 1))
    assert told(database, Step.HOUR, START + timedelta(minutes=MOST_STEPS + 1)) == []
