"""The board tells what is new at once, and all the rest in a report now and then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.camera import StreamId
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus
from inference.place import LookCounters
from sharp_eyes.worker.status_board import StatusBoard
from tests.support.builders import START, FakeClock, after

LIVE = StreamStatus(
    CameraId(1),
    StreamId(1),
    StreamState.LIVE,
    START,
    "pictures arrive",
    codec="h264",
    width=640,
    height=360,
    fps=25.0,
)
AWAY = replace(LIVE, state=StreamState.REFUSED, reason="nobody listens there", fps=None, next_try_at=after(4))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def board(clock: FakeClock) -> StatusBoard:
    return StatusBoard(lambda camera: LookCounters(), clock)


def news(board: StatusBoard, first: StreamStatus, then: StreamStatus) -> list[StreamStatus]:
    """What is due once `first` is on record and `then` was said."""
    board.put(first)
    board.wrote(board.due(), None, 0.0)
    assert board.due() == []
    board.put(then)
    return board.due()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (LIVE, AWAY),
        (AWAY, LIVE),
        (AWAY, replace(AWAY, state=StreamState.UNREACHABLE)),
        (AWAY, replace(AWAY, reason="the camera turned us away")),
        (LIVE, replace(LIVE, width=1280, height=720)),
        (replace(LIVE, width=None, height=None), LIVE),
        (LIVE, replace(LIVE, codec="hevc")),
        (replace(LIVE, fps=None), LIVE),
        (LIVE, replace(LIVE, since=after(1))),
    ],
)
def test_what_changes_how_a_stream_is_doing_is_news(
    board: StatusBoard, first: StreamStatus, then: StreamStatus
) -> None:
    assert [status.state for status in news(board, first, then)] == [then.state]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (LIVE, replace(LIVE, counters=StreamCounters(frames=250), fps=24.8)),
        (AWAY, replace(AWAY, next_try_at=None)),
        (AWAY, replace(AWAY, next_try_at=after(60), since=after(9))),
        (AWAY, replace(AWAY, width=1280)),
    ],
)
def test_counters_and_one_more_attempt_that_fails_are_none(
    board: StatusBoard, first: StreamStatus, then: StreamStatus
) -> None:
    assert news(board, first, then) == []
    assert board.report(1000.0) == [board.of(then.stream)]


@pytest.mark.parametrize(("streams", "every_s"), [(100, 2.0), (101, 5.0)])
def test_a_report_is_due_every_few_seconds(board: StatusBoard, streams: int, every_s: float) -> None:
    for number in range(1, streams + 1):
        board.put(replace(LIVE, camera=CameraId(number), stream=StreamId(number)))
    report = board.report(0.0)
    assert report is not None
    assert len(report) == streams
    board.wrote([], report, 0.0)
    assert board.report(every_s - 0.1) is None
    assert board.report(every_s) is not None


def test_what_could_not_be_written_stays_due(board: StatusBoard) -> None:
    board.put(LIVE)
    assert board.due() == board.due() == [board.of(LIVE.stream)]
    assert board.report(0.0) is not None
    assert board.report(0.1) is not None


def test_everything_is_told_again_to_another_row(board: StatusBoard) -> None:
    board.put(LIVE)
    board.wrote(board.due(), board.report(0.0), 0.0)
    board.tell_again()
    assert len(board.due()) == 1
    assert board.report(0.1) is not None


def test_a_stream_that_is_not_read_any_more_is_not_reported(board: StatusBoard) -> None:
    board.put(LIVE)
    due = board.due()
    board.forget(LIVE.stream)
    board.wrote(due, None, 0.0)
    assert board.report(0.0) == []
    board.put(LIVE)
    assert len(board.due()) == 1


def test_a_reader_that_hangs_is_news(board: StatusBoard, clock: FakeClock) -> None:
    board.put(LIVE)
    board.wrote(board.due(), None, 0.0)
    clock.advance(timedelta(seconds=31).total_seconds())
    board.tell_hanging()
    (told,) = board.due()
    assert (told.state, told.reason) == (StreamState.STALLED, "its reader has not come back from a picture for 31 s")
