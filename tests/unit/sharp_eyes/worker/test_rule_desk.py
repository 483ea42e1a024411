"""What the worker answers of a rule: one camera's account, or the sum over all that it watches."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.ids import CameraId
from core.rule import RuleId
from core.unfulfilled import Unfulfilled
from sharp_eyes.settings import Settings
from sharp_eyes.trials.child import ChildTrials
from sharp_eyes.worker.rule_desk import WorkerRuleDesk
from tests.support.builders import START, a_rule

from .town import Town, a_camera

ONE, TWO = CameraId(1), CameraId(2)
LONG = a_rule(5, camera=ONE, min_duration_s=600)


@pytest.fixture
def desk(town: Town, tmp_path: Path) -> WorkerRuleDesk:
    return WorkerRuleDesk(town.city, town.scheduler, ChildTrials(Settings(data=tmp_path)))


def show_two_visits(town: Town, number: int) -> None:
    """Somebody for three seconds, twice, with a minute between in which time jumps."""
    for begin in (0, 100):
        for second in range(3):
            town.show(number, begin + second)


def test_accounts_of_a_rule_of_many_cameras_are_summed(town: Town, desk: WorkerRuleDesk) -> None:
    town.watch(a_camera(1, rules=(LONG,)), a_camera(2, rules=(replace(LONG, camera=TWO),)), a_camera(3))
    show_two_visits(town, 1)
    show_two_visits(town, 2)
    town.show(2, 200)
    both, one = desk.account(LONG.id, None), desk.account(LONG.id, ONE)
    assert both is not None
    assert one is not None
    assert (both.cameras, one.cameras) == (2, 1)
    assert (one.tracks, one.with_event, one.unfulfilled) == (1, 0, {Unfulfilled.DURATION: 1})
    assert (both.tracks, both.with_event, both.unfulfilled) == (3, 0, {Unfulfilled.DURATION: 3})
    assert both.since == START


def test_a_rule_that_nobody_watches_for_has_no_account(town: Town, desk: WorkerRuleDesk) -> None:
    town.watch(a_camera(1, rules=(LONG,)))
    assert desk.account(RuleId(99), None) is None
    assert desk.account(LONG.id, TWO) is None
    assert desk.account(LONG.id, ONE) is not None
    town.watch()
    assert desk.account(LONG.id, None) is None
