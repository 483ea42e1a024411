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
from core.ids import CameraId
from inference.place import Place
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
NEARLY: Final = 0.3
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


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two detectors say the same of the same pictures."""

    detections: int
    """Of both, from `MIN_SCORE` up."""
    found_again: float | None
    """Share of them that the other found too, if with a score from `NEARLY` up: scores tremble about the threshold."""
    strictly: float | None
    """Share of them that the other found too, from `MIN_SCORE` up."""


class PlainAsDetector:
    """The plain detector in the place of ours, so that tracks and events are made of what it finds."""

    def __init__(self, plain: PlainDetector, labels: Sequence[str]) -> None:
        self._plain = plain
        self._labels = labels

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        return [
            [
                Detection(self._labels[label], score, Box(*map(float, box)))
                for label, score, box in self._plain.detect(picture_of(frame))
            ]
            for frame in frames
        ]


def detections_agree(clip: Path, ours: Detector, theirs: Detector, fps: float) -> Agreement:
    """What both detect on the pictures of `clip` that are looked at. Both must tell detections from `NEARLY` up."""
    count = again = strictly = 0
    for frame in Replay(clip, _CAMERA, Watching(fps)):
        both = [detector.detect([frame])[0] for detector in (ours, theirs)]
        for mine, its in (both, both[::-1]):
            sure = [one for one in mine if one.score >= MIN_SCORE]
            count += len(sure)
            for least in (NEARLY, MIN_SCORE):
                matched = _matched(sure, [one for one in its if one.score >= least], _is_same_detection)
                again += matched if least == NEARLY else 0
                strictly += matched if least == MIN_SCORE else 0
    return Agreement(count, again / count if count else None, strictly / count if count else None)


def watch_clip(clip: Path, detector: Detector, attention: Attention, settings: Settings) -> Watched:
    """The events that the loop makes of `clip` under `attention`, by the rule that stands in where nobody wrote any."""
    watch = Watch(_CAMERA, [street_rule(_CAMERA)], 1, tracking=settings.tracking, life=settings.events)
    replay = Replay(clip, _CAMERA, Watching(settings.looking.detect_fps, attention))
    told: dict[int, Event] = {}
    place = Place(watch, weight=1, still_look=timedelta(seconds=settings.looking.still_look_s))
    for frame in replay:
        place.offer(frame)
        look = _look(place, detector)
        if look is None:
            continue
        told |= {event.id: event for event in look.events}
        if any(not track.is_stationary for track in look.tracks):
            replay.attend(frame.at + ATTENTIVE)
    told |= {event.id: event for event in watch.close(EndReason.STREAM_ENDED)}
    events = sorted(told.values(), key=lambda event: event.id)
    return Watched(events, place.counters.looked_at, replay.pictures, replay.packets)


def events_agree(ours: Sequence[Event], theirs: Sequence[Event]) -> Matches:
    """Events of the same rule and label that began within half a second of each other."""
    return Matches(len(ours), len(theirs), _matched(ours, theirs, _is_same_event))


def _look(place: Place, detector: Detector) -> Look | None:
    """What a free thread of the scheduler would do with the place."""
    if not place.is_ready:
        return None
    frame, needs_look = place.take()
    if needs_look:
        look = place.watch.look(frame, detector.detect([frame])[0])
        place.looked(frame)
    else:
        look = place.watch.still(frame)
        place.carried_on()
    place.rests = place.watch.is_idle
    return look


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
