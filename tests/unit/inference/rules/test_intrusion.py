from typing import Any

from core.rule import Rule, RuleKind
from core.unfulfilled import Unfulfilled
from tests.support.builders import a_box, a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, observe, the_account

INSIDE, OUTSIDE = a_box(0.2), a_box(0.8)


def intrusion(**fields: Any) -> Rule:
    return a_rule(kind=RuleKind.INTRUSION, zone=a_zone(), **fields)


def test_who_was_seen_outside_and_is_inside_then_has_come_in() -> None:
    book = a_book(intrusion())
    told = observe(book, 2, lambda s: [a_track(box=OUTSIDE if s < 1 else INSIDE)])
    assert [event.started_at for event in told] == [after(1)]


def test_who_was_inside_all_along_has_not() -> None:
    book = a_book(intrusion())
    assert observe(book, 20, [a_track(box=INSIDE, moved=0.01)]) == []
    assert the_account(book, until_s=21).unfulfilled == {Unfulfilled.PATH: 1}


def test_who_appeared_inside_and_has_moved_since_has_come_in() -> None:
    assert len(observe(a_book(intrusion()), 2, [a_track(box=INSIDE, moved=0.06)])) == 1


def test_who_stands_on_the_edge_has_not_come_in_when_its_box_trembles() -> None:
    book = a_book(intrusion())
    assert observe(book, 20, lambda s: [a_track(box=a_box(0.51 if round(s * 5) % 2 else 0.49))]) == []


def test_who_never_came_in_fails_at_the_place() -> None:
    book = a_book(intrusion())
    assert observe(book, 5, [a_track(box=OUTSIDE, moved=0.5)]) == []
    assert the_account(book, until_s=6).unfulfilled == {Unfulfilled.PLACE: 1}


def test_a_minimal_path_is_asked_of_those_who_come_from_outside_too() -> None:
    book = a_book(intrusion(min_path=0.3))
    assert observe(book, 5, lambda s: [a_track(box=OUTSIDE if s < 1 else INSIDE, moved=0.2)]) == []
    assert len(observe(book, 6, [a_track(box=INSIDE, moved=0.3)], from_s=5.2)) == 1


def test_who_has_come_in_goes_on_under_a_new_number() -> None:
    book = a_book(intrusion())
    observe(book, 5, lambda s: [a_track(1, box=OUTSIDE if s < 1 else INSIDE)])
    assert observe(book, 9, [a_track(2, box=INSIDE, first_seen_at=after(5.2))], from_s=5.2) == []
