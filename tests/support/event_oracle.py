"""Which events fit a filter, once more and one at a time: plain Python that knows nothing of the index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt
from unicodedata import normalize

from core.event import Event
from events.index.event_filter import EventFilter
from events.index.stored import StoredEvent

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True)
class OneCamera:
    place: tuple[float, float] | None
    """Longitude and latitude."""
    region: str | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """What is known of the places that events happen at."""

    cameras: Mapping[int, OneCamera]
    departments: Mapping[int, tuple[str, int | None]]
    """The sector of each, and what it belongs to."""
    regions: Mapping[str, str | None]
    """What each lies in."""


def fits(city: City, one: StoredEvent, asked: EventFilter) -> bool:
    """Whether the event fits."""
    event = one.event
    return (
        _has_names(event, asked)
        and _has_time(event, asked)
        and _has_measures(event, asked)
        and _has_owner(city, one.department, asked)
        and (not asked.cameras or event.camera in asked.cameras)
        and _has_place(city, city.cameras[event.camera], asked)
    )


def _has_names(event: Event, asked: EventFilter) -> bool:
    return (
        (not asked.labels or event.label in asked.labels)
        and (not asked.kinds or event.kind in asked.kinds)
        and (not asked.severities or event.severity in asked.severities)
        and (not asked.zones or event.zone in asked.zones)
        and (not asked.lines or event.line in asked.lines)
    )


def _has_time(event: Event, asked: EventFilter) -> bool:
    at = event.started_at
    if asked.from_at is not None and at < asked.from_at:
        was_going_on = event.ended_at is None or event.ended_at > asked.from_at
        if not (asked.overlap and was_going_on):
            return False
    if asked.to_at is not None and at >= asked.to_at:
        return False
    return asked.hours is None or asked.hours.hold(at)


def _has_measures(event: Event, asked: EventFilter) -> bool:
    if asked.min_score and (event.score is None or event.score < asked.min_score - 1e-9):
        return False
    lasted = (event.ended_at if event.ended_at is not None else event.last_seen_at) - event.started_at
    at_least, at_most = asked.min_duration or timedelta(0), asked.max_duration
    return lasted >= at_least and (at_most is None or lasted <= at_most)


def _has_owner(city: City, department: int, asked: EventFilter) -> bool:
    if asked.sectors and city.departments[department][0] not in asked.sectors:
        return False
    if not asked.departments:
        return True
    above: int | None = department
    while above is not None:
        if above in asked.departments:
            return True
        above = city.departments[above][1]
    return False


def _has_place(city: City, camera: OneCamera, asked: EventFilter) -> bool:
    if asked.region is not None and not _lies_in(city, camera.region, asked.region):
        return False
    if asked.q is not None:
        texts = "\n".join(_plain(text) for text in camera.texts)
        if not all(word in texts for word in _plain(asked.q).split()):
            return False
    if asked.box is None and asked.around is None and asked.polygon is None:
        return True
    if camera.place is None:
        return False
    x, y = camera.place
    if asked.box is not None and not (
        asked.box.west <= x <= asked.box.east and asked.box.south <= y <= asked.box.north
    ):
        return False
    if asked.around is not None:
        centre = asked.around.centre
        if metres((x, y), (centre.longitude, centre.latitude)) > asked.around.radius_m:
            return False
    return asked.polygon is None or is_inside(asked.polygon, x, y)


def _lies_in(city: City, region: str | None, code: str) -> bool:
    while region is not None:
        if region == code:
            return True
        region = city.regions[region]
    return False


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle."""
    (x1, y1), (x2, y2) = one, other
    half = sin(radians(y2 - y1) / 2) ** 2 + cos(radians(y1)) * cos(radians(y2)) * sin(radians(x2 - x1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def is_inside(corners: Sequence[tuple[float, float]], x: float, y: float) -> bool:
    """Whether a way to the north crosses the edges an odd number of times."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (x1 <= x) != (x2 <= x) and y1 + (y2 - y1) * (x - x1) / (x2 - x1) > y:
            crossings += 1
    return crossings % 2 == 1
