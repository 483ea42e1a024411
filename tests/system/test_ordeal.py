"""A small city goes through the ordeal of `tests.chaos`: see there, and run it for longer by hand."""

import pytest

from tests.chaos.ordeal import Outcome, go_through
from tests.support.slowness import SLOWNESS

_STREAMS = 9
_WORKERS = 3
_AWAY_S = 20 + 5 * (SLOWNESS - 1)
"""A lease and a reconnect; and where processes start more slowly, that."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return go_through(tmp_path_factory.mktemp("city"), minutes=2 * SLOWNESS, streams=_STREAMS, workers=_WORKERS)


@pytest.mark.timeout(420)
def test_every_event_is_accounted_for_once(outcome: Outcome) -> None:
    found = outcome.tally
    assert found.stored > _STREAMS * 5
    assert found.missing == []
    assert (found.stored_twice, found.spooled, found.open_without_worker) == (0, 0, 0)
    assert 0 < found.made_at_least <= found.stored + found.fenced + found.merged


def test_each_camera_was_held_by_one_worker_at_any_time(outcome: Outcome) -> None:
    assert outcome.tally.epochs > 2 * _STREAMS
    assert (outcome.tally.epochs_apart, outcome.tally.epochs_overlap) == (0, 0)


def test_nobody_was_away_for_longer_than_a_lease_and_a_reconnect(outcome: Outcome) -> None:
    assert outcome.tally.worst_gap_s < _AWAY_S, outcome.tally.worst_gap
    killed = outcome.moved_s["a worker is killed (SIGKILL)"]
    assert killed < _AWAY_S


def test_in_the_end_all_workers_have_their_share(outcome: Outcome) -> None:
    assert sorted(outcome.spread) == [_STREAMS // _WORKERS] * _WORKERS
