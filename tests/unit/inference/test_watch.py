"""One camera's tracker and rules together."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.box import Box
from core.detection import Detection
from core.event import EndReason, Event
from core.frame import Frame
from core.line import Direction
from core.motion import STILL, Motion
from core.rule import Rule, RuleId, RuleKind
from core.unfulfilled import RuleAccount, Unfulfilled
from inference.watch import Watch
from tests.support.builders import CAMERA, a_box, a_detection, a_frame, a_line, a_rule, after
from tests.support.ruling import times

SOMEBODY = [a_detection()]


def a_watch(*rules: Rule) -> Watch:
    return Watch(CAMERA, rules or [a_rule()], epoch=1)


def look(watch: Watch, until_s: float, detections: Sequence[Detection] = (), *, from_s: float = 0.0) -> list[Event]:
    told: list[Event] = []
    for step in range(round(from_s * 5), round(until_s * 5) + 1):
        told += watch.look(a_frame(after(step / 5)), detections).events
    return told


def still(watch: Watch, until_s: float, *, from_s: float) -> list[Event]:
    told: list[Event] = []
    for step in range(round(from_s * 5), round(until_s * 5) + 1):
        told += watch.still(a_frame(after(step / 5))).events
    return told


def test_what_does_not_move_is_still_there() -> None:
    watch = a_watch(a_rule(min_duration_s=5))
    assert look(watch, 2, SOMEBODY) == []
    assert times(still(watch, 14, from_s=2.2)) == [(0, None)]
    assert times(look(watch, 30, from_s=14.2)) == [(0, 14)]  # it stood, so it was waited for


def test_a_still_picture_shows_the_tracks_and_no_detections() -> None:
    watch = a_watch()
    look(watch, 2, SOMEBODY)
    seen = watch.still(a_frame(after(2.2)))
    assert [track.number for track in seen.tracks] == [1]
    assert list(seen.detections) == []


def test_where_nothing_is_known_and_nothing_goes_on_it_is_idle() -> None:
    watch = a_watch()
    was_idle = [watch.is_idle]
    for until_s, detections in ((2, SOMEBODY), (5, []), (6, [])):  # an event waits for three seconds
        look(watch, until_s, detections, from_s=until_s - 2)
        was_idle.append(watch.is_idle)
    assert was_idle == [True, False, False, True]


def test_a_candidate_alone_keeps_it_awake() -> None:
    watch = a_watch()
    look(watch, 0, [a_detection(score=0.5)])
    assert not watch.is_idle


def test_motion_that_a_rule_watches_keeps_it_awake() -> None:
    watch = a_watch(a_rule(kind=RuleKind.MOTION, labels=[]))
    frame = a_frame(after(0), motion=Motion(0.1, a_box()))
    watch.look(frame, [])
    assert not watch.is_idle
    watch.still(a_frame(after(3.2), motion=STILL))
    assert watch.is_idle


def test_what_flow_rules_count_comes_with_the_look() -> None:
    watch = a_watch(a_rule(kind=RuleKind.FLOW, line=a_line()))
    counted = []
    for step in range(26):
        seen = watch.look(a_frame(after(step / 5)), [a_detection(box=a_box(0.1 + step * 0.03))])
        counted += [(crossing.direction, crossing.label) for crossing in seen.crossings]
    assert counted == [(Direction.LEFT_TO_RIGHT, "person")]


def test_the_account_tells_why_nothing_happened() -> None:
    watch = a_watch(a_rule(labels=["car"]))
    look(watch, 2, SOMEBODY)
    watch.close(EndReason.STOPPED)
    assert watch.accounts() == {RuleId(1): RuleAccount(1, 0, {Unfulfilled.LABEL: 1})}


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_lost_stream_is_told_and_its_return(comes_back: bool) -> None:
    watch = a_watch(a_rule(kind=RuleKind.STREAM_LOST, labels=[], min_duration_s=30))
    told = [event for second in range(31) for event in watch.stream_lost(after(second))]
    told += watch.stream_back(after(31)) if comes_back else []
    assert times(told) == [(0, 31 if comes_back else None)]


MOVING = Motion(0.1, Box(0, 0, 0.5, 0.5))


def _frame(at_s: float, motion: Motion | None) -> Frame:
    return replace(a_frame(after(at_s)), motion=motion)


@pytest.mark.parametrize(("motion", "is_shown"), [(STILL, True), (MOVING, False), (None, False)])
def test_what_stands_is_shown_though_overlooked_only_where_the_gate_saw_no_motion(
    motion: Motion | None, is_shown: bool
) -> None:
    watch = Watch(CAMERA, [], epoch=1)
    for step in range(30):
        watch.look(_frame(0.2 * step, MOVING), [a_detection()])
    assert bool(watch.look(_frame(6, motion), []).tracks) is is_shown
