from typing import Any

import pytest

from core.box import Box
from core.event import EndReason, Event
from core.motion import STILL, Motion
from core.rule import Rule, RuleKind
from inference.rulebook import RuleBook
from tests.support.builders import a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, times

BOX = Box(0.1, 0.1, 0.3, 0.3)


def motion(**fields: Any) -> Rule:
    return a_rule(**{"kind": RuleKind.MOTION, "labels": [], **fields})


def run(book: RuleBook, until_s: float, moving_until_s: float, seen: Motion | None) -> list[Event]:
    told = []
    for at_s in [look / 5 for look in range(round(until_s * 5) + 1)]:
        told += book.observe(after(at_s), [], seen if at_s <= moving_until_s else STILL)
    return told


def test_motion_that_lasts_is_an_event_until_it_has_stopped() -> None:
    told = run(a_book(motion()), 9, 5, Motion(0.04, BOX))
    assert times(told) == [(0, 5)]
    last = told[-1]
    assert (last.label, last.box, last.track, last.score, last.course) == ("motion", BOX, None, None, None)
    assert last.end_reason is EndReason.OVER


def test_motion_that_does_not_last_is_none() -> None:
    assert run(a_book(motion()), 9, 0.8, Motion(0.04, BOX)) == []


@pytest.mark.parametrize(("min_size", "counts"), [(0.04, True), (0.05, False)])
def test_so_much_must_change(min_size: float, counts: bool) -> None:
    assert bool(run(a_book(motion(min_size=min_size)), 3, 3, Motion(0.04, BOX))) is counts


@pytest.mark.parametrize(
    ("box", "counts"),
    [
        (BOX, True),
        (Box(0.6, 0.1, 0.8, 0.3), False),
        (Box(0.45, 0.1, 0.65, 0.3), False),
        (Box(0.35, 0.1, 0.55, 0.3), True),
        (Box(0.1, 0.0, 1.0, 1.0), False),
    ],
    ids=["inside", "outside", "a quarter", "three quarters", "all around"],
)
def test_half_of_it_must_be_in_the_zone(box: Box, counts: bool) -> None:
    assert bool(run(a_book(motion(zone=a_zone())), 3, 3, Motion(0.04, box))) is counts


def test_what_is_larger_than_the_zone_counts_where_its_middle_is() -> None:
    door = a_zone([(0.4, 0.3), (0.6, 0.3), (0.6, 0.7), (0.4, 0.7)])
    assert run(a_book(motion(zone=door)), 3, 3, Motion(0.04, Box(0.3, 0.1, 0.75, 0.9)))
    assert not run(a_book(motion(zone=door)), 3, 3, Motion(0.04, Box(0.3, 0.1, 1.0, 0.9)))


def test_where_no_gate_looks_nothing_is_told() -> None:
    assert run(a_book(motion()), 5, 5, None) == []


def test_the_box_is_that_of_the_strongest_motion() -> None:
    book = a_book(motion())
    book.observe(after(0), [], Motion(0.04, BOX))
    book.observe(after(0.5), [], Motion(0.4, Box(0, 0, 1, 1)))
    (event,) = book.observe(after(1), [], Motion(0.02, BOX))
    assert event.box == Box(0, 0, 1, 1)


def test_tracks_are_none_of_its_business() -> None:
    book = a_book(motion())
    book.observe(after(0), [a_track()], STILL)
    book.observe(after(10), [], STILL)
    assert book.accounts()[motion().id].tracks == 0


def test_motion_that_goes_on_needs_time() -> None:
    book = a_book(motion())
    book.observe(after(0), [], Motion(0.04, BOX))
    assert not book.is_idle
    book.observe(after(4), [], STILL)
    assert book.is_idle
