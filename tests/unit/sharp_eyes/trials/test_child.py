"""A trial is made in a process of its own, and not more than a few at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.trial_words import TrialOrder
from core.errors import BadInput, Unavailable
from core.rule import Rule, RuleId, RuleKind
from events.minutes import minute_of
from events.tracks.codec import Part
from events.tracks.log import PackedPart, write_parts
from registry.db import Database
from sharp_eyes.preparation import prepare
from sharp_eyes.settings import Settings
from sharp_eyes.trials.child import ChildTrials
from tests.support.builders import CAMERA, START, a_rule, a_track, after

ORDER = TrialOrder(rule=a_rule(min_duration_s=2), from_at=START, to_at=after(60))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = prepare(settings)
    yield database
    database.close()


def test_what_the_log_has_is_tried(settings: Settings, database: Database) -> None:
    part = Part()
    for step in range(100):
        part.add(after(step / 5), [a_track(last_seen_at=after(step / 5))])
    with database.write() as connection:
        write_parts(connection, [PackedPart(CAMERA, minute_of(START), 1, 1, part.looks, part.packed())])
    tried = ChildTrials(settings).try_rule(ORDER)
    assert (tried.looks, [event.started_at for event in tried.events]) == (100, [START])
    assert tried.account.with_event == 1


def test_only_so_many_are_tried_at_once(settings: Settings, database: Database) -> None:
    trials = ChildTrials(settings, most_at_once=1)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(trials.try_rule, ORDER) for _ in range(4)]
        faults = [fault for one in asked if (fault := one.exception()) is not None]
    assert len(faults) == 3
    assert all(isinstance(fault, Unavailable) and "tried already" in fault.message for fault in faults)
    assert trials.try_rule(ORDER).looks == 0


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        ChildTrials(Settings(data=tmp_path / "nowhere")).try_rule(ORDER)


def test_a_kind_that_cannot_be_tried_starts_no_process(tmp_path: Path) -> None:
    motion = Rule(RuleId(1), CAMERA, "rule", kind=RuleKind.MOTION)
    with pytest.raises(BadInput):
        ChildTrials(Settings(data=tmp_path)).try_rule(TrialOrder(rule=motion, from_at=START, to_at=after(1)))
