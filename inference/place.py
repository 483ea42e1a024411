"""One camera's place in the scheduler: room for one frame, and what became of all that were offered."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.drop_reason import DropReason
from core.frame import Frame

from .watch import Watch


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

    def __init__(self, watch: Watch, *, weight: float, still_look: timedelta) -> None:
        self.watch = watch
        self.frame: Frame | None = None
        """The frame that waits."""
        self.user: int | None = None
        """The thread that uses the watch now."""
        self.claims = 0
        """How many others wait for the watch: they come before the next look."""
        self.patient = 0
        """How many readers wait for room."""
        self.rests = False
        """Whether nothing is known to be there, so that a still frame tells nothing."""
        self.liveliness = 1.0
        """How much more it matters than others because of what is before it."""
        self.turn = 0.0
        """When its next look is due, in looks that a camera of weight 1 has had: the earliest is next."""
        self._weight = weight
        self._still_look = still_look
        self._needs_look = True
        """Whether the waiting frame is for the detector, or nothing moves in it."""
        self._looked_at_moment: datetime | None = None
        self._offered = 0
        self._looked_at = 0
        self._looking = 0
        self._dropped: Counter[DropReason] = Counter()

    def weigh(self, weight: float) -> None:
        """Where there is too much to look at, the camera gets so many looks for one of others."""
        self._weight = weight

    @property
    def is_ready(self) -> bool:
        """Whether a thread may look at it now."""
        return self.frame is not None and self.user is None and self.claims == 0

    def offer(self, frame: Frame) -> None:
        self._offered += 1
        if self.asks_for_look(frame):
            self.drop_waiting(DropReason.OVERTAKEN)
            self.frame, self._needs_look = frame, True
        elif self.rests or (self.frame is not None and self._needs_look):
            self._dropped[DropReason.STILL] += 1
        else:
            self.drop_waiting(DropReason.OVERTAKEN)
            self.frame, self._needs_look = frame, False

    def take(self) -> tuple[Frame, bool]:
        """The waiting frame, which is being looked at from now on, and whether it is for the detector."""
        frame, self.frame = self.frame, None
        assert frame is not None  # noqa: S101 - who takes has asked `is_ready` under the same lock
        self._looking += 1
        if self._needs_look:
            self.turn += 1 / (self._weight * self.liveliness)
        return frame, self._needs_look

    def looked(self, frame: Frame) -> None:
        """A detector has looked at the frame that was taken."""
        self._looking -= 1
        self._looked_at += 1
        self._looked_at_moment = frame.at

    def carried_on(self) -> None:
        """The frame that was taken was still: what was known was carried on."""
        self._looking -= 1
        self._dropped[DropReason.STILL] += 1

    def failed(self) -> None:
        """The frame that was taken could not be looked at."""
        self._looking -= 1
        self._dropped[DropReason.FAILED] += 1

    def drop_waiting(self, reason: DropReason) -> None:
        if self.frame is not None:
            self.frame = None
            self._dropped[reason if self._needs_look else DropReason.STILL] += 1

    @property
    def failures(self) -> int:
        return self._dropped[DropReason.FAILED]

    @property
    def counters(self) -> LookCounters:
        waiting = self._looking + (self.frame is not None)
        return LookCounters(self._offered, self._looked_at, waiting, dict(self._dropped))

    def asks_for_look(self, frame: Frame) -> bool:
        """Whether something moves, nobody can say, or it is time for a look all the same."""
        if frame.motion is None or frame.motion.is_there:
            return True
        if self.frame is not None and self._needs_look:
            return False  # The one that waits may show what moved, and is a look as well.
        if self._looked_at_moment is None:
            return True
        return not timedelta(0) <= frame.at - self._looked_at_moment < self._still_look
