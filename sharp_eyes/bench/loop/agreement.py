"""Whether two loops say the same: of single pictures, and of whole clips."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from core.attention import Attention
from core.box import Box
from core.detection import Detection
from core.event import EndReason, Event
from core.frame import Frame
from core.ids import EVENT_EPOCH, CameraId
from inference.scheduler import Detector
from inference.watch import Look, Watch
from ingest.lookout import Watching
from ingest.pictures import picture_of
from ingest.replay import Replay

from ...rules_file import street_rule
from ...settings import Settings
from ...worker.readers import ATTENTIVE
from .plain import MIN_SCORE, PlainDetector

SAME_OVERLAP: Final = 0.5
SAME_START: Final = timedelta(seconds=0.5)
_CAMERA: Final = CameraId(1)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Matches:
    """How much of one list has its like in another, one to one."""

    ours: int
    theirs: int
    matched: int

    @property
    def share(self) -> float | None:
        """What of both has its like: 1 where they agree; None where there is nothing to compare."""
        both = self.ours + self.theirs
        return 2 * self.matched / both if both else None

    @property
    def recall(self) -> float | None:
        """Share of theirs that ours has."""
        return self.matched / self.theirs if self.theirs else None

    @property
    def precision(self) -> float | None:
        """Share of ours that theirs has."""
        return self.matched / self.ours if self.ours else None


@dataclass(frozen=True, slots=True)
class Watched:
    """What a clip gave, and what it cost to find out."""

    events: list[Event]
    """Each in its last version."""
    looks: int
    pictures: int
    """Decoded."""
    packets: int


def detections_agree(
    clip: Path, detector: Detector, plain: PlainDetector, labels: Sequence[str], fps: float
) -> Matches:
    """Detections of our detector beside those of the plain one, on the pictures of `clip` that are looked at."""
    ours = theirs = matched = 0
    for frame in Replay(clip, _CAMERA, Watching(fps)):
        found = [one for one in detector.detect([frame])[0] if one.score >= MIN_SCORE]
        told = [Detection(labels[label], score, Box(*box)) for label, score, box in plain.detect(picture_of(frame))]
        ours, theirs = ours + len(found), theirs + len(told)
        matched += _matched(found, told, _is_same_detection)
    return Matches(ours, theirs, matched)


def watch_clip(clip: Path, detector: Detector, attention: Attention, settings: Settings) -> Watched:
    """The events that the loop makes of `clip` under `attention`, by the rule that stands in where nobody wrote any."""
    watch = Watch(_CAMERA, [street_rule(_CAMERA)], 1, tracking=settings.tracking, life=settings.events)
    replay = Replay(clip, _CAMERA, Watching(settings.looking.detect_fps, attention))
    told: dict[int, Event] = {}
    looks, looked_at = 0, EVENT_EPOCH
    still_look = timedelta(seconds=settings.looking.still_look_s)
    for frame in replay:
        if _is_still(frame) and frame.at - looked_at < still_look:
            look = watch.still(frame)
        else:
            looks, looked_at = looks + 1, frame.at
            look = watch.look(frame, detector.detect([frame])[0])
        _keep(told, look)
        if any(not track.is_stationary for track in look.tracks):
            replay.attend(frame.at + ATTENTIVE)
    told |= {event.id: event for event in watch.close(EndReason.STREAM_ENDED)}
    return Watched(sorted(told.values(), key=lambda event: event.id), looks, replay.pictures, replay.packets)


def events_agree(ours: Sequence[Event], theirs: Sequence[Event]) -> Matches:
    """Events of the same rule and label that began within half a second of each other."""
    return Matches(len(ours), len(theirs), _matched(ours, theirs, _is_same_event))


def _keep(told: dict[int, Event], look: Look) -> None:
    told |= {event.id: event for event in look.events}


def _is_still(frame: Frame) -> bool:
    return frame.motion is not None and not frame.motion.is_there


def _is_same_detection(one: Detection, other: Detection) -> bool:
    return one.label == other.label and one.box.overlap(other.box) >= SAME_OVERLAP


def _is_same_event(one: Event, other: Event) -> bool:
    return one.rule == other.rule and one.label == other.label and abs(one.started_at - other.started_at) <= SAME_START


def _matched(ours: Sequence[_T], theirs: Sequence[_T], same: Callable[[_T, _T], bool]) -> int:
    """The most pairs that can be made, one to one (Kuhn 1955: augmenting paths)."""
    pairs: dict[int, int] = {}

    def finds_one(mine: int, tried: set[int]) -> bool:
        for its, other in enumerate(theirs):
            if its in tried or not same(ours[mine], other):
                continue
            tried.add(its)
            if its not in pairs or finds_one(pairs[its], tried):
                pairs[its] = mine
                return True
        return False

    return sum(finds_one(mine, set()) for mine in range(len(ours)))
