"""How large a simulated city is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.errors import BadInput
from core.ids import EVENT_EPOCH, LAST_CAMERA

_BOUNDS: Final = {
    "cameras": (1, LAST_CAMERA),
    "departments": (1, 1_000),
    "events": (0, 1_000_000_000),
    "days": (1, 3_650),
    "grants": (0, 100_000),
    "looks": (0, 1_000_000),
}
_MOST_GRANTS: Final = 1_000
_MOST_LOOKS: Final = 20_000
_FEWEST: Final = 20
"""However small the city is."""


@dataclass(frozen=True, slots=True)
class City:
    """A city to be made up: the same one until the same moment is always the same. Raises `BadInput` for nonsense."""

    cameras: int = 1_000
    departments: int = 30
    events: int = 100_000
    days: int = 90
    """The events spread over so many days before `until`."""
    seed: int = 1
    grants: int | None = None
    """None: as many as fit its size."""
    looks: int | None = None
    """Rows on record in the 30 days before `until`; None: as many as fit its size."""

    def __post_init__(self) -> None:
        for name, (least, most) in _BOUNDS.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise BadInput(f"a simulated city has {least} to {most} {name}, not {value}", field=name)

    @property
    def grant_count(self) -> int:
        """One for a hundred cameras, unless it is said how many."""
        fitting = min(max(self.cameras // 100, _FEWEST), _MOST_GRANTS)
        return fitting if self.grants is None else self.grants

    @property
    def look_count(self) -> int:
        """One for a camera, unless it is said how many."""
        return min(max(self.cameras, _FEWEST), _MOST_LOOKS) if self.looks is None else self.looks

    def begins(self, until: datetime) -> datetime:
        """When the first events happen. Raises `BadInput` where that is before events can be."""
        begins = until - timedelta(days=self.days)
        if begins < EVENT_EPOCH:
            raise BadInput(
                f"{self.days} days before {until.date()} is before {EVENT_EPOCH.date()}, where events begin",
                field="days",
            )
        return begins
