"""What events are looked for, in the caller's words: of searches, counts, live tails, exports and subscriptions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.camera import DepartmentId
from core.hours import Hours
from core.ids import CameraId
from core.line import LineId
from core.rule import RuleKind, Severity
from core.zone import ZoneId
from registry.catalogue.areas import Around, Box
from registry.departments import Sector

Polygon = tuple[tuple[float, float], ...]
"""Corners: longitude and latitude in degrees by WGS-84, at least three."""


class Order(StrEnum):
    """In which order events are found, by when they started."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are looked for. An empty set or None means: any; conditions on different things must all hold.

    Cameras are meant as they are now, with their present names and places; departments as they were then.
    """

    from_at: datetime | None = None
    """Started at this moment or later."""
    to_at: datetime | None = None
    """Started before this moment."""
    overlap: bool = False
    """Also what had started before `from_at` and was still going on then."""
    hours: Hours | None = None
    """Started within these hours."""
    labels: frozenset[str] = frozenset()
    kinds: frozenset[RuleKind] = frozenset()
    severities: frozenset[Severity] = frozenset()
    departments: frozenset[DepartmentId] = frozenset()
    """Of these, or of any below them."""
    sectors: frozenset[Sector] = frozenset()
    """The kind of the department."""
    cameras: frozenset[CameraId] = frozenset()
    region: str | None = None
    """The code of a region: cameras there, or in any region below it."""
    q: str | None = None
    """Words, all of which stand in the camera's name, address or what else the catalogue searches."""
    box: Box | None = None
    around: Around | None = None
    polygon: Polygon | None = None
    """Cameras within it."""
    zones: frozenset[ZoneId] = frozenset()
    lines: frozenset[LineId] = frozenset()
    """Lines that were crossed."""
    min_score: float | None = None
    """Events without a score do not fit, unless it is 0."""
    min_duration: timedelta | None = None
    """Lasted for so long at least: until they ended, or were last seen."""
    max_duration: timedelta | None = None
    """Lasted for so long at most."""
