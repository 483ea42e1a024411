"""What became of an event that was handed to the index."""

from dataclasses import dataclass
from enum import Enum, auto

from core.ids import EventId


class Fate(Enum):
    """What became of one version of an event."""

    NEW = auto()
    """It is the first one on record of its event."""
    JOINED = auto()
    """It is so, and its event stands within another one's: a lost stream in the outage of its uplink."""
    NEWER = auto()
    """It took the place of an older version."""
    KNOWN = auto()
    """What is on record is as new: it changed nothing."""
    FENCED = auto()
    """Its epoch was not in force when it started: it was not accepted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of one version, and the id under which its event stands: its own one, where it was fenced."""

    fate: Fate
    id: EventId
