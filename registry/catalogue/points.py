"""All cameras of a filter as points on a map: columns of small numbers, since there may be a hundred thousand."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection, text

from core.stream_state import StreamState

from ..driver_rows import in_pieces
from .conditions import IS_SAID
from .filter import CameraFilter
from .search import plan

UNITS_A_DEGREE: Final = 100_000
"""Positions are told to 1e-5 degrees, about a metre."""
NO_STATE: Final = 0
"""The number of a camera that no worker has looked at."""
STATES: Final[tuple[StreamState | None, ...]] = (None, *StreamState)
_NUMBERS: Final = {None if state is None else state.value: number for number, state in enumerate(STATES)}


@dataclass(frozen=True, slots=True)
class Points:
    """Columns of the same length, in the order of the cameras' numbers."""

    ids: list[int]
    longitudes: list[int]
    """In 1e-5 degrees."""
    latitudes: list[int]
    states: list[int]
    """Places in `STATES`."""


def points(connection: Connection, asked: CameraFilter) -> Points:
    """The cameras that fit `asked` and whose place is known."""
    how = plan(connection, asked)
    if how is None:
        return Points([], [], [], [])
    statement = text(
        f"{how.begin} SELECT c.id, c.longitude, c.latitude, s.state FROM {how.tables} "  # noqa: S608 - constant text
        "LEFT JOIN stream d ON d.camera = c.id AND d.role = 'detect' LEFT JOIN stream_state s ON s.stream = d.id "
        f"AND {IS_SAID} "
        f"WHERE c.longitude IS NOT NULL AND c.latitude IS NOT NULL AND {how.where} ORDER BY {how.number}"
    )
    found = Points([], [], [], [])
    for piece in in_pieces(connection.execute(statement, how.given)):
        ids, longitudes, latitudes, states = zip(*piece, strict=True)
        found.ids.extend(ids)
        found.longitudes.extend(_units(longitudes))
        found.latitudes.extend(_units(latitudes))
        found.states.extend(_NUMBERS[state] for state in states)
    return found


def _units(degrees: tuple[float, ...]) -> list[int]:
    units: list[int] = np.rint(np.asarray(degrees) * UNITS_A_DEGREE).astype(np.int64).tolist()
    return units
