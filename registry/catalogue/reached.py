"""What is within reach of who asks, as a condition: a hundred thousand single cameras cost no more than a few."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, or_, select, text

from core.ids import LAST_EVENT, CameraId

from ..reach import Reach
from ..tables import camera
from .condition import Condition
from .speech import Speech

_MOST_LISTED: Final = 5_000
"""More single cameras are not given to the database as a list: walking over all cameras would be quicker anyway."""
_MARK: Final = b"\x01"
_C: Final = camera.alias("c")


def reached(speech: Speech, reach: Reach) -> Condition | None:
    """That a camera is within `reach`, which is not all; None where no camera is.

    Numbers are looked up by their place among marks, one byte for each from the lowest to the highest: a list would
    have to be read and sorted by the database for each statement.
    """
    ways, sources, given = list[str](), list[str](), dict[str, Any]({"reach_mark": _MARK})
    if reach.departments:
        owners = np.array(sorted(reach.departments))
        ways.append(_is_marked("department", owners, given))
        given["reach_departments"] = speech.array(owners.tolist())
        among = speech.among("department", "reach_departments", "integer")
        sources.append(f"SELECT id FROM camera WHERE {among}")  # noqa: S608 - constant text
    single = _single(reach)
    if single.size:
        ways.append(_is_marked("id", single, given))
        if single.size <= _MOST_LISTED:
            given["reach_cameras"] = speech.array(single.tolist())
            sources.append(speech.elements("reach_cameras", "integer"))
    if not ways:
        return None
    is_listed = len(sources) == len(ways)
    return Condition(f"({' OR '.join(ways)})", given, " UNION ".join(sources) if is_listed else None)


def lowest(reach: Reach) -> CameraId:
    """No camera below it is within `reach`, as far as that is known without asking the database."""
    return CameraId(0 if reach.is_all or reach.departments or not reach.cameras.size else int(reach.cameras[0]))


def is_reached(reach: Reach) -> ColumnElement[bool]:
    """That a row of the camera table is within `reach`, which is not all."""
    of_departments = camera.c.department.in_(reach.departments)
    single = single_cameras(reach)
    return of_departments if single is None else or_(of_departments, camera.c.id.in_(single))


def single_cameras(reach: Reach) -> Select[tuple[int]] | None:
    """The numbers of the cameras that are within reach by themselves; None where none is."""
    single = _single(reach)
    if not single.size:
        return None
    given = dict[str, Any]({"reach_mark": _MARK})
    where = text(_is_marked("id", single, given)).bindparams(**given)
    return select(_C.c.id).where(where)


def _single(reach: Reach) -> NDArray[np.int32]:
    """The cameras that are within reach by themselves, ascending, each once."""
    found = reach.cameras[reach.highest == LAST_EVENT]
    each_once: NDArray[np.int32] = found[np.diff(found, prepend=-1) != 0]
    return each_once


def _is_marked(column: str, numbers: NDArray[np.integer[Any]], given: dict[str, Any]) -> str:
    """That `column` is one of `numbers`, which are ascending."""
    first = int(numbers[0])
    marks = np.zeros(int(numbers[-1]) - first + 1, np.uint8)
    marks[numbers - first] = _MARK[0]
    given |= {f"reach_first_{column}": first, f"reach_marks_{column}": marks.tobytes()}
    # A place before the first one would count from the end.
    place = f"substr(:reach_marks_{column}, c.{column} - :reach_first_{column} + 1, 1) = :reach_mark"
    return f"(c.{column} >= :reach_first_{column} AND {place})"
