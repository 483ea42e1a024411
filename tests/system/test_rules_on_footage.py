"""Rules of tracks on real footage: what `analyze` makes of it, against what an eye sees there.

Cars were counted on pictures of the line alone, one column for each frame, where each car is one spot: nobody can miss
one there, and its first column is the moment at which it meets the line.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.composing import backwards, stretch
from tests.support.footage import shared

Lines = list[dict[str, Any]]
CARS = ["car", "truck", "bus"]
ACROSS = [[0.1, 0.5], [0.95, 0.5]]
"""Across the road of roadside-cars.avi, half way down: all drive down the picture, from its left to its right."""
MEETS = [2.05, 4.0, 4.3, 5.6, 6.8, 10.9, 12.65, 13.15, 13.4, 13.9, 14.15, 14.5, 14.9, 16.25, 17.3, 17.75, 18.2]
MEETS += [19.4, 19.85, 22.15, 22.95, 24.05, 24.8, 25.0, 26.8, 27.2, 27.6, 28.1]
"""Seconds at which the front of each car meets it, in the order of time."""
OFF_S = 0.3

VISITS = [(6.0, 19.6), (22.8, 44.7), (50.4, 69.7)]
"""Seconds of corridor-people.mp4 at which somebody comes and has gone; in between they stand at the table."""

NIGHT = [{"begin": "22:00", "end": "06:00", "time_zone": "Asia/Shanghai"}]
ROADSIDE: list[dict[str, Any]] = [
    {"name": "flow", "kind": "flow", "labels": CARS, "line": ACROSS},
    {"name": "rush", "kind": "flow", "labels": CARS, "line": ACROSS, "min_count": 20},
    {"name": "down", "kind": "line_crossed", "labels": CARS, "line": ACROSS, "direction": "left_to_right"},
    {"name": "up", "kind": "line_crossed", "labels": CARS, "line": ACROSS, "direction": "right_to_left"},
    {"name": "wrong", "kind": "wrong_way", "labels": CARS, "line": [[0.7, 0.1], [0.4, 0.9]], "min_duration_s": 0.6},
    {"name": "six", "kind": "crowding", "labels": CARS, "min_count": 6},
    {"name": "eight", "kind": "crowding", "labels": CARS, "min_count": 8},
    {"name": "fast", "kind": "fast_motion", "labels": CARS, "min_speed": 0.3, "min_duration_s": 0.4},
    {"name": "racing", "kind": "fast_motion", "labels": CARS, "min_speed": 2.0, "min_duration_s": 0.4},
    {"name": "people", "labels": ["person"]},
    {"name": "by night", "labels": ["car"], "hours": NIGHT},
    {"name": "calm", "labels": ["car"], "cool_down_s": 10},
]


def analyzed(clip: Path, rules: Sequence[dict[str, Any]], folder: Path) -> Lines:
    path = folder / "rules.json"
    path.write_text(json.dumps({"rules": rules}))
    command = [sys.executable, "-m", "sharp_eyes", "analyze", str(clip), "--json", "--rules", str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert finished.returncode == 0, finished.stderr
    return [json.loads(line) for line in finished.stdout.splitlines()]


def events(lines: Lines, rule: str) -> Lines:
    found = [line for line in lines if line["type"] == "event" and line["rule"] == rule]
    return sorted(found, key=lambda event: event["started_at"])


def crossed(lines: Lines, rule: str) -> dict[str, int]:
    """What was counted, by direction."""
    counted = {"left_to_right": 0, "right_to_left": 0}
    for line in lines:
        if line["type"] == "flow" and line["rule"] == rule:
            counted[line["direction"]] += line["count"]
    return counted


@pytest.fixture(scope="module")
def roadside(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    return analyzed(shared("roadside-cars.avi"), ROADSIDE, tmp_path_factory.mktemp("roadside"))


@pytest.fixture(scope="module")
def roadside_backwards(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    folder = tmp_path_factory.mktemp("backwards")
    return analyzed(backwards(shared("roadside-cars.avi"), folder / "backwards.mp4"), ROADSIDE, folder)


@pytest.fixture(scope="module")
def highway(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    labels = [*CARS, "motorcycle"]
    rules: list[dict[str, Any]] = [
        {"name": "away", "kind": "flow", "labels": labels, "line": [[0.38, 0.5], [1.0, 0.5]]},
        {"name": "toward", "kind": "flow", "labels": labels, "line": [[0.22, 0.12], [0.34, 0.46]]},
    ]
    return analyzed(shared("highway-east.avi"), rules, tmp_path_factory.mktemp("highway"))


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    folder = tmp_path_factory.mktemp("corridor")
    table = [[0.4, 0.7], [0.8, 0.7], [0.8, 1.0], [0.4, 1.0]]
    rules: list[dict[str, Any]] = [
        {"name": "intrusion", "kind": "intrusion", "labels": ["person"], "zone": table},
        {"name": "loitering", "kind": "loitering", "labels": ["person"], "zone": table, "min_duration_s": 15},
        {"name": "hurry", "kind": "fast_motion", "labels": ["person"], "min_speed": 0.2, "min_duration_s": 0.4},
    ]
    return analyzed(stretch(shared("corridor-people.mp4"), folder / "visits.mp4", 0, 72), rules, folder)


def test_flow_counts_nine_of_ten_cars_of_the_roadside_and_none_the_other_way(roadside: Lines) -> None:
    counted = crossed(roadside, "flow")
    assert counted["left_to_right"] == pytest.approx(len(MEETS), rel=0.1)
    assert counted["right_to_left"] == 0


def test_flow_counts_nine_of_ten_cars_of_the_motorway_by_direction(highway: Lines) -> None:
    away, toward = crossed(highway, "away"), crossed(highway, "toward")
    assert (away["left_to_right"], toward["right_to_left"]) == (0, 0)
    assert away["right_to_left"] == pytest.approx(22, rel=0.1)
    assert toward["left_to_right"] == pytest.approx(21, rel=0.1)


def test_too_many_in_a_minute_are_told_when_the_twentieth_crosses(roadside: Lines) -> None:
    (rush,) = events(roadside, "rush")
    assert rush["started_at"] == pytest.approx(MEETS[19], abs=OFF_S)
    assert (rush["label"], rush["direction"]) == ("car", "left_to_right")


def test_each_car_crosses_the_line_when_its_front_does(roadside: Lines) -> None:
    down = events(roadside, "down")
    assert [event["started_at"] for event in down] == [pytest.approx(meets, abs=OFF_S) for meets in MEETS]
    assert events(roadside, "up") == []


def test_backwards_all_cross_the_other_way(roadside_backwards: Lines) -> None:
    assert events(roadside_backwards, "down") == []
    assert len(events(roadside_backwards, "up")) == pytest.approx(len(MEETS), rel=0.1)


def test_nobody_drives_the_wrong_way_but_backwards_all_do(roadside: Lines, roadside_backwards: Lines) -> None:
    assert events(roadside, "wrong") == []
    assert len(events(roadside_backwards, "wrong")) == pytest.approx(len(MEETS), rel=0.15)


def test_the_column_of_cars_is_one_crowd(roadside: Lines) -> None:
    (crowd,) = events(roadside, "six")
    assert crowd["started_at"] == pytest.approx(12.4, abs=0.8)
    assert crowd["ended_at"] == pytest.approx(14.2, abs=0.8)
    assert crowd["count"] in (6, 7)
    assert events(roadside, "eight") == []


def test_cars_are_fast_where_they_are_near(roadside: Lines) -> None:
    fast = events(roadside, "fast")
    assert len(fast) == pytest.approx(len(MEETS), rel=0.15)
    for event in fast:
        assert any(meets - 0.5 <= event["started_at"] <= meets + 0.7 for meets in MEETS), event
    assert events(roadside, "racing") == []


def test_where_nobody_is_on_foot_no_person_is_told(roadside: Lines) -> None:
    assert events(roadside, "people") == []


def test_hours_and_cool_down_leave_events_out_and_the_account_says_so(roadside: Lines) -> None:
    """Media time begins at midnight UTC, which is eight in the morning in Shanghai."""
    assert events(roadside, "by night") == []
    calm = events(roadside, "calm")
    assert len(calm) == 3
    assert all(two["started_at"] - one["started_at"] >= 10 for one, two in pairwise(calm))
    accounts = {line["rule"]: line for line in roadside if line["type"] == "account"}
    assert accounts["by night"]["unfulfilled"]["hours"] == pytest.approx(len(MEETS), rel=0.15)
    assert accounts["calm"]["unfulfilled"]["cool_down"] >= 20
    assert all(line["tracks"] == line["with_event"] + sum(line["unfulfilled"].values()) for line in accounts.values())


def test_each_visitor_comes_into_the_zone_at_the_table(corridor: Lines) -> None:
    assert [event["started_at"] for event in events(corridor, "intrusion")] == [
        pytest.approx(start, abs=2.0) for start, _ in VISITS
    ]


def test_who_is_at_the_table_from_the_first_picture_on_has_not_come_in(tmp_path: Path) -> None:
    clip = stretch(shared("corridor-people.mp4"), tmp_path / "stands.mp4", 27, 38)
    rules: list[dict[str, Any]] = [
        {"name": "intrusion", "kind": "intrusion", "labels": ["person"], "zone": [[0, 0], [1, 0], [1, 1], [0, 1]]},
        {"name": "somebody", "labels": ["person"]},
    ]
    lines = analyzed(clip, rules, tmp_path)
    assert len(events(lines, "somebody")) == 1
    assert events(lines, "intrusion") == []
    (account,) = [line for line in lines if line["type"] == "account" and line["rule"] == "intrusion"]
    assert account["unfulfilled"]["path"] == 1


def test_those_who_stay_longer_loiter(corridor: Lines) -> None:
    assert [event["started_at"] for event in events(corridor, "loitering")] == [
        pytest.approx(start, abs=2.0) for start, end in VISITS if end - start > 15
    ]


def test_visitors_hurry_when_they_come_and_go(corridor: Lines) -> None:
    hurries = events(corridor, "hurry")
    assert len(hurries) >= 3
    for event in hurries:
        begins, ends = event["started_at"], event["ended_at"]
        assert any(start <= begins <= start + 3 or end - 3 <= ends <= end + 0.5 for start, end in VISITS), event
