"""Which cameras are meant."""

from dataclasses import dataclass
from typing import Final

from core.camera import DepartmentId
from core.camera_facts import check_region_code
from core.errors import BadInput
from core.stream_state import StreamState

from ..departments import Sector
from ..reach import EVERYTHING, Reach
from .areas import Around, Box
from .words import words_of

_CODE_LENGTH: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFilter:
    """Which cameras are meant. An empty set or None means: any; conditions on different things must all hold.

    Raises `BadInput` with the field for what can fit nothing: a query of blanks alone, a region or a code that is none.
    """

    q: str | None = None
    """Words, all of which stand in the camera's name, address, own id, code, manufacturer, model or management unit."""
    departments: frozenset[DepartmentId] = frozenset()
    sectors: frozenset[Sector] = frozenset()
    region: str | None = None
    """The code of a region: cameras there, or in any region below it."""
    states: frozenset[StreamState] = frozenset()
    """Of the detect stream."""
    enabled: bool | None = None
    removed: bool | None = False
    """Removed cameras, instead of those that are there. None: both."""
    box: Box | None = None
    around: Around | None = None
    gb_prefix: str | None = None
    """The first digits of the code."""
    reach: Reach = EVERYTHING
    """What who asks may see: no other camera is found."""

    def __post_init__(self) -> None:
        if self.q is not None:
            words_of(self.q)
        if self.region is not None:
            check_region_code(self.region, field="region")
        if self.gb_prefix is not None:
            _check_prefix(self.gb_prefix)


ALL: Final = CameraFilter()


def _check_prefix(digits: str) -> None:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _CODE_LENGTH):
        raise BadInput(
            f"the beginning of a code is 1 to {_CODE_LENGTH} digits; found {digits[:40]!r}",
            field="gb_code",
            hint="31010400 for example",
        )
