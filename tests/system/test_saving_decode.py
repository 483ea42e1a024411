"""What gate and saving decode leave out of real footage: much of the work, and nothing that makes an event."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
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
    decoded: int
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
    return Told(list(events.values()), place.counters.looked_at, watched.decoder.pictures, asleep_s, watched.frames)


PAUSES_S = (47, 72, 89, 122)
"""Seconds of the clip in which the corridor lies still, each from a key frame to the next."""
LONGER_S = 5


def with_longer_pauses(clip: Path, path: Path) -> Path:
    """`clip` with each of the pauses five seconds longer: the camera has time to fall asleep."""
    with av.open(str(clip)) as container, av.open(str(path), "w") as longer:
        video = container.streams.video[0]
        out = longer.add_stream_from_template(video)
        packets = [packet for packet in container.demux(video) if packet.size]
        keys = [index for index, packet in enumerate(packets) if packet.is_keyframe]
        assert video.time_base is not None
        later = 0
        for first, after_last in pairwise([*keys, len(packets)]):
            group = [(packet, bytes(packet), packet.pts or 0, packet.dts or 0) for packet in packets[first:after_last]]
            times = 1 + LONGER_S * (round(float(group[0][2] * video.time_base)) in PAUSES_S)
            for turn in range(times):
                shift = later + round(turn / video.time_base)
                for packet, data, pts, dts in group:
                    copy = av.Packet(data)
                    copy.stream, copy.time_base, copy.is_keyframe = out, video.time_base, packet.is_keyframe
                    copy.pts, copy.dts = pts + shift, dts + shift
                    longer.mux(copy)
            later += round((times - 1) / video.time_base)
    return path


def longer(second: float) -> float:
    """Where that second of the clip is in the one with longer pauses."""
    return second + LONGER_S * sum(pause < second for pause in PAUSES_S)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_longer_pauses(shared("corridor-people.mp4"), tmp_path_factory.mktemp("corridor") / "longer.mp4")


@pytest.fixture(scope="module")
def ungated(clip: Path) -> Told:
    return told_of(clip, UNGATED)


@pytest.fixture(scope="module")
def saving(clip: Path) -> Told:
    return told_of(clip, Attention())


def test_every_visit_to_the_corridor_is_found_with_gate_and_saving_decode(saving: Told, ungated: Told) -> None:
    assert saving.starts_s == [pytest.approx(longer(start), abs=OFF_S) for start, _ in VISITS]
    assert saving.ends_s == [pytest.approx(longer(end), abs=OFF_S) for _, end in VISITS]
    assert saving.starts_s == pytest.approx(ungated.starts_s, abs=0.5)


def test_the_camera_slept_between_the_visits(saving: Told, ungated: Told) -> None:
    pauses = zip([longer(end) for _, end in VISITS], [longer(start) for start, _ in VISITS[1:]], strict=False)
    slept = [sum(end < second < start for second in saving.asleep_s) for end, start in pauses]
    assert all(looks >= 3 for looks in slept[1:]), slept
    assert saving.looks < 0.9 * ungated.looks
    assert saving.decoded < 0.9 * ungated.decoded
    assert ungated.asleep_s == []


def test_the_pictures_of_the_corridor_come_in_order_each_once(saving: Told, ungated: Told) -> None:
    for told in (saving, ungated):
        assert all(later.at > earlier.at for earlier, later in pairwise(told.frames))
