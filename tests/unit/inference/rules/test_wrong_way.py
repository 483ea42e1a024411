import math

import pytest

from core.event import EndReason
from core.rule import RuleKind
from core.track import Velocity
from core.unfulfilled import Unfulfilled
from tests.support.builders import a_line, a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, observe, the_account

UP = a_line()
RULE = a_rule(kind=RuleKind.WRONG_WAY, line=UP)


def heading(degrees: float, speed: float = 0.2) -> Velocity:
    """0 up, 90 right, as `core.course.Course.heading_deg`."""
    return Velocity(speed * math.sin(math.radians(degrees)), -speed * math.cos(math.radians(degrees)))


@pytest.mark.parametrize(
    ("degrees", "is_wrong"),
    [(0, False), (90, False), (115, False), (125, True), (180, True), (235, True), (245, False)],
)
def test_the_wrong_way_is_more_than_120_degrees_off_the_line(degrees: float, is_wrong: bool) -> None:
    assert bool(observe(a_book(RULE), 2, [a_track(velocity=heading(degrees))])) is is_wrong


def test_an_event_bears_the_line() -> None:
    (event,) = observe(a_book(RULE), 1, [a_track(velocity=heading(180))])
    assert (event.line, event.direction, event.track) == (UP.id, None, 1)


def test_what_stands_and_trembles_goes_nowhere() -> None:
    book = a_book(RULE)
    assert observe(book, 5, [a_track(velocity=heading(180, speed=0.015))]) == []
    assert the_account(book, until_s=6).unfulfilled == {Unfulfilled.DIRECTION: 1}


def test_it_must_last() -> None:
    book = a_book(RULE)
    assert observe(book, 10, lambda s: [a_track(velocity=heading(180 if s % 2 < 0.5 else 0))]) == []
    assert the_account(book, until_s=11).unfulfilled == {Unfulfilled.DURATION: 1}


def test_who_turns_round_ends_it_where_it_still_went_wrong() -> None:
    book = a_book(RULE)
    told = observe(book, 9, lambda s: [a_track(velocity=heading(180 if s <= 5 else 0))])
    assert (told[-1].ended_at, told[-1].end_reason) == (after(5), EndReason.OVER)


def test_who_drives_out_of_the_picture_has_left() -> None:
    book = a_book(RULE)
    told = observe(book, 9, lambda s: [a_track(velocity=heading(180))] if s <= 5 else [])
    assert (told[-1].ended_at, told[-1].end_reason) == (after(5), EndReason.LEFT)


def test_with_a_zone_only_what_is_inside_counts() -> None:
    rule = a_rule(kind=RuleKind.WRONG_WAY, line=UP, zone=a_zone([(0.6, 0), (1, 0), (1, 1)]))
    assert observe(a_book(rule), 5, [a_track(velocity=heading(180))]) == []
