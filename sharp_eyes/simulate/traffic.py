"""Makes the events of a simulated city: an hour at a time, in the order of their ids."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from core.event import EndReason
from core.ids import CAMERA_BITS, EVENT_EPOCH
from registry.columns import to_microseconds

from .city import City
from .layout import Layout, Numbers, Shares
from .words import TEMPLATES

COLUMNS: Final = (
    *("id", "epoch", "n", "version", "camera", "department", "label", "kind", "severity", "zone", "rule", "rule_name"),
    *("track", "score", "box_left", "box_top", "box_right", "box_bottom", "last_seen_at", "ended_at", "end_reason"),
)
"""The columns of the event table in the order of the rows that `events_of` makes."""
_HOUR: Final = timedelta(hours=1)
_HOUR_MS: Final = 3_600_000
_EAST_OF_GREENWICH: Final = timedelta(hours=8)
_RHYTHM: Final = np.array(
    [3, 2, 1, 1, 1, 2, 6, 14, 16, 11, 9, 10, 12, 10, 9, 10, 12, 16, 17, 13, 10, 8, 6, 4], np.float64
)
"""How much happens in each hour of the day, by the city's own clock."""
_WEEKEND: Final = 0.7
_IN_ZONE: Final = 0.65
_ENDS: Final = {
    EndReason.LEFT: 0.95,
    EndReason.STREAM_ENDED: 0.03,
    EndReason.RULE_CHANGED: 0.01,
    EndReason.INTERRUPTED: 0.01,
}
_EPOCH_US: Final = to_microseconds(EVENT_EPOCH)


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
        kind_number: int,
    ) -> None:
        self._city = city
        self._layout = layout
        self._until = until.astimezone(UTC)
        self._departments = np.array(departments, np.int64)
        self._kind = kind_number
        most = max(len(template.labels) for template in TEMPLATES)
        self._label_shares: Shares = np.ones((len(TEMPLATES), most))
        self._labels: Numbers = np.zeros((len(TEMPLATES), most), np.int64)
        for place, template in enumerate(TEMPLATES):
            weights = 1 / np.arange(1, len(template.labels) + 1)
            self._label_shares[place, : len(weights)] = np.cumsum(weights) / weights.sum()
            self._labels[place, : len(weights)] = [label_numbers[label] for label in template.labels]
        self._names = np.array([name_numbers[template.name] for template in TEMPLATES], np.int64)
        self._severities = np.array([template.severity.value for template in TEMPLATES], np.int64)

    def rows(self) -> Iterator[list[tuple[Any, ...]]]:
        """All events, oldest first, as rows of `COLUMNS`; a list an hour."""
        rng = np.random.default_rng([self._city.seed, 3])
        begins = self._city.begins(self._until)
        hours = [begins + number * _HOUR for number in range(24 * self._city.days)]
        weights = np.array([_weight(hour) for hour in hours])
        made = 0
        for hour, count in zip(hours, rng.multinomial(self._city.events, weights / weights.sum()), strict=True):
            if count:
                yield self._hour(rng, hour, int(count), made)
                made += int(count)

    def _hour(self, rng: np.random.Generator, hour: datetime, count: int, made: int) -> list[tuple[Any, ...]]:
        first_ms = (hour - EVENT_EPOCH) // timedelta(milliseconds=1)
        ids = self._ids(rng, first_ms, count)
        camera = ids & ((1 << CAMERA_BITS) - 1)
        place = camera - 1
        slot = (rng.random(count) > _IN_ZONE).astype(np.int64)
        template = 2 * self._layout.sector[place] + slot
        label = (rng.random(count)[:, None] > self._label_shares[template]).sum(axis=1)
        started_us = (ids >> CAMERA_BITS) * 1000 + _EPOCH_US
        lasted_us = (np.clip(rng.lognormal(2.5, 1.2, count), 1, 3600) * 1_000_000).astype(np.int64)
        until_us = to_microseconds(self._until)
        seen_us = np.minimum(started_us + lasted_us, until_us)
        is_open = started_us + lasted_us > until_us
        reasons = np.array([reason.value for reason in _ENDS], object)
        reason = reasons[rng.choice(len(_ENDS), count, p=list(_ENDS.values()))]
        reason[is_open] = None
        ended = seen_us.astype(object)
        ended[is_open] = None
        zone = camera.astype(object)
        zone[slot == 1] = None
        left, top, right, bottom = _boxes(rng, count)
        columns = (
            ids,
            np.ones(count, np.int64),
            np.arange(made + 1, made + count + 1),
            np.where(is_open, 1, 2),
            camera,
            self._departments[self._layout.department[place]],
            self._labels[template, label],
            np.full(count, self._kind),
            self._severities[template],
            zone,
            2 * camera - 1 + slot,
            self._names[template],
            np.arange(made + 1, made + count + 1) % 100_000 + 1,
            (4_000 + 6_000 * rng.beta(4, 2, count)).astype(np.int64),
            left,
            top,
            right,
            bottom,
            seen_us,
            ended,
            reason,
        )
        return list(zip(*(column.tolist() for column in columns), strict=True))

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


def _boxes(rng: np.random.Generator, count: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Left, top, right, bottom in ten-thousandths."""
    width, height = rng.integers(200, 3_000, count), rng.integers(400, 4_000, count)
    left = (rng.random(count) * (10_000 - width)).astype(np.int64)
    top = (rng.random(count) * (10_000 - height)).astype(np.int64)
    return left, top, left + width, top + height
