from collections.abc import Iterable, Sequence

import pytest

from core.box import Box
from core.errors import BadInput
from core.event import EndReason, Event, Origin
from core.ids import CameraId, event_time
from core.rule import Severity
from core.track import Track
from inference.rulebook import RuleBook
from tests.support.builders import CAMERA, a_box, a_rule, a_track, a_zone, after

STEP_S = 0.2
EPOCH = 5


def a_book(*rules: object, first_n: int = 1) -> RuleBook:
    return RuleBook(CAMERA, rules or [a_rule()], EPOCH, first_n=first_n)  # type: ignore[arg-type]


def observe(
    book: RuleBook, until_s: float, tracks: Sequence[Track] = (), *, from_s: float = 0.0, step_s: float = STEP_S
) -> list[Event]:
    """The same tracks in each picture from `from_s` to `until_s`, both included."""
    looks = round((until_s - from_s) / step_s) + 1
    return [event for look in range(looks) for event in book.observe(after(from_s + look * step_s), tracks)]


def versions(events: Iterable[Event]) -> list[tuple[int, bool]]:
    return [(event.version, event.ended_at is not None) for event in events]


def test_an_event_is_told_once_its_duration_is_reached() -> None:
    book = a_book(a_rule(min_duration_s=1))
    assert observe(book, 0.8, [a_track()]) == []
    assert versions(book.observe(after(1), [a_track()])) == [(1, False)]


def test_an_event_bears_what_its_rule_and_track_say() -> None:
    zone = a_zone()
    rule = a_rule(3, ["car"], name="cars wait", zone=zone, severity=Severity.HIGH)
    box = a_box(0.2)
    event = observe(a_book(rule), 1, [a_track(4, "car", 0.7, box)])[0]
    assert (event.rule, event.rule_name, event.kind, event.severity) == (rule.id, "cars wait", rule.kind, Severity.HIGH)
    assert (event.zone, event.track, event.label, event.score, event.box) == (zone.id, 4, "car", 0.7, box)
    assert (event.camera, event.origin) == (CAMERA, Origin(EPOCH, 1))


def test_an_event_starts_when_its_object_entered_the_zone() -> None:
    book = a_book(a_rule(zone=a_zone()))
    outside, inside = a_track(box=a_box(0.8)), a_track(box=a_box(0.2))
    observe(book, 1.8, [outside])
    event = observe(book, 3, [inside], from_s=2)[0]
    assert event.started_at == after(2)
    assert event_time(event.id) == after(2)


def test_what_a_new_track_did_before_it_was_believed_counts() -> None:
    event = observe(a_book(), 2, [a_track(first_seen_at=after(0))], from_s=0.4)[0]
    assert (event.started_at, event.last_seen_at) == (after(0), after(1))


def test_an_object_outside_the_zone_makes_no_event() -> None:
    assert observe(a_book(a_rule(zone=a_zone())), 10, [a_track(box=a_box(0.8))]) == []


def test_the_foot_counts_not_the_head() -> None:
    lower_half = a_zone([(0, 0.5), (1, 0.5), (1, 1), (0, 1)])
    stands_inside = a_track(box=Box(0.4, 0.1, 0.5, 0.6))
    stands_outside = a_track(box=Box(0.4, 0.1, 0.5, 0.45))
    assert len(observe(a_book(a_rule(zone=lower_half)), 1, [stands_inside])) == 1
    assert observe(a_book(a_rule(zone=lower_half)), 5, [stands_outside]) == []


def test_an_object_of_another_label_makes_no_event() -> None:
    assert observe(a_book(a_rule(labels=["car", "truck"])), 10, [a_track(label="person")]) == []


def test_scores_that_stay_below_the_least_make_no_event() -> None:
    assert observe(a_book(a_rule(min_score=0.5)), 10, [a_track(score=0.45)]) == []


def test_one_good_score_among_weak_ones_makes_no_event() -> None:
    book = a_book(a_rule(min_score=0.5))
    observe(book, 0.8, [a_track(score=0.3)])
    assert book.observe(after(1), [a_track(score=0.9, smooth_score=0.42)]) == []


def test_an_event_begins_as_soon_as_the_newest_scores_suffice() -> None:
    book = a_book(a_rule(min_score=0.5))
    observe(book, 9.8, [a_track(score=0.3)])
    assert len(observe(book, 12, [a_track(score=0.6)], from_s=10)) == 1


def test_an_event_goes_on_though_scores_become_weak() -> None:
    book = a_book(a_rule(min_score=0.5))
    observe(book, 1, [a_track(score=0.6)])
    later = observe(book, 30, [a_track(score=0.25)], from_s=1.2)
    assert [event.ended_at for event in later] == [None, None]


