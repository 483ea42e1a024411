"""The tracks that are made of real footage, against what an eye sees there."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise

import pytest

from core.detection import Detection
from core.ids import EVENT_EPOCH, CameraId
from core.pace import Pace
from core.track import Track
from inference.tracking import Tracker, TrackerSettings
from ingest.clip_frames import clip_frames
from sharp_eyes.openings import make_loop_detector, open_objects_model
from sharp_eyes.settings import Settings
from tests.support.footage import shared

Looks = Sequence[tuple[datetime, list[Detection]]]
VISITS = 6
"""How often somebody comes into corridor-people.mp4."""
SCREEN = "tv"
"""As which the detector sees the dark screen that hangs at the left edge of corridor-people.mp4, from first to last."""
PAINTED = "kite"
"""And the white strokes at the upper edge of car-park-from-above.mp4."""


@cache
def looks_at(name: str) -> Looks:
    """What the detector finds in the clip at five looks a second, as it does live."""
    settings, camera, pace = Settings(), CameraId(1), Pace(5.0)
    detector = make_loop_detector(open_objects_model(settings), settings)
    frames = (frame for frame in clip_frames(shared(name), camera) if pace.takes(frame.at))
    return [(frame.at, detector.detect([frame])[0]) for frame in frames]


def tracks_of(name: str, settings: TrackerSettings | None = None) -> dict[int, list[Track]]:
    """The sightings of each number."""
    tracker = Tracker(CameraId(1), settings)
    told: dict[int, list[Track]] = {}
    for at, found in looks_at(name):
        for track in tracker.update(at, found):
            told.setdefault(track.number, []).append(track)
    return told


def seconds(at: datetime) -> float:
    return (at - EVENT_EPOCH).total_seconds()


def test_each_visit_to_the_corridor_is_one_track() -> None:
    people = [seen for seen in tracks_of("corridor-people.mp4").values() if seen[0].label == "person"]
    assert len(people) == VISITS


def test_each_visitor_comes_and_stands_and_goes() -> None:
    """At the table, with the back to the camera: stationary once, for some time, and not by turns."""
    for seen in tracks_of("corridor-people.mp4").values():
        if seen[0].label != "person":
            continue
        turns = [one.is_stationary for one, other in pairwise(seen) if one.is_stationary != other.is_stationary]
        assert turns == [False, True]
        stood = [track for track in seen if track.is_stationary]
        assert seconds(stood[-1].last_seen_at) - seconds(stood[0].last_seen_at) > 3
        assert seen[-1].moved > 0.3


@pytest.mark.parametrize("low_score", [0.2, 0.4, 0.45])
def test_what_hangs_on_the_wall_is_one_track_however_it_flickers(low_score: float) -> None:
    """With the higher thresholds it goes unseen for up to twenty seconds."""
    settings = TrackerSettings(low_score=low_score, high_score=max(low_score, 0.42))
    told = [seen for seen in tracks_of("corridor-people.mp4", settings).values() if seen[0].label == SCREEN]
    assert len(told) == 1
    assert (told[0][-1].moved, told[0][-1].is_stationary) == (0, True)
    assert seconds(told[0][-1].last_seen_at) > 130


def test_what_is_painted_on_the_ground_is_one_track_though_cars_come_and_go() -> None:
    told = [seen for seen in tracks_of("car-park-from-above.mp4").values() if seen[0].label == PAINTED]
    assert len(told) == 1
    assert (told[0][-1].moved, told[0][-1].is_stationary) == (0, True)
    assert len(told[0]) > 80


def test_each_car_on_the_road_comes_from_above_and_goes_down() -> None:
    """Whoever took another's number would jump back up."""
    told = tracks_of("roadside-cars.avi")
    assert len(told) == 30
    for seen in told.values():
        feet = [track.box.foot.y for track in seen]
        assert all(later > earlier - 0.03 for earlier, later in pairwise(feet))


def test_as_many_tracks_leave_the_road_as_cars() -> None:
    """Between the 11th and the 16th second eight cars leave at the lower edge, counted by eye."""
    last = [seen[-1] for seen in tracks_of("roadside-cars.avi").values()]
    assert sum(11 < seconds(track.last_seen_at) < 16 and track.box.bottom > 0.9 for track in last) == 8
