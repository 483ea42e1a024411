import json
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.box import Point
from core.errors import BadInput
from core.hours import ALL_DAYS, Hours, Weekday
from core.line import Direction
from core.rule import NEEDS, TAKES, Rule, RuleKind, Severity
from sharp_eyes.rules_file import read_rules
from tests.support.builders import CAMERA

LABELS = frozenset({"person", "car"})
ZONE = [[0.1, 0.2], [0.9, 0.2], [0.5, 0.9]]
GIVEN: dict[str, Any] = {
    "labels": ["person"],
    "zone": ZONE,
    "line": [[0.1, 0.5], [0.9, 0.5]],
    "direction": "left_to_right",
    "min_score": 0.5,
    "min_size": 0.01,
    "min_path": 0.1,
    "min_speed": 0.5,
    "min_count": 3,
    "once_per_track": True,
}
EVERYTHING = """
[[rules]]
name = "somebody comes over the fence at night"
kind = "line_crossed"
labels = ["person", "car"]
zone = [[0.1, 0.2], [0.9, 0.2], [0.5, 0.9]]
line = [[0.1, 0.5], [0.9, 0.5]]
direction = "right_to_left"
min_score = 0.5
min_size = 0.01
min_path = 0.1
min_duration_s = 0
hours = [
    { days = ["saturday", "sunday"], time_zone = "Asia/Shanghai" },
    { begin = "22:00", end = 06:30:00 },
]
cool_down_s = 60
once_per_track = true
severity = 2
"""

FOREIGN = [(kind, field) for kind in RuleKind for field in GIVEN if field not in TAKES[kind]]


def read(rules: list[dict[str, Any]], folder: Path) -> list[Rule]:
    path = folder / "rules.json"
    path.write_text(json.dumps({"rules": rules}))
    return read_rules(path, CAMERA, LABELS)


def refused(rule: dict[str, Any], folder: Path) -> BadInput:
    """What is said of a file whose second rule is `rule`."""
    with pytest.raises(BadInput) as found:
        read([{"name": "good", "labels": ["car"]}, {"name": "bad", **rule}], folder)
    return found.value


def test_all_fields_of_a_rule_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(EVERYTHING)
    (rule,) = read_rules(path, CAMERA, LABELS)
    assert (rule.kind, rule.labels, rule.camera) == (RuleKind.LINE_CROSSED, LABELS, CAMERA)
    assert rule.zone is not None
    assert rule.zone.polygon.points[2] == Point(0.5, 0.9)
    assert rule.line is not None
    assert (rule.line.start, rule.line.end) == (Point(0.1, 0.5), Point(0.9, 0.5))
    assert (rule.direction, rule.severity) == (Direction.RIGHT_TO_LEFT, Severity.HIGH)
    assert (rule.min_score, rule.min_size, rule.min_path) == (0.5, 0.01, 0.1)
    assert rule.hours == (
        Hours(frozenset({Weekday.SATURDAY, Weekday.SUNDAY}), time_zone="Asia/Shanghai"),
        Hours(ALL_DAYS, time(22), time(6, 30)),
    )
    assert (rule.cool_down, rule.once_per_track) == (timedelta(minutes=1), True)


@pytest.mark.parametrize("kind", list(RuleKind))
def test_each_kind_is_read_with_all_that_it_takes(kind: RuleKind, tmp_path: Path) -> None:
    (rule,) = read([{"name": "x", "kind": kind.value, **{field: GIVEN[field] for field in TAKES[kind]}}], tmp_path)
    assert rule.kind is kind
    assert rule.min_duration == kind.usual_duration


def test_what_is_said_of_the_duration_goes_before_what_is_usual(tmp_path: Path) -> None:
    (rule,) = read([{"name": "x", "kind": "stream_lost", "min_duration_s": 5}], tmp_path)
    assert rule.min_duration == timedelta(seconds=5)


@pytest.mark.parametrize(("kind", "field"), FOREIGN)
def test_a_field_that_means_nothing_for_the_kind_is_refused(kind: RuleKind, field: str, tmp_path: Path) -> None:
    given = {name: GIVEN[name] for name in (*NEEDS[kind], field)}
    error = refused({"kind": kind.value, **given}, tmp_path)
    assert error.field == f"rules[1].{field}"
    assert f"rule 2 of {tmp_path / 'rules.json'}, {field}: " in error.message
    assert "means nothing for the kind" in error.message


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in RuleKind for field in NEEDS[kind]])
def test_a_field_that_the_kind_needs_is_missed(kind: RuleKind, field: str, tmp_path: Path) -> None:
    given = {name: GIVEN[name] for name in NEEDS[kind] if name != field}
    error = refused({"kind": kind.value, **given}, tmp_path)
    assert error.field == f"rules[1].{field}"
    assert f"has no {field}" in error.message


@pytest.mark.parametrize(
    ("rule", "field", "said"),
    [
        ({"zone": [[0, 0], [1, 1], [1, 0], [0, 1]]}, "zone", "cross each other"),
        ({"zone": [[0, 0], [1, 1.5], [1, 0]]}, "zone", "shares of the picture"),
        ({"zone": [[0, 0], [1, 1]]}, "zone", "3 to 64 points"),
        ({"kind": "flow", "line": [[0.5, 0.5], [0.5, 0.501]]}, "line", "shorter than"),
        ({"kind": "flow", "line": [[0.5, 0.5], [0.5, 7]]}, "line", "shares of the picture"),
        ({"hours": [{"time_zone": "Asia/Shangai"}]}, "hours", "no time zone 'Asia/Shangai'"),
        ({"hours": [{"begin": "22:00+08:00"}]}, "hours", "without a zone"),
        ({"min_score": 1.5}, "min_score", "expected 0 to 1"),
        ({"labels": ["unicorn"]}, "labels", "unicorn"),
    ],
)
def test_what_is_wrong_is_named_with_file_rule_and_field(
    rule: dict[str, Any], field: str, said: str, tmp_path: Path
) -> None:
    error = refused({"labels": ["car"], **rule}, tmp_path)
    assert error.field == f"rules[1].{field}"
    assert f"rule 2 of {tmp_path / 'rules.json'}, {field}: " in error.message
    assert said in error.message


@pytest.mark.parametrize(
    ("rule", "place", "said"),
    [
        ({"colour": "red"}, "colour", "not permitted"),
        ({"kind": "left_object"}, "kind", "'wrong_way'"),
        ({"direction": "up"}, "direction", "'left_to_right'"),
        ({"line": [[0, 0], [1, 1], [0, 1]]}, "line", "2 items"),
        ({"zone": [[0, 0], [1, "x"], [0, 1]]}, "zone.1.1", "number"),
        ({"hours": [{"begin": 22}]}, "hours.0.begin", "such as"),
        ({"hours": [{"begin": "25:00"}]}, "hours.0.begin", "hour"),
        ({"hours": [{"days": ["moonday"]}]}, "hours.0.days.0", "'monday'"),
        ({"hours": [{"days": []}]}, "hours.0.days", "at least 1"),
        ({"min_count": 2.5}, "min_count", "integer"),
        ({"cool_down_s": -1}, "cool_down_s", "greater than or equal to 0"),
        ({"severity": 5}, "severity", "1, 2, 3 or 4"),
    ],
)
def test_what_is_malformed_is_named_with_file_rule_and_place(
    rule: dict[str, Any], place: str, said: str, tmp_path: Path
) -> None:
    error = refused({"labels": ["car"], **rule}, tmp_path)
    assert f"the rules file {tmp_path / 'rules.json'} is not in order" in error.message
    assert f"rule 2, {place}: " in error.message
    assert said in error.message
