"""Cameras that fail in every way: the reader says why, and recovers by itself."""

import logging
import os
import random
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from core.camera import Login
from core.stream_state import StreamState
from tests.support import gst_rtsp_server as gst
from tests.support.footage import bikes, make_clip, make_sound
from tests.support.gst_rtsp_server import GstServer, start_gst_server
from tests.support.ports import free_port
from tests.support.reading import QUICK, Reading, reading
from tests.support.relay import Relay, answer_with, relay_to
from tests.support.rtsp_server import RtspServer, start_rtsp_server

LOGIN = Login("ann", "s3cr/et@:#")

needs_gst = pytest.mark.skipif(gst.missing() is not None, reason=f"no live server: {gst.missing()}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    with start_rtsp_server(tmp_path_factory.mktemp("published"), [bikes()]) as server:
        yield server


@pytest.fixture(scope="module")
def camera() -> Iterator[GstServer]:
    """A live camera with a login, in several codecs."""
    pipelines = {
        "h264": gst.H264,
        "b-frames": gst.H264_WITH_B_FRAMES,
        "h265": gst.H265,
        "mjpeg": gst.MJPEG,
        "sound": gst.SOUND,
        "both": gst.SOUND_AND_PICTURES,
    }
    with start_gst_server(pipelines, login=(LOGIN.user, LOGIN.password)) as camera:
        yield camera


def through(relay: Relay) -> str:
    """The address of the clip, by way of a relay."""
    return f"rtsp://127.0.0.1:{relay.port}/bikes.mp4?play_count=0"


# --- it was live


def test_a_camera_that_is_killed_and_started_again_is_read_again(tmp_path: Path) -> None:
    with start_rtsp_server(tmp_path / "published", [bikes()]) as own, reading(own.url("bikes.mp4")) as watched:
        watched.wait_for_frames()
        own.kill()
        assert "connection" in watched.wait_for_state(StreamState.DISCONNECTED).reason
        assert "nobody listens" in watched.wait_for_state(StreamState.REFUSED).reason
        refused = watched.wait_for_state(StreamState.REFUSED)
        assert refused.next_try_at is None or refused.next_try_at >= refused.since
        own.start()
        watched.wait_for_frames()
        assert watched.reader.status.state is StreamState.LIVE
        assert watched.reader.status.counters.connections == 2


def test_a_camera_that_stalls_is_noticed_at_the_read_limit_and_read_again(server: RtspServer) -> None:
    with relay_to(server.port) as relay, reading(through(relay)) as watched:
        watched.wait_for_frames()
        last = watched.frames[-1].arrived
        relay.stall()
        status = watched.wait_for_state(StreamState.STALLED)
        assert "nothing has arrived for 1 s" in status.reason
        # FFmpeg hands out a last packet when it is interrupted: waiting for the next one would take twice the limit.
        assert time.monotonic() - last < 1.7
        relay.go_on()
        relay.cut()
        watched.wait_for_frames()


def test_a_connection_that_is_cut_is_made_again(server: RtspServer) -> None:
    with relay_to(server.port) as relay, reading(through(relay)) as watched:
        watched.wait_for_frames()
        relay.cut()
        watched.wait_for_state(StreamState.DISCONNECTED)
        watched.wait_for_frames()
        assert watched.reader.status.counters.connections == 2


def test_bytes_that_are_garbled_on_the_way_are_survived(server: RtspServer) -> None:
    dice = random.Random(4)

    def garbled(data: bytes) -> bytes:
        spoilt = bytearray(data)
        for _ in range(max(1, len(spoilt) // 200)):
            spoilt[dice.randrange(len(spoilt))] ^= dice.randrange(1, 256)
        return bytes(spoilt)

    with relay_to(server.port) as relay, reading(through(relay)) as watched:
        watched.wait_for_frames()
        relay.garble(garbled)
        watched.wait_for(
            lambda: (
                watched.reader.status.counters.broken > 0
                or watched.statuses[-1].state in (StreamState.UNREADABLE, StreamState.DISCONNECTED, StreamState.STALLED)
            ),
            "damage that was noticed",
        )
        relay.go_on()
        watched.wait_for_frames(25)
        watched.wait_for_state(StreamState.LIVE)


def test_a_stream_that_turns_into_noise_is_given_up(server: RtspServer) -> None:
    with relay_to(server.port) as relay, reading(through(relay)) as watched:
        watched.wait_for_frames()
        relay.garble(lambda data: os.urandom(len(data)))
        watched.wait_for(lambda: watched.statuses[-1].state is not StreamState.LIVE, "a fault")
        assert watched.statuses[-1].state in (StreamState.UNREADABLE, StreamState.STALLED, StreamState.DISCONNECTED)
        relay.go_on()
        relay.cut()
        watched.wait_for_state(StreamState.LIVE)


@needs_gst
def test_a_live_camera_that_sends_no_more_pictures_stalls_though_its_sound_goes_on(camera: GstServer) -> None:
    with reading(camera.url("both"), LOGIN) as watched:
        watched.wait_for_frames()
        camera.stall()
        watched.wait_for_state(StreamState.STALLED)
        camera.go_on()
        watched.wait_for_state(StreamState.LIVE)


@needs_gst
def test_a_change_of_resolution_is_followed_without_a_new_connection(camera: GstServer) -> None:
    with reading(camera.url("h264"), LOGIN) as watched:
        watched.wait_for_frames()
        before = watched.ring.parameters
        camera.resize(640, 480)
        watched.wait_for(lambda: watched.frames[-1].width == 640, "larger pictures")
        watched.wait_for(lambda: watched.reader.status.width == 640, "a status that says so")
        after = watched.ring.parameters
        assert before is not None
        assert after is not None
        assert (before.width, after.width) == (320, 640)
        assert after.connection == before.connection + 1
        assert watched.reader.status.counters.connections == 1
        camera.resize(320, 240)
        watched.wait_for(lambda: watched.frames[-1].width == 320, "smaller pictures")


# --- it never was


def test_a_port_where_nobody_listens_is_refused() -> None:
    with reading(f"rtsp://127.0.0.1:{free_port()}/live") as watched:
        status = watched.wait_for_state(StreamState.REFUSED)
    assert "refuses the connection: nobody listens there" in status.reason


def test_a_host_that_does_not_exist_is_unreachable() -> None:
    with reading("rtsp://no-such-camera.invalid/live") as watched:
        status = watched.wait_for_state(StreamState.UNREACHABLE)
    assert "host name of no-such-camera.invalid:554 is not known" in status.reason


def test_a_path_that_does_not_exist_is_not_found(server: RtspServer) -> None:
    with reading(server.url("missing.mp4")) as watched:
        status = watched.wait_for_state(StreamState.NOT_FOUND)
    assert "no stream of this path" in status.reason


ANSWERS = {
    "http": (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", True, StreamState.UNREADABLE, "HTTP, not RTSP"),
    "http that waits": (b"HTTP/1.0 200 OK\r\n\r\n", False, StreamState.UNREADABLE, "HTTP, not RTSP"),
    "random bytes": (random.Random(1).randbytes(4000), True, StreamState.UNREADABLE, "something that is not RTSP"),
    "tls": (b"\x15\x03\x03\x00\x02\x02\x28", True, StreamState.UNREADABLE, "expects TLS"),
    "nothing": (b"", False, StreamState.STALLED, "says nothing"),
    "hanging up": (b"", True, StreamState.DISCONNECTED, "closed the connection without an answer"),
    "forbidden": (b"RTSP/1.0 403 Forbidden\r\nCSeq: 1\r\n\r\n", False, StreamState.UNAUTHORISED, "forbids"),
    "overloaded": (b"RTSP/1.0 503 Busy\r\nCSeq: 1\r\n\r\n", False, StreamState.REFUSED, "cannot serve the stream now"),
    "an odd answer": (b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", False, StreamState.UNREADABLE, "cannot be understood"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_answers_in_place_of_a_camera_is_named(name: str) -> None:
    answer, closes, state, says = ANSWERS[name]
    with answer_with(answer, then_close=closes) as port, reading(f"rtsp://127.0.0.1:{port}/live", LOGIN) as watched:
        status = watched.wait_for_state(state)
    assert says in status.reason
    assert f"127.0.0.1:{port}" in status.reason


def test_stopping_does_not_wait_for_a_camera_that_says_nothing() -> None:
    patient = QUICK.model_copy(update={"open_timeout_s": 4.0})
    with (
        answer_with(b"", then_close=False) as port,
        reading(f"rtsp://127.0.0.1:{port}/live", settings=patient) as watched,
    ):
        watched.wait_for_state(StreamState.CONNECTING)
        started = time.monotonic()
        watched.reader.stop()
        assert time.monotonic() - started < 1.5
        told = len(watched.statuses)
        watched.reader._thread.join(15)
        assert not watched.reader._thread.is_alive()
        assert len(watched.statuses) == told


def test_a_stream_with_sound_alone_has_no_video(server: RtspServer, tmp_path: Path) -> None:
    server.add(make_sound(tmp_path / "sound.wav"))
    with reading(server.url("sound.wav")) as watched:
        status = watched.wait_for_state(StreamState.NO_VIDEO)
    assert "offers no video on this path, only: audio" in status.reason


@needs_gst
def test_a_live_stream_with_sound_alone_has_no_video(camera: GstServer) -> None:
    with reading(camera.url("sound"), LOGIN) as watched:
        assert "only: audio" in watched.wait_for_state(StreamState.NO_VIDEO).reason


def test_pictures_larger_than_allowed_are_refused(server: RtspServer, tmp_path: Path) -> None:
    server.add(make_clip(tmp_path / "large.mp4", width=640, height=480))
    with reading(server.url("large.mp4"), settings=QUICK.model_copy(update={"largest_side_px": 600})) as watched:
        status = watched.wait_for_state(StreamState.UNREADABLE)
    assert "its pictures are 640x480; at most 600 a side" in status.reason
    assert watched.frames == []


# --- who may read it


@needs_gst
@pytest.mark.parametrize("path", ["h264", "b-frames", "h265", "mjpeg", "both"])
def test_a_digest_login_opens_streams_of_every_codec(camera: GstServer, path: str) -> None:
    with reading(camera.url(path), LOGIN) as watched:
        watched.wait_for_frames()
    assert watched.frames[0].luma.shape == (240, 320)


@needs_gst
def test_a_wrong_password_is_unauthorised_and_tried_seldom(camera: GstServer) -> None:
    slow = QUICK.model_copy(update={"longest_wait_s": 40.0})
    with reading(camera.url("h264"), Login("ann", "wrong"), slow) as watched:
        status = watched.wait_for_state(StreamState.UNAUTHORISED)
    assert "does not accept this user name and password" in status.reason
    assert status.next_try_at is not None
    assert (status.next_try_at - status.since).total_seconds() > 30


@needs_gst
def test_a_missing_login_is_asked_for(camera: GstServer) -> None:
    with reading(camera.url("h264")) as watched:
        status = watched.wait_for_state(StreamState.UNAUTHORISED)
    assert "asks for a user name and a password; none is set" in status.reason


def _has_an_outcome(watched: Reading) -> bool:
    return len(watched.states) > 1


@needs_gst
def test_no_password_gets_into_any_status_or_log(camera: GstServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = ""
    for url, login in (
        (camera.url("h264"), Login("ann", "wr0ng/word")),
        (camera.url("missing"), LOGIN),
        (camera.url("h264"), LOGIN),
        (f"rtsp://127.0.0.1:{free_port()}/live", LOGIN),
    ):
        with reading(url, login) as watched:
            watched.wait_for(partial(_has_an_outcome, watched), "an outcome")
        told += repr(watched.statuses)
    for text in (told, caplog.text):
        for secret in ("wr0ng", "s3cr", "%2F"):
            assert secret not in text
