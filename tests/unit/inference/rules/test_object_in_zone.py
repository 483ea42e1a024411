from collections.abc import Callable

import pytest

from core.box import Box
from core.rule import Rule
from core.track import Track
from core.unfulfilled import RuleAccount, Unfulfilled
from tests.support.builders import a_box, a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, observe, the_account, times


@pytest.mark.parametrize(("label", "counts"), [("car", True), ("truck", True), ("person", False), ("ca", False)])
def test_it_watches_for_the_labels_of_the_rule(label: str, counts: bool) -> None:
    assert bool(observe(a_book(a_rule(labels=["car", "truck"])), 1, [a_track(label=label)])) is counts


def test_without_a_zone_it_watches_anywhere() -> None:
    assert len(observe(a_book(a_rule()), 1, [a_track(box=Box(0.95, 0.9, 1, 1))])) == 1


@pytest.mark.parametrize(("x", "counts"), [(0.2, True), (0.8, False)])
def test_with_a_zone_the_foot_must_be_inside(x: float, counts: bool) -> None:
    assert bool(observe(a_book(a_rule(zone=a_zone())), 1, [a_track(box=a_box(x))])) is counts


def test_feet_that_the_picture_cuts_off_stand_in_a_zone_that_reaches_its_edge() -> None:
    assert len(observe(a_book(a_rule(zone=a_zone())), 1, [a_track(box=Box(0.1, 0.4, 0.3, 1.0))])) == 1


@pytest.mark.parametrize(
    ("rule", "track", "failed"),
    [
        (a_rule(labels=["car"]), a_track(), Unfulfilled.LABEL),
        (a_rule(zone=a_zone()), a_track(box=a_box(0.8)), Unfulfilled.PLACE),
        (a_rule(min_size=0.03), a_track(), Unfulfilled.SIZE),
        (a_rule(min_score=0.5), a_track(score=0.9, smooth_score=0.45), Unfulfilled.SCORE),
        (a_rule(min_path=0.2), a_track(moved=0.1), Unfulfilled.PATH),
        (a_rule(min_duration_s=60), a_track(), Unfulfilled.DURATION),
    ],
    ids=lambda value: value.value if isinstance(value, Unfulfilled) else "",
)
def test_each_condition_that_fails_is_no_event_and_is_counted(rule: Rule, track: Track, failed: Unfulfilled) -> None:
    book = a_book(rule)
    assert observe(book, 5, [track]) == []
    assert the_account(book, until_s=6) == RuleAccount(1, 0, {failed: 1})


@pytest.mark.parametrize(
    "rule", [a_rule(min_size=0.02), a_rule(min_score=0.8), a_rule(min_path=0.1)], ids=["size", "score", "path"]
)
def test_just_enough_is_enough(rule: Rule) -> None:
    assert len(observe(a_book(rule), 1, [a_track(score=0.8, moved=0.1)])) == 1


def test_the_furthest_condition_that_a_track_reached_counts() -> None:
    book = a_book(a_rule(zone=a_zone(), min_score=0.5))
    observe(book, 1, [a_track(box=a_box(0.2), smooth_score=0.3)])
    observe(book, 2, [a_track(box=a_box(0.8), smooth_score=0.3)], from_s=1.2)
    assert the_account(book, until_s=3).unfulfilled == {Unfulfilled.SCORE: 1}


def test_a_track_with_an_event_counts_as_such_whatever_comes_after() -> None:
    book = a_book(a_rule(zone=a_zone()))
    observe(book, 2, [a_track(box=a_box(0.2))])
    observe(book, 9, [a_track(box=a_box(0.8))], from_s=2.2)
    assert the_account(book, until_s=10) == RuleAccount(1, 1, {})


def test_what_was_weak_at_first_counts_from_its_start_once_it_suffices() -> None:
    book = a_book(a_rule(min_path=0.2))
    assert observe(book, 3.8, [a_track(moved=0.1)]) == []
    (event,) = observe(book, 4, [a_track(moved=0.2)], from_s=4)
    assert event.started_at == after(0)


def test_who_stays_away_for_longer_than_the_grace_time_makes_two_events() -> None:
    book = a_book(a_rule(zone=a_zone()))
    told = observe(book, 20, lambda s: [a_track(box=a_box(0.8 if 5 < s < 10 else 0.2))])
    assert times(told) == [(0, 5), (10, None)]


def standing(*unseen: tuple[float, float], leaves_s: float = 1000.0) -> Callable[[float], list[Track]]:
    """An object that comes and stands in the zone until it leaves it, overlooked for a while now and then."""

    def at(s: float) -> list[Track]:
        if any(begin < s < end for begin, end in unseen):
            return []
        return [a_track(box=a_box(0.2 if s < leaves_s else 0.8), is_stationary=5 < s < leaves_s)]

    return at


def test_a_stationary_object_that_is_overlooked_for_a_while_makes_one_event() -> None:
    assert times(observe(a_book(a_rule(zone=a_zone())), 60, standing((10, 24), (30, 44)))) == [(0, None)]


def test_one_that_is_overlooked_for_longer_makes_no_second_event_where_it_stood() -> None:
    told = observe(a_book(a_rule(zone=a_zone())), 120, standing((10, 30), (40, 70)))
    assert times(told) == [(0, 10)]


def test_one_that_is_found_again_and_moves_does() -> None:
    told = observe(a_book(a_rule()), 60, lambda s: [] if 10 < s < 30 else [a_track(is_stationary=5 < s < 40)])
    assert times(told) == [(0, 10), (40, None)]


def test_one_that_has_left_and_comes_again_does() -> None:
    book = a_book(a_rule(zone=a_zone()))
    told = observe(book, 60, standing((10, 30), leaves_s=40))
    told += observe(book, 70, standing(), from_s=60.2)
    assert times(told) == [(0, 10), (60.2, None)]


def test_a_stationary_object_that_is_never_seen_again_ends_where_it_was_seen_last() -> None:
    assert times(observe(a_book(a_rule(zone=a_zone())), 26, standing((10, 1000)))) == [(0, 10)]
