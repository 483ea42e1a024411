"""The rules that no detector takes part in, on real footage."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.attention import Attention
from core.event import Event
from core.ids import EVENT_EPOCH, CameraId
from inference.rulebook import RuleBook
from ingest.clip_frames import clip_frames
from ingest.motion import MotionGate
from sharp_eyes.rules_file import read_rules
from tests.support.footage import shared

CAMERA = CameraId(1)
SECOND = timedelta(seconds=1)
LENGTH_S = 138.9
VISITS = [(6.0, 19.6), (22.8, 44.7), (50.4, 69.7), (74.6, 86.7), (92.1, 119.7), (123.6, 135.9)]
"""Seconds of corridor-people.mp4 at which somebody's head comes into the picture, and their last foot leaves it."""
FADES_S = 2.0
"""The gate sees what has gone for a while: it compares with what was there on average."""
WINDOW = [[0.0, 0.0], [0.14, 0.0], [0.14, 0.36], [0.0, 0.36]]
RULES = [
    {"name": "anywhere", "kind": "motion", "min_size": 0.01, "min_duration_s": 0.6},
    {"name": "at the window", "kind": "motion", "zone": WINDOW, "min_size": 0.01, "min_duration_s": 0.6},
    {"name": "lost", "kind": "stream_lost"},
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """What the gate and rules make of corridor-people.mp4, after which the stream is away for 40 s."""
    path = tmp_path_factory.mktemp("rules") / "rules.json"
    path.write_text(json.dumps({"rules": RULES}))
    book = RuleBook(CAMERA, read_rules(path, CAMERA, frozenset()), epoch=1)
    gate = MotionGate(Attention())
    found = []
    due = EVENT_EPOCH
    for frame in clip_frames(shared("corridor-people.mp4"), CAMERA):
        if frame.at >= due:
            found += book.observe(frame.at, [], gate.see(frame.luma, frame.at))
            due = frame.at + SECOND / 5
    for second in range(1, 41):
        found += book.stream_lost(frame.at + second * SECOND)
    return [*found, *book.stream_back(frame.at + 41 * SECOND)]


def spans(events: Sequence[Event], rule: str) -> list[tuple[float, float]]:
    """Start and end of each event, in seconds of the clip; what goes on to its end, to there."""
    last = {event.id: event for event in events if event.rule_name == rule}
    return [
        ((event.started_at - EVENT_EPOCH) / SECOND, ((event.ended_at or event.last_seen_at) - EVENT_EPOCH) / SECOND)
        for event in last.values()
    ]


def test_motion_is_told_whenever_somebody_comes_and_goes(told: list[Event]) -> None:
    moving = spans(told, "anywhere")
    for comes, goes in VISITS:
        assert any(begins <= comes + 1 <= ends for begins, ends in moving), comes
        assert any(begins <= goes - 1 <= ends + 1 for begins, ends in moving), goes


def test_no_motion_is_told_where_nobody_is(told: list[Event]) -> None:
    for begins, ends in spans(told, "anywhere"):
        assert any(comes - 0.5 <= begins <= goes for comes, goes in VISITS)
        assert any(comes <= ends <= goes + FADES_S for comes, goes in VISITS)
    assert spans(told, "at the window") == []


def test_a_stream_that_breaks_off_is_told_from_then_until_it_is_back(told: list[Event]) -> None:
    ((begins, ends),) = spans(told, "lost")
    assert begins == pytest.approx(LENGTH_S + 1, abs=0.5)
    assert ends - begins == pytest.approx(40)
