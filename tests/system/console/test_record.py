"""The catalogue and a camera's record in a real browser: fields, codes, and two people who change one camera."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.system.api.conftest import SETTINGS, City, a_city

from .conftest import Visiting

CODE = "42010600111320000017"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    """A city with a region and owners, to change: each test takes a camera of its own."""
    folder = tmp_path_factory.mktemp("registry")
    shutil.copytree(console, folder / "console")
    with a_city(folder, SETTINGS) as found:
        put(found, "/regions/4201", name="东湖市")
        put(found, "/regions/420106", name="武昌区", parent="4201")
        patch(found, "/departments/1", gb_industry={"2022": "11"})
        yield found


def put(city: City, path: str, **body: Any) -> None:
    assert city.client.put(f"/api/v1{path}", json=body).status_code in (200, 201)


def patch(city: City, path: str, **body: Any) -> None:
    answer = city.client.patch(f"/api/v1{path}", json=body)
    assert answer.status_code == 200, answer.text


def record(city: City, camera: int) -> dict[str, Any]:
    found: dict[str, Any] = city.get(f"/cameras/{camera}").json()
    return found


def open_record(city: City, visiting: Visiting, camera: int, **how: Any) -> Page:
    page = visiting(city, **how).go(f"/#/catalogue/{camera}")
    expect(page.locator("[name=name]")).to_have_value(f"Camera {camera}")
    return page


def save(page: Page) -> None:
    """Press the form's button. What comes of it, the caller looks at."""
    page.get_by_role("button", name="Save", exact=True).click()


def is_saved(page: Page) -> None:
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def test_the_catalogue_lists_cameras_with_owner_and_code(registry: City, visiting: Visiting) -> None:
    patch(registry, "/cameras/1", gb_code=CODE, gb_edition=2022, region="420106", own_id="EDU-1")
    page = visiting(registry, language="zh-CN").go("/#/catalogue")
    row = page.locator("tr[data-camera='1']")
    for words in ("Camera 1", "EDU-1", "City", "武昌区", CODE):
        expect(row).to_contain_text(words)
    row.get_by_role("link", name="Camera 1", exact=True).click()
    expect(page.locator("[name=gb_code]")).to_have_value(CODE)


def test_a_code_is_explained_as_it_is_typed_and_a_fault_named(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 2)
    page.locator("[name=gb_code]").fill("4201060011132")
    expect(page.get_by_text("13 of 20 digits")).to_be_visible()
    page.locator("[name=gb_code]").fill("42010600112000000017")
    expect(page.locator("[data-part=centre]")).to_contain_text("武昌区")
    expect(page.locator("[data-part=type]")).to_contain_text("200")
    expect(page.get_by_role("alert").filter(has_text="expected 131")).to_be_visible()


def test_a_code_is_allocated_by_region_and_department(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 3)
    allocate = page.get_by_role("button", name="Allocate")
    expect(allocate).to_be_disabled()
    page.locator("[name=region]").fill("420106")
    expect(page.locator("[data-field=region] .found")).to_have_text("武昌区")
    allocate.click()
    expect(page.locator("[name=gb_code]")).to_have_value("42010600111320000001")
    save(page)
    is_saved(page)
    assert record(registry, 3)["gb_code"] == "42010600111320000001"


def test_what_the_server_refuses_stands_beside_its_field(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 4)
    page.locator("[name=longitude]").fill("30.5")
    page.locator("[name=latitude]").fill("114.3")
    save(page)
    expect(page.locator("[data-field=latitude] .fault")).to_contain_text("seem swapped")
    assert record(registry, 4)["latitude"] is None


