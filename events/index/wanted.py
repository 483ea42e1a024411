"""What is looked for, in the index's numbers."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.ids import EventId
from registry.catalogue.meant import MeantCameras

from .conditions import Condition
from .local_hours import LocalHours


@dataclass(frozen=True, slots=True)
class Earlier:
    """Events that started before, and were still going on."""

    recent: EventId
    """Those below this id lasted for so long that an index has them, or have not ended."""
    going_on: Condition


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A filter in the numbers of the index. Where a field is None, any will do."""

    lowest: EventId
    """No id below this one fits."""
    highest: EventId
    """No id above this one fits."""
    earlier: Earlier | None = None
    """What started below `lowest` and fits too."""
    hours: LocalHours | None = None
    cameras: NDArray[np.int64] | None = None
    """Ascending."""
    meant: MeantCameras | None = None
    """Cameras that are not looked up yet, beside `cameras`."""
    departments: tuple[int, ...] | None = None
    labels: tuple[int, ...] | None = None
    kinds: tuple[int, ...] | None = None
    severities: tuple[int, ...] | None = None
    others: tuple[Condition, ...] = field(default=())
    """Conditions that no index answers."""
