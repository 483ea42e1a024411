"""Makes the events of a simulated city: an hour at a time, in the order of their ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.event import EndReason
from core.ids import CAMERA_BITS, EVENT_EPOCH
from core.rule import RuleKind, Subject
from registry.columns import to_microseconds

from .city import City
from .layout import Layout, Numbers, Shares
from .movement import Choreography, Movements, course_texts
from .words import OF_A_CAMERA, STANDING, TEMPLATES

COLUMNS: Final = (
    *("id", "epoch", "n", "version", "camera", "department", "label", "kind", "severity", "zone", "rule", "rule_name"),
    *("track", "score", "box_left", "box_top", "box_right", "box_bottom", "last_seen_at", "ended_at", "end_reason"),
)
"""The columns of the event table in the order of the rows of a `Batch`."""
DETAIL_COLUMNS: Final = ("event", "line", "direction", "count", "course")
"""The same of the table of details."""
Rows = list[tuple[Any, ...]]
_HOUR: Final = timedelta(hours=1)
_HOUR_MS: Final = 3_600_000
_EAST_OF_GREENWICH: Final = timedelta(hours=8)
_RHYTHM: Final = np.array(
    [3, 2, 1, 1, 1, 2, 6, 14, 16, 11, 9, 10, 12, 10, 9, 10, 12, 16, 17, 13, 10, 8, 6, 4], np.float64
)
"""How much happens in each hour of the day, by the city's own clock."""
_WEEKEND: Final = 0.7
_SLOTS: Final = np.cumsum([0.44, 0.23, 0.18, 0.07, 0.04, 0.029, 0.01, 0.001])
"""Which rule made an event: the three of the camera (in the zone, everywhere, at the line), those of the department."""
_ENDS: Final = {
    EndReason.LEFT: 0.95,
    EndReason.STREAM_ENDED: 0.03,
    EndReason.RULE_CHANGED: 0.01,
    EndReason.INTERRUPTED: 0.01,
}
_LASTING: Final = 0.002
_LONGEST_S: Final = 48 * 3_600
"""The share of events that go on for hours, and for how long at most."""
_WITH_COURSES: Final = timedelta(days=7)
"""Only the newest events have courses: they are looked at, and all of ten million would take half as long again."""
_SHORT: Final = frozenset({RuleKind.LINE_CROSSED, RuleKind.FAST_MOTION})
"""Kinds whose events are over at once."""
_EPOCH_US: Final = to_microseconds(EVENT_EPOCH)


@dataclass(frozen=True, slots=True)
class Batch:
    """The events of an hour."""

    events: Rows
    details: Rows