def test_two_changes_of_different_fields_both_stand(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 5)
    page.locator("[name=model]").fill("IPC-2")
    patch(registry, "/cameras/5", address="珞喻路 1 号")
    save(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("珞喻路 1 号")
    dialog.get_by_role("button", name="Save mine as well").click()
    is_saved(page)
    now = record(registry, 5)
    assert (now["model"], now["address"]) == ("IPC-2", "珞喻路 1 号")


def test_a_conflict_shows_both_values_and_theirs_can_be_taken(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 6)
    page.locator("[name=contact]").fill("mine")
    page.locator("[name=model]").fill("IPC-6")
    patch(registry, "/cameras/6", contact="theirs")
    save(page)
    dialog = page.get_by_role("dialog")
    for words in ("theirs", "mine"):
        expect(dialog.locator("tr[data-field=contact]")).to_contain_text(words)
    dialog.get_by_role("button", name="Take theirs").click()
    expect(page.locator("[name=contact]")).to_have_value("theirs")
    assert record(registry, 6)["model"] is None
    save(page)
    is_saved(page)
    now = record(registry, 6)
    assert (now["contact"], now["model"]) == ("theirs", "IPC-6")


def test_a_conflict_can_be_overruled(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 7)
    page.locator("[name=contact]").fill("mine")
    patch(registry, "/cameras/7", contact="theirs")
    save(page)
    page.get_by_role("button", name="Save mine over it").click()
    is_saved(page)
    assert record(registry, 7)["contact"] == "mine"


def test_a_stream_added_beside_an_open_form_is_no_conflict(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 8)
    page.locator("[name=model]").fill("IPC-8")
    page.get_by_role("button", name="Add a stream").click()
    page.get_by_role("dialog").locator("[name=url]").fill("rtsp://viewer:secret@camera-8.example/sub")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("[data-stream]")).to_have_count(2)
    expect(page.locator(".streams")).not_to_contain_text("secret")
    save(page)
    is_saved(page)
    assert record(registry, 8)["model"] == "IPC-8"


def test_moving_a_camera_says_what_stays_with_its_owner(registry: City, visiting: Visiting) -> None:
    page = open_record(registry, visiting, 9)
    page.locator("[name=department]").select_option("Schools")
    expect(page.get_by_text("What happened until now stays with City.")).to_be_visible()
    save(page)
    is_saved(page)
    assert record(registry, 9)["department"]["name"] == "Schools"


def test_a_new_camera_gets_its_fields_and_its_stream(registry: City, visiting: Visiting) -> None:
    page = visiting(registry, language="zh-CN", width=390, height=844).go("/#/catalogue/new")
    page.locator("[name=name]").fill("东湖南门")
    page.locator("[name=manufacturer]").fill("海康威视")
    page.locator("[name=url]").fill("rtsp://viewer:secret@camera-11.example/main")
    page.get_by_role("button", name="添加摄像机").click()
    expect(page.locator("[data-stream]")).to_have_count(1)
    added = record(registry, int(page.url.rsplit("/", 1)[1]))
    assert (added["name"], added["manufacturer"]) == ("东湖南门", "海康威视")
    assert added["streams"][0]["has_login"]


def test_departments_are_added_below_others_and_removed(registry: City, visiting: Visiting) -> None:
    page = visiting(registry).go("/#/departments")
    page.get_by_role("button", name="Add department").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=name]").fill("第一中学")
    dialog.locator("[name=kind]").select_option("education")
    dialog.locator("[name=parent]").select_option("Schools")
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="第一中学")
    expect(row.locator(".level-1")).to_be_visible()
    page.get_by_role("button", name="Remove: Schools").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("第一中学")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove: 第一中学").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(row).to_have_count(0)


def test_regions_form_a_tree_and_a_wrong_code_is_refused(registry: City, visiting: Visiting) -> None:
    page = visiting(registry).go("/#/regions")
    expect(page.locator("tr[data-region='420106'] .level-1")).to_be_visible()
    page.get_by_role("button", name="Add one below: 武昌区").click()
    dialog = page.get_by_role("dialog")
    code = dialog.locator("[name=code]")
    code.fill("4201061")
    assert not code.evaluate("field => field.checkValidity()")
    code.fill("420106001")
    dialog.locator("[name=name]").fill("积玉桥街道")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("tr[data-region='420106001'] .level-2")).to_be_visible()
    assert registry.get("/regions/420106001").json()["parent"]["code"] == "420106"
