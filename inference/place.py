"""One camera's place in the scheduler: room for one frame, and what became of all that were offered."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.frame import Frame

from .pace import Pace
from .watch import Watch


class DropReason(StrEnum):
    """Why a frame was not looked at."""

    NOT_DUE = "not_due"
    """The stream has more pictures than are to be looked at; nothing is wrong."""
    OVERTAKEN = "overtaken"
    """A newer frame came before a thread was free: the machine is too slow for its cameras."""
    FAILED = "failed"
    """Looking at it raised an error, which is in the log."""
    REMOVED = "removed"
    """Its camera was taken out while it waited."""
    STOPPED = "stopped"
    """The scheduler was stopped."""


@dataclass(frozen=True, slots=True)
class LookCounters:
    """What became of one camera's frames: `offered == looked_at + sum(dropped.values()) + waiting`, always."""

    offered: int = 0
    looked_at: int = 0
    waiting: int = 0
    """Not decided yet: at most one that waits and one that is being looked at."""
    dropped: Mapping[DropReason, int] = field(default_factory=dict)


class Place:
    """State of one camera in the scheduler. Every access holds the scheduler's lock, but for the watch's own use."""

    def __init__(self, watch: Watch, pace: Pace, due: float) -> None:
        self.watch = watch
        self.pace = pace
        self.due = due
        """When the camera should be looked at next, by the scheduler's monotonic clock, in seconds."""
        self.frame: Frame | None = None
        """The frame that waits."""
        self.user: int | None = None
        """The thread that uses the watch now."""
        self.claims = 0
        """How many others wait for the watch: they come before the next look."""
        self._offered = 0
        self._looked_at = 0
        self._looking = 0
        self._dropped: Counter[DropReason] = Counter()

    @property
    def is_ready(self) -> bool:
        """Whether a thread may look at it now."""
        return self.frame is not None and self.user is None and self.claims == 0

    def offer(self, frame: Frame) -> None:
        self._offered += 1
        if not self.pace.takes(frame.at):
            self._dropped[DropReason.NOT_DUE] += 1
            return
        self.drop_waiting(DropReason.OVERTAKEN)
        self.frame = frame

    def take(self) -> Frame:
        """The waiting frame, which is being looked at from now on."""
        frame, self.frame = self.frame, None
        assert frame is not None  # noqa: S101 - who takes has asked `is_ready` under the same lock
        self._looking += 1
        return frame

    def looked(self, *, well: bool) -> None:
        """The frame that was taken has been looked at, or could not be."""
        self._looking -= 1
        if well:
            self._looked_at += 1
        else:
            self._dropped[DropReason.FAILED] += 1

    def drop_waiting(self, reason: DropReason) -> None:
        if self.frame is not None:
            self.frame = None
            self._dropped[reason] += 1

    @property
    def failures(self) -> int:
        return self._dropped[DropReason.FAILED]

    @property
    def counters(self) -> LookCounters:
        waiting = self._looking + (self.frame is not None)
        return LookCounters(self._offered, self._looked_at, waiting, dict(self._dropped))
