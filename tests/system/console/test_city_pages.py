"""The pages of the whole city in a real browser: catalogue, map, overview, and cameras from a file."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.stream_state import StreamState
from tests.system.api.conftest import SETTINGS, City, a_city, a_worker

from .conftest import WRONG_PASSWORD, Visiting, say

HEADERS = "name,department,own_id,longitude,latitude,url"
GOOD_ROWS = (
    "东门,Schools,S-1,114.31,30.51,rtsp://viewer:s3cret@camera-21.example/main",
    "西门,Schools,S-2,114.32,30.52,",
)
MANY = 10_000
SWAPPED_ROW = "南门,Schools,S-3,30.53,114.33,"


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    """A city to look at: its cameras stand in a row from west to east, in two regions and of two owners."""
    folder = tmp_path_factory.mktemp("mapped")
    shutil.copytree(console, folder / "console")
    with a_city(folder, SETTINGS.model_copy(update={"worker_silence_s": 300})) as found, a_worker(found, {}):
        ask(found, "PUT", "/regions/4201", name="东湖市")
        for code, name in (("420106", "武昌区"), ("420111", "洪山区")):
            ask(found, "PUT", f"/regions/{code}", name=name, parent="4201")
        for number in range(1, 11):
            ask(
                found,
                "PATCH",
                f"/cameras/{number}",
                longitude=114.3 + number / 100,
                latitude=30.5,
                region="420106" if number <= 5 else "420111",
                address=f"珞喻路 {number} 号",
                department=1 if number <= 7 else 2,
            )
        say(found, 1, StreamState.LIVE, "pictures arrive")
        say(found, 3, StreamState.UNAUTHORISED, WRONG_PASSWORD)
        yield found


def ask(city: City, method: str, path: str, **body: Any) -> None:
    answer = city.client.request(method, f"/api/v1{path}", json=body)
    assert answer.is_success, answer.text


def listed(page: Page) -> list[str]:
    """Numbers of the cameras that the catalogue shows."""
    return [row.get_attribute("data-camera") or "" for row in page.locator("tr[data-camera]").all()]


def test_the_catalogue_finds_by_chinese_text_and_its_filters_stand_in_the_link(
    mapped: City, visiting: Visiting
) -> None:
    page = visiting(mapped).go("/#/catalogue")
    expect(page.locator("tr[data-camera]")).to_have_count(10)
    page.get_by_label("Search the catalogue").last.fill("珞喻")
    page.get_by_role("button", name="Department", exact=True).click()
    page.get_by_role("checkbox", name="Schools").check()
    page.keyboard.press("Escape")
    expect(page.locator("tr[data-camera]")).to_have_count(3)
    page.get_by_role("button", name="Region", exact=True).click()
    page.get_by_role("radio", name="武昌区").check()
    expect(page.get_by_role("heading", name="No camera matches")).to_be_visible()
    page.get_by_role("radio", name="东湖市").first.check()
    expect(page.locator("tr[data-camera]")).to_have_count(3)
    page.reload()
    expect(page.get_by_role("button", name="东湖市")).to_be_visible()
    expect(page.locator("tr[data-camera]")).to_have_count(3)
    assert listed(page) == ["8", "9", "10"]


def test_the_export_has_what_the_filter_finds(mapped: City, visiting: Visiting) -> None:
    page = visiting(mapped).go("/#/catalogue?department=2")
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(begun.value.path().read_text("utf-8-sig").splitlines()))
    assert [row["name"] for row in rows] == ["Camera 8", "Camera 9", "Camera 10"]


def test_the_overview_counts_by_owner_and_region_and_leads_to_the_cameras(mapped: City, visiting: Visiting) -> None:
    page = visiting(mapped).go("/#/overview")
    expect(page.get_by_role("row").filter(has_text="Schools")).to_contain_text("3")
    expect(page.get_by_role("row").filter(has_text="watcher")).to_contain_text("Running")
    page.get_by_role("link", name="Show what is below: 东湖市").click()
    page.get_by_role("link", name="武昌区", exact=True).click()
    expect(page.locator("tr[data-camera]")).to_have_count(5)


def test_the_map_opens_the_camera_that_is_clicked(mapped: City, visiting: Visiting) -> None:
    page = visiting(mapped).go("/#/map?department=2&at=114.40000,30.50000,16")
    expect(page.get_by_role("status").filter(has_text="3 cameras with a place")).to_be_visible()
    page.locator("canvas.map").hover()
    expect(page.locator(".tip")).to_contain_text("Camera 10")
    page.locator("canvas.map").click()
    expect(page.locator("[name=name]")).to_have_value("Camera 10")


def test_an_area_of_the_map_becomes_a_filter(mapped: City, visiting: Visiting) -> None:
    page = visiting(mapped).go("/#/map?at=114.35500,30.50000,12")
    page.get_by_role("button", name="Choose an area").click()
    box = page.locator("canvas.map").bounding_box()
    assert box is not None
    middle, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(middle, down - 50)
    page.mouse.down()
    page.mouse.move(middle + 500, down + 50)
    page.mouse.up()
    expect(page.get_by_role("button", name="Remove filter In the chosen area")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="5 cameras with a place")).to_be_visible()
    page.get_by_role("link", name="As a list").click()
    expect(page.locator("tr[data-camera]")).to_have_count(5)
    assert listed(page) == ["6", "7", "8", "9", "10"]


def test_a_removed_camera_is_found_and_restored(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go("/#/catalogue/4")
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("tr[data-camera]")).to_have_count(9)
    page.get_by_role("button", name="Removed").click()
    expect(page.locator("tr[data-camera='4']")).to_be_visible()
    page.get_by_role("button", name="Restore: Camera 4").click()
    expect(page.locator("[name=name]")).to_have_value("Camera 4")


def test_a_file_is_rehearsed_then_imported_and_tells_of_each_row(
    own_city: City, visiting: Visiting, tmp_path: Path
) -> None:
    file = tmp_path / "cameras.csv"
    file.write_text("\n".join((HEADERS, *GOOD_ROWS, SWAPPED_ROW)), encoding="utf-8")
    page = visiting(own_city).go("/#/import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name="This was a rehearsal")).to_be_visible()
    assert own_city.get("/overview").json()["cameras"] == 10
    page.locator("[data-verdict=refused]").first.click()
    expect(page.locator("tr[data-verdict]")).to_have_count(1)
    expect(page.locator("tr[data-row='4']")).to_contain_text("seem swapped")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("heading").filter(has_text="Import · Finished")).to_be_visible()
    expect(page.get_by_role("link", name="东门")).to_be_visible()
    assert own_city.get("/overview").json()["cameras"] == 12
    with page.expect_download() as begun:
        page.get_by_role("button", name="Report").click()
    report = begun.value.path().read_text("utf-8-sig")
    assert [row["verdict"] for row in csv.DictReader(report.splitlines())] == ["created", "created", "refused"]
    assert "s3cret" not in report


def test_a_running_import_is_followed_and_can_be_cancelled(own_city: City, visiting: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = (f"Gate {number},Schools,G-{number},114.31,30.51," for number in range(MANY))
    file.write_text("\n".join((HEADERS, *rows)), encoding="utf-8")
    page = visiting(own_city).go("/#/import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".running")).to_contain_text("Running")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading").filter(has_text="Rehearsal · Cancelled")).to_be_visible()
    assert own_city.get("/imports").json()["items"][0]["done"] < MANY


def test_a_file_of_a_wrong_kind_is_refused_before_it_is_sent(mapped: City, visiting: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "cameras.pdf"
    file.write_bytes(b"%PDF")
    page = visiting(mapped, language="zh-CN").go("/#/import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("文件扩展名应为 .csv、.xlsx、.json 或 .ndjson。")).to_be_visible()
    assert mapped.get("/imports").json()["items"] == []


def test_every_page_says_when_the_server_is_gone(visiting: Visiting, tmp_path: Path, console: Path) -> None:
    shutil.copytree(console, tmp_path / "console")
    with a_city(tmp_path, SETTINGS) as city:
        page = visiting(city).go("/#/catalogue")
        expect(page.locator("tr[data-camera]")).to_have_count(10)
    for link in ("Map", "Overview", "Uptime", "Departments", "Regions"):
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=link).click()
        expect(page.get_by_role("alert").filter(has_text="The server does not answer").first).to_be_visible()


def test_a_link_with_nonsense_still_shows_a_page(mapped: City, visiting: Visiting) -> None:
    page = visiting(mapped).go("/#/catalogue?department=x&sector=y&region=z&state=w&enabled=v")
    expect(page.locator("tr[data-camera]")).to_have_count(10)
    page.goto(f"{mapped.server.url}/#/map?at=1,2&bbox=a")
    expect(page.get_by_role("alert")).to_contain_text("Something entered is not right")
