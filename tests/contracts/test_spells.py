"""Spells: whatever workers and clocks do, a camera's time is told once."""

import zlib
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Connection, insert, select, update

from core.camera import Stream, StreamId, StreamRole
from core.ids import CameraId
from core.spell import NotWatched, SpellState
from core.stream_state import StreamCounters, StreamState, StreamStatus
from registry import cameras, epochs, spells, stream_states, streams, worker_reports, workers
from registry.catalogue.summary import summary
from registry.tables import stream_state, worker, worker_report
from registry.workers import WorkerId
from tests.support.builders import START, after

LIVE, REFUSED, STALLED = StreamState.LIVE, StreamState.REFUSED, StreamState.STALLED
UNWATCHED = NotWatched.UNWATCHED
A, B = WorkerId(10_001), WorkerId(10_002)


@pytest.fixture
def stream(connection: Connection) -> Stream:
    for number in (A, B):
        values = {"id": number, "pid": 1, "port": 1, "token": "token", "started_at": START, "heartbeat_at": START}
        connection.execute(insert(worker).values(values))
    return streams.add(connection, cameras.add(connection, name="gate").id, url="rtsp://10.0.0.1/a")


def say(
    connection: Connection, stream: Stream, state: StreamState, at: float, reason: str = "", by: WorkerId = A
) -> None:
    status = StreamStatus(stream.camera, stream.id, state, after(at), reason)
    stream_states.put(connection, by, [status], after(at))


def told(connection: Connection, camera: CameraId) -> list[tuple[SpellState, str, float, float | None]]:
    """State, reason, from, until in seconds; oldest first."""
    page = spells.timeline(connection, camera, after(-1e6), after(1e6))
    return [
        (one.state, one.reason, _s(one.from_at), None if one.until_at is None else _s(one.until_at))
        for one in page.items[::-1]
    ]


def _s(at: datetime) -> float:
    return (at - START).total_seconds()


class TestTurns:
    def test_a_state_lasts_until_the_next_one(self, connection: Connection, stream: Stream) -> None:
        say(connection, stream, LIVE, 1)
        say(connection, stream, REFUSED, 5, "nobody listens")
        say(connection, stream, LIVE, 9)
        assert told(connection, stream.camera) == [
            (LIVE, "", 1, 5),
            (REFUSED, "nobody listens", 5, 9),
            (LIVE, "", 9, None),
        ]

    def test_another_reason_is_another_spell_only_where_something_is_wrong(
        self, connection: Connection, stream: Stream
    ) -> None:
        say(connection, stream, LIVE, 1, "pictures arrive")
        say(connection, stream, LIVE, 2, "pictures arrive again")
        say(connection, stream, STALLED, 3, "nothing came for 3 s")
        say(connection, stream, STALLED, 4, "nothing came for 3 s")
        say(connection, stream, STALLED, 5, "its reader hangs")
        assert [(one[1], *one[2:]) for one in told(connection, stream.camera)] == [
            ("pictures arrive", 1, 3),
            ("nothing came for 3 s", 3, 5),
            ("its reader hangs", 5, None),
        ]

    def test_a_clock_that_is_set_back_makes_no_time_twice(self, connection: Connection, stream: Stream) -> None:
        say(connection, stream, LIVE, 100)
        say(connection, stream, REFUSED, 200)
        say(connection, stream, LIVE, 150)
        say(connection, stream, STALLED, 120)
        say(connection, stream, LIVE, 300)
        assert [(one[0], *one[2:]) for one in told(connection, stream.camera)] == [
            (LIVE, 100, 200),
            (STALLED, 200, 300),
            (LIVE, 300, None),
        ]

    def test_nobody_watches_after_the_last_word_of_a_dead_worker(self, connection: Connection, stream: Stream) -> None:
        say(connection, stream, LIVE, 1)
        stream_states.unwatch(connection, [stream.camera], after(50), "its worker died")
        stream_states.unwatch(connection, [stream.camera], after(60), "told again")
        say(connection, stream, LIVE, 70, by=B)
        assert told(connection, stream.camera) == [
            (LIVE, "", 1, 50),
            (UNWATCHED, "its worker died", 50, 70),
            (LIVE, "", 70, None),
        ]

    def test_a_camera_that_is_not_to_be_watched_has_no_spell(self, connection: Connection, stream: Stream) -> None:
        say(connection, stream, LIVE, 1)
        stream_states.forget(connection, [stream.camera], after(5))
        assert told(connection, stream.camera) == [(LIVE, "", 1, 5)]
        say(connection, stream, LIVE, 3)
        stream_states.forget(connection, [stream.camera], after(4))
        assert told(connection, stream.camera) == [(LIVE, "", 1, 5)]
        say(connection, stream, LIVE, 9)
        assert [one[2:] for one in told(connection, stream.camera)] == [(1, 5), (9, None)]

    def test_a_late_word_of_a_camera_that_is_switched_off_begins_none(
        self, connection: Connection, stream: Stream
    ) -> None:
        say(connection, stream, LIVE, 1)
        cameras.change(connection, replace(cameras.get(connection, stream.camera), enabled=False), after(5))
        say(connection, stream, STALLED, 6)
        ((state, _, _, until),) = told(connection, stream.camera)
        assert (state, until is None) == (LIVE, False)
        assert stream_states.list_states(connection).items == ()

    def test_only_the_detect_stream_makes_spells(self, connection: Connection, stream: Stream) -> None:
        say(connection, streams.add(connection, stream.camera, url="rtsp://h/", role=StreamRole.LIVE), LIVE, 1)
        assert told(connection, stream.camera) == []

    def test_a_worker_that_lost_the_lease_has_nothing_to_say(self, connection: Connection, stream: Stream) -> None:
        epochs.take(connection, B, [stream.camera], START)
        say(connection, stream, LIVE, 1, by=B)
        say(connection, stream, REFUSED, 2, by=A)
        assert [one[0] for one in told(connection, stream.camera)] == [LIVE]
        assert summary(connection).by_state == {LIVE: 1}

    def test_a_timeline_is_read_page_by_page(self, connection: Connection, stream: Stream) -> None:
        for second in range(6):
            say(connection, stream, (LIVE, REFUSED)[second % 2], second)
        first = spells.timeline(connection, stream.camera, after(0.5), after(4.5), limit=3)
        assert [_s(one.from_at) for one in first.items] == [4, 3, 2]
        last = spells.timeline(connection, stream.camera, after(0.5), after(4.5), limit=3, cursor=first.next)
        assert [_s(one.from_at) for one in last.items] == [1, 0]
        assert last.next is None


