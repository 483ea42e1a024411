"""Rules as rows of the rule table, and back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from core.hours import Hours, Weekday
from core.ids import CameraId
from core.line import Direction, Line
from core.rule import Rule, RuleId, RuleKind, Severity
from core.zone import Zone

from .lines import line_of
from .tables import line, zone
from .zones import zone_of

NO_CAMERA: Final = CameraId(0)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Places:
    """The zones and lines that some rules look at, by number."""

    zones: Mapping[int, Zone] = field(default_factory=dict)
    lines: Mapping[int, Line] = field(default_factory=dict)


NO_PLACES: Final = Places()


def places_of(connection: Connection, rules: Select[Any]) -> Places:
    """Where the rules look that `rules` selects from the rule table: two queries, however many they are."""
    chosen = rules.subquery()
    zones = select(zone).where(zone.c.id.in_(select(chosen.c.zone)))
    lines = select(line).where(line.c.id.in_(select(chosen.c.line)))
    return Places(
        zones={row.id: zone_of(row) for row in connection.execute(zones)},
        lines={row.id: line_of(row) for row in connection.execute(lines)},
    )


def rule_of(row: Row[tuple[object, ...]], places: Places) -> Rule:
    """The rule in a row of the rule table; `places` holds its zone and line. One of a department has `NO_CAMERA`."""
    return Rule(
        id=RuleId(row.id),
        camera=NO_CAMERA if row.camera is None else CameraId(row.camera),
        name=row.name,
        labels=_labels(row.labels),
        kind=RuleKind(row.kind),
        zone=places.zones[row.zone] if row.zone else None,
        line=places.lines[row.line] if row.line else None,
        direction=Direction(row.direction) if row.direction else None,
        min_duration=row.min_duration_ms * _MILLISECOND,
        min_score=row.min_score,
        min_size=row.min_size,
        min_path=row.min_path,
        min_speed=row.min_speed,
        min_count=row.min_count,
        hours=hours_of(row.hours),
        cool_down=row.cool_down_ms * _MILLISECOND,
        once_per_track=row.once_per_track,
        severity=Severity(row.severity),
        enabled=row.enabled,
    )


def values_of(some: Rule) -> dict[str, Any]:
    """The columns of the rule table, but for its number and its owner. Durations are cut to milliseconds."""
    return {
        "name": some.name,
        "kind": some.kind.value,
        "labels": json.dumps(sorted(some.labels), ensure_ascii=False),
        "zone": some.zone.id if some.zone else None,
        "line": some.line.id if some.line else None,
        "direction": some.direction.value if some.direction else None,
        "min_duration_ms": some.min_duration // _MILLISECOND,
        "min_score": some.min_score,
        "min_size": some.min_size,
        "min_path": some.min_path,
        "min_speed": some.min_speed,
        "min_count": some.min_count,
        "hours": hours_text(some.hours),
        "cool_down_ms": some.cool_down // _MILLISECOND,
        "once_per_track": some.once_per_track,
        "severity": some.severity.value,
        "enabled": some.enabled,
    }


def hours_text(hours: tuple[Hours, ...]) -> str:
    """`hours` as they are stored: JSON."""
    spans = [
        {
            "days": [day.value for day in Weekday if day in span.days],
            "begin": span.begin.isoformat(),
            "end": span.end.isoformat(),
            "time_zone": span.time_zone,
        }
        for span in hours
    ]
    return json.dumps(spans, separators=(",", ":"))


@lru_cache(maxsize=1_000)
def hours_of(text: str) -> tuple[Hours, ...]:
    """What `hours_text` made."""
    return tuple(
        Hours(
            days=frozenset(Weekday(day) for day in span["days"]),
            begin=time.fromisoformat(span["begin"]),
            end=time.fromisoformat(span["end"]),
            time_zone=span["time_zone"],
        )
        for span in json.loads(text)
    )


@lru_cache(maxsize=1_000)
def _labels(text: str) -> frozenset[str]:
    """Most rules of a city have the labels of some other one."""
    return frozenset(json.loads(text))
