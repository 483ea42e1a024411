"""A camera's page in a real browser: what is drawn on its picture, and how closely it is watched."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.system.api.conftest import City

from .conftest import WRONG_PASSWORD, Visiting

SQUARE = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.7), (0.2, 0.7))
CROSSED = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])


def parts(city: City, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = city.get(f"/cameras/1/{what}").json()["items"]
    return found


def add(city: City, what: str, **part: Any) -> int:
    answer = city.client.post(f"/api/v1/cameras/1/{what}", json=part)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def attend(city: City, **attention: Any) -> None:
    assert city.client.patch("/api/v1/cameras/1", json={"attention": attention}).status_code == 200


def attention(city: City) -> dict[str, Any]:
    found: dict[str, Any] = city.get("/cameras/1").json()["attention"]
    return found


def open_site(city: City, visiting: Visiting, **how: Any) -> Page:
    page = visiting(city, **how).go("/#/camera/1?tab=cameras")
    expect(page.locator(".overlay")).to_be_visible()
    return page


def click_at(page: Page, *places: tuple[float, float]) -> None:
    """Click these places of the picture, given in shares of it."""
    box = page.locator(".surface").bounding_box()
    assert box is not None
    for x, y in places:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def near(points: list[list[float]], wanted: tuple[tuple[float, float], ...]) -> bool:
    return len(points) == len(wanted) and all(
        abs(x - u) < 0.01 and abs(y - v) < 0.01 for (x, y), (u, v) in zip(points, wanted, strict=True)
    )


def test_the_wall_leads_to_the_page_of_a_camera_and_back(city: City, visiting: Visiting) -> None:
    page = visiting(city).go()
    page.get_by_role("link", name="Camera 1", exact=True).click()
    expect(page.get_by_role("heading", name="Camera 1")).to_be_focused()
    expect(page.get_by_role("img", name="Latest picture of Camera 1")).to_have_attribute("width", "320")
    assert "#/camera/1" in page.url
    page.get_by_role("link", name="All cameras").click()
    expect(page.get_by_role("link", name="Camera 1", exact=True)).to_be_focused()


def test_a_camera_that_is_gone_is_said_to_be_gone(city: City, visiting: Visiting) -> None:
    page = visiting(city).go("/#/camera/99?tab=cameras")
    expect(page.get_by_role("alert")).to_contain_text("It does not exist any more")
    page.get_by_role("link", name="All cameras").click()
    expect(page.locator(".camera").first).to_be_visible()


def test_the_page_of_a_camera_with_a_fault_tells_its_reason(city: City, visiting: Visiting) -> None:
    page = visiting(city).go("/#/camera/3?tab=cameras")
    expect(page.get_by_role("region", name="Camera page")).to_contain_text(WRONG_PASSWORD)


@pytest.mark.parametrize(("language", "ways"), [("en-GB", "left to right"), ("zh-CN", "从左到右")])
def test_zones_lines_and_ignored_areas_are_drawn_over_the_picture(
    own_city: City, visiting: Visiting, language: str, ways: str
) -> None:
    zone = add(own_city, "zones", name="crossing", points=SQUARE)
    line = add(own_city, "lines", name="stop line", start=(0.5, 0.9), end=(0.5, 0.1))
    attend(own_city, ignored=[((0.7, 0.0), (1.0, 0.0), (1.0, 0.3))])
    area = add(own_city, "privacy-areas", name="window", points=((0.0, 0.8), (0.1, 0.8), (0.1, 1.0)))
    page = open_site(own_city, visiting, language=language)
    frame = page.locator(".overlay").bounding_box()
    drawn = page.locator(f'[data-zone="{zone}"] polygon').last.bounding_box()
    assert frame is not None
    assert drawn is not None
    assert abs((drawn["x"] - frame["x"]) / frame["width"] - 0.2) < 0.01
    assert abs(drawn["height"] / frame["height"] - 0.5) < 0.01
    expect(page.locator(f'[data-zone="{zone}"]')).to_contain_text("crossing")
    expect(page.locator(f'[data-line="{line}"]')).to_contain_text("stop line")
    expect(page.locator(".overlay .ignored polygon")).to_have_count(2)
    expect(page.locator(f'[data-privacy="{area}"]')).to_contain_text("window")
    expect(page.locator(f'[data-privacy="{area}"] polygon').last).to_have_css("fill", "rgb(0, 0, 0)")
    # The line points up, so that what goes right crosses it from left to right.
    side = page.locator(f'[data-line="{line}"] text', has_text=ways).bounding_box()
    assert side is not None
    assert side["x"] > frame["x"] + 0.5 * frame["width"]


@pytest.mark.parametrize("end", ["double click", "first corner"])
def test_a_zone_is_drawn_with_the_pointer_and_named(own_city: City, visiting: Visiting, end: str) -> None:
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Draw a zone").click()
    click_at(page, *SQUARE[:3])
    if end == "first corner":
        click_at(page, SQUARE[3], SQUARE[0])
    else:
        box = page.locator(".surface").bounding_box()
        assert box is not None
        page.mouse.dblclick(box["x"] + 0.2 * box["width"], box["y"] + 0.7 * box["height"])
    page.get_by_role("textbox", name="Name").fill("Schoolyard 校园")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(group(page, "Zones")).to_contain_text("Schoolyard 校园")
    [zone] = parts(own_city, "zones")
    assert zone["name"] == "Schoolyard 校园"
    assert near(zone["points"], SQUARE)


def test_a_line_takes_two_clicks(own_city: City, visiting: Visiting) -> None:
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Draw a line").click()
    click_at(page, (0.3, 0.8), (0.3, 0.2))
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Line 1")
    page.keyboard.press("Enter")
    expect(group(page, "Lines")).to_contain_text("Line 1")
    [line] = parts(own_city, "lines")
    assert near([line["start"], line["end"]], ((0.3, 0.8), (0.3, 0.2)))


def test_an_ignored_area_is_drawn_by_keys_alone(own_city: City, visiting: Visiting) -> None:
    attend(own_city, ignored=[((0.7, 0.0), (1.0, 0.0), (1.0, 0.3))])
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Draw an ignored area").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("application")).to_be_focused()
    for key in ("Space", "Shift+ArrowRight", "Shift+ArrowRight", "Space", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("It needs at least three corners.")).to_be_attached()
    for key in ("ArrowDown", "Shift+ArrowDown", "Space", "ArrowDown", "Space", "Backspace", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Save", exact=True).first.press("Enter")
    expect(group(page, "Ignored areas").get_by_role("listitem")).to_have_count(2)
    kept, drawn = attention(own_city)["ignored"]
    assert kept == [[0.7, 0.0], [1.0, 0.0], [1.0, 0.3]]
    assert near(drawn, ((0.5, 0.5), (0.6, 0.5), (0.6, 0.56)))


def test_escape_gives_up_what_is_being_drawn(own_city: City, visiting: Visiting) -> None:
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Draw a zone").click()
    click_at(page, *SQUARE)
    page.get_by_role("button", name="Take back the last corner").click()
    expect(page.locator(".drawn circle")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator(".surface")).to_have_count(0)
    expect(page.get_by_role("button", name="Draw a zone")).to_be_focused()
    assert parts(own_city, "zones") == []


def test_what_the_server_refuses_stays_as_it_was_drawn_and_can_be_mended(own_city: City, visiting: Visiting) -> None:
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Draw a zone").click()
    click_at(page, *CROSSED)
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("textbox", name="Name").fill("bow")
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("cross each other")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("bow")
    expect(page.locator(".corner")).to_have_count(4)
    # The second corner goes from the lower right to the upper right, and the third the other way.
    for corner, key in ((2, "ArrowUp"), (3, "ArrowDown")):
        page.get_by_role("button", name=f"Corner {corner}").focus()
        for _ in range(10):
            page.keyboard.press(f"Shift+{key}")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(group(page, "Zones")).to_contain_text("bow")
    [zone] = parts(own_city, "zones")
    assert near(zone["points"], SQUARE)


def test_a_zone_is_renamed_reshaped_and_removed(own_city: City, visiting: Visiting) -> None:
    add(own_city, "zones", name="gate", points=SQUARE)
    add(own_city, "zones", name="taken", points=SQUARE)
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Rename: gate").click()
    page.get_by_role("textbox", name="Name: gate").fill("taken")
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("It conflicts with what is already there")
    page.get_by_role("textbox", name="Name: gate").fill("north gate")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Change the shape: north gate").click()
    expect(page.get_by_role("button", name="Corner 1")).to_be_focused()
    page.get_by_role("button", name="Corner 1").drag_to(page.locator(".corners"), target_position={"x": 10, "y": 10})
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".corners")).to_have_count(0)
    changed = parts(own_city, "zones")[0]
    assert changed["name"] == "north gate"
    assert changed["points"][0][0] < 0.05
    assert near(changed["points"][1:], SQUARE[1:])
    page.get_by_role("button", name="Remove: taken").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(group(page, "Zones").get_by_role("listitem")).to_have_count(1)
    assert [zone["name"] for zone in parts(own_city, "zones")] == ["north gate"]


def test_a_privacy_area_is_drawn_renamed_reshaped_and_removed(own_city: City, visiting: Visiting) -> None:
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Draw a privacy area").click()
    click_at(page, *SQUARE[:3])
    click_at(page, SQUARE[3], SQUARE[0])
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Privacy area 1")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Rename: Privacy area 1").click()
    page.get_by_role("textbox", name="Name: Privacy area 1").fill("窗户 window")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Change the shape: 窗户 window").click()
    page.get_by_role("button", name="Corner 1").drag_to(page.locator(".corners"), target_position={"x": 10, "y": 10})
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".corners")).to_have_count(0)
    [area] = parts(own_city, "privacy-areas")
    assert area["name"] == "窗户 window"
    assert area["points"][0][0] < 0.05
    assert near(area["points"][1:], SQUARE[1:])
    page.get_by_role("button", name="Remove: 窗户 window").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(group(page, "Privacy areas").get_by_role("listitem")).to_have_count(0)
    assert parts(own_city, "privacy-areas") == []


def test_a_line_that_a_rule_watches_stays_and_the_page_says_why(own_city: City, visiting: Visiting) -> None:
    line = add(own_city, "lines", name="stop line", start=(0.5, 0.9), end=(0.5, 0.1))
    add(own_city, "rules", name="crossed", kind="line_crossed", labels=["car"], line=line)
    page = open_site(own_city, visiting)
    page.get_by_role("button", name="Remove: stop line").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("crossed")
    page.keyboard.press("Escape")
    expect(group(page, "Lines")).to_contain_text("stop line")


def test_how_closely_a_camera_is_watched_is_changed(own_city: City, visiting: Visiting) -> None:
    attend(own_city, ignored=[((0.7, 0.0), (1.0, 0.0), (1.0, 0.3))])
    page = open_site(own_city, visiting)
    form = page.get_by_role("form", name="Attention")
    form.get_by_role("radio", name="High").check()
    form.get_by_role("radio", name="Every picture").check()
    form.get_by_role("spinbutton", name="Look at least every").fill("2.5")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Saved")).to_be_visible()
    expect(form.get_by_role("button", name="Save")).to_be_disabled()
    assert attention(own_city) == {
        "sensitivity": "high",
        "ignored": [[[0.7, 0.0], [1.0, 0.0], [1.0, 0.3]]],
        "idle": "all",
        "idle_look_s": 2.5,
    }
