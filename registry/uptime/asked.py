"""What is asked of the uptime, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.camera import DepartmentId
from core.errors import BadInput
from core.ids import CameraId
from core.spell import SpellState
from core.stream_state import StreamState

from ..departments import Sector
from ..reach import EVERYTHING, Reach
from .days import number

MOST_DAYS = 366


class By(StrEnum):
    """What uptime is added up by."""

    CAMERA = "camera"
    DEPARTMENT = "department"
    REGION = "region"
    SECTOR = "sector"
    DAY = "day"


class Order(StrEnum):
    """What comes first."""

    KEY = "key"
    SHARE = "share"
    """The least share; what was never to be watched comes last."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, by their numbers."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Which:
    """Whose time counts: all of these must hold; an empty one holds for all.

    Departments and sectors are those that owned a camera then, regions with all below where it stood then.
    """

    departments: frozenset[DepartmentId] = frozenset()
    sectors: frozenset[Sector] = frozenset()
    regions: frozenset[str] = frozenset()
    cameras: frozenset[CameraId] = frozenset()
    q: str | None = None
    """Words, all of which stand in the camera's texts, as the catalogue searches them."""
    reach: Reach = EVERYTHING
    """What who asks may see: time in which departments within it owned a camera, and that of single cameras; of both
    the days that lie wholly within it."""


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long streams were in which state."""

    key: str
    """A camera's or department's number, a region's code (empty: in none), a sector, a date."""
    name: str
    by_state: Mapping[SpellState, int]
    """Milliseconds."""

    @property
    def online_ms(self) -> int:
        return self.by_state.get(StreamState.LIVE, 0)

    @property
    def watched_ms(self) -> int:
        """How long they were to be watched."""
        return sum(self.by_state.values())

    @property
    def share(self) -> float | None:
        """Of the time that they were to be watched, how much they were live, 0 to 1; None where there was none."""
        return self.online_ms / self.watched_ms if self.watched_ms else None


def period(first: date, last: date) -> Period:
    """The days from `first` to `last`. Raises `BadInput` where they are none, or too many."""
    found = Period(number(first), number(last))
    if found.first > found.last:
        raise BadInput(f"`from` is {first} and lies after `to`, {last}; exchange them", field="from")
    if found.last - found.first >= MOST_DAYS:
        raise BadInput(
            f"from {first} to {last} are {found.last - found.first + 1} days; at most {MOST_DAYS} are added up at once",
            field="from",
        )
    return found
