from datetime import timedelta
from typing import Any

import pytest

from core.event import EndReason
from core.line import Direction
from core.rule import Rule, RuleKind
from core.track import Track, Velocity
from core.unfulfilled import RuleAccount, Unfulfilled
from tests.support.builders import a_box, a_line, a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, observe, the_account


def line_crossed(**fields: Any) -> Rule:
    return a_rule(kind=RuleKind.LINE_CROSSED, line=a_line(number=9), **fields)


def walker(at_s: float, *, speed: float = 0.1, **fields: Any) -> list[Track]:
    """Goes from the left edge to the right: it meets the line, in the middle, after 5 s."""
    return [a_track(box=a_box(speed * at_s), **fields)]


def test_an_event_of_a_moment_starts_on_the_line_and_is_told_once() -> None:
    (event,) = observe(a_book(line_crossed()), 10, walker)
    assert (event.version, event.end_reason, event.line, event.direction) == (
        1,
        EndReason.OVER,
        9,
        Direction.LEFT_TO_RIGHT,
    )
    assert abs(event.started_at - after(5)) < timedelta(milliseconds=1)
    assert event.ended_at == event.last_seen_at == after(5.2)


def test_the_way_back_is_an_event_of_the_other_direction() -> None:
    told = observe(a_book(line_crossed()), 18, lambda s: walker(min(s, 18 - s)))
    assert [event.direction for event in told] == [Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT]


@pytest.mark.parametrize("direction", list(Direction))
def test_a_rule_of_one_direction_takes_no_other(direction: Direction) -> None:
    book = a_book(line_crossed(direction=direction))
    there = direction is Direction.LEFT_TO_RIGHT
    assert bool(observe(book, 10, walker)) is there
    assert the_account(book, until_s=11) == RuleAccount(1, int(there), {} if there else {Unfulfilled.DIRECTION: 1})


def test_who_never_crosses_fails_at_the_place() -> None:
    book = a_book(line_crossed())
    assert observe(book, 4, walker) == []
    assert the_account(book, until_s=5).unfulfilled == {Unfulfilled.PLACE: 1}


@pytest.mark.parametrize(
    ("fields", "failed"),
    [
        ({"min_size": 0.03}, Unfulfilled.SIZE),
        ({"min_score": 0.9}, Unfulfilled.SCORE),
        ({"min_path": 0.6}, Unfulfilled.PATH),
        ({"zone": a_zone([(0, 0), (1, 0), (1, 0.3), (0, 0.3)])}, Unfulfilled.PLACE),
    ],
    ids=["size", "score", "path", "zone"],
)
def test_other_conditions_are_asked_when_it_crosses(fields: dict[str, Any], failed: Unfulfilled) -> None:
    book = a_book(line_crossed(**fields))
    assert observe(book, 10, lambda s: walker(s, moved=0.1 * s)) == []
    assert the_account(book, until_s=11).unfulfilled == {failed: 1}


def test_a_zone_in_which_the_line_is_crossed_is_no_obstacle() -> None:
    assert len(observe(a_book(line_crossed(zone=a_zone([(0, 0.3), (1, 0.3), (1, 1), (0, 1)]))), 10, walker)) == 1


def test_once_per_track_leaves_out_the_way_back() -> None:
    book = a_book(line_crossed(once_per_track=True))
    assert len(observe(book, 18, lambda s: walker(min(s, 18 - s)))) == 1


def test_two_pictures_on_either_side_are_enough() -> None:
    book = a_book(line_crossed())
    book.observe(after(0), [a_track(box=a_box(0.2))])
    (event,) = book.observe(after(1), [a_track(box=a_box(0.8))])
    assert abs(event.started_at - after(0.5)) < timedelta(milliseconds=1)


def test_what_crossed_before_it_was_believed_is_found_from_its_velocity() -> None:
    car = a_track(box=a_box(0.6), velocity=Velocity(0.5, 0), moved=0.2, first_seen_at=after(0))
    (event,) = a_book(line_crossed()).observe(after(0.4), [car])
    assert event.direction is Direction.LEFT_TO_RIGHT
    assert abs(event.started_at - after(0.2)) < timedelta(milliseconds=1)


def test_a_velocity_alone_carries_nobody_back_over_the_line() -> None:
    car = a_track(box=a_box(0.6), velocity=Velocity(0.5, 0), moved=0.0, first_seen_at=after(0))
    assert a_book(line_crossed()).observe(after(0.4), [car]) == []


def test_a_rule_that_came_later_does_not_tell_of_before() -> None:
    book = a_book()
    car = a_track(box=a_box(0.6), velocity=Velocity(0.5, 0), moved=0.2, first_seen_at=after(0))
    book.observe(after(0.4), [car])
    book.replace([line_crossed()])
    assert book.observe(after(0.6), [car]) == []


def test_an_event_carries_the_way_that_led_over_the_line() -> None:
    (event,) = observe(a_book(line_crossed()), 10, walker)
    assert event.course is not None
    assert event.course.path[0].at == after(0)
    assert event.course.path[-1].at == after(5.2)
    assert event.course.speed == pytest.approx(0.1, rel=0.05)
    assert event.course.heading_deg == pytest.approx(90)
