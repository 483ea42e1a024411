"""Why did nothing happen: each track counts once for each rule, when it is over."""

from core.event import EndReason
from core.rule import RuleId
from core.unfulfilled import RuleAccount, Unfulfilled
from tests.support.builders import a_box, a_rule, a_track, after
from tests.support.ruling import a_book, observe

ONE = RuleId(1)


def test_a_track_counts_when_it_has_not_been_shown_for_so_long_that_it_cannot_come_back() -> None:
    book = a_book(a_rule())
    observe(book, 2, [a_track()])
    observe(book, 5, from_s=2.2)
    assert book.accounts()[ONE] == RuleAccount()
    assert not book.is_idle
    observe(book, 5.2, from_s=5.2)
    assert book.accounts()[ONE] == RuleAccount(1, 1)
    assert book.is_idle


def test_a_track_that_stood_is_waited_for() -> None:
    book = a_book(a_rule(labels=["car"]))
    observe(book, 10, [a_track(is_stationary=True)])
    observe(book, 69.2, from_s=10.2, step_s=1)
    assert book.accounts()[ONE] == RuleAccount()
    observe(book, 71, from_s=71)
    assert book.accounts()[ONE] == RuleAccount(1, 0, {Unfulfilled.LABEL: 1})


def test_conditions_stand_in_the_order_in_which_they_are_asked() -> None:
    book = a_book(a_rule(min_score=0.5, min_duration_s=60))
    tracks = [a_track(1, box=a_box(0.1)), a_track(2, score=0.3, box=a_box(0.5)), a_track(3, "car", box=a_box(0.9))]
    observe(book, 2, tracks)
    observe(book, 6, from_s=2.2)
    assert list(book.accounts()[ONE].unfulfilled) == [Unfulfilled.LABEL, Unfulfilled.SCORE, Unfulfilled.DURATION]


def test_a_rule_that_stays_as_it_is_keeps_its_account() -> None:
    book = a_book(a_rule(1), a_rule(2))
    observe(book, 2, [a_track()])
    observe(book, 6, from_s=2.2)
    book.replace([a_rule(1), a_rule(2, min_score=0.9), a_rule(3)])
    assert {rule: account.tracks for rule, account in book.accounts().items()} == {1: 1, 2: 0, 3: 0}


def test_a_new_rule_does_not_count_the_tracks_of_before() -> None:
    book = a_book(a_rule(1))
    observe(book, 2, [a_track()])
    book.replace([a_rule(1), a_rule(2)])
    observe(book, 6, from_s=2.2)
    assert {rule: account.tracks for rule, account in book.accounts().items()} == {1: 1, 2: 0}


def test_at_the_end_of_the_stream_all_tracks_are_over() -> None:
    book = a_book(a_rule())
    observe(book, 0.4, [a_track()])
    book.close(EndReason.STREAM_ENDED)
    assert book.accounts()[ONE] == RuleAccount(1, 0, {Unfulfilled.DURATION: 1})


def test_a_new_track_that_carries_an_event_on_took_part_in_it() -> None:
    book = a_book(a_rule())
    observe(book, 2, [a_track(1)])
    observe(book, 3, [a_track(2, first_seen_at=after(2.2))], from_s=2.2)
    observe(book, 8, from_s=3.2)
    assert book.accounts()[ONE] == RuleAccount(2, 2)