def test_an_event_that_goes_on_is_told_every_ten_seconds() -> None:
    told = observe(a_book(), 35, [a_track()])
    assert [event.last_seen_at for event in told] == [after(1), after(11), after(21), after(31)]
    assert [event.version for event in told] == [1, 2, 3, 4]
    assert len({(event.id, event.origin) for event in told}) == 1


def test_an_event_ends_where_its_object_was_last_seen() -> None:
    book = a_book()
    observe(book, 5, [a_track()])
    ended = observe(book, 9, [], from_s=5.2)
    assert versions(ended) == [(2, True)]
    assert (ended[0].ended_at, ended[0].last_seen_at, ended[0].end_reason) == (after(5), after(5), EndReason.LEFT)


def test_an_object_that_leaves_the_zone_ends_its_event_though_it_is_still_seen() -> None:
    book = a_book(a_rule(zone=a_zone()))
    observe(book, 5, [a_track(box=a_box(0.2))])
    ended = observe(book, 9, [a_track(box=a_box(0.8))], from_s=5.2)
    assert [(event.ended_at, event.end_reason) for event in ended] == [(after(5), EndReason.LEFT)]


def test_a_short_absence_does_not_end_an_event() -> None:
    book = a_book()
    observe(book, 5, [a_track()])
    observe(book, 7.8, [], from_s=5.2)
    assert [event.ended_at for event in observe(book, 20, [a_track()], from_s=8)] == [None]


def test_an_object_that_comes_back_later_makes_a_new_event() -> None:
    book = a_book()
    first = observe(book, 5, [a_track(1)])
    observe(book, 9, [], from_s=5.2)
    second = observe(book, 12, [a_track(1)], from_s=9.2)
    assert [event.version for event in second] == [1]
    assert second[0].id != first[0].id
    assert second[0].origin == Origin(EPOCH, 2)


def test_an_event_keeps_the_best_score_and_where_it_was_reached() -> None:
    book = a_book()
    observe(book, 5, [a_track(score=0.6)])
    best = a_box(0.4)
    book.observe(after(5.2), [a_track(score=0.95, box=best)])
    ended = observe(book, 10, [a_track(score=0.5)], from_s=5.4) + book.close(EndReason.STOPPED)
    assert (ended[-1].score, ended[-1].box) == (0.95, best)


def test_a_new_track_in_the_same_place_carries_the_event_on() -> None:
    book = a_book()
    first = observe(book, 5, [a_track(1)])
    observe(book, 7, [], from_s=5.2)
    observe(book, 9, [a_track(2, box=a_box(0.51), first_seen_at=after(7.2))], from_s=7.2)
    ended = book.close(EndReason.STOPPED)
    assert [(event.id, event.ended_at, event.track) for event in ended] == [(first[0].id, after(9), 1)]


@pytest.mark.parametrize(
    "newcomer",
    [a_track(2, box=a_box(0.9), first_seen_at=after(7.2)), a_track(2, "car", first_seen_at=after(7.2))],
    ids=["elsewhere", "of another label"],
)
def test_a_new_track_of_another_kind_or_place_is_an_event_of_its_own(newcomer: Track) -> None:
    book = a_book(a_rule(labels=["person", "car"]))
    observe(book, 5, [a_track(1)])
    observe(book, 7, [], from_s=5.2)
    observe(book, 9, [newcomer], from_s=7.2)
    assert len(book.close(EndReason.STOPPED)) == 1
    assert book.next_n == 3


def test_who_was_seen_elsewhere_before_does_not_carry_on_the_event_of_one_who_left() -> None:
    book = a_book(a_rule(zone=a_zone()))
    next_one = a_track(2, box=a_box(0.2), first_seen_at=after(0))
    observe(book, 5, [a_track(1, box=a_box(0.2)), a_track(2, box=a_box(0.8))])
    observe(book, 8, [next_one], from_s=5.2)
    assert [event.track for event in book.close(EndReason.STOPPED)] == [1, 2]


def test_who_has_come_from_elsewhere_since_does_not_either() -> None:
    book = a_book(a_rule(zone=a_zone()))
    observe(book, 5, [a_track(1, box=a_box(0.2))])
    observe(book, 8, [a_track(2, box=a_box(0.2), first_seen_at=after(4.5), moved=0.6)], from_s=7)
    assert [event.track for event in book.close(EndReason.STOPPED)] == [1, 2]


def test_a_second_object_beside_one_that_is_seen_is_an_event_of_its_own() -> None:
    book = a_book()
    observe(book, 5, [a_track(1)])
    observe(book, 9, [a_track(1), a_track(2, first_seen_at=after(5.2))], from_s=5.2)
    assert len(book.close(EndReason.STOPPED)) == 2


