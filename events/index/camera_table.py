"""Cameras as a table that a database looks an event's camera up in, by the low bits of the event's id.

It says which events cannot be of these cameras. It is short however high the numbers of cameras are, so two cameras may
share a place, and events of the other one are let through, too: whoever asks sifts what is told. A city whose numbers
lie within 131,072 has no such cameras.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

PLACES: Final = 1 << 17
"""So long that a city has a place for each camera, so short that making and handing it over takes 50 µs."""
_OF_ID: Final = f"e.id & {PLACES - 1}"
# By byte or by bit, as the database can: both look at one place, however many cameras there are.
ON_SQLITE: Final = f"substr(:is_camera_table, ({_OF_ID}) + 1, 1) = x'01'"
ON_POSTGRESQL: Final = f"get_bit(CAST(:is_camera_table AS bytea), CAST({_OF_ID} AS integer)) = 1"


def table_of(cameras: NDArray[np.int32], *, embedded: bool) -> bytes:
    """The table of `cameras`, as the database takes it."""
    places = np.zeros(PLACES, np.bool_)
    places[cameras & (PLACES - 1)] = True
    return places.tobytes() if embedded else np.packbits(places, bitorder="little").tobytes()
