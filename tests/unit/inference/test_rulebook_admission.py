"""Hours, cool-down and once per track: what a rule asks besides what its object does."""

from datetime import time
from typing import Any

import pytest

from core.box import Box
from core.hours import Hours
from core.motion import Motion
from core.rule import Rule, RuleKind
from core.unfulfilled import RuleAccount, Unfulfilled
from tests.support.builders import a_box, a_line, a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, observe, the_account, times


def minute(begin_s: int, end_s: int) -> tuple[Hours, ...]:
    """From so many seconds after noon, when tests begin, to so many."""
    return (Hours(begin=time(12, 0, begin_s), end=time(12, 0, end_s)),)


def test_outside_its_hours_a_rule_makes_no_event() -> None:
    book = a_book(a_rule(hours=minute(30, 40)))
    assert observe(book, 20, [a_track()]) == []
    assert the_account(book, until_s=21) == RuleAccount(1, 0, {Unfulfilled.HOURS: 1})


def test_several_hours_are_each_enough() -> None:
    assert len(observe(a_book(a_rule(hours=minute(30, 40) + minute(0, 10))), 2, [a_track()])) == 1


def test_who_is_there_when_the_hours_begin_makes_its_event_then() -> None:
    assert times(observe(a_book(a_rule(hours=minute(10, 40))), 15, [a_track()])) == [(10, None)]


def test_an_event_that_began_within_the_hours_goes_on_after_them() -> None:
    told = observe(a_book(a_rule(hours=minute(0, 10))), 25, lambda s: [a_track()] if s <= 20 else [])
    assert times(told) == [(0, 20)]


def test_who_comes_too_late_to_last_within_the_hours_makes_none() -> None:
    book = a_book(a_rule(hours=minute(0, 10), min_duration_s=5))
    assert observe(book, 20, lambda s: [a_track(first_seen_at=after(8))] if s >= 8 else []) == []


def test_in_the_cool_down_no_other_event_begins() -> None:
    book = a_book(a_rule(cool_down_s=20))
    told = observe(book, 14, lambda s: [a_track(1 + int(s // 5), box=a_box(0.1 + s // 5 * 0.3))] if s % 5 < 2 else [])
    assert times(told) == [(0, 1.8)]
    assert the_account(book, until_s=30) == RuleAccount(3, 1, {Unfulfilled.COOL_DOWN: 2})


def test_who_is_still_there_after_the_cool_down_makes_its_event_then() -> None:
    told = observe(a_book(a_rule(cool_down_s=20)), 25, [a_track(1, box=a_box(0.1)), a_track(2, box=a_box(0.9))])
    assert times(told) == [(0, None), (20, None)]


def test_a_clock_set_back_does_not_make_a_cool_down_longer() -> None:
    book = a_book(a_rule(cool_down_s=20))
    observe(book, 602, [a_track(1, first_seen_at=after(600))], from_s=600)
    told = observe(book, 12, [a_track(2, first_seen_at=after(10))], from_s=10)
    assert times(told) == [(600, 602), (10, None)]


def test_rules_cool_down_apart() -> None:
    rules = [a_rule(number, cool_down_s=20) for number in (1, 2)]
    assert len(observe(a_book(*rules), 2, [a_track()])) == 2


def test_once_per_track_leaves_out_all_but_the_first() -> None:
    book = a_book(a_rule(zone=a_zone(), once_per_track=True))
    told = observe(book, 30, lambda s: [a_track(box=a_box(0.2 if s % 10 < 5 else 0.8))])
    assert times(told) == [(0, 4.8)]
    assert the_account(book, until_s=31) == RuleAccount(1, 1)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (RuleKind.CROWDING, {"min_count": 1}),
        (RuleKind.MOTION, {"labels": []}),
        (RuleKind.STREAM_LOST, {"labels": []}),
        (RuleKind.LINE_CROSSED, {"line": a_line()}),
    ],
)
def test_other_kinds_have_hours_too(kind: RuleKind, fields: dict[str, Any]) -> None:
    assert _told(a_rule(kind=kind, **fields)) == 1
    assert _told(a_rule(kind=kind, hours=minute(40, 50), **fields)) == 0


def _told(rule: Rule) -> int:
    """How many events a crossing, motion and an outage within 20 s make."""
    book = a_book(rule)
    told = []
    for look in range(50):
        told += book.observe(after(look / 5), [a_track(box=a_box(look / 50))], Motion(0.1, Box(0, 0, 1, 1)))
    for second in range(10, 20):
        told += book.stream_lost(after(second))
    return len({event.id for event in told})