def test_who_left_the_zone_but_is_still_seen_is_not_carried_on_by_another() -> None:
    book = a_book(a_rule(zone=a_zone()))
    observe(book, 5, [a_track(1, box=a_box(0.4))])
    both = [a_track(1, box=a_box(0.7)), a_track(2, box=a_box(0.4), first_seen_at=after(5.2))]
    observe(book, 7, both, from_s=5.2)
    assert {event.track for event in book.close(EndReason.STOPPED)} == {1, 2}


def test_a_person_who_stands_still_with_weak_scores_is_one_event() -> None:
    book = a_book()
    told = []
    for number in range(1, 12):
        begin = number * 5.0
        track = a_track(number, score=0.42, first_seen_at=after(begin))
        told += observe(book, begin + 3, [track], from_s=begin)
        told += observe(book, begin + 4.8, [], from_s=begin + 3.2)
    assert len({event.id for event in told}) == 1


def test_two_rules_make_an_event_each_of_one_object() -> None:
    told = observe(a_book(a_rule(1), a_rule(2, min_duration_s=0)), 1, [a_track()])
    assert sorted(event.rule for event in told) == [1, 2]


def test_two_events_of_one_millisecond_bear_different_ids() -> None:
    first, second = observe(a_book(), 1, [a_track(1, box=a_box(0.2)), a_track(2, box=a_box(0.8))])
    assert first.started_at == second.started_at
    assert first.id != second.id
    assert (second.origin, second.camera) == (Origin(EPOCH, 2), CAMERA)


def test_a_disabled_rule_makes_no_event() -> None:
    assert observe(a_book(a_rule(enabled=False)), 5, [a_track()]) == []


def test_a_rule_of_another_camera_is_refused() -> None:
    with pytest.raises(BadInput, match="belongs to camera 8"):
        a_book(a_rule(camera=CameraId(8)))


@pytest.mark.parametrize(
    "rules", [[], [a_rule(min_score=0.9)], [a_rule(enabled=False)]], ids=["removed", "changed", "disabled"]
)
def test_a_rule_that_is_no_longer_the_same_ends_its_events(rules: list[object]) -> None:
    book = a_book()
    observe(book, 5, [a_track()])
    ended = book.replace(rules)  # type: ignore[arg-type]
    assert [(event.ended_at, event.end_reason) for event in ended] == [(after(5), EndReason.RULE_CHANGED)]


def test_other_rules_go_on_undisturbed() -> None:
    book = a_book(a_rule(1), a_rule(2))
    observe(book, 5, [a_track()])
    assert [event.rule for event in book.replace([a_rule(2), a_rule(3)])] == [1]
    told = observe(book, 11, [a_track()], from_s=5.2)
    assert [(event.rule, event.version) for event in told] == [(3, 1), (2, 2)]


def test_an_event_of_a_new_rule_starts_no_earlier_than_the_rule() -> None:
    book = a_book(a_rule(1))
    observe(book, 5, [a_track(first_seen_at=after(0))])
    book.replace([a_rule(1), a_rule(2)])
    told = [event for event in observe(book, 8, [a_track(first_seen_at=after(0))], from_s=5.2) if event.rule == 2]
    assert told[0].started_at == after(5.2)


def test_closing_ends_what_goes_on_and_tells_nothing_of_what_was_never_told() -> None:
    book = a_book(a_rule(1), a_rule(2, min_duration_s=60))
    observe(book, 5, [a_track()])
    ended = book.close(EndReason.STREAM_ENDED)
    assert [(event.rule, event.end_reason) for event in ended] == [(1, EndReason.STREAM_ENDED)]
    assert book.close(EndReason.STREAM_ENDED) == []


def test_the_count_of_origins_goes_on_where_it_is_told_to() -> None:
    book = a_book(first_n=17)
    assert observe(book, 1, [a_track()])[0].origin == Origin(EPOCH, 17)
    assert book.next_n == 18


def test_a_clock_set_back_ends_events_and_gives_no_id_twice() -> None:
    book = a_book()
    told = observe(book, 5, [a_track(1)])
    back = observe(book, 5, [a_track(2, first_seen_at=after(0))], from_s=0.2)
    assert [event.end_reason for event in back[:1]] == [EndReason.STREAM_ENDED]
    assert back[1].started_at == after(0)
    assert back[1].id != told[0].id


def test_a_clock_that_trembles_does_not_disturb_an_event() -> None:
    book = a_book()
    observe(book, 5, [a_track()])
    assert book.observe(after(4.5), [a_track()]) == []
    assert [event.last_seen_at for event in book.close(EndReason.STOPPED)] == [after(5)]
