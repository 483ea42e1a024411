"""Events that are not one object's, and those that tell how their object moved."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.box import Point
from core.course import Course, PathPoint
from core.event import Event
from core.ids import EventId
from core.line import Direction
from core.rule import RuleKind
from registry import lines
from tests.system.api.conftest import CAMERAS, EVENTS, SETTINGS, City, a_city, an_event


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, dict[str, EventId], int]]:
    """A city with some such events: their numbers by name, and that of the line."""
    with a_city(tmp_path_factory.mktemp("city"), SETTINGS) as city:
        with city.services.database.write() as connection:
            line = lines.add(
                connection, an_event(EVENTS).camera, name="stop line", start=Point(0, 0.5), end=Point(1, 0.5)
            )
        events = {
            "crossing": replace(
                _event(0),
                kind=RuleKind.LINE_CROSSED,
                line=line.id,
                direction=Direction.RIGHT_TO_LEFT,
                course=_course(_event(0)),
            ),
            "crowd": replace(_event(1), kind=RuleKind.CROWDING, track=None, count=12),
            "lost": replace(_event(2), kind=RuleKind.STREAM_LOST, label="stream", track=None, score=None, box=None),
        }
        yield city, dict(zip(events, city.write(*events.values()), strict=True)), line.id


def _event(n: int) -> Event:
    return an_event(EVENTS + CAMERAS * n, ended=True)


def _course(event: Event) -> Course:
    path = (PathPoint(event.started_at, Point(0.2, 0.8)), PathPoint(event.last_seen_at, Point(0.6, 0.8)))
    return Course(path, speed=0.08, heading_deg=90.0, mean_score=0.75)


def test_a_crossing_tells_its_line_direction_and_course(told: tuple[City, dict[str, EventId], int]) -> None:
    city, ids, line = told
    event = city.get(f"/events/{ids['crossing']}").json()
    assert event["kind"] == "line_crossed"
    assert event["alarm"] == {"method": 5, "type": 5}
    assert event["line"] == {"id": line, "name": "stop line"}
    assert event["direction"] == "right_to_left"
    assert event["course"] == {
        "path": [
            {"at": event["started_at"], "x": 0.2, "y": 0.8},
            {"at": event["last_seen_at"], "x": 0.6, "y": 0.8},
        ],
        "speed": 0.08,
        "heading_deg": 90.0,
        "mean_score": 0.75,
    }


def test_a_crowd_tells_how_many_and_is_no_track(told: tuple[City, dict[str, EventId], int]) -> None:
    city, ids, _ = told
    event = city.get(f"/events/{ids['crowd']}").json()
    assert (event["count"], event["track"], event["course"]) == (12, None, None)
    assert event["box"] is not None


def test_a_lost_stream_has_no_track_no_score_and_no_box(told: tuple[City, dict[str, EventId], int]) -> None:
    city, ids, _ = told
    event = city.get(f"/events/{ids['lost']}").json()
    assert (event["track"], event["score"], event["box"]) == (None, None, None)
    assert (event["label"], event["alarm"]) == ("stream", {"method": 2, "type": 1})


def test_they_are_found_by_kind_and_line(told: tuple[City, dict[str, EventId], int]) -> None:
    city, ids, line = told

    def found(**query: object) -> list[int]:
        return [int(event["id"]) for event in city.get("/events", **query).json()["items"]]

    assert found(kind=["crowding", "stream_lost"]) == [ids["lost"], ids["crowd"]]
    assert found(line=line) == [ids["crossing"]]
    assert found(line=line + 1) == []
    assert ids["lost"] in found(min_score=0, limit=10)
    assert ids["lost"] not in found(min_score=0.01, limit=10)
