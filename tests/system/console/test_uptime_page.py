"""Uptime in a real browser: by owner, by day and by camera; a camera's breaks; an outage's cameras; a stream tested."""

import base64
import csv
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from api.app import api_server
from api.probe_words import EncodingView, HintView, PictureView, PlayingView, ProbeOrder, ProbeView
from core.camera import Camera, DepartmentId, StreamId
from core.event import EndReason
from core.ids import CameraId
from core.rule import RuleKind
from core.stream_state import StreamState, StreamStatus
from registry import cameras, stream_states, streams
from registry.uptime.days import Days
from registry.workers import WorkerId
from tests.support.builders import an_event
from tests.system.api.conftest import CITY_BEGAN_AT, SETTINGS, City, a_city

from .conftest import Visiting, picture

DAYS = Days(ZoneInfo("Asia/Shanghai"))
YESTERDAY = DAYS.of(datetime.now(UTC)) - 1
SCHOOLS = DepartmentId(2)
REFUSED = "camera-2.example refused the connection"


class Prober:
    """Finds the same of every stream."""

    def probe(self, order: ProbeOrder) -> ProbeView:
        return ProbeView(
            url=order.stream.url,
            state=StreamState.LIVE,
            reason="pictures arrive",
            hint=None,
            encoding=EncodingView(
                codec="hevc",
                profile="Main",
                width=1920,
                height=1080,
                fps=25,
                declared_fps=25,
                group_s=2,
                bits_per_second=4_000_000,
                has_b_frames=False,
                sound=None,
                clock="steady",
                watched_s=6,
                browser=PlayingView(plays=False, reason="H.265"),
                policy="all",
                hints=(HintView(code="use_substream", text="give the role detect to the camera's substream"),),
            ),
            picture=PictureView(jpeg=base64.b64encode(picture(1)).decode(), width=320, height=180),
            no_picture=None,
        )


def at(hour: float) -> datetime:
    """That hour of yesterday, in the city's time zone."""
    return DAYS.start(YESTERDAY) + timedelta(hours=hour)


def furnish(city: City) -> None:
    """Yesterday from 6 to 12 camera 1 was live; camera 2, of the schools, was refused but for the last hour."""
    turns = (
        (1, StreamState.LIVE, "pictures arrive", 6),
        (2, StreamState.REFUSED, REFUSED, 6),
        (2, StreamState.LIVE, "pictures arrive", 11),
    )
    with city.services.database.write() as connection:
        cameras.change(connection, Camera(CameraId(2), "Camera 2", SCHOOLS, True), at(1))
        for number, state, reason, hour in turns:
            status = StreamStatus(CameraId(number), StreamId(number), state, at(hour), reason)
            stream_states.put(connection, WorkerId(1), [status], at(hour))
        stream_states.forget(connection, [CameraId(1), CameraId(2)], at(12))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("watched")
    shutil.copytree(console, folder / "console")
    with a_city(folder, SETTINGS, days=DAYS) as found:
        furnish(found)
        with api_server(replace(found.services, prober=Prober()), console=folder / "console") as server:
            yield replace(found, server=server)


def test_uptime_tells_owners_the_worst_first_and_leads_to_their_cameras(watched: City, visiting: Visiting) -> None:
    page = visiting(watched).go("/#/uptime")
    rows = page.locator("tr[data-key]")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Schools")
    expect(rows.nth(0)).to_contain_text("16.6 %")
    expect(rows.nth(1)).to_contain_text("100 %")
    expect(page.locator(".tiles")).to_contain_text("58.3 %")
    rows.nth(0).get_by_role("link").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Camera 2")
    expect(rows).to_contain_text("5 h")


def test_a_period_of_choice_stands_in_the_link_and_may_be_empty(watched: City, visiting: Visiting) -> None:
    page = visiting(watched, language="zh-CN", width=390, height=844).go("/#/uptime")
    expect(page.locator("tr[data-key]")).to_have_count(2)
    page.get_by_role("button", name="近 7 天").click()
    page.get_by_role("radio", name="今天").check()
    expect(page.get_by_role("heading", name="该时段内没有应监看的摄像机")).to_be_visible()
    assert "last=today" in page.url
    page.get_by_role("button", name="清除筛选").last.click()
    expect(page.locator("tr[data-key]")).to_have_count(2)


def test_the_figures_are_to_be_had_as_csv(watched: City, visiting: Visiting) -> None:
    page = visiting(watched).go("/#/uptime?by=camera")
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.reader(begun.value.path().read_text("utf-8-sig").splitlines()))
    assert [row[1] for row in rows[1:3]] == ["Camera 2", "Camera 1"]


def test_a_camera_tells_its_longest_break_and_why(watched: City, visiting: Visiting) -> None:
    page = visiting(watched).go("/#/camera/2?tab=cameras")
    breaks = page.get_by_role("region", name="Uptime of the last seven days")
    expect(breaks).to_contain_text("5 h")
    expect(breaks).to_contain_text(REFUSED)
    expect(breaks.locator(".timeline .mood-bad")).to_have_count(1)


def test_an_outage_names_the_cameras_that_were_lost_together(watched: City, visiting: Visiting) -> None:
    lost = []
    with watched.services.database.write() as connection:
        for number in (5, 6):
            (stream,) = streams.of_cameras(connection, [CameraId(number)])
            streams.change(connection, replace(stream, url=f"rtsp://recorder.example/{number}"))
            event = an_event(
                9_000,
                camera=CameraId(number),
                at=CITY_BEGAN_AT,
                lasted_s=60,
                label="stream",
                end_reason=EndReason.OVER,
            )
            lost.append(
                replace(event, kind=RuleKind.STREAM_LOST, zone=None, track=None, score=None, box=None, course=None)
            )
    outage = watched.write(*lost)[0]
    page = visiting(watched).go(f"/#/?open={outage}")
    expect(page.locator(".members")).to_contain_text("Camera 5")
    expect(page.locator(".members")).to_contain_text("Camera 6")


def test_a_stream_is_tested_before_it_is_saved(watched: City, visiting: Visiting) -> None:
    page = visiting(watched, language="zh-CN").go("/#/catalogue/3")
    page.get_by_role("button", name="添加码流").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=url]").fill("rtsp://viewer:s3cret@camera-3.example/sub")
    dialog.get_by_role("button", name="测试").click()
    found = dialog.get_by_role("region", name="测试结果")
    for words in ("HEVC · Main", "1920×1080", "4 Mbit/s", "不能直接播放", "请将子码流设为“分析”用途"):
        expect(found).to_contain_text(words)
    expect(found).not_to_contain_text("s3cret")
    page.wait_for_function("() => document.querySelector('.probe img').naturalWidth === 320")
