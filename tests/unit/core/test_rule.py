from datetime import timedelta
from typing import Any

import pytest

from core.errors import BadInput
from core.rule import NEEDS, TAKES, Rule, RuleId, RuleKind, Subject
from tests.support.builders import CAMERA, a_line, a_rule, a_zone

GIVEN: dict[str, Any] = {
    "labels": ["person"],
    "zone": a_zone(),
    "line": a_line(),
    "direction": "left_to_right",
    "min_score": 0.5,
    "min_size": 0.1,
    "min_path": 0.1,
    "min_speed": 0.5,
    "min_count": 3,
    "once_per_track": True,
}
"""A value for each field that not all kinds share."""

FOREIGN = [(kind, field) for kind in RuleKind for field in GIVEN if field not in TAKES[kind]]


def needed(kind: RuleKind) -> dict[str, Any]:
    return {"labels": [], **{field: GIVEN[field] for field in NEEDS[kind]}}


def test_each_kind_is_made_of_what_it_needs_and_all_that_it_takes() -> None:
    for kind in RuleKind:
        a_rule(kind=kind, **needed(kind))
        a_rule(kind=kind, **{"labels": [], **{field: GIVEN[field] for field in TAKES[kind]}})


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in RuleKind for field in NEEDS[kind]])
def test_a_rule_without_what_its_kind_needs_is_refused(kind: RuleKind, field: str) -> None:
    given = {name: value for name, value in needed(kind).items() if name != field}
    with pytest.raises(BadInput, match=f"'gate' is of kind {kind.value} and has no {field}") as refused:
        a_rule(kind=kind, name="gate", **{"labels": [], **given})
    assert refused.value.field == field


@pytest.mark.parametrize(("kind", "field"), FOREIGN)
def test_a_rule_with_what_its_kind_does_not_take_is_refused(kind: RuleKind, field: str) -> None:
    with pytest.raises(BadInput, match=f"{field}, which means nothing for the kind {kind.value}") as refused:
        a_rule(kind=kind, **{**needed(kind), field: GIVEN[field]})
    assert refused.value.field == field


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_a_score_outside_0_to_1_is_refused(score: float) -> None:
    with pytest.raises(BadInput, match="expected 0 to 1") as refused:
        a_rule(min_score=score)
    assert refused.value.field == "min_score"


@pytest.mark.parametrize("field", ["min_duration", "cool_down"])
def test_a_time_below_0_is_refused(field: str) -> None:
    with pytest.raises(BadInput, match="below 0 s") as refused:
        Rule(RuleId(1), CAMERA, "gate", frozenset({"car"}), **{field: timedelta(seconds=-1)})  # type: ignore[arg-type]
    assert refused.value.field == f"{field}_s"


def test_rules_that_say_the_same_are_equal_and_can_be_looked_up() -> None:
    assert {a_rule(zone=a_zone()): 1}[a_rule(zone=a_zone())] == 1
    assert a_rule(min_score=0.4) != a_rule(min_score=0.5)


def test_alarm_codes_are_those_of_gb_t_28181() -> None:
    assert {kind.value: kind.alarm_code for kind in RuleKind} == {
        "object_in_zone": (5, 2),
        "line_crossed": (5, 5),
        "intrusion": (5, 6),
        "wrong_way": (5, 7),
        "loitering": (5, 8),
        "flow": (5, 9),
        "crowding": (5, 10),
        "fast_motion": (5, 12),
        "motion": (5, 2),
        "stream_lost": (2, 1),
    }


def test_what_a_rule_watches_follows_from_its_kind() -> None:
    assert [kind.value for kind in RuleKind if kind.subject is not Subject.TRACK] == [
        "crowding",
        "flow",
        "motion",
        "stream_lost",
    ]


def test_what_is_of_a_moment_needs_no_duration_and_a_short_outage_is_no_event() -> None:
    assert RuleKind.LINE_CROSSED.usual_duration == RuleKind.FLOW.usual_duration == timedelta(0)
    assert RuleKind.STREAM_LOST.usual_duration == timedelta(seconds=30)
