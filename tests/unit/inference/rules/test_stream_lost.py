from core.event import EndReason, Event
from core.rule import RuleKind
from inference.rulebook import RuleBook
from tests.support.builders import a_rule, a_track, after
from tests.support.ruling import a_book, observe, times

RULE = a_rule(kind=RuleKind.STREAM_LOST, labels=[], min_duration_s=30)


def away(book: RuleBook, from_s: int, until_s: int) -> list[Event]:
    return [event for s in range(from_s, until_s + 1) for event in book.stream_lost(after(s))]


def test_a_stream_that_is_away_for_so_long_is_an_event_from_when_it_went() -> None:
    book = a_book(RULE)
    assert away(book, 10, 39) == []
    (event,) = book.stream_lost(after(40))
    assert (event.started_at, event.last_seen_at) == (after(10), after(40))
    assert (event.label, event.box, event.track, event.score) == ("stream", None, None, None)


def test_it_is_over_when_pictures_come_again() -> None:
    book = a_book(RULE)
    told = [*away(book, 10, 75), *book.stream_back(after(76))]
    assert [event.version for event in told] == [1, 2, 3, 4, 5]
    assert times(told) == [(10, 76)]
    assert told[-1].end_reason is EndReason.OVER


def test_a_picture_says_so_too() -> None:
    book = a_book(RULE)
    told = [*away(book, 10, 45), *book.observe(after(46), [])]
    assert times(told) == [(10, 46)]


def test_a_stream_that_comes_back_soon_is_none_and_the_next_outage_begins_anew() -> None:
    book = a_book(RULE)
    assert [*away(book, 10, 30), *book.stream_back(after(31))] == []
    assert times(away(book, 40, 75)) == [(40, None)]


def test_the_end_of_the_stream_ends_other_events_not_this() -> None:
    book = a_book(RULE, a_rule(2))
    observe(book, 5, [a_track()])
    begun = away(book, 6, 11)
    ended = book.close(EndReason.STREAM_ENDED)
    assert [event.rule for event in ended] == [2]
    assert times([*begun, *away(book, 12, 40)]) == [(6, None)]


def test_a_worker_that_stops_ends_it() -> None:
    book = a_book(RULE)
    told = [*away(book, 0, 35), *book.close(EndReason.STOPPED)]
    assert (told[-1].ended_at, told[-1].end_reason) == (after(35), EndReason.STOPPED)


def test_other_rules_know_nothing_of_streams() -> None:
    book = a_book(a_rule())
    assert away(book, 0, 60) == book.stream_back(after(61)) == []
