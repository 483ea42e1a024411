from collections import Counter
from datetime import UTC, time
from typing import Any

from core.crossing import Crossing
from core.event import EndReason, Event
from core.hours import Hours
from core.line import Direction
from core.rule import Rule, RuleId, RuleKind
from core.track import Track
from core.unfulfilled import RuleAccount, Unfulfilled
from inference.rulebook import RuleBook
from tests.support.builders import a_box, a_line, a_rule, a_track, after
from tests.support.ruling import a_book, observe, the_account

LINE = a_line(number=9)


def flow(**fields: Any) -> Rule:
    return a_rule(kind=RuleKind.FLOW, labels=["car", "bus"], line=LINE, **fields)


def cars(at_s: float, *, every_s: float = 2.0, for_s: float = 20.0) -> list[Track]:
    """One sets out from the left edge `every_s`, and needs two seconds to the right one; the first at 0."""
    found = []
    for number in range(1, int(for_s / every_s) + 1):
        gone_s = at_s - (number - 1) * every_s
        if 0 <= gone_s <= 2:
            found.append(a_track(number, "car", box=a_box(gone_s / 2), first_seen_at=after(at_s - gone_s)))
    return found


def run(book: RuleBook, until_s: float, **fields: float) -> tuple[list[Event], list[Crossing]]:
    events: list[Event] = []
    crossings: list[Crossing] = []
    for step in range(round(until_s * 5) + 1):
        events += book.observe(after(step / 5), cars(step / 5, **fields))
        crossings += book.crossings
    return events, crossings


def test_each_crossing_is_told_once() -> None:
    events, crossings = run(a_book(flow()), 25)
    assert events == []
    assert [crossing.at for crossing in crossings] == [after(1 + 2 * number) for number in range(10)]
    assert crossings[0] == Crossing(RuleId(1), LINE.id, Direction.LEFT_TO_RIGHT, "car", after(1))


def test_rules_count_apart() -> None:
    book = a_book(flow(number=1), flow(number=2, min_score=0.9), a_rule(3))
    _, crossings = run(book, 25)
    assert Counter(crossing.rule for crossing in crossings) == {1: 10}


def test_what_was_counted_took_part_and_what_never_crossed_fails_at_the_place() -> None:
    book = a_book(flow())
    run(book, 20.4, every_s=10)
    observe(book, 25, [a_track(5, "car", box=a_box(0.1))], from_s=20.6)
    assert the_account(book, until_s=26) == RuleAccount(3, 2, {Unfulfilled.PLACE: 1})


def test_outside_its_hours_nothing_is_counted() -> None:
    begin, end = time(12, 0, 6), time(12, 1)
    book = a_book(flow(hours=(Hours(begin=begin, end=end, time_zone=str(UTC)),)))
    _, crossings = run(book, 25)
    assert [crossing.at for crossing in crossings] == [after(7 + 2 * number) for number in range(7)]


def test_too_many_within_a_minute_are_an_event_until_there_are_fewer() -> None:
    events, _ = run(a_book(flow(min_count=5)), 100)
    first, last = events[0], events[-1]
    assert (first.version, first.started_at, first.count, first.track, first.box) == (1, after(9), 5, None, None)
    assert (first.label, first.line, first.direction) == ("car", LINE.id, Direction.LEFT_TO_RIGHT)
    assert (last.count, last.end_reason, last.score) == (10, EndReason.OVER, None)
    assert last.ended_at is not None
    assert after(70.8) <= last.ended_at <= after(71.2)  # the fifth last was at 11 s
    assert len({event.id for event in events}) == 1


def test_as_many_in_more_than_a_minute_are_none() -> None:
    events, crossings = run(a_book(flow(min_count=5)), 90, every_s=16.0, for_s=90)
    assert len(crossings) == 5
    assert events == []


def test_idle_while_nobody_waits_for_a_minute_to_pass() -> None:
    book = a_book(flow(min_count=5))
    run(book, 8)
    observe(book, 15, from_s=8.2)
    assert book.is_idle
    book = a_book(flow(min_count=5))
    run(book, 30)
    assert not book.is_idle
