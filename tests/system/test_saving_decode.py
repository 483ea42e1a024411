"""What gate and saving decode leave out of real footage: much of the work, and nothing that makes an event."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.attention import Attention, Sensitivity
from core.event import EndReason, Event
from core.frame import Frame
from inference.place import Place
from inference.watch import Watch
from ingest.lookout import Watching
from sharp_eyes.openings import make_loop_detector, open_objects_model
from sharp_eyes.settings import Settings
from tests.support.builders import CAMERA, START, a_rule
from tests.support.footage import shared
from tests.support.watching import Watched

from .test_footage_events import OFF_S, VISITS

ATTENTIVE = timedelta(seconds=3)
"""As `sharp_eyes.worker.readers` attends to what moves."""
UNGATED = Attention(sensitivity=Sensitivity.OFF)


@dataclass(frozen=True)
class Told:
    """What the loop made of a clip."""

    events: list[Event]
    """The last version of each, in order."""
    looks: int
    """Pictures that went to the detector."""
    asleep_s: list[float]
    """When key frames alone were looked at."""
    frames: list[Frame]

    @property
    def starts_s(self) -> list[float]:
        return [(event.started_at - START) / timedelta(seconds=1) for event in self.events]

    @property
    def ends_s(self) -> list[float]:
        return [(event.last_seen_at - START) / timedelta(seconds=1) for event in self.events]


def told_of(clip: Path, attention: Attention) -> Told:
    """Each packet of `clip` through lookout, place, detector and watch, as if one thread had time for all of it."""
    settings = Settings()
    detector = make_loop_detector(open_objects_model(settings), settings)
    watch = Watch(CAMERA, [a_rule()], epoch=1, tracking=settings.tracking, life=settings.events)
    place = Place(watch, weight=1, still_look=timedelta(seconds=settings.looking.still_look_s))
    watched = Watched(clip, Watching(settings.looking.detect_fps, attention))
    events: dict[int, Event] = {}
    asleep_s: list[float] = []

    def look(frame: Frame) -> None:
        watched.frames.append(frame)
        if watched.lookout.decoding.is_asleep:
            asleep_s.append((frame.at - START) / timedelta(seconds=1))
        place.offer(frame)
        if not place.is_ready:
            return
        taken, needs_look = place.take()
        if needs_look:
            found = watch.look(taken, detector.detect([taken])[0])
            place.looked(taken)
        else:
            found = watch.still(taken)
            place.carried_on()
        place.rests = watch.is_idle
        if any(not track.is_stationary for track in found.tracks):
            watched.lookout.decoding.attend(taken.at + ATTENTIVE)
        events.update((event.origin.n, event) for event in found.events)

    watched.on_frame = look
    watched.run()
    events.update((event.origin.n, event) for event in watch.close(EndReason.STREAM_ENDED))
    assert watched.decoder.pictures == watched.handed_out + watched.passed_over
    return Told(list(events.values()), place.counters.looked_at, asleep_s, watched.frames)


@pytest.fixture(scope="module")
def ungated() -> Told:
    return told_of(shared("corridor-people.mp4"), UNGATED)


def test_every_visit_to_the_corridor_is_found_with_gate_and_saving_decode(ungated: Told) -> None:
    saving = told_of(shared("corridor-people.mp4"), Attention())
    assert saving.starts_s == [pytest.approx(start, abs=OFF_S) for start, _ in VISITS]
    assert saving.ends_s == [pytest.approx(end, abs=OFF_S) for _, end in VISITS]
    assert saving.starts_s == pytest.approx(ungated.starts_s, abs=0.5)
    assert saving.looks < 0.9 * ungated.looks
    between = list(zip([end for _, end in VISITS], [start for start, _ in VISITS[1:]], strict=False))
    slept = [any(end < second < start for second in saving.asleep_s) for end, start in between]
    assert sum(slept) >= 3, "it must have slept before a visit for the test to show anything"
    assert ungated.asleep_s == []


def test_the_pictures_of_the_corridor_come_in_order_each_once(ungated: Told) -> None:
    for told in (ungated, told_of(shared("corridor-people.mp4"), Attention())):
        assert all(later.at > earlier.at for earlier, later in pairwise(told.frames))
