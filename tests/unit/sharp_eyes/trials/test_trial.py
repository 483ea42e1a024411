"""A trial finds what a rule book finds live, and says why nothing happened."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.box import Point
from core.errors import BadInput
from core.event import Event
from core.line import Direction, Line, LineId
from core.rule import Rule, RuleId, RuleKind
from events.tracks.codec import Part, looks_of
from events.tracks.look import LoggedLook
from inference.rulebook import RuleBook
from sharp_eyes.trials.answer import NO_LOG, answer
from sharp_eyes.trials.trial import MOST_EVENTS, FlowStep, Trial, try_rule
from tests.support.builders import CAMERA, START, a_box, a_rule, a_track, a_zone, after

RULE = a_rule(zone=a_zone(), min_duration_s=2)
LINE = Line(LineId(1), CAMERA, "gate", Point(0.5, 0.0), Point(0.5, 1.0))
FLOW = Rule(RuleId(2), CAMERA, "flow", frozenset({"car"}), RuleKind.FLOW, line=LINE, min_duration=timedelta(0))


def walk(number: int, from_s: float, to_s: float, *, label: str = "person", run: int = 1) -> list[LoggedLook]:
    """Somebody crosses the picture from left to right, five looks a second."""
    steps = round((to_s - from_s) * 5)
    looks = []
    for step in range(steps + 1):
        at, share = after(from_s + step / 5), step / steps
        box = a_box(0.05 + 0.9 * share)
        track = a_track(number, label, 0.8, box, first_seen_at=after(from_s), last_seen_at=at, moved=0.9 * share)
        looks.append(LoggedLook(at, [track], run))
    return looks


def nobody(from_s: float, to_s: float, run: int = 1) -> list[LoggedLook]:
    return [LoggedLook(after(from_s + step / 5), [], run) for step in range(round((to_s - from_s) * 5))]


def tried(rule: Rule, looks: Iterable[LoggedLook], most_looks: int = 10_000) -> Trial:
    return try_rule(rule, looks, START, after(3600), most_looks=most_looks)


def live(rule: Rule, looks: Iterable[LoggedLook]) -> list[Event]:
    book = RuleBook(CAMERA, [rule], 1)
    newest: dict[int, Event] = {}
    for look in looks:
        newest |= {event.origin.n: event for event in book.observe(look.at, look.tracks)}
    return list(newest.values())


def through_the_log(looks: list[LoggedLook]) -> list[LoggedLook]:
    part = Part()
    for look in looks:
        part.add(look.at, look.tracks)
    return list(looks_of(part.packed(), CAMERA, 1))


STREET = [
    *walk(1, 0, 8),
    *nobody(8.2, 20),
    *walk(2, 20, 26, label="car"),
    *nobody(26.2, 40),
    *walk(3, 40, 42),
    *nobody(42.2, 60),
]


def test_the_log_gives_the_events_that_the_pictures_gave() -> None:
    events = tried(RULE, through_the_log(STREET)).events
    seen = live(RULE, STREET)
    assert len(seen) == 1
    assert [(event.started_at, event.ended_at, event.track) for event in events] == [
        (event.started_at, event.ended_at, event.track) for event in seen
    ]


def test_the_account_says_why_the_others_made_none() -> None:
    trial = tried(RULE, STREET)
    assert (trial.account.tracks, trial.account.with_event) == (3, 1)
    assert {condition.value: count for condition, count in trial.account.unfulfilled.items()} == {
        "label": 1,
        "duration": 1,
    }


def test_a_stricter_rule_makes_fewer_events() -> None:
    strict = tried(replace(RULE, min_duration=timedelta(seconds=30)), STREET)
    assert strict.events == []
    assert {condition.value: count for condition, count in strict.account.unfulfilled.items()} == {
        "label": 1,
        "duration": 2,
    }


def test_what_goes_on_at_the_end_has_no_end_but_counts() -> None:
    trial = tried(RULE, walk(1, 0, 60)[:100])
    assert [event.ended_at for event in trial.events] == [None]
    assert (trial.account.tracks, trial.account.with_event) == (1, 1)


def test_crossings_are_counted_by_minute() -> None:
    looks = [*walk(1, 0, 10, label="car"), *walk(2, 60, 70, label="car"), *walk(3, 70.2, 80, label="car")]
    trial = tried(FLOW, looks)
    assert trial.flow == {
        FlowStep(START, Direction.RIGHT_TO_LEFT, "car"): 1,
        FlowStep(after(60), Direction.RIGHT_TO_LEFT, "car"): 2,
    }


def test_another_run_of_the_worker_begins_anew_though_numbers_are_the_same() -> None:
    looks = [*walk(1, 0, 60)[:50], *walk(1, 10, 70, run=2)[:50]]
    trial = tried(RULE, looks)
    assert [event.end_reason for event in trial.events] == ["interrupted", None]
    assert [event.started_at for event in trial.events] == [START, after(10)]
    assert (trial.account.tracks, trial.account.with_event) == (2, 2)


def test_an_outage_ends_what_was_going_on() -> None:
    still = [LoggedLook(after(second), [a_track(box=a_box(0.2))], 1) for second in (0, 1, 2, 3, 4, 20, 21)]
    (first, *_) = tried(RULE, still).events
    assert (first.end_reason, first.ended_at) == ("stream_ended", after(4))


def test_a_trial_stops_after_so_many_looks_and_says_how_far_it_came() -> None:
    trial = tried(RULE, STREET, most_looks=100)
    assert (trial.looks, trial.is_cut, trial.to_at) == (100, True, STREET[100].at)
    assert answer(trial).hint == "the trial ended early, after 100 looks: go on from `to`"
    whole = tried(RULE, STREET, most_looks=len(STREET))
    assert (whole.is_cut, whole.to_at, answer(whole).hint) == (False, after(3600), None)


def test_a_rule_that_makes_no_end_of_events_is_stopped() -> None:
    any_one = replace(RULE, min_duration=timedelta(0))
    crowd = [LoggedLook(after(4 * n), [a_track(1000 * n + k, box=a_box(0.2)) for k in range(500)], 1) for n in range(9)]
    trial = tried(any_one, crowd)
    assert trial.is_cut
    assert MOST_EVENTS <= len(trial.events) < MOST_EVENTS + 500


def test_no_log_is_told() -> None:
    told = answer(tried(RULE, []))
    assert (told.looks, told.events, told.hint) == (0, (), NO_LOG)


@pytest.mark.parametrize("kind", [RuleKind.MOTION, RuleKind.STREAM_LOST])
def test_what_no_track_tells_cannot_be_tried(kind: RuleKind) -> None:
    with pytest.raises(BadInput, match="cannot be tried"):
        tried(Rule(RuleId(1), CAMERA, "rule", kind=kind), STREET)


def test_the_answer_is_json_in_the_words_of_the_api() -> None:
    told = answer(tried(RULE, STREET)).model_dump(mode="json", by_alias=True)
    assert (told["from"], told["looks"]) == ("2026-03-01T12:00:00.000Z", len(STREET))
    (event,) = told["events"]
    assert (event["label"], event["track"], event["end_reason"]) == ("person", 1, "left")
    assert len(event["box"]) == 4
