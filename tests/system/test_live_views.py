"""Live views from end to end: a camera that shows the time, the real program, a real browser."""

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import av
import cv2
import httpx2
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import connect
from websockets.typing import Origin

from api.page import BUILT_CONSOLE
from core.access import Role
from core.camera import DepartmentId
from core.clock import SystemClock
from registry import departments
from registry.access import people, sessions
from registry.access.settings import AccessSettings
from registry.db import open_database
from tests.support.browser import SESSION_COOKIE, a_browser, a_visit
from tests.support.clock_picture import lag_ms
from tests.support.gst_rtsp_server import CLOCK, MJPEG, missing, start_gst_server
from tests.support.program import Running
from tests.support.slowness import SLOWNESS
from tests.support.waiting import wait_for

MOST_LAG_MS = 1500 * 4 * SLOWNESS
"""What is promised, and room for a machine that others use too. `docs/performance.md` has what a quiet one does."""

LONG_MS = 30_000 * SLOWNESS
COVER_THE_TAB = """state => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
"""What a browser says when another tab covers this one; without a window none does."""


class City:
    """The program with one camera, and somebody who looks at it."""

    def __init__(self, running: Running, camera: int, unplayable: int) -> None:
        self.running = running
        self.camera = camera
        self.unplayable = unplayable
        """A camera that sends what no browser plays as it comes."""
        self.url = f"http://127.0.0.1:{running.port}"
        self.owner = int(running.camera(camera)["department"]["id"])
        self.session = session_of_the_owner(running.database_url, self.owner, "owner.admin")

    def unmask(self) -> int:
        answer = httpx2.post(
            f"{self.url}/api/v1/cameras/{self.camera}/unmaskings",
            json={"reason": "the clock is to be read"},
            headers={"Cookie": f"{SESSION_COOKIE}={self.session}", "Origin": self.url},
            trust_env=False,
            timeout=20,
        )
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def viewers(self) -> dict[str, float]:
        lines = self.running.get_bytes("/metrics").decode().splitlines()
        found = [line for line in lines if line.startswith("sharp_eyes_live_viewers{")]
        return {line.split('rendition="')[1].split('"')[0]: float(line.rsplit(" ", 1)[1]) for line in found}

    def nobody_looks(self) -> None:
        wait_for(lambda: set(self.viewers().values()) == {0.0}, "nobody looks any more", 15)


def session_of_the_owner(database_url: str, owner: int, login: str) -> str:
    """The token of an admin of the department, which lets its own people see originals."""
    database, at, settings = open_database(database_url), SystemClock().now(), AccessSettings()
    department = DepartmentId(owner)
    try:
        with database.write() as connection:
            departments.change(connection, replace(departments.get(connection, department), own_see_originals=True))
            admin = people.add(
                connection,
                login=login,
                name=login,
                role=Role.DEPARTMENT_ADMIN,
                department=department,
                at=at,
            )
            return sessions.begin(connection, admin, at, address="127.0.0.1", agent="a test", settings=settings)[1]
    finally:
        database.close()


def wait_for_live(running: Running, camera: int) -> None:
    wait_for(lambda: running.state(camera) == "live", "the camera is live", 60)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    if (why := missing()) is not None:
        pytest.skip(why)
    with start_gst_server({"clock": CLOCK.format(key_every=50), "mjpeg": MJPEG}) as cameras:
        running = Running(tmp_path_factory.mktemp("live") / "data")
        try:
            running.start()
            camera = running.add_camera("Clock", cameras.url("clock"))
            unplayable = running.add_camera("MJPEG", cameras.url("mjpeg"))
            for one in (camera, unplayable):
                wait_for_live(running, one)
            yield City(running, camera, unplayable)
        finally:
            running.stop()


def masked_lags(city: City, wanted: int) -> list[int]:
    """How old each of the pictures was when it came, in milliseconds."""
    lags: list[int] = []
    address = f"{city.url}/api/v1/cameras/{city.camera}/live"
    headers = {"Authorization": f"Bearer {city.running.key}"}
    with httpx2.stream("GET", address, headers=headers, timeout=30, trust_env=False) as answer:
        assert answer.status_code == 200
        kept = b""
        for piece in answer.iter_raw():
            kept += piece
            while (start := kept.find(b"\xff\xd8")) >= 0 and (end := kept.find(b"\r\n--", start)) >= 0:
                picture = cv2.imdecode(np.frombuffer(kept[start:end], np.uint8), cv2.IMREAD_GRAYSCALE)
                kept = kept[end + 2 :]
                lag = lag_ms(picture)
                lags += [] if lag is None else [lag]
            if len(lags) >= wanted:
                return lags
    raise AssertionError("it ended")


def test_masked_pictures_come_soon_and_are_new(city: City) -> None:
    lags = masked_lags(city, 8)
    assert sorted(lags)[len(lags) // 2] < MOST_LAG_MS
    city.nobody_looks()


def test_the_original_comes_soon_is_new_and_ends_for_the_worker(city: City) -> None:
    number = city.unmask()
    address = f"ws{city.url[4:]}/api/v1/cameras/{city.camera}/live-original?unmasking={number}"
    cookie = {"Cookie": f"{SESSION_COOKIE}={city.session}"}
    with connect(address, origin=Origin(city.url), additional_headers=cookie, proxy=None) as socket:
        assert '"begin"' in str(socket.recv(timeout=20))
        film, until = b"", time.monotonic() + 4
        while time.monotonic() < until:
            piece = socket.recv(timeout=20)
            assert isinstance(piece, bytes)
            film += piece
        came = time.time()
        assert city.viewers()["original"] == 1
    with av.open(io.BytesIO(film), "r") as container:
        *_, last = container.decode(video=0)
    lag = lag_ms(last.to_ndarray(format="gray"))
    assert lag is not None
    assert lag - (time.time() - came) * 1000 < MOST_LAG_MS
    city.nobody_looks()


def ask_for_the_original(page: Page) -> None:
    page.get_by_role("button", name="See the original live").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=reason]").fill("the clock is to be read")
    dialog.get_by_role("button", name="See it").click()


def test_the_console_shows_both_and_stops_when_it_is_left(city: City) -> None:
    if not (BUILT_CONSOLE / "index.html").is_file():
        pytest.skip("the console was not built: it needs the npm registry at installation")
    session = session_of_the_owner(city.running.database_url, city.owner, "owner.second")
    with a_browser() as browser, a_visit(browser, city.url, session=session) as visit:
        page = visit.go(f"/#/camera/{city.camera}?tab=cameras")
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        live = page.get_by_role("region", name="Live", exact=True)
        live.get_by_role("button", name="Watch live").click()
        expect(live.locator(".stage[data-live=showing]")).to_be_visible(timeout=LONG_MS)
        wait_for(lambda: live.locator("canvas").evaluate("canvas => canvas.width") == 320, "a picture is drawn", 20)
        expect(page.locator(".site-picture")).to_have_count(0)  # the live one stands in its place
        page.evaluate(COVER_THE_TAB, "hidden")
        city.nobody_looks()
        page.evaluate(COVER_THE_TAB, "visible")
        expect(live.locator(".stage[data-live=showing]")).to_be_visible(timeout=LONG_MS)
        ask_for_the_original(page)
        expect(live.locator(".original-mark")).to_contain_text("Live original, not masked")
        video = live.locator("video")
        expect(live.locator("[data-live=playing]")).to_be_visible(timeout=LONG_MS)
        wait_for(lambda: video.evaluate("video => video.readyState >= 2"), "it plays", 20)
        began: Any = video.evaluate("video => video.currentTime")
        wait_for(lambda: video.evaluate("video => video.currentTime") > began + 0.5, "it goes on", 20)
        expect(live.locator(".lag")).to_contain_text("behind")
        assert len(sockets) == 1  # what came at once at the beginning did not break it off
        live.get_by_role("button", name="Stop").click()
        expect(video).to_have_count(0)
        expect(page.locator(".site-picture canvas")).to_be_visible()
        city.nobody_looks()


def test_drawing_ends_the_live_view_and_none_begins_meanwhile(city: City) -> None:
    if not (BUILT_CONSOLE / "index.html").is_file():
        pytest.skip("the console was not built: it needs the npm registry at installation")
    session = session_of_the_owner(city.running.database_url, city.owner, "owner.fourth")
    corners = {"name": "gate", "points": [[0.1, 0.1], [0.5, 0.1], [0.5, 0.5]]}
    zone = city.running.send("POST", f"/api/v1/cameras/{city.camera}/zones", corners)["id"]
    try:
        with a_browser() as browser, a_visit(browser, city.url, session=session) as visit:
            page = visit.go(f"/#/camera/{city.camera}?tab=cameras")
            live = page.get_by_role("region", name="Live", exact=True)
            live.get_by_role("button", name="Watch live").click()
            expect(live.locator(".stage[data-live=showing]")).to_be_visible(timeout=LONG_MS)
            page.get_by_role("button", name="Change the shape").click()
            expect(live.locator(".stage")).to_have_count(0)
            expect(live.get_by_role("button", name="Watch live")).to_be_disabled()
            expect(page.locator(".site-picture canvas")).to_be_visible()
            page.keyboard.press("Escape")
            expect(live.get_by_role("button", name="Watch live")).to_be_enabled()
            expect(page.get_by_role("button", name="Draw a zone")).to_be_focused()
            city.nobody_looks()
    finally:
        city.running.ask("DELETE", f"/api/v1/zones/{zone}")


def test_the_console_says_that_an_original_cannot_be_shown(city: City) -> None:
    """A browser does not let a page read why a WebSocket was turned down."""
    if not (BUILT_CONSOLE / "index.html").is_file():
        pytest.skip("the console was not built: it needs the npm registry at installation")
    session = session_of_the_owner(city.running.database_url, city.owner, "owner.third")
    with a_browser() as browser, a_visit(browser, city.url, session=session) as visit:
        page = visit.go(f"/#/camera/{city.unplayable}?tab=cameras")
        live = page.get_by_role("region", name="Live", exact=True)
        live.get_by_role("button", name="Watch live").click()
        ask_for_the_original(page)
        expect(live.locator("[data-live=refused]")).to_contain_text("The original cannot be shown now", timeout=LONG_MS)
        live.get_by_role("button", name="Back to the masked picture").click()
        expect(live.locator(".stage[data-live=showing]")).to_be_visible(timeout=LONG_MS)
        assert all("WebSocket" in fault for fault in visit.faults)
        visit.faults.clear()
    city.nobody_looks()
