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
class Cameras:
    """All cameras that were not removed. The arrays are of one shape (cameras,), by ascending number."""

    numbers: NDArray[np.int64]
    enabled: NDArray[np.bool_]
    owners: NDArray[np.int64]
    """The department of each."""
    region_codes: Sequence[str]
    regions: NDArray[np.int64]
    """The region of each: its index in `region_codes`; that of none is one more than the last."""

    def counted(self, states: Mapping[StreamState, NDArray[np.int64]], reach: Reach) -> "Counted":
        """Those within `reach`, with the states of streams as `read_states` reads them."""
        within = reach.has_cameras(self.numbers, self.owners)
        enabled = within & self.enabled
        online = np.zeros(self.numbers.shape, np.bool_)
        by_state: dict[StreamState, int] = {}
        for state, cameras in states.items():
            found = self._found(cameras)
            found = found[enabled[found]]
            if found.size:
                by_state[state] = int(found.size)
            if state is StreamState.LIVE:
                online[found] = True
        by_owner = _tallies(self.owners, within, enabled, online)
        by_region = _tallies(self.regions, within, enabled, online)
        by_region.pop(len(self.region_codes), None)
        return Counted(
            {DepartmentId(number): tally for number, tally in by_owner.items()},
            {self.region_codes[at]: tally for at, tally in by_region.items()},
            by_state,
        )

    def _found(self, cameras: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where those of `cameras` stand that are there: who watches may tell of one that was removed."""
        if not self.numbers.size:
            return np.zeros(0, np.int64)
        at = np.minimum(np.searchsorted(self.numbers, cameras), self.numbers.size - 1)
        found: NDArray[np.int64] = at[self.numbers[at] == cameras]
        return found


@dataclass(frozen=True, slots=True)
class Counted:
    """Cameras within a reach. Departments and regions without any are left out."""

    by_department: Mapping[DepartmentId, Tally]
    by_region: Mapping[str, Tally]
    """Without those of the regions below each."""
    by_state: Mapping[StreamState, int]
    """How many streams of cameras that are switched on are in which state."""


def _tallies(groups: NDArray[np.int64], *counted: NDArray[np.bool_]) -> dict[int, Tally]:
    """The cameras of each group of which there is any: those within, switched on, online."""
    most = int(groups.max(initial=0)) + 1
    numbers = np.stack([np.bincount(groups[which], minlength=most) for which in counted], axis=1)
    return {int(group): Tally(*numbers[group].tolist()) for group in np.flatnonzero(numbers[:, 0])}


def read_cameras(connection: Connection) -> Cameras:
    """All cameras, as `connection` sees them."""
    groups = [
        (department, region, bool(enabled), _array(cameras))
        for department, region, enabled, cameras in connection.execute(_statement(connection, _CAMERAS, "c.id"))
    ]
    codes = sorted({region for _, region, _, _ in groups if region is not None})
    places = {code: place for place, code in enumerate(codes)}
    sizes = [cameras.size for *_, cameras in groups]
    numbers = np.concatenate([np.zeros(0, np.int64), *(cameras for *_, cameras in groups)])
    order = np.argsort(numbers)
    return Cameras(
        numbers[order],
        enabled=np.repeat(np.array([enabled for _, _, enabled, _ in groups], np.bool_), sizes)[order],
        owners=np.repeat(np.array([department for department, *_ in groups], np.int64), sizes)[order],
        region_codes=codes,
        regions=np.repeat(np.array([places.get(region, len(codes)) for _, region, *_ in groups], np.int64), sizes)[
            order
        ],
    )


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
