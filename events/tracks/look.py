"""What the track log tells of a look: when it was, and which objects it showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.track import Track


@dataclass(frozen=True, slots=True)
class LoggedLook:
    """One look at a camera, as it is kept. No picture, and nothing of one but boxes."""

    at: datetime
    tracks: Sequence[Track]
    """The believed objects that the picture showed; none where nobody was there."""
    run: int
    """The lease epoch of the camera under which somebody looked: in another one track numbers begin anew."""
