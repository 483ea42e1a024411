"""Courses as the index keeps them: short JSON, since ten million events have one each."""

import json
from datetime import datetime, timedelta
from typing import Final

from core.box import Point
from core.course import Course, PathPoint

_SHARE: Final = 10_000
HEADING_TENTHS: Final = 10
"""Headings are kept in tenths of a degree."""
_MILLISECOND: Final = timedelta(milliseconds=1)


def course_text(course: Course, started_at: datetime) -> str:
    """`course` of an event that started at `started_at`.

    [[milliseconds, x, y, milliseconds, x, y ...], speed, heading or null, mean score]: places and scores in
    ten-thousandths, the heading in tenths of a degree, and each point as its difference from the one before it (the
    first one from `started_at` and the top left corner).
    """
    path: list[int] = []
    before = (0, 0, 0)
    for point in course.path:
        now = (
            round((point.at - started_at) / _MILLISECOND),
            round(point.foot.x * _SHARE),
            round(point.foot.y * _SHARE),
        )
        path += [new - old for new, old in zip(now, before, strict=True)]
        before = now
    heading = None if course.heading_deg is None else round(course.heading_deg * HEADING_TENTHS)
    kept = [path, round(course.speed * _SHARE), heading, round(course.mean_score * _SHARE)]
    return json.dumps(kept, separators=(",", ":"))


def course_of(text: str, started_at: datetime) -> Course:
    """The course that `course_text` wrote, to the millisecond and the ten-thousandth."""
    path, speed, heading, mean_score = json.loads(text)
    points: list[PathPoint] = []
    at, x, y = started_at, 0, 0
    for place in range(0, len(path), 3):
        at, x, y = at + timedelta(milliseconds=path[place]), x + path[place + 1], y + path[place + 2]
        points.append(PathPoint(at, Point(x / _SHARE, y / _SHARE)))
    return Course(
        path=tuple(points),
        speed=speed / _SHARE,
        heading_deg=None if heading is None else heading / HEADING_TENTHS,
        mean_score=mean_score / _SHARE,
    )
