"""`sharp-eyes analyze`: the live path over one clip, in media time, without losing a picture and without a database."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.attention import Attention
from core.box import Box
from core.course import Course
from core.event import EndReason, Event
from core.frame import Frame
from core.ids import EVENT_EPOCH, CameraId
from core.pace import Pace
from core.rule import Rule, RuleKind
from inference.scheduler import Detector
from inference.watch import Watch
from ingest.clip_frames import clip_frames
from ingest.motion import MotionGate

from .analyze_sums import Flow, Line, account_lines, flow_lines
from .settings import Settings

CAMERA = CameraId(1)
"""The number that the clip's imagined camera goes by."""


def analyze_clip(
    clip: Path,
    detector: Detector,
    rules: Sequence[Rule],
    settings: Settings,
    *,
    every_frame: bool = False,
    progress: Callable[[datetime], None] = lambda at: None,
) -> Iterator[Line]:
    """What the loop would say of `clip`: a line for each picture it looks at, and one for each event when it ends.

    At the end: what was counted at the lines of flow rules, and for each rule what became of the tracks.

    Pictures are taken as they are live, `looking.detect_fps` a second, unless `every_frame` is set; the detector looks
    at each, moving or not: the gate is asked for rules of motion alone. Two runs say the same. Raises `BadInput` for a
    clip that cannot be read.
    """
    watch = Watch(CAMERA, rules, epoch=1, tracking=settings.tracking, life=settings.events)
    pace = Pace(settings.looking.detect_fps)
    gate = MotionGate(Attention()) if any(rule.kind is RuleKind.MOTION for rule in rules) else None
    size = (0, 0)
    flows: Counter[Flow] = Counter()
    for index, frame in enumerate(clip_frames(clip, CAMERA)):
        size = (frame.width, frame.height)
        progress(frame.at)
        if not every_frame and not pace.takes(frame.at):
            continue
        if gate is not None:
            frame = replace(frame, motion=gate.see(frame.luma, frame.at))
        look = watch.look(frame, detector.detect([frame])[0])
        flows.update((crossing.rule, crossing.direction, crossing.label) for crossing in look.crossings)
        yield _tracks_line(index, frame, look.tracks)
        yield from _ended(look.events, size)
    yield from _ended(watch.close(EndReason.STREAM_ENDED), size)
    yield from flow_lines(rules, flows)
    yield from account_lines(rules, watch.accounts())


def as_text(line: Line) -> str:
    """`line` as it is printed: always the same text for the same facts."""
    return json.dumps(line, ensure_ascii=False, separators=(", ", ": "))


def _tracks_line(index: int, frame: Frame, tracks: Sequence[Any]) -> Line:
    size = (frame.width, frame.height)
    return {
        "type": "tracks",
        "frame": index,
        "at": _seconds(frame.at),
        "tracks": [
            {"id": track.number, "label": track.label, "score": round(track.score, 4), "box": _pixels(track.box, size)}
            for track in tracks
        ],
    }


def _ended(events: Sequence[Event], size: tuple[int, int]) -> Iterator[Line]:
    for event in events:
        if event.ended_at is None or event.end_reason is None:
            continue
        yield {
            "type": "event",
            "rule": event.rule_name,
            "kind": event.kind.value,
            "label": event.label,
            "severity": int(event.severity),
            "track": event.track,
            "score": None if event.score is None else round(event.score, 4),
            "box": None if event.box is None else _pixels(event.box, size),
            "started_at": _seconds(event.started_at),
            "ended_at": _seconds(event.ended_at),
            "end_reason": event.end_reason.value,
            "direction": None if event.direction is None else event.direction.value,
            "count": event.count,
            "course": None if event.course is None else _course(event.course, size),
        }


def _course(course: Course, size: tuple[int, int]) -> Line:
    return {
        "path": [
            [_seconds(point.at), round(point.foot.x * size[0], 2), round(point.foot.y * size[1], 2)]
            for point in course.path
        ],
        "speed": round(course.speed, 4),
        "heading_deg": None if course.heading_deg is None else round(course.heading_deg, 1),
        "mean_score": round(course.mean_score, 4),
    }


def _pixels(box: Box, size: tuple[int, int]) -> list[float]:
    return [round(side, 2) for side in box.pixels(*size)]


def _seconds(at: datetime) -> float:
    """Media time: seconds from the clip's beginning."""
    return round((at - EVENT_EPOCH) / timedelta(seconds=1), 3)
