"""The rules that no detector takes part in, on real footage."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest

from core.box import Box
from core.event import Event
from core.frame import Plane
from core.ids import EVENT_EPOCH, CameraId
from core.motion import STILL, Motion
from inference.rulebook import RuleBook
from ingest.clip_frames import clip_frames
from sharp_eyes.rules_file import read_rules
from tests.support.footage import shared

CAMERA = CameraId(1)
SECOND = timedelta(seconds=1)
LENGTH_S = 40.7
RIGHT = [[0.72, 0.0], [1.0, 0.0], [1.0, 1.0], [0.72, 1.0]]
RULES = [
    {"name": "on the right", "kind": "motion", "zone": RIGHT, "min_size": 0.004, "min_duration_s": 0.4},
    {"name": "lost", "kind": "stream_lost"},
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """What rules make of bottles-and-hands.mp4, after which the stream is away for 40 s.

    On the right, a hand comes to the bottle at 31.2 s and takes it, brings it back, and has gone at 36.6 s.
    """
    path = tmp_path_factory.mktemp("rules") / "rules.json"
    path.write_text(json.dumps({"rules": RULES}))
    book = RuleBook(CAMERA, read_rules(path, CAMERA, frozenset()), epoch=1)
    found = []
    before: Plane | None = None
    due = EVENT_EPOCH
    for frame in clip_frames(shared("bottles-and-hands.mp4"), CAMERA):
        if frame.at >= due:
            small = np.asarray(cv2.resize(frame.luma, (160, 90), interpolation=cv2.INTER_AREA), np.uint8)
            found += book.observe(frame.at, [], STILL if before is None else moving(before, small))
            before, due = small, frame.at + SECOND / 5
    for second in range(1, 41):
        found += book.stream_lost(frame.at + second * SECOND)
    return [*found, *book.stream_back(frame.at + 41 * SECOND)]


def moving(before: Plane, now: Plane) -> Motion:
    """What differs between two small pictures, as a gate would tell it."""
    differs = (cv2.absdiff(before, now) > 12).astype(np.uint8)
    changed = cv2.morphologyEx(differs, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    share = float(changed.mean())
    if share == 0:
        return STILL
    x, y, width, height = cv2.boundingRect(changed)
    return Motion(share, Box(x / 160, y / 90, (x + width) / 160, (y + height) / 90))


def spans(events: Sequence[Event], label: str) -> list[Any]:
    """Start and end of each event, in seconds of the clip."""
    return [
        ((event.started_at - EVENT_EPOCH) / SECOND, (event.ended_at - EVENT_EPOCH) / SECOND)
        for event in events
        if event.label == label and event.ended_at is not None
    ]


def test_motion_is_told_where_and_when_a_hand_is_there(told: list[Event]) -> None:
    assert spans(told, "motion") == [(pytest.approx(31.2, abs=0.6), pytest.approx(36.6, abs=0.6))]


def test_a_stream_that_breaks_off_is_told_from_then_until_it_is_back(told: list[Event]) -> None:
    begins, ends = LENGTH_S, LENGTH_S + 40
    assert spans(told, "stream") == [(pytest.approx(begins, abs=1), pytest.approx(ends, abs=1))]
