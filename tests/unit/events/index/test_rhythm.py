"""Moments are measured by the events that are expected until then."""

import pytest

from events.index.rhythm import STEADY, Rhythm

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
BY_DAY = Rhythm.of([0] * 8 + [100] * 12 + [0] * 4)


def test_without_counts_each_hour_is_alike() -> None:
    assert STEADY.events_until(0) == 0
    assert STEADY.events_until(DAY_MS // 4) == pytest.approx(0.25)
    assert STEADY.events_until(5 * DAY_MS + DAY_MS // 2) == pytest.approx(5.5)


def test_a_night_has_few_events_and_a_day_has_as_many_as_any_other() -> None:
    night = BY_DAY.events_until(8 * HOUR_MS) - BY_DAY.events_until(0)
    morning = BY_DAY.events_until(14 * HOUR_MS) - BY_DAY.events_until(8 * HOUR_MS)
    assert 0 < night < 0.02
    assert 0.48 < morning < 0.5
    assert BY_DAY.events_until(3 * DAY_MS + 999) - BY_DAY.events_until(2 * DAY_MS + 999) == pytest.approx(1)


@pytest.mark.parametrize("rhythm", [STEADY, BY_DAY])
def test_a_moment_is_found_again_by_its_events(rhythm: Rhythm) -> None:
    for moment in (0, 1, HOUR_MS - 1, HOUR_MS, 7 * HOUR_MS + 12_345, DAY_MS - 1, DAY_MS, 700 * DAY_MS + 19 * HOUR_MS):
        assert abs(rhythm.milliseconds(rhythm.events_until(moment)) - moment) <= 1


def test_a_moment_before_all_events_is_found_too() -> None:
    assert STEADY.milliseconds(-0.25) == -DAY_MS // 4
