from datetime import timedelta

import pytest

from core.errors import BadInput
from core.rule import Rule, RuleId, RuleKind
from tests.support.builders import CAMERA, a_rule, a_zone


def test_a_rule_without_labels_is_refused() -> None:
    with pytest.raises(BadInput, match="'gate' has no labels") as refused:
        a_rule(labels=[], name="gate")
    assert refused.value.field == "labels"


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_a_score_outside_0_to_1_is_refused(score: float) -> None:
    with pytest.raises(BadInput, match="expected 0 to 1") as refused:
        a_rule(min_score=score)
    assert refused.value.field == "min_score"


def test_a_duration_below_0_is_refused() -> None:
    with pytest.raises(BadInput, match="below 0 s"):
        Rule(RuleId(1), CAMERA, "gate", frozenset({"car"}), min_duration=timedelta(seconds=-1))


def test_rules_that_say_the_same_are_equal_and_can_be_looked_up() -> None:
    assert {a_rule(zone=a_zone()): 1}[a_rule(zone=a_zone())] == 1
    assert a_rule(min_score=0.4) != a_rule(min_score=0.5)


def test_each_kind_has_an_alarm_code_of_its_own() -> None:
    codes = [kind.alarm_code for kind in RuleKind]
    assert len(set(codes)) == len(codes)
    assert RuleKind.OBJECT_IN_ZONE.alarm_code == (5, 2)
