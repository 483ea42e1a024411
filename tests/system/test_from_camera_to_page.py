"""The main job from end to end: a camera's street over RTSP, and its event with a playing clip in the browser."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import pytest
from playwright.sync_api import Browser, expect

from api.page import BUILT_CONSOLE
from tests.support.admin_session import admin_session
from tests.support.browser import a_browser, a_visit
from tests.support.footage import bikes
from tests.support.program import Running
from tests.support.rtsp_server import RtspServer, start_rtsp_server
from tests.support.slowness import SLOWNESS
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    """The same street in H.264 and in H.265."""
    folder = tmp_path_factory.mktemp("clips")
    with start_rtsp_server(
        folder, [bikes(), in_h265(bikes(), tmp_path_factory.mktemp("h265") / "street-h265.mp4")]
    ) as it:
        yield it


@pytest.fixture
def city(tmp_path: Path, server: RtspServer) -> Iterator[Running]:
    running = Running(tmp_path / "data").start()
    try:
        running.add_camera("H.264", server.url("bikes.mp4"))
        running.add_camera("H.265", server.url("street-h265.mp4"))
        yield running
    finally:
        running.stop()


def in_h265(source: Path, target: Path) -> Path:
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        video = made.add_stream("libx265", rate=25, options={"preset": "ultrafast", "x265-params": "log-level=error"})
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 640, 272, "yuv420p"
        for number, frame in enumerate(given.decode(video=0)):
            frame.pts, frame.time_base = number, Fraction(1, 25)
            made.mux(video.encode(frame))
        made.mux(video.encode())
    return target


def ended_with_media(city: Running, camera: str) -> dict[str, Any] | None:
    for event in city.events():
        media = event["media"]
        if event["camera"]["name"] == camera and media["clip"]["state"] == media["snapshot"]["state"] == "ready":
            return event
    return None


def test_what_a_camera_saw_is_played_in_the_browser(city: Running, browser: Browser) -> None:
    if not (BUILT_CONSOLE / "index.html").is_file():
        pytest.skip("the console was not built: it needs the npm registry at installation")
    session = admin_session(city.database_url)
    for camera in ("H.264", "H.265"):
        event = wait_for(partial(ended_with_media, city, camera), f"an event of {camera} with picture and clip", 90)
        assert 5 < event["media"]["clip"]["seconds"] <= 61
        with a_visit(browser, f"http://127.0.0.1:{city.port}", session=session) as visit:
            page = visit.go(f"/#/?open={event['id']}")
            video = page.locator("video")
            expect(video).to_be_visible(timeout=180_000 * SLOWNESS)
            page.wait_for_function("() => document.querySelector('video').readyState >= 2")
            page.evaluate("() => document.querySelector('video').play()")
            page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
            width = page.evaluate("() => document.querySelector('video').videoWidth")
            assert 0 < width <= 640


def test_the_clip_can_be_read_in_parts(city: Running) -> None:
    event = wait_for(lambda: ended_with_media(city, "H.264"), "an event with picture and clip", 90)
    wait_for(lambda: city.ask("GET", f"/api/v1/events/{event['id']}/clip")[0] == 200, "the masked clip is made", 180)
    whole = city.get_bytes(f"/api/v1/events/{event['id']}/clip")
    with av.open(str(_stored(city.data / "clip.mp4", whole))) as clip:
        assert clip.streams.video[0].codec_context.name == "h264"
    sealed = list((city.data / "blobs").rglob("*.sealed"))
    assert sealed
    assert all(b"ftyp" not in path.read_bytes()[:4096] for path in sealed)


def _stored(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