class Traffic:
    """Makes events. `label_numbers` and `name_numbers` say how the index numbers labels and rule names."""

    def __init__(
        self,
        city: City,
        layout: Layout,
        until: datetime,
        *,
        departments: Sequence[int],
        label_numbers: dict[str, int],
        name_numbers: dict[str, int],
        kind_numbers: dict[str, int],
    ) -> None:
        self._city = city
        self._layout = layout
        self._until = until.astimezone(UTC)
        self._departments = np.array(departments, np.int64)
        self._choreography = Choreography()
        most = max(len(template.labels) for template in TEMPLATES)
        self._label_shares: Shares = np.ones((len(TEMPLATES), most))
        self._labels: Numbers = np.zeros((len(TEMPLATES), most), np.int64)
        for place, template in enumerate(TEMPLATES):
            weights = 1 / np.arange(1, len(template.labels) + 1)
            self._label_shares[place, : len(weights)] = np.cumsum(weights) / weights.sum()
            self._labels[place, : len(weights)] = [label_numbers[label] for label in template.labels]
        self._names = np.array([name_numbers[template.name] for template in TEMPLATES], np.int64)
        self._severities = np.array([template.severity.value for template in TEMPLATES], np.int64)
        self._kinds = np.array([kind_numbers[template.kind.value] for template in TEMPLATES], np.int64)
        subjects = [template.kind.subject for template in TEMPLATES]
        self._is_track = np.array([subject is Subject.TRACK for subject in subjects])
        self._is_crowd = np.array([subject is Subject.CROWD for subject in subjects])
        self._is_stream = np.array([subject is Subject.STREAM for subject in subjects])
        self._takes_line = np.array([template.takes_line for template in TEMPLATES])
        self._least_counts = np.array([template.min_count or 0 for template in TEMPLATES])
        self._is_short = np.array([template.kind in _SHORT for template in TEMPLATES])
        self._ends_over = np.array([not is_track for is_track in self._is_track]) | self._is_short
        self._least_us = np.array([1_000_000 * template.min_duration_s for template in TEMPLATES], np.int64)

    def batches(self) -> Iterator[Batch]:
        """All events, oldest first; a batch an hour."""
        rng = np.random.default_rng([self._city.seed, 3])
        begins = self._city.begins(self._until)
        hours = [begins + number * _HOUR for number in range(24 * self._city.days)]
        weights = np.array([_weight(hour) for hour in hours])
        made = 0
        for hour, count in zip(hours, rng.multinomial(self._city.events, weights / weights.sum()), strict=True):
            if count:
                yield self._hour(rng, hour, int(count), made)
                made += int(count)

    def _hour(self, rng: np.random.Generator, hour: datetime, count: int, made: int) -> Batch:
        first_ms = (hour - EVENT_EPOCH) // timedelta(milliseconds=1)
        ids = self._ids(rng, first_ms, count)
        camera = ids & ((1 << CAMERA_BITS) - 1)
        department = self._layout.department[camera - 1]
        slot = np.searchsorted(_SLOTS[:-1], rng.random(count), side="right")
        is_own = slot < OF_A_CAMERA
        template = np.where(
            is_own,
            OF_A_CAMERA * self._layout.sector[camera - 1] + slot,
            len(TEMPLATES) - len(STANDING) + slot - OF_A_CAMERA,
        )
        rule = np.where(
            is_own,
            OF_A_CAMERA * (camera - 1) + slot + 1,
            OF_A_CAMERA * self._city.cameras + len(STANDING) * department + slot - OF_A_CAMERA + 1,
        )
        label = (rng.random(count)[:, None] > self._label_shares[template]).sum(axis=1)
        started_us = (ids >> CAMERA_BITS) * 1000 + _EPOCH_US
        lasted_us = self._lasted_us(rng, template)
        until_us = to_microseconds(self._until)
        seen_us = np.minimum(started_us + lasted_us, until_us)
        is_open = started_us + lasted_us > until_us
        ended = _without(seen_us, is_open)
        number = np.arange(made + 1, made + count + 1)
        score = (4_000 + 6_000 * rng.beta(4, 2, count)).astype(np.int64)
        moves = self._choreography.move(rng, camera, template)
        has_box = ~self._is_stream[template]
        is_track = self._is_track[template]
        columns = (
            ids,
            np.ones(count, np.int64),
            number,
            np.where(is_open, 1, 2),
            camera,
            self._departments[department],
            self._labels[template, label],
            self._kinds[template],
            self._severities[template],
            _without(camera, slot != 0),
            rule,
            self._names[template],
            _without(number % 100_000 + 1, ~is_track),
            _without(score, ~(is_track | self._is_crowd[template])),
            *(_without(side, ~has_box) for side in (moves.left, moves.top, moves.right, moves.bottom)),
            seen_us,
            ended,
            _without(self._reasons(rng, template), is_open),
        )
        events = list(zip(*(column.tolist() for column in columns), strict=True))
        has_course = is_track & (self._until - hour <= _WITH_COURSES)
        course = _courses(moves, (seen_us - started_us) // 1000, score, has_course)
        return Batch(events, self._details(rng, ids, camera, template, moves.direction, course))

    def _lasted_us(self, rng: np.random.Generator, template: Numbers) -> Numbers:
        """For how long events lasted: at least as long as their rules ask for."""
        after_us: Numbers = (np.clip(rng.lognormal(2.5, 1.2, len(template)), 1, 3600) * 1_000_000).astype(np.int64)
        is_lasting = rng.random(len(template)) < _LASTING
        hours_us = (np.clip(rng.lognormal(9.0, 0.8, len(template)), 1, _LONGEST_S) * 1_000_000).astype(np.int64)
        after_us = np.where(is_lasting, hours_us, after_us)
        is_short = self._is_short[template]
        return self._least_us[template] + np.where(is_short, after_us % 1_000_000, after_us)

    def _reasons(self, rng: np.random.Generator, template: Numbers) -> npt.NDArray[np.object_]:
        """Why events ended. What is no object's does not leave: it is over."""
        reasons = np.array([reason.value for reason in _ENDS], object)
        reason: npt.NDArray[np.object_] = reasons[rng.choice(len(_ENDS), len(template), p=list(_ENDS.values()))]
        reason[self._ends_over[template] & (reason == EndReason.LEFT.value)] = EndReason.OVER.value
        return reason

    def _details(
        self,
        rng: np.random.Generator,
        ids: Numbers,
        camera: Numbers,
        template: Numbers,
        direction: Numbers,
        course: npt.NDArray[np.object_],
    ) -> Rows:
        """Rows of `DETAIL_COLUMNS`, for those that have any."""
        has_line, is_crowd = self._takes_line[template], self._is_crowd[template]
        has_any = has_line | is_crowd | (course != None)  # noqa: E711 - asked of each
        count = self._least_counts[template] + rng.poisson(4, len(ids))
        columns = (
            ids,
            _without(camera, ~has_line),
            _without(direction, direction == 0),
            _without(count, ~is_crowd),
            course,
        )
        return list(zip(*(column[has_any].tolist() for column in columns), strict=True))

    def _ids(self, rng: np.random.Generator, first_ms: int, count: int) -> Numbers:
        """`count` different ids, in order."""
        ids: Numbers = np.empty(0, np.int64)
        while len(ids) < count:
            missing = count - len(ids)
            at = first_ms + rng.integers(0, _HOUR_MS, missing)
            camera = np.searchsorted(self._layout.busyness, rng.random(missing), side="right") + 1
            ids = np.unique(np.concatenate([ids, at << CAMERA_BITS | np.minimum(camera, self._city.cameras)]))
        return ids


def _weight(hour: datetime) -> float:
    local = hour + _EAST_OF_GREENWICH
    return float(_RHYTHM[local.hour]) * (_WEEKEND if local.weekday() >= 5 else 1.0)


def _courses(
    moves: Movements, lasted_ms: Numbers, score: Numbers, wanted: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    """The courses of those that are wanted, None for the others."""
    courses: npt.NDArray[np.object_] = np.full(len(wanted), None, object)
    if wanted.any():
        courses[wanted] = course_texts(moves.of(wanted), lasted_ms[wanted], score[wanted] * 9 // 10)
    return courses


def _without(values: Numbers | npt.NDArray[np.object_], gone: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """`values`, with None where `gone` says so."""
    kept = values.astype(object)
    kept[gone] = None
    return kept
