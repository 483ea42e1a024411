"""Events as files: CSV, NDJSON, GeoJSON, written a piece at a time."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from core.clock import rfc3339
from core.place import Place
from events.index.stored import StoredEvent
from registry.imports.formulas import with_guard

COLUMNS: Final = (
    "id",
    "version",
    "started_at",
    "last_seen_at",
    "ended_at",
    "end_reason",
    "kind",
    "alarm_method",
    "alarm_type",
    "label",
    "severity",
    "camera",
    "camera_name",
    "longitude",
    "latitude",
    "department",
    "department_name",
    "rule",
    "rule_name",
    "zone",
    "zone_name",
    "line",
    "line_name",
    "direction",
    "track",
    "score",
    "box_left",
    "box_top",
    "box_right",
    "box_bottom",
    "count",
    "speed",
    "heading_deg",
    "mean_score",
)
"""In this order in CSV; new ones come at the end."""
_MARK: Final = "\ufeff"
"""By which Excel knows UTF-8."""


class EventFormat(StrEnum):
    """How a file of events is written; also how its name ends."""

    CSV = "csv"
    NDJSON = "ndjson"
    GEOJSON = "geojson"


@dataclass(frozen=True, slots=True)
class ExportedEvent:
    """An event as it leaves: without a word of its pictures."""

    stored: StoredEvent
    place: Place | None
    """Of its camera; None: it is not known, or not for who takes it along."""

    def values(self) -> tuple[Any, ...]:
        """What stands in each of `COLUMNS`, as JSON knows it."""
        stored, event, place = self.stored, self.stored.event, self.place
        method, alarm = event.kind.alarm_code
        box, course = event.box, event.course
        return (
            str(event.id),
            event.version,
            rfc3339(event.started_at),
            rfc3339(event.last_seen_at),
            None if event.ended_at is None else rfc3339(event.ended_at),
            None if event.end_reason is None else event.end_reason.value,
            event.kind.value,
            method,
            alarm,
            event.label,
            event.severity.value,
            event.camera,
            stored.camera_name,
            None if place is None else place.longitude,
            None if place is None else place.latitude,
            stored.department,
            stored.department_name,
            event.rule,
            event.rule_name,
            event.zone,
            stored.zone_name,
            event.line,
            stored.line_name,
            None if event.direction is None else event.direction.value,
            event.track,
            event.score,
            *((None,) * 4 if box is None else (box.left, box.top, box.right, box.bottom)),
            event.count,
            *((None,) * 3 if course is None else (course.speed, course.heading_deg, course.mean_score)),
        )


@dataclass(frozen=True, slots=True)
class EventWriter:
    """How events become text."""

    media_type: str
    begin: str
    written: Callable[[Sequence[ExportedEvent]], str]
    """Some of them, of which there is at least one."""
    between: str
    """What stands between the text of some and that of the next."""
    end: str


def _csv(events: Sequence[ExportedEvent]) -> str:
    return _csv_lines([[_cell(value) for value in one.values()] for one in events])


def _csv_lines(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return with_guard(value)
    return "" if value is None else str(value)


def _ndjson(events: Sequence[ExportedEvent]) -> str:
    return "".join(_json(dict(zip(COLUMNS, one.values(), strict=True))) + "\n" for one in events)


def _geojson(events: Sequence[ExportedEvent]) -> str:
    return ",\n".join(_json(_feature(one)) for one in events)


def _feature(one: ExportedEvent) -> dict[str, Any]:
    """By RFC 7946: longitude first, WGS-84."""
    properties = dict(zip(COLUMNS, one.values(), strict=True))
    for name in ("id", "longitude", "latitude"):
        del properties[name]
    place = one.place
    return {
        "type": "Feature",
        "id": str(one.stored.event.id),
        "geometry": None if place is None else {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": properties,
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


WRITERS: Final = {
    EventFormat.CSV: EventWriter("text/csv", _MARK + _csv_lines([COLUMNS]), _csv, "", ""),
    EventFormat.NDJSON: EventWriter("application/x-ndjson", "", _ndjson, "", ""),
    EventFormat.GEOJSON: EventWriter(
        "application/geo+json", '{"type": "FeatureCollection", "features": [\n', _geojson, ",\n", "\n]}\n"
    ),
}
