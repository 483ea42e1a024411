"""Spells: spans in which a camera's detect stream was in one state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .ids import CameraId
from .stream_state import StreamState


class NotWatched(StrEnum):
    """What a spell tells where no worker can say anything of the stream."""

    UNWATCHED = "unwatched"
    """The camera was to be watched, and nobody did: its worker ended, or did not answer."""


SpellState = StreamState | NotWatched
"""How a stream was doing, or that nobody watched."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A span in which a camera's stream was in one state, for one reason."""

    camera: CameraId
    state: SpellState
    reason: str
    from_at: datetime
    until_at: datetime | None = None
    """None: it goes on."""


def spell_state(text: str) -> SpellState:
    """The state of that name. Raises `ValueError`."""
    return NotWatched.UNWATCHED if text == NotWatched.UNWATCHED else StreamState(text)
