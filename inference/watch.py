"""All that is kept of one camera while it is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.crossing import Crossing
from core.detection import Detection
from core.event import EndReason, Event
from core.frame import Frame
from core.ids import CameraId
from core.rule import Rule, RuleId
from core.track import Track
from core.unfulfilled import RuleAccount

from .life import LifeSettings
from .rulebook import RuleBook
from .tracking import Tracker, TrackerSettings


@dataclass(frozen=True, slots=True)
class Look:
    """One frame that was looked at, or known to show nothing new, and what came of it."""

    frame: Frame
    detections: Sequence[Detection]
    tracks: Sequence[Track]
    """The believed objects that this frame shows."""
    events: Sequence[Event]
    """New versions of events, in order."""
    crossings: Sequence[Crossing] = ()
    """What flow rules counted."""
    is_carried_on: bool = False
    """Whether no detector looked: nothing moved in the frame."""
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
        self._book = rule_book(camera, rules, epoch, first_n=first_n, tracking=tracking, life=life)

    @property
    def next_n(self) -> int:
        """The origin number that the next event will bear: where another watch of the same epoch must go on."""
        return self._book.next_n

    def look(self, frame: Frame, detections: Sequence[Detection]) -> Look:
        """Take in what a detector found in `frame`."""
        nothing_moves = frame.motion is not None and not frame.motion.is_there
        return self._look(frame, detections, self._tracker.update(frame.at, detections, nothing_moves=nothing_moves))

    def still(self, frame: Frame) -> Look:
        """Take in that nothing moves in `frame`: what the last look saw is still there, and time passes."""
        return replace(self._look(frame, (), self._tracker.still(frame.at)), is_carried_on=True)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is known to be there and nothing is going on: a frame that does not move changes nothing."""
        return self._tracker.is_empty and self._book.is_idle

    def stream_lost(self, at: datetime) -> list[Event]:
        """No pictures come at `at`: what is new. To be called about each second until they do."""
        return self._book.stream_lost(at)

    def stream_back(self, at: datetime) -> list[Event]:
        """Pictures come again: what is over."""
        return self._book.stream_back(at)

    def accounts(self) -> Mapping[RuleId, RuleAccount]:
        """Why nothing happened: what became of the tracks that are over, for each enabled rule."""
        return self._book.accounts()

    def replace(self, rules: Sequence[Rule]) -> list[Event]:
        """Watch for `rules` from now on: the ended events of rules that were changed, disabled or removed."""
        return self._book.replace(rules)

    def close(self, reason: EndReason) -> list[Event]:
        """End all events that are going on: their last versions."""
        return self._book.close(reason)

    def _look(self, frame: Frame, detections: Sequence[Detection], tracks: Sequence[Track]) -> Look:
        events = self._book.observe(frame.at, tracks, frame.motion)
        return Look(frame, detections, tracks, events, self._book.crossings)


def rule_book(
    camera: CameraId,
    rules: Sequence[Rule],
    epoch: int,
    *,
    first_n: int = 1,
    tracking: TrackerSettings | None = None,
    life: LifeSettings | None = None,
) -> RuleBook:
    """A rule book that waits for tracks as long as a tracker of these settings does; trials have the same one."""
    known = tracking or TrackerSettings()
    return RuleBook(
        camera,
        rules,
        epoch,
        first_n=first_n,
        settings=life,
        lost_s=known.lost_s,
        stationary_lost_s=known.stationary_lost_s,
    )
