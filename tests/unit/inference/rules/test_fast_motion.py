from core.event import EndReason
from core.rule import RuleKind
from core.track import Velocity
from core.unfulfilled import Unfulfilled
from tests.support.builders import a_rule, a_track, after
from tests.support.ruling import a_book, observe, the_account, times

RULE = a_rule(kind=RuleKind.FAST_MOTION, min_speed=0.5)
FAST, SLOW = Velocity(0.3, -0.4), Velocity(0.3, -0.39)


def test_what_is_fast_for_so_long_makes_an_event() -> None:
    told = observe(a_book(RULE), 3, lambda s: [a_track(velocity=FAST if s >= 1 else SLOW)])
    assert times(told) == [(1, None)]


def test_what_is_slower_makes_none() -> None:
    book = a_book(RULE)
    assert observe(book, 5, [a_track(velocity=SLOW)]) == []
    assert the_account(book, until_s=6).unfulfilled == {Unfulfilled.SPEED: 1}


def test_what_is_slow_and_small_fails_at_its_size_which_is_asked_before() -> None:
    book = a_book(a_rule(kind=RuleKind.FAST_MOTION, min_speed=0.5, min_size=0.1))
    observe(book, 5, [a_track(velocity=SLOW)])
    assert the_account(book, until_s=6).unfulfilled == {Unfulfilled.SIZE: 1}


def test_what_slows_down_ends_it() -> None:
    told = observe(a_book(RULE), 9, lambda s: [a_track(velocity=FAST if s <= 4 else SLOW)])
    assert (told[-1].ended_at, told[-1].end_reason) == (after(4), EndReason.OVER)


def test_what_it_did_before_it_was_believed_is_not_known() -> None:
    book = a_book(RULE)
    assert observe(book, 2.8, [a_track(velocity=FAST, first_seen_at=after(0))], from_s=2) == []
    assert times(observe(book, 3, [a_track(velocity=FAST)], from_s=3)) == [(2, None)]


def test_single_fast_looks_are_none() -> None:
    assert observe(a_book(RULE), 9, lambda s: [a_track(velocity=FAST if round(s * 5) % 5 == 0 else SLOW)]) == []
