"""What ought to be answered: every event looked at, without any index, by plain arithmetic."""

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.hours import Weekday
from core.place import Place
from registry.catalogue.areas import Around, Box
from registry.catalogue.filter import CameraFilter

from ..registry.oracle import Oracle as Cameras
from .askers import Asker
from .question import Order, Question
from .scan import Numbers, Scan, Whether

OFFSET: Final = timedelta(hours=8)
TIME_ZONE: Final = "Asia/Shanghai"
"""The city's clock, which is never put forward."""
Condition = Callable[[Numbers], Whether]
"""Which of the events at these places fulfil it."""
_DEGREE_M: Final = 111_195.0
_RIM: Final = 0.02
_DAY_MIN: Final = 24 * 60
_WEEK: Final = tuple(Weekday)
"""Ids count from a Monday."""


@dataclass(frozen=True)
class Oracle:
    """All that was read once, and what each asker may see of it."""

    scan: Scan
    cameras: Cameras
    parents: dict[int, int | None]
    """Of each department, the one above it."""
    sectors: dict[int, str]
    """Of each department, its kind."""
    _seen: dict[str, Numbers] = field(default_factory=dict)

    def seen_by(self, asker: Asker) -> Numbers:
        """The places in the scan of the events within reach, ascending."""
        if asker.name not in self._seen:
            seen = np.ones(len(self.scan), np.bool_)
            if asker.departments is not None:
                seen &= _is_one_of(self.scan.department, asker.departments)
            if asker.cameras is not None:
                seen &= _is_one_of(self.scan.camera, asker.cameras)
            self._seen[asker.name] = np.flatnonzero(seen)
        return self._seen[asker.name]

    def page(self, question: Question, asker: Asker, size: int) -> list[int]:
        """The ids of the events that fit, in order: as many as a page has."""
        found = self.scan.id[self.fitting(question, asker)]
        if question.order is Order.OLDEST:
            later = found if question.cursor is None else found[found > question.cursor]
            return [int(number) for number in later[:size]]
        earlier = found if question.cursor is None else found[found < question.cursor]
        return [int(number) for number in earlier[::-1][:size]]

    def fitting(self, question: Question, asker: Asker) -> Numbers:
        """The places of all events that fit, ascending; order and cursor do not matter."""
        found = self.seen_by(asker)
        if question.to_ms is not None:
            found = found[: self._first(found, question.to_ms)]
        if question.from_ms is not None:
            first = self._first(found, question.from_ms)
            before, found = found[:first], found[first:]
            if question.overlap:
                goes_on = self.scan.is_open[before] | (self.scan.until_us[before] > question.from_ms * 1000)
                found = np.concatenate([before[goes_on], found])
        for fits in (self._by_words, self._by_place, self._by_measure):
            for condition in fits(question):
                found = found[condition(found)]
        return found

    def is_doubtful(self, question: Question) -> bool:
        """Whether a camera stands right on the edge of the circle."""
        if question.near is None:
            return False
        longitude, latitude, radius_m = question.near
        across, up = (self._places - (longitude, latitude)).T
        far_m = (
            np.hypot(across * math.cos(math.radians(latitude)), up) * _DEGREE_M
        )  # as on a plane, which is near enough
        at_the_rim = np.flatnonzero(abs(far_m / radius_m - 1) < _RIM)
        some = replace(self.cameras, cameras=tuple(self.cameras.cameras[at] for at in at_the_rim.tolist()))
        return bool(some.fits(_camera_filter(question))[1])

    @cached_property
    def _places(self) -> NDArray[np.float64]:
        """Longitude and latitude of each camera; shape (cameras, 2)."""
        places = (one.facts.place for one in self.cameras.cameras)
        return np.array([(math.nan, math.nan) if one is None else (one.longitude, one.latitude) for one in places])

    def _first(self, found: Numbers, ms: int) -> int:
        """How many of the places `found` are of events that started before `ms`."""
        return int(np.searchsorted(found, np.searchsorted(self.scan.ms, ms)))

    def _by_words(self, asked: Question) -> Iterator[Condition]:
        scan = self.scan
        if asked.label:
            yield _among(scan.label, [scan.labels[name] for name in asked.label if name in scan.labels])
        if asked.kind:
            yield _among(scan.kind, [scan.kinds[name] for name in asked.kind if name in scan.kinds])
        if asked.severity:
            yield _among(scan.severity, asked.severity)
        if asked.zone:
            yield _among(scan.zone, asked.zone)
        if asked.camera:
            yield _among(scan.camera, asked.camera)
        if asked.department:
            yield _among(scan.department, self._with_all_below(asked.department))
        if asked.sector:
            yield _among(scan.department, [one for one, kind in self.sectors.items() if kind in asked.sector])

    def _by_place(self, asked: Question) -> Iterator[Condition]:
        if asked.region or asked.q or asked.bbox or asked.near:
            yield _among(self.scan.camera, self.cameras.fits(_camera_filter(asked))[0])
        if asked.polygon:
            places = [(one.id, one.facts.place) for one in self.cameras.cameras if one.facts.place is not None]
            inside = _inside(asked.polygon, np.array([(place.longitude, place.latitude) for _, place in places]))
            yield _among(self.scan.camera, [one for (one, _), is_in in zip(places, inside, strict=True) if is_in])

    def _by_measure(self, asked: Question) -> Iterator[Condition]:
        scan = self.scan

        def lasted_us(at: Numbers) -> Numbers:
            return scan.until_us[at] - scan.ms[at] * 1000

        if asked.min_score:
            least = asked.min_score * 10_000 - 1e-6
            yield lambda at: scan.score[at] >= least
        if asked.min_duration_s is not None:
            shortest = asked.min_duration_s * 1_000_000
            yield lambda at: lasted_us(at) >= shortest
        if asked.max_duration_s is not None:
            longest = asked.max_duration_s * 1_000_000
            yield lambda at: lasted_us(at) <= longest
        if asked.day or asked.time_from:
            yield lambda at: _within_hours(scan.ms[at], asked)

    def _with_all_below(self, tops: Collection[int]) -> set[int]:
        found = set(tops)
        while more := {one for one, parent in self.parents.items() if parent in found} - found:
            found |= more
        return found


