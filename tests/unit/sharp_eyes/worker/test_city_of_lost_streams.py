"""Rules of the kind stream_lost are told when pictures stop and when they come again."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.camera import StreamId
from core.event import Event
from core.ids import CameraId
from core.rule import Rule, RuleId, RuleKind
from core.stream_state import StreamState, StreamStatus
from registry.snapshot import WatchedCamera
from tests.support.builders import START, a_rule, after
from tests.support.waiting import wait_for

from .town import Town, a_camera

CAMERA = CameraId(1)
LOST = Rule(RuleId(9), CAMERA, "lost", kind=RuleKind.STREAM_LOST, min_duration=timedelta(seconds=30))


def watch(town: Town, *rules: Rule) -> None:
    town.watch(a_camera(1, rules=rules or (LOST,)))
    wait_for(lambda: town.state(1) == "not_found", "its reader has said its word")


def put(town: Town, state: StreamState, since: datetime) -> None:
    town.board.put(StreamStatus(CAMERA, StreamId(1), state, since, "so it is"))


def pass_time(town: Town, seconds: int) -> None:
    for _ in range(seconds):
        town.clock.advance(1)
        town.city.look_after()


def told(town: Town) -> list[Event]:
    return [event for event in town.events if event.kind is RuleKind.STREAM_LOST]


def test_a_stream_that_is_away_for_long_makes_one_event_from_when_it_went_to_when_it_came(town: Town) -> None:
    watch(town)
    put(town, StreamState.LIVE, START)
    town.city.look_after()
    pass_time(town, 20)
    put(town, StreamState.DISCONNECTED, after(20))
    pass_time(town, 29)
    assert told(town) == []
    put(town, StreamState.CONNECTING, after(45))
    pass_time(town, 2)
    (event,) = told(town)
    assert (event.started_at, event.ended_at, event.label, event.track) == (after(20), None, "stream", None)
    pass_time(town, 20)
    put(town, StreamState.LIVE, after(70.5))
    pass_time(town, 5)
    assert {one.origin for one in told(town)} == {event.origin}
    assert told(town)[-1].ended_at == after(70.5)


def test_a_short_absence_is_no_event(town: Town) -> None:
    watch(town)
    for _ in range(3):
        put(town, StreamState.DISCONNECTED, town.clock.now())
        pass_time(town, 20)
        put(town, StreamState.LIVE, town.clock.now())
        pass_time(town, 5)
    assert told(town) == []


def test_a_file_that_was_read_to_its_end_is_not_lost_but_a_stream_in_quarantine_is(town: Town) -> None:
    watch(town)
    put(town, StreamState.FINISHED, START)
    pass_time(town, 40)
    assert told(town) == []
    put(town, StreamState.QUARANTINED, after(40))
    pass_time(town, 31)
    assert [event.started_at for event in told(town)] == [after(40)]


def test_the_outage_that_ends_other_events_leaves_this_one_going_on(town: Town) -> None:
    person = a_rule(1, camera=CAMERA, min_duration_s=0)
    watch(town, LOST, person)
    put(town, StreamState.LIVE, START)
    town.city.look_after()
    town.begin_event(1)
    put(town, StreamState.STALLED, START)
    pass_time(town, 40)
    assert town.ends(1) == ["stream_ended"]
    assert [event.ended_at for event in told(town)][:1] == [None]


def test_a_rule_that_is_switched_off_meanwhile_ends_its_event(town: Town) -> None:
    watch(town)
    pass_time(town, 31)
    town.watch(a_camera(1, rules=()))
    assert [event.end_reason for event in told(town)] == [None, "rule_changed"]


def test_the_city_knows_since_when_each_rule_watches(town: Town) -> None:
    kept, changed = a_rule(1, camera=CAMERA, name="kept"), a_rule(2, camera=CAMERA, name="changed")
    town.watch(a_camera(1, rules=(kept, changed)), _another(town, 2))
    town.clock.advance(10)
    town.watch(a_camera(1, rules=(kept, replace(changed, min_score=0.9), LOST)), _another(town, 2))
    assert town.city.watching_for(kept.id) == {1: START}
    assert town.city.watching_for(changed.id) == {1: after(10)}
    assert town.city.watching_for(LOST.id) == {1: after(10)}
    assert town.city.watching_for(RuleId(99)) == {}


def _another(town: Town, number: int) -> WatchedCamera:
    return a_camera(number, rules=(a_rule(77, camera=CameraId(number)),))
