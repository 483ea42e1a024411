"""The events that `analyze` makes of real footage, against what an eye sees there."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.footage import shared

VISITS = [(6.0, 19.6), (22.8, 44.7), (50.4, 69.7), (74.6, 86.7), (92.1, 119.7), (123.6, 135.9)]
"""Seconds of corridor-people.mp4 at which somebody's head comes into the picture, and their last foot leaves it."""
OFF_S = 0.8
"""A person is told from a head or a foot alone a little late, and lost a little early."""


@pytest.fixture
def person_anywhere(tmp_path: Path) -> Path:
    """A rules file: a person anywhere for a second; all else as it is where nothing is said."""
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"rules": [{"name": "somebody", "labels": ["person"], "min_duration_s": 1.0}]}))
    return path


def events_of(clip: Path, rules: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "sharp_eyes", "analyze", str(clip), "--json", "--rules", str(rules)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert finished.returncode == 0, finished.stderr
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    assert any(line["type"] == "tracks" and line["tracks"] for line in lines), "nothing was seen at all"
    return [line for line in lines if line["type"] == "event"]


def test_each_visit_to_the_corridor_is_one_event(person_anywhere: Path) -> None:
    events = events_of(shared("corridor-people.mp4"), person_anywhere)
    assert [event["label"] for event in events] == ["person"] * len(VISITS)
    assert [event["started_at"] for event in events] == [pytest.approx(start, abs=OFF_S) for start, _ in VISITS]
    assert [event["ended_at"] for event in events] == [pytest.approx(end, abs=OFF_S) for _, end in VISITS]


@pytest.mark.parametrize("name", ["roadside-cars.avi", "car-park-from-above.mp4"])
def test_where_nobody_is_on_foot_no_person_is_told(name: str, person_anywhere: Path) -> None:
    assert events_of(shared(name), person_anywhere) == []
