"""What is watched follows the registry, and events end when what they are about is not watched any more."""

import time
from dataclasses import replace

import pytest

from core.camera import StreamId
from core.errors import Conflict
from core.ids import CameraId
from core.stream_state import StreamState, StreamStatus
from sharp_eyes.worker.decoding_marks import SLOTS
from tests.support.builders import START, a_rule
from tests.support.waiting import wait_for

from .town import Town, a_camera, silent_camera


def test_events_of_a_camera_that_is_removed_end_and_nothing_comes_after(town: Town) -> None:
    town.watch(a_camera(1), a_camera(2))
    town.begin_event(1)
    town.watch(a_camera(2))
    assert town.ends(1) == ["rule_changed"]
    assert town.pictures_gone == [1]
    assert town.board.of(a_camera(1).stream.id) is None
    assert not town.readers.is_reading(CameraId(1))
    assert town.readers.is_reading(CameraId(2))


def test_a_changed_stream_ends_the_events_and_hides_the_old_pictures(town: Town) -> None:
    town.watch(a_camera(1))
    town.begin_event(1)
    ring = town.readers.ring(CameraId(1))
    town.watch(a_camera(1, url="file:///another/clip.mp4"))
    assert town.ends(1) == ["rule_changed"]
    assert town.pictures_gone == [1]
    assert town.readers.ring(CameraId(1)) is not ring


def test_changed_rules_end_their_own_events_and_leave_the_stream_alone(town: Town) -> None:
    camera = CameraId(1)
    kept, changed = (
        a_rule(number, camera=camera, name=name, min_duration_s=0) for number, name in ((1, "kept"), (2, "changed"))
    )
    town.watch(a_camera(1, rules=[kept, changed]))
    town.begin_event(1)
    ring = town.readers.ring(camera)
    town.watch(a_camera(1, rules=[kept, replace(changed, min_score=0.9)]))
    assert [(event.rule_name, event.end_reason) for event in town.events if event.ended_at] == [
        ("changed", "rule_changed")
    ]
    assert town.readers.ring(camera) is ring


def test_a_camera_that_finds_no_slot_harms_no_other_and_is_read_once_one_is_free(town: Town) -> None:
    taken = [town.marks.of(CameraId(9)) for _ in range(SLOTS - 1)]
    cameras = [a_camera(1), a_camera(2), a_camera(3)]
    town.watch(*cameras)
    wait_for(lambda: town.state(1) == "not_found", "the first is read")
    assert [town.state(2), town.state(3)] == ["refused", "refused"]
    for mark in taken[:2]:
        town.marks.give_back(mark)
    town.watch(*cameras)
    assert [town.readers.is_reading(CameraId(number)) for number in (1, 2, 3)] == [True] * 3


def test_what_broke_off_half_way_is_made_up_for_by_the_next_call(town: Town) -> None:
    town.watch(a_camera(1), a_camera(2))
    turned = a_camera(1, url="file:///another/clip.mp4")
    town.scheduler.add(CameraId(3), town.make_watch(CameraId(3), (), 1))  # Somebody else put it there.
    with pytest.raises(Conflict, match="looked at already"):
        town.watch(a_camera(3), turned, a_camera(2))
    town.scheduler.remove(CameraId(3))
    town.watch(turned, a_camera(2), a_camera(3))
    assert [town.readers.is_reading(CameraId(number)) for number in (1, 2, 3)] == [True] * 3
    assert sorted(town.city.cameras) == [1, 2, 3]


def test_a_stream_that_is_away_for_long_ends_the_events(town: Town) -> None:
    town.watch(a_camera(1))
    wait_for(lambda: town.state(1) == "not_found", "the stream is away")
    town.begin_event(1)
    town.city.look_after()
    town.clock.advance(4)
    town.city.look_after()
    assert town.ends(1) == []
    town.clock.advance(2)
    town.city.look_after()
    town.city.look_after()
    assert town.ends(1) == ["stream_ended"]


def test_a_live_stream_that_says_nothing_any_more_hangs_and_its_events_end(town: Town) -> None:
    town.watch(a_camera(1))
    wait_for(lambda: town.state(1) == "not_found", "the reader has said its word")
    town.board.put(StreamStatus(CameraId(1), StreamId(1), StreamState.LIVE, START, "pictures arrive"))
    town.begin_event(1)
    town.clock.advance(29)
    town.city.look_after()
    assert town.state(1) == "live"
    town.clock.advance(2)
    town.city.look_after()
    assert town.state(1) == "stalled"
    town.clock.advance(5)
    town.city.look_after()
    assert town.ends(1) == ["stream_ended"]
    town.board.put(StreamStatus(CameraId(1), StreamId(1), StreamState.LIVE, START, "pictures arrive"))
    town.city.look_after()
    assert town.state(1) == "live"


def test_at_the_stop_all_events_end_though_cameras_are_silent(town: Town) -> None:
    with silent_camera() as url:
        town.watch(*(a_camera(number, url=url) for number in range(1, 9)))
        town.begin_event(8)
        began = time.monotonic()
        town.city.close()
        assert time.monotonic() - began < 2
        assert town.ends(8) == ["stopped"]
        assert town.city.cameras == []
