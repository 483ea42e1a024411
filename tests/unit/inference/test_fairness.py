"""Who is looked at how often under overload: places and the choice among them, by a clock that is only a number."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.drop_reason import DropReason
from core.ids import CameraId
from core.motion import STILL
from inference.place import Place
from inference.ready import Ready
from tests.support.builders import a_frame, after
from tests.support.scheduling import MOTION, a_watch

OVERLOAD = 4.0
LASTS_S = 100.0


@dataclass(frozen=True)
class Fed:
    """A camera that brings so many frames a second, and its weight."""

    fps: float
    weight: float = 1.0
    still_share: float = 0.0
    """Of its frames that show no motion: evenly spread."""


def fair_shares(cameras: dict[CameraId, Fed], looks_a_second: float) -> dict[CameraId, float]:
    """Looks a second by weight; who cannot use up its share leaves the rest to the others (max-min fairness)."""
    shares: dict[CameraId, float] = {}
    left = looks_a_second
    while open_ := {camera: fed for camera, fed in cameras.items() if camera not in shares}:
        each = left / sum(fed.weight for fed in open_.values())
        sated = {camera: fed.fps for camera, fed in open_.items() if fed.fps <= each * fed.weight}
        if not sated:
            return shares | {camera: each * fed.weight for camera, fed in open_.items()}
        shares |= sated
        left -= sum(sated.values())
    return shares


class Simulation:
    """One thread that looks, and cameras that offer frames, in simulated time."""

    def __init__(self, cameras: dict[CameraId, Fed]) -> None:
        self.cameras = cameras
        self.looks: Counter[CameraId] = Counter()
        self.longest_wait: dict[CameraId, float] = dict.fromkeys(cameras, 0.0)
        self.places = {
            camera: Place(a_watch(camera), weight=fed.weight, still_look=timedelta(hours=1))
            for camera, fed in cameras.items()
        }
        self.ready = Ready()
        self._offered = Counter[CameraId]()

    def run(self, look_s: float) -> None:
        last = dict.fromkeys(self.cameras, 0.0)
        now = 0.0
        while now < LASTS_S:
            self._offer_until(now)
            taken = self.ready.take(1)
            if not taken:
                now += 0.01
                continue
            (place,) = taken
            frame, needs_look = place.take()
            camera = frame.camera
            self._check_counters(camera)
            if needs_look:
                self.longest_wait[camera] = max(self.longest_wait[camera], now - last[camera])
                last[camera] = now
                self.looks[camera] += 1
                now += look_s
                place.looked(frame)
            else:
                place.carried_on()
            self.ready.put(camera, place)
        for camera in self.places:
            self._check_counters(camera)

    def _offer_until(self, now: float) -> None:
        for index, (camera, fed) in enumerate(self.cameras.items()):
            while (second := (self._offered[camera] + index / len(self.cameras)) / fed.fps) <= now:
                number = self._offered[camera]
                is_still = int((number + 1) * fed.still_share) > int(number * fed.still_share)
                frame = replace(FRAME, camera=camera, at=after(second), motion=STILL if is_still else MOTION)
                self.places[camera].offer(frame)
                self.ready.put(camera, self.places[camera])
                self._offered[camera] += 1

    def _check_counters(self, camera: CameraId) -> None:
        told = self.places[camera].counters
        assert told.offered == self._offered[camera]
        assert told.offered == told.looked_at + sum(told.dropped.values()) + told.waiting
        assert told.waiting <= 2


FRAME = a_frame(width=2, height=2)

feeds = st.builds(
    Fed,
    fps=st.sampled_from([1.0, 2.0, 3.3, 5.0]),
    weight=st.sampled_from([0.5, 1.0, 2.0, 4.0]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(feeds, min_size=2, max_size=12))
def test_under_fourfold_overload_each_camera_is_within_a_quarter_of_its_fair_share(fed: list[Fed]) -> None:
    cameras = {CameraId(number): one for number, one in enumerate(fed, 1)}
    looks_a_second = sum(one.fps for one in fed) / OVERLOAD
    simulation = Simulation(cameras)
    simulation.run(look_s=1 / looks_a_second)
    shares = fair_shares(cameras, looks_a_second)
    for camera, share in shares.items():
        assert simulation.looks[camera] == pytest.approx(share * LASTS_S, rel=0.25, abs=2), (camera, cameras[camera])
        # Each of the others may come before it once: that is the bound of start-time fair queueing.
        assert simulation.longest_wait[camera] <= 3 / share + len(cameras) / looks_a_second, "it starves"


def test_a_camera_that_brings_ten_times_the_frames_is_looked_at_no_more_often() -> None:
    looks = looks_of(Fed(5), Fed(50))
    assert looks[0] == pytest.approx(looks[1], rel=0.02)


def test_a_camera_of_twice_the_weight_gets_twice_the_looks() -> None:
    looks = looks_of(Fed(25), Fed(25, weight=2))
    assert looks[1] == pytest.approx(2 * looks[0], rel=0.05)


def test_what_is_still_takes_no_look_from_others() -> None:
    looks = looks_of(Fed(25), Fed(25, still_share=0.5), looks_a_second=4)
    assert looks[0] == pytest.approx(looks[1], rel=0.25)
    assert sum(looks) == pytest.approx(4 * LASTS_S, rel=0.02)


def test_who_has_had_fewer_looks_comes_first_where_several_are_taken() -> None:
    ready = Ready()
    assert ready.take(1) == ready.take(4) == []
    places = {CameraId(number): a_place(turn) for number, turn in ((1, 2.0), (2, 1.0), (3, 3.0))}
    for camera, place in places.items():
        assert ready.put(camera, place)
        assert not ready.put(camera, place)
    assert ready.take(2) == [places[CameraId(2)], places[CameraId(1)]]
    assert ready.take(9) == [places[CameraId(3)]]
    assert len(ready) == 0


def test_who_had_nothing_to_look_at_has_saved_one_turn_up_at_most() -> None:
    ready, steady, late = Ready(), a_place(50), a_place(0)
    ready.put(CameraId(1), steady)
    ready.take(1)
    ready.put(CameraId(2), late)
    assert late.turn == 49


@pytest.mark.parametrize(("weight", "liveliness", "later"), [(1, 1, 1.0), (2, 1, 0.5), (2, 2, 0.25), (0.5, 1, 2.0)])
def test_a_look_puts_the_next_one_off_by_one_over_the_weight(weight: float, liveliness: float, later: float) -> None:
    place = a_place()
    place.weigh(weight)
    place.liveliness = liveliness
    place.take()
    assert place.turn == later


def test_a_still_frame_is_no_look() -> None:
    place = a_place()
    place.take()
    place.looked(FRAME)
    place.offer(replace(FRAME, motion=STILL))
    turn = place.turn
    assert place.take()[1] is False
    assert place.turn == turn


def test_a_frame_that_is_dropped_is_counted_by_why_it_was_not_looked_at() -> None:
    place = Place(a_watch(), weight=1, still_look=timedelta(seconds=10))
    for second in range(3):
        place.offer(replace(FRAME, at=after(second), motion=MOTION))
    place.drop_waiting(DropReason.STOPPED)
    place.drop_waiting(DropReason.STOPPED)
    assert place.counters.dropped == {DropReason.OVERTAKEN: 2, DropReason.STOPPED: 1}


def a_place(turn: float = 0) -> Place:
    """With a frame that waits."""
    place = Place(a_watch(), weight=1, still_look=timedelta(seconds=10))
    place.turn = turn
    place.offer(FRAME)
    return place


def looks_of(*fed: Fed, looks_a_second: float = 2.0) -> list[int]:
    simulation = Simulation({CameraId(number): one for number, one in enumerate(fed, 1)})
    simulation.run(look_s=1 / looks_a_second)
    return [simulation.looks[camera] for camera in simulation.cameras]
