"""All that is kept of one camera while it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.detection import Detection
from core.event import EndReason, Event
from core.frame import Frame
from core.ids import CameraId
from core.rule import Rule
from core.track import Track

from .life import LifeSettings
from .rulebook import RuleBook
from .tracking import Tracker, TrackerSettings


@dataclass(frozen=True, slots=True)
class Look:
    """One frame that was looked at, and what came of it."""

    frame: Frame
    detections: Sequence[Detection]
    tracks: Sequence[Track]
    """The believed objects that this frame shows."""
    events: Sequence[Event]
    """New versions of events, in order."""
    latency_s: float = 0.0
    """From the frame's arrival until its events were made; 0 where nobody measured it."""


class Watch:
    """The tracker and the rule book of one camera. One thread at a time may call it."""

    def __init__(
        self,
        camera: CameraId,
        rules: Sequence[Rule],
        epoch: int,
        *,
        first_n: int = 1,
        tracking: TrackerSettings | None = None,
        life: LifeSettings | None = None,
    ) -> None:
        self.camera = camera
        self._tracker = Tracker(camera, tracking)
        self._known: Sequence[Detection] = ()
        self._book = RuleBook(camera, rules, epoch, first_n=first_n, settings=life)

    @property
    def next_n(self) -> int:
        """The origin number that the next event will bear: where another watch of the same epoch must go on."""
        return self._book.next_n

    def look(self, frame: Frame, detections: Sequence[Detection]) -> Look:
        """Take in what a detector found in `frame`."""
        self._known = detections
        tracks = self._tracker.update(frame.at, detections)
        return Look(frame, detections, tracks, self._book.observe(frame.at, tracks))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is known to be there, and nothing is going on."""
        return not self._tracker._followed

    def still(self, frame: Frame) -> Look:
        """Take in that nothing moves in `frame`: what was there is there still."""
        return self.look(frame, self._known)

    def replace(self, rules: Sequence[Rule]) -> list[Event]:
        """Watch for `rules` from now on: the ended events of rules that were changed, disabled or removed."""
        return self._book.replace(rules)

    def close(self, reason: EndReason) -> list[Event]:
        """End all events that are going on: their last versions."""
        return self._book.close(reason)