def _camera_filter(asked: Question) -> CameraFilter:
    return CameraFilter(
        q=asked.q,
        region=asked.region,
        box=None if asked.bbox is None else Box(*asked.bbox),
        around=None if asked.near is None else Around(Place(*asked.near[:2]), asked.near[2]),
    )


def _is_one_of(column: NDArray[Any], numbers: Collection[int]) -> Whether:
    """By a table of all numbers that there are, which is quicker than to sort ten million."""
    known = np.zeros(max(int(column.max(initial=0)), *numbers, 0) + 2, np.bool_)
    known[list(numbers)] = True
    found: Whether = known[column]  # what is null is -1, the table's last place, which nothing takes
    return found


def _among(column: NDArray[Any], numbers: Collection[int]) -> Condition:
    wanted = [int(number) for number in numbers]
    return lambda at: _is_one_of(column[at], wanted)


def _inside(corners: tuple[tuple[float, float], ...], places: NDArray[np.float64]) -> Whether:
    """Which places (shape (n, 2)) have an odd number of the polygon's sides to their east."""
    inside = np.zeros(len(places), np.bool_)
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        crosses = (places[:, 1] < y1) != (places[:, 1] < y2)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x1 + (places[:, 1] - y1) * (x2 - x1) / (y2 - y1)
        inside ^= crosses & (places[:, 0] < at)
    return inside


def _within_hours(ms: Numbers, asked: Question) -> Whether:
    local_min = (ms + OFFSET // timedelta(milliseconds=1)) // 60_000
    day, minute = local_min // _DAY_MIN, local_min % _DAY_MIN
    days = np.array([not asked.day or name in asked.day for name in _WEEK])
    begin, end = _minutes(asked.time_from), _minutes(asked.time_to)
    is_on, was_on = days[day % 7], days[(day - 1) % 7]
    if begin < end:
        within: Whether = is_on & (begin <= minute) & (minute < end)
    else:
        within = (is_on & (minute >= begin)) | (was_on & (minute < end))
    return within


def _minutes(moment: str | None) -> int:
    hours, minutes = (moment or "00:00").split(":")
    return int(hours) * 60 + int(minutes)
