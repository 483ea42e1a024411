"""How long what is out of sight is waited for."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """What is shown again within these times is still the same."""

    grace: timedelta = timedelta(seconds=3)
    """An event outlives its cause for so long."""
    lost: timedelta = timedelta(seconds=3)
    """A track that has not been shown for longer is over."""
    stationary: timedelta = timedelta(seconds=60)
    """The same for one that was stationary."""
    standing: timedelta = timedelta(seconds=15)
    """An event outlives its object for so long where that stood still: a detector overlooks what stands there now and
    then, and a still camera is looked at each ten seconds alone."""
