"""Cameras that are meant by where they are and by what they are called, as sets of numbers: what events are found by.

Events of removed cameras stay, so those cameras are meant too. Events belong to whom the camera belonged to then, but
where it stands by now, and what is said of it, is for those who may see it now: no other one's filter tells of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from ..db import is_sqlite
from ..reach import Reach
from .areas import Around, Box
from .condition import Condition
from .conditions import conditions_of
from .filter import CameraFilter
from .joined import Numbers, read_columns
from .known_whereabouts import known_whereabouts
from .polygon import Corners, box_of, check_polygon, is_inside
from .search import estimated, plan_of
from .speech import speech_of
from .whereabouts import Whereabouts


@dataclass(frozen=True, slots=True)
class MeantCameras:
    """Which cameras are meant. Raises `BadInput` with the field for what can fit nothing."""

    asked: CameraFilter | None
    """None: no camera can be meant."""
    polygon: Corners | None

    @classmethod
    def of(
        cls,
        *,
        q: str | None = None,
        region: str | None = None,
        box: Box | None = None,
        around: Around | None = None,
        polygon: Corners | None = None,
    ) -> "MeantCameras | None":
        """The cameras for which all that is given holds; None where nothing is."""
        if polygon is not None:
            check_polygon(polygon)
            around_all = box_of(polygon)
            box = around_all if box is None else _both(box, around_all)
            if box is None:
                return cls(None, polygon)
        if q is None and region is None and box is None and around is None:
            return None
        return cls(CameraFilter(q=q, region=region, box=box, around=around, removed=None), polygon)


class SoughtCameras:
    """Cameras that are meant and within a reach now, as a connection sees them. For one thread."""

    def __init__(self, connection: Connection, meant: MeantCameras, reach: Reach) -> None:
        self._connection = connection
        self._polygon = meant.polygon
        asked = None if meant.asked is None else replace(meant.asked, reach=reach)
        self._known: tuple[Whereabouts, CameraFilter] | None = None
        self._conditions: list[Condition] | None = None
        if asked is None:
            return
        whereabouts = known_whereabouts(connection) if asked.q is None else None
        if whereabouts is None:
            self._conditions = conditions_of(connection, asked)
        else:
            self._known = whereabouts, asked

    @property
    def are_at_hand(self) -> bool:
        """Whether they are known without asking the database: to look up all of them takes less than a millisecond."""
        return self._known is not None or self._conditions is None

    @property
    def are_few(self) -> bool:
        """Whether there are so few that all of them are soon looked up, where the database is quick to tell."""
        return min(self._estimates.values(), default=_FEW + 1) <= _FEW

    def all(self) -> Numbers:
        """Their numbers, ascending."""
        if self._known is not None:
            whereabouts, asked = self._known
            return whereabouts.fitting(asked, self._polygon)
        if self._conditions is None:
            return _NONE
        how = plan_of(self._connection, self._conditions, self._estimates)
        return self._read(how.begin, how.tables, how.where, dict(how.given))

    def among(self, numbers: Numbers) -> Numbers:
        """Which of these cameras they are, ascending. It takes as long as there are numbers, whatever is meant."""
        if self._known is not None:
            whereabouts, asked = self._known
            return whereabouts.fitting(asked, self._polygon, among=numbers)
        if self._conditions is None or not numbers.size:
            return _NONE
        speech = speech_of(self._connection)
        given: dict[str, Any] = {name: value for one in self._conditions for name, value in one.given.items()}
        given["among"] = _list(numbers, embedded=is_sqlite(self._connection))
        begin = f"WITH found AS MATERIALIZED ({speech.elements('among', 'integer')})"
        where = " AND ".join(("c.id = found.id", *(one.where for one in self._conditions)))
        return self._read(begin, speech.found, where, given)

    @cached_property
    def _estimates(self) -> Mapping[Condition, int]:
        return {} if self._conditions is None else estimated(self._connection, self._conditions)

    def _read(self, begin: str, tables: str, where: str, given: dict[str, Any]) -> Numbers:
        degrees = () if self._polygon is None else ("longitude", "latitude")
        columns = ", ".join(f"c.{name} AS {name}" for name in ("id", *degrees))
        source = f"(SELECT {columns} FROM {tables} WHERE {where}) meant"  # noqa: S608 - constant text
        (ids,), places = read_columns(
            self._connection, source, numbers=("id",), degrees=degrees, begin=begin, given=given
        )
        if self._polygon is not None:
            ids = ids[is_inside(self._polygon, *places)]
        return np.sort(ids)


_NONE: Final = np.empty(0, np.int64)
_FEW: Final = 1_000


def _both(one: Box, other: Box) -> Box | None:
    """What lies in both; None: nothing does."""
    west, south = max(one.west, other.west), max(one.south, other.south)
    east, north = min(one.east, other.east), min(one.north, other.north)
    return Box(west, south, east, north) if west <= east and south <= north else None


def _list(numbers: Numbers, *, embedded: bool) -> str:
    joined = ",".join(map(str, numbers.tolist()))
    return f"[{joined}]" if embedded else f"{{{joined}}}"
