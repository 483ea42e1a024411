from core.rule import RuleKind
from core.unfulfilled import Unfulfilled
from tests.support.builders import a_box, a_rule, a_track, a_zone, after
from tests.support.ruling import a_book, observe, the_account, times

RULE = a_rule(kind=RuleKind.LOITERING, zone=a_zone(), min_duration_s=60)
INSIDE, OUTSIDE = a_box(0.2), a_box(0.8)


def test_who_stays_for_so_long_loiters() -> None:
    told = observe(a_book(RULE), 65, [a_track(box=INSIDE)])
    assert times(told) == [(0, None)]


def test_who_walks_to_and_fro_loiters() -> None:
    told = observe(a_book(RULE), 70, lambda s: [a_track(box=OUTSIDE if s % 20 > 10 else INSIDE)])
    assert times(told) == [(0, None)]


def test_who_was_away_for_longer_than_a_quarter_of_the_time_begins_anew() -> None:
    book = a_book(RULE)
    assert observe(book, 70, lambda s: [a_track(box=OUTSIDE if 30 < s < 46 else INSIDE)]) == []
    assert the_account(book, until_s=71).unfulfilled == {Unfulfilled.DURATION: 1}


def test_two_who_come_one_after_the_other_do_not_loiter_together() -> None:
    first, second = a_track(1, box=a_box(0.2)), a_track(2, box=a_box(0.4), first_seen_at=after(40))
    assert observe(a_book(RULE), 80, lambda s: [first if s < 40 else second]) == []
