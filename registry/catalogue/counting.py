"""All cameras as arrays: a hundred thousand are counted in a millisecond so, for whoever may see whichever of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from core.camera import DepartmentId
from core.stream_state import StreamState

from ..reach import Reach
from .conditions import IS_SAID
from .speech import speech_of

_CAMERAS: Final = (
    "SELECT c.department, c.region, c.enabled, {numbers} FROM camera c WHERE c.deleted_at IS NULL "
    "GROUP BY c.department, c.region, c.enabled"
)
_STATES: Final = f"SELECT s.state, {{numbers}} FROM stream_state s WHERE {IS_SAID} GROUP BY s.state"  # noqa: S608 - constant text


@dataclass(slots=True)
class Tally:
    """Some cameras, counted."""

    registered: int = 0
    enabled: int = 0
    online: int = 0
    """Those that are switched on, and whose detect stream is live."""

    def add(self, other: "Tally") -> None:
        """Count the cameras of `other` too."""
        self.registered += other.registered
        self.enabled += other.enabled
        self.online += other.online


@dataclass(frozen=True, slots=True)
class Place:
    """What some cameras have in common."""

    department: DepartmentId
    region: str | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class Cameras:
    """All cameras that were not removed. The arrays are of one shape (cameras,), by ascending number."""

    places: Sequence[Place]
    numbers: NDArray[np.int64]
    at: NDArray[np.int64]
    """The place of each: its index in `places`."""
    owners: NDArray[np.int64]
    """The department of each."""
    enabled: NDArray[np.bool_]

    def counted(self, states: Mapping[StreamState, NDArray[np.int64]], reach: Reach) -> "Counted":
        """Those within `reach`, with the states of streams as `read_states` reads them."""
        within = reach.has_cameras(self.numbers, self.owners)
        online = np.zeros(self.numbers.shape, np.bool_)
        by_state: dict[StreamState, int] = {}
        for state, cameras in states.items():
            found = self._found(cameras)
            found = found[within[found] & self.enabled[found]]
            if found.size:
                by_state[state] = int(found.size)
            if state is StreamState.LIVE:
                online[found] = True
        registered, live = (np.bincount(self.at[which], minlength=len(self.places)) for which in (within, online))
        tallies = [
            (place, Tally(number, number if place.enabled else 0, number_online))
            for place, number, number_online in zip(self.places, registered.tolist(), live.tolist(), strict=True)
            if number
        ]
        return Counted(tallies, by_state)

    def _found(self, cameras: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where those of `cameras` stand that are there: who watches may tell of one that was removed."""
        if not self.numbers.size:
            return np.zeros(0, np.int64)
        at = np.minimum(np.searchsorted(self.numbers, cameras), self.numbers.size - 1)
        found: NDArray[np.int64] = at[self.numbers[at] == cameras]
        return found


@dataclass(frozen=True, slots=True)
class Counted:
    """Cameras within a reach."""

    tallies: Sequence[tuple[Place, Tally]]
    by_state: Mapping[StreamState, int]
    """How many streams of cameras that are switched on are in which state."""


def read_cameras(connection: Connection) -> Cameras:
    """All cameras, as `connection` sees them."""
    places: list[Place] = []
    numbers, at = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for department, region, enabled, cameras in connection.execute(_statement(connection, _CAMERAS, "c.id")):
        numbers.append(_array(cameras))
        at.append(np.full(numbers[-1].shape, len(places)))
        places.append(Place(DepartmentId(department), region, bool(enabled)))
    all_numbers, all_at = np.concatenate(numbers), np.concatenate(at)
    order = np.argsort(all_numbers)
    all_at = all_at[order]
    owners = np.array([place.department for place in places], np.int64)
    enabled_at = np.array([place.enabled for place in places], np.bool_)
    return Cameras(places, all_numbers[order], all_at, owners[all_at], enabled_at[all_at])


def read_states(connection: Connection) -> dict[StreamState, NDArray[np.int64]]:
    """The cameras whose streams are in each state now, a camera once for each stream; in the order of the states'
    names."""
    found = {
        StreamState(state): _array(cameras)
        for state, cameras in connection.execute(_statement(connection, _STATES, "s.camera"))
    }
    return dict(sorted(found.items()))


def _statement(connection: Connection, form: str, column: str) -> Any:
    return text(form.format(numbers=speech_of(connection).gathered.format(column=column)))


def _array(numbers: str | list[int]) -> NDArray[np.int64]:
    """The numbers of a row, which come as JSON or as a list."""
    return np.array(json.loads(numbers) if isinstance(numbers, str) else numbers, np.int64)
