from typing import Any

from core.box import Box
from core.event import EndReason
from core.rule import Rule, RuleKind
from core.track import Track
from core.unfulfilled import RuleAccount, Unfulfilled
from tests.support.builders import a_box, a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, observe, the_account, times


def crowding(**fields: Any) -> Rule:
    return a_rule(**{"kind": RuleKind.CROWDING, "labels": ["person", "car"], "min_count": 3, **fields})


def people(count: int, **fields: Any) -> list[Track]:
    return [a_track(number, box=a_box(0.1 + 0.1 * number), **fields) for number in range(1, count + 1)]


def test_so_many_at_once_for_so_long_are_one_event() -> None:
    (event,) = observe(a_book(crowding()), 1, people(3))
    assert (event.started_at, event.count, event.track, event.course) == (after(0), 3, None, None)
    assert (event.label, event.score) == ("person", 0.8)


def test_one_less_is_none_and_each_fails_at_the_duration() -> None:
    book = a_book(crowding())
    assert observe(book, 30, people(2)) == []
    assert the_account(book, until_s=31) == RuleAccount(2, 0, {Unfulfilled.DURATION: 2})


def test_the_event_tells_the_most_at_once_and_where_they_stood() -> None:
    told = observe(a_book(crowding()), 12, lambda s: people(5 if s == 4 else 3))
    assert [event.count for event in told] == [3, 5]
    assert told[-1].box == Box(a_box(0.2).left, 0.4, a_box(0.6).right, 0.6)


def test_the_commonest_label_names_the_crowd() -> None:
    members = [a_track(1, "car", box=a_box(0.9)), *[a_track(n, box=a_box(0.2 * n)) for n in (2, 3)]]
    assert [event.label for event in observe(a_book(crowding()), 1, members)] == ["person"]


def test_only_those_in_the_zone_count() -> None:
    book = a_book(crowding(zone=a_zone()))
    assert observe(book, 5, people(4)[1:]) == []  # two of them on the left
    assert the_account(book, until_s=6).unfulfilled == {Unfulfilled.PLACE: 1, Unfulfilled.DURATION: 2}


def test_small_weak_and_parked_ones_do_not_count() -> None:
    small, weak, parked = a_track(3, box=a_box(0.5, width=0.01)), a_track(4, score=0.3), a_track(5, moved=0.1)
    members = [*people(2, moved=0.5), small, weak, parked]
    book = a_book(crowding(min_path=0.3, min_size=0.01))
    assert observe(book, 5, members) == []
    assert the_account(book, until_s=6).unfulfilled == {
        Unfulfilled.SIZE: 1,
        Unfulfilled.SCORE: 1,
        Unfulfilled.PATH: 1,
        Unfulfilled.DURATION: 2,
    }


def test_one_that_is_overlooked_for_a_moment_does_not_break_up_the_crowd() -> None:
    book = a_book(crowding(min_duration_s=5))
    told = observe(book, 20, lambda s: people(2 if s % 2 > 1.3 else 3))
    assert times(told) == [(0, None)]


def test_a_crowd_that_is_too_small_for_a_second_begins_anew() -> None:
    book = a_book(crowding(min_duration_s=5))
    assert times(observe(book, 12, lambda s: people(2 if 2 < s < 4 else 3))) == [(4, None)]


def test_it_is_over_when_they_have_gone() -> None:
    book = a_book(crowding())
    told = observe(book, 20, lambda s: people(3 if s <= 6 else 2))
    assert (told[-1].ended_at, told[-1].end_reason) == (after(6), EndReason.OVER)
    assert the_account(book, until_s=21) == RuleAccount(3, 3, {})


def test_a_crowd_needs_time_to_be_over() -> None:
    book = a_book(crowding())
    observe(book, 2, people(3))
    assert not book.is_idle
    observe(book, 9, from_s=2.2)
    assert book.is_idle
