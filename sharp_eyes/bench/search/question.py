"""What is asked of the API: a filter of events, under the names and in the forms that HTTP has."""

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from core.ids import EVENT_EPOCH

_PAGING: Final = ("order", "cursor")


class Order(StrEnum):
    """Which events come first."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Conditions on events; nothing means: any."""

    from_ms: int | None = None
    """Milliseconds since `EVENT_EPOCH`; `to_ms` likewise."""
    to_ms: int | None = None
    overlap: bool = False
    day: tuple[str, ...] = ()
    time_from: str | None = None
    """HH:MM by the city's clock."""
    time_to: str | None = None
    label: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    severity: tuple[int, ...] = ()
    department: tuple[int, ...] = ()
    sector: tuple[str, ...] = ()
    camera: tuple[int, ...] = ()
    zone: tuple[int, ...] = ()
    region: str | None = None
    q: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north."""
    near: tuple[float, float, float] | None = None
    """Longitude, latitude, radius in metres."""
    polygon: tuple[tuple[float, float], ...] | None = None
    """Corners: longitude, latitude."""
    min_score: float | None = None
    min_duration_s: int | None = None
    max_duration_s: int | None = None
    order: Order = Order.NEWEST
    cursor: int | None = None

    def query(self, *, is_page: bool = True) -> str:
        """The query string; without `order` and `cursor` where no page is asked for."""
        terms: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value in (None, (), False, Order.NEWEST) or (field.name in _PAGING and not is_page):
                continue
            match field.name:
                case "from_ms" | "to_ms":
                    terms[field.name.removesuffix("_ms")] = _instant(value)
                case "bbox" | "near":
                    terms[field.name] = ",".join(map(repr, value))
                case "polygon":
                    terms[field.name] = ";".join(f"{longitude!r},{latitude!r}" for longitude, latitude in value)
                case "overlap":
                    terms[field.name] = "true"
                case _:
                    terms[field.name] = value
        return urlencode(terms, doseq=True)


def _instant(milliseconds: int) -> str:
    return (EVENT_EPOCH + timedelta(milliseconds=milliseconds)).isoformat().replace("+00:00", "Z")
