"""Which events a subscription is for: the filter of a search, without its times, as JSON."""

from datetime import time
from typing import Any, Self

from pydantic import model_validator

from core.hours import ALL_DAYS, Weekday
from events.index.event_filter import EventFilter

from .event_query import EventConditions


class AlertFilter(EventConditions):
    """Which events are told: the conditions of a search, without `from` and `to`, since all of them are to come."""

    @model_validator(mode="after")
    def _of_what_is_to_come(self) -> Self:
        if self.from_at is not None or self.to_at is not None:
            raise ValueError("`from` and `to` mean nothing here: a subscription is told what is to come")
        return self

    @classmethod
    def of(cls, asked: EventFilter) -> Self:
        """`asked` as a body says it."""
        hours = asked.hours
        whole: dict[str, Any] = {
            "day": () if hours is None or hours.days == ALL_DAYS else [day for day in Weekday if day in hours.days],
            "time_from": None if hours is None else _shown(hours.begin),
            "time_to": None if hours is None else _shown(hours.end),
            "label": sorted(asked.labels),
            "kind": sorted(asked.kinds),
            "severity": sorted(asked.severities),
            "department": sorted(asked.departments),
            "sector": sorted(asked.sectors),
            "camera": sorted(asked.cameras),
            "zone": sorted(asked.zones),
            "line": sorted(asked.lines),
            "region": asked.region,
            "q": asked.q,
            "min_score": asked.min_score,
            "min_duration_s": None if asked.min_duration is None else asked.min_duration.total_seconds(),
            "max_duration_s": None if asked.max_duration is None else asked.max_duration.total_seconds(),
        }
        if (box := asked.box) is not None:
            whole["bbox"] = _joined(box.west, box.south, box.east, box.north)
        if (around := asked.around) is not None:
            whole["near"] = _joined(around.centre.longitude, around.centre.latitude, around.radius_m)
        if asked.polygon is not None:
            whole["polygon"] = ";".join(_joined(*corner) for corner in asked.polygon)
        return cls.model_validate(whole)


def _shown(moment: time) -> str | None:
    return None if moment == time() else moment.strftime("%H:%M")


def _joined(*numbers: float) -> str:
    return ",".join(f"{number:.10g}" for number in numbers)
