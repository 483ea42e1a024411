"""Where all cameras are, as arrays: which of a hundred thousand are meant is known in less than a millisecond so."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.camera import DepartmentId
from core.ids import CameraId

from ..reach import EVERYTHING, Reach
from .areas import Box, Circle
from .filter import CameraFilter
from .joined import Degrees, Numbers, read_columns
from .polygon import Corners, is_inside

_Small = NDArray[np.int32]
_Places = NDArray[np.intp]
"""Places in the arrays of all cameras, ascending."""


@dataclass(frozen=True, slots=True, eq=False)
class Whereabouts:
    """All cameras, removed ones too. Arrays of one shape (cameras,), by ascending number, and what they speak of.
    Immutable; any thread."""

    numbers: _Small
    owners: _Small
    """The department of each."""
    regions: _Small
    """The region of each: its index in `region_codes`; that of none is one more than the last."""
    longitudes: Degrees
    latitudes: Degrees
    """NaN where it is not known."""
    region_codes: tuple[str, ...]
    """All regions there are."""
    region_parents: _Small
    """The region around each, as in `regions`."""
    former: tuple[_Small, _Small]
    """Two arrays of one shape: cameras, and departments they belonged to before."""

    def fitting(self, asked: CameraFilter, polygon: Corners | None = None, *, among: Numbers | None = None) -> Numbers:
        """The cameras, or those of `among`, that fit `asked` and lie inside `polygon`, ascending: exactly those that
        the database would find. Raises `ValueError` for conditions on what is not known here."""
        if replace(asked, region=None, box=None, around=None, reach=EVERYTHING) != _KNOWN_OF:
            raise ValueError("only regions, places and a reach are known of cameras here, removed or not")
        found = slice(None) if among is None else self._places(np.sort(among))
        for holds in self._conditions(asked, polygon):
            fits = holds(found)
            found = np.flatnonzero(fits) if isinstance(found, slice) else found[fits]
        return self.numbers[found].astype(np.int64)

    def ever_owned(self, cameras: Numbers, departments: Collection[DepartmentId]) -> Numbers:
        """Those of `cameras` that belong to one of `departments`, or did, ascending."""
        asked = np.array(sorted(departments), np.int32)
        found = self._places(np.sort(cameras))
        numbers, (former, owners) = self.numbers[found], self.former
        owned = np.isin(self.owners[found], asked) | np.isin(numbers, former[np.isin(owners, asked)])
        return numbers[owned].astype(np.int64)

    def steady_owners(self, cameras: Numbers) -> dict[CameraId, DepartmentId] | None:
        """The department of each of `cameras` that is there, where none of them belonged to another one before."""
        if np.isin(cameras, self.former[0]).any():
            return None
        found = self._places(np.sort(cameras))
        pairs = zip(self.numbers[found].tolist(), self.owners[found].tolist(), strict=True)
        return {CameraId(number): DepartmentId(owner) for number, owner in pairs}

    def _places(self, numbers: Numbers) -> _Places:
        """Where those of `numbers` stand that are there."""
        if not self.numbers.size:
            return np.empty(0, np.intp)
        found = np.minimum(np.searchsorted(self.numbers, numbers), self.numbers.size - 1)
        there: _Places = found[self.numbers[found] == numbers]
        return there

    def _conditions(self, asked: CameraFilter, polygon: Corners | None) -> list["_Holds"]:
        """What must hold of the cameras at some places, in an order in which few are left soon."""
        found = list[_Holds]()
        if asked.box is not None:
            found.append(self._in_box(asked.box))
        if asked.around is not None:
            found += [self._in_box(asked.around.box()), self._in_circle(asked.around.circle())]
        if asked.region is not None:
            below = self._below(asked.region)
            found.append(lambda at: below[self.regions[at]])
        if polygon is not None:
            found.append(lambda at: is_inside(polygon, self.longitudes[at], self.latitudes[at]))
        if not asked.reach.is_all:
            found.append(self._within(asked.reach))
        return found

    def _in_box(self, box: Box) -> "_Holds":
        def holds(at: Any) -> NDArray[np.bool_]:
            longitudes, latitudes = self.longitudes[at], self.latitudes[at]
            fits: NDArray[np.bool_] = (latitudes >= box.south) & (latitudes <= box.north)
            fits &= (longitudes >= box.west) & (longitudes <= box.east)
            return fits

        return holds

    def _in_circle(self, circle: Circle) -> "_Holds":
        def holds(at: Any) -> NDArray[np.bool_]:
            up, across = self.latitudes[at] - circle.latitude, self.longitudes[at] - circle.longitude
            middle = circle.cos - circle.sin * up - circle.curve * up * up
            # The order of the operations is that of the SQL: who stands on the edge is inside for both, or for neither.
            fits: NDArray[np.bool_] = up * up + across * across * middle * middle <= circle.square
            return fits

        return holds

    def _within(self, reach: Reach) -> "_Holds":
        return lambda at: reach.has_cameras(self.numbers[at].astype(np.int64), self.owners[at].astype(np.int64))

    def _below(self, code: str) -> NDArray[np.bool_]:
        """Which regions are that of `code`, or lie below it, of shape (regions + 1,): the last one is none."""
        marks = np.zeros(len(self.region_codes) + 1, np.bool_)
        if code in self.region_codes:
            marks[self.region_codes.index(code)] = True
        while (more := marks[self.region_parents] & ~marks[:-1]).any():
            marks[:-1] |= more
        return marks


_Holds = Callable[[Any], NDArray[np.bool_]]
_KNOWN_OF: Final = CameraFilter(removed=None)


def read_whereabouts(connection: Connection) -> Whereabouts:
    """Where all cameras are, as `connection` sees them, which must see one state."""
    (codes, above), _ = read_columns(connection, "region r", numbers=(_code("r.code"), _code("r.parent")))
    codes, order = np.unique(codes, return_index=True)
    (numbers, owners, regions), (longitudes, latitudes) = read_columns(
        connection,
        "camera c",
        numbers=("c.id", "c.department", _code("c.region")),
        degrees=("c.longitude", "c.latitude"),
    )
    (former, departments), _ = read_columns(
        connection, "(SELECT DISTINCT camera, department FROM former_owner) f", numbers=("f.camera", "f.department")
    )
    ascending = np.argsort(numbers)
    return Whereabouts(
        numbers[ascending].astype(np.int32),
        owners=owners[ascending].astype(np.int32),
        regions=np.searchsorted(codes, regions[ascending]).astype(np.int32),
        longitudes=longitudes[ascending],
        latitudes=latitudes[ascending],
        region_codes=tuple(str(code)[1:] for code in codes.tolist()),
        region_parents=np.searchsorted(codes, above[order]).astype(np.int32),
        former=(former.astype(np.int32), departments.astype(np.int32)),
    )


_NO_REGION: Final = 2 * 10**12
"""Above the codes of all regions."""


def _code(column: str) -> str:
    """The code of a region as a number: with a 1 in front, since `01` and `0001` are different ones."""
    return f"coalesce(CAST('1' || {column} AS bigint), {_NO_REGION})"