class TestWhoSaysWhat:
    def test_a_newer_report_is_what_a_status_is_read_from(self, connection: Connection, stream: Stream) -> None:
        later = StreamStatus(
            camera=stream.camera,
            stream=stream.id,
            state=LIVE,
            since=after(1),
            reason="pictures arrive",
            counters=StreamCounters(1, 2, 3, 4, 5, 6, {"late": 7}),
            codec="h264",
            width=640,
            height=360,
            fps=24.9,
            next_try_at=after(70),
        )
        say(connection, stream, LIVE, 1)
        worker_reports.put(connection, A, [later], after(6))
        worker_reports.put(connection, B, [], after(7))
        workers.beat(connection, A, after(8))
        seen = stream_states.of_cameras(connection, [stream.camera])[stream.camera]
        assert (seen.status, seen.seen_at) == (later, after(8))
        assert stream_states.list_states(connection).items == (seen,)
        assert [one.status for one in worker_reports.read(connection, A)] == [later]
        say(connection, stream, REFUSED, 9)
        assert stream_states.of_cameras(connection, [stream.camera])[stream.camera].status.state is REFUSED

    def test_of_a_camera_that_nobody_watches_nothing_is_said_and_its_size_is_kept(
        self, connection: Connection, stream: Stream
    ) -> None:
        status = StreamStatus(stream.camera, stream.id, LIVE, START, "", width=640, height=360)
        stream_states.put(connection, A, [status], START)
        stream_states.unwatch(connection, [stream.camera], after(9), "its worker died")
        assert stream_states.of_cameras(connection, [stream.camera]) == {}
        assert stream_states.list_states(connection).items == ()
        assert summary(connection).by_state == {}
        assert connection.execute(select(stream_state.c.width)).scalar_one() == 640

    def test_a_report_of_another_form_is_not_read(self, connection: Connection, stream: Stream) -> None:
        say(connection, stream, LIVE, 1)
        worker_reports.put(connection, A, [StreamStatus(stream.camera, stream.id, REFUSED, START, "")], after(9))
        body = zlib.compress(b"another form\n1\tof which nothing is known")
        connection.execute(update(worker_report).values(body=body))
        assert stream_states.of_cameras(connection, [stream.camera])[stream.camera].status.state is LIVE

    def test_few_and_many_streams_are_found_in_a_report(self, connection: Connection, stream: Stream) -> None:
        said = {
            StreamId(number): StreamStatus(CameraId(number), StreamId(number), LIVE, START, f"line\n{number + 1}\t")
            for number in range(1, 100)
        }
        worker_reports.put(connection, A, said.values(), after(6))
        for asked in ([99], [1, 9, 100], range(1, 100)):
            found = worker_reports.of_streams(connection, {StreamId(number): A for number in asked})
            assert {number: one.status for number, one in found.items()} == {
                number: said[number] for number in map(StreamId, asked) if number in said
            }
