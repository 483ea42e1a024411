"""The rules of a camera in a real browser: their list, their form, and what the server says of them."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from core.rule import TAKES, RuleKind
from tests.system.api.conftest import City

from .conftest import Visiting

SQUARE = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.7), (0.2, 0.7))
SHARED = {"name", "min_duration_s", "cool_down_s", "hours", "severity"}
NIGHT = {"days": ["monday", "tuesday", "wednesday", "sunday"], "begin": "22:00", "end": "06:00", "time_zone": "UTC"}


def send(city: City, path: str, **body: Any) -> dict[str, Any]:
    answer = city.client.post(f"/api/v1{path}", json=body)
    assert answer.status_code == 201, answer.text
    sent: dict[str, Any] = answer.json()
    return sent


def stored(city: City, name: str) -> dict[str, Any]:
    [found] = [rule for rule in city.get("/cameras/1/rules").json()["items"] if rule["name"] == name]
    rule: dict[str, Any] = found
    return rule


def with_places(city: City) -> tuple[int, int]:
    """A zone and a line of camera 1: their numbers."""
    zone = send(city, "/cameras/1/zones", name="yard", points=SQUARE)
    line = send(city, "/cameras/1/lines", name="stop line", start=(0.5, 0.9), end=(0.5, 0.1))
    return zone["id"], line["id"]


def visit(city: City, visiting: Visiting, **how: Any) -> Page:
    page = visiting(city, **how).go("/#/camera/1?tab=cameras")
    expect(page.locator(".rule").first).to_be_visible()
    return page


def open_form(page: Page) -> Locator:
    page.get_by_role("button", name="Add a rule").click()
    return page.get_by_role("dialog")


def field(form: Locator, name: str) -> Locator:
    return form.locator(f'[data-field="{name}"]')


@pytest.mark.parametrize(
    ("language", "own", "standing"),
    [
        (
            "en-GB",
            (
                "Line crossed · Bus, Car · at line stop line · left to right · in yard · score at least 0.55",
                "at least 2 % of the picture large · moved by at least 5 % of the picture",
                "At most one event for each object · then quiet for 5 min · Mon–Wed, Sun 22:00–06:00 (UTC)",
            ),
            ("Department: City", "Stream lost · for at least 30 s"),
        ),
        (
            "zh-CN",
            (
                "越线 · 公交车、小汽车 · 线“stop line” · 从左到右 · 在“yard”内",
                "此后静默 5 分钟",
                "周一–周三、周日 22:00–06:00",
            ),
            ("部门规则：City", "码流中断 · 至少持续 30 秒"),
        ),
    ],
)
def test_rules_are_told_in_words_and_those_of_the_department_are_marked(
    own_city: City, visiting: Visiting, language: str, own: tuple[str, ...], standing: tuple[str, ...]
) -> None:
    zone, line = with_places(own_city)
    far = {"min_score": 0.55, "min_size": 0.02, "min_path": 0.05, "once_per_track": True, "cool_down_s": 300}
    terms = {"labels": ["car", "bus"], "line": line, "zone": zone, "direction": "left_to_right", "hours": [NIGHT]}
    mine = send(own_city, "/cameras/1/rules", name="turning", kind="line_crossed", severity=2, **terms, **far)
    theirs = send(own_city, "/departments/1/rules", name="streams", kind="stream_lost")
    page = visit(own_city, visiting, language=language)

    def told(rule: dict[str, Any]) -> str:
        row = page.locator(f'[data-rule="{rule["id"]}"]')
        expect(row).to_be_visible()
        parts = row.locator(".conditions > *").all_inner_texts()
        return " ".join([*row.locator(".rule-head").all_inner_texts(), " · ".join(parts)])

    for words in own:
        assert words in told(mine)
    for words in standing:
        assert words in told(theirs)
    assert page.locator(f'[data-rule="{mine["id"]}"] .actions button').count() == 3
    expect(page.locator(f'[data-rule="{theirs["id"]}"] .actions button')).to_have_count(1)
    expect(page.locator(f'[data-rule="{theirs["id"]}"] input')).to_have_count(0)


def test_the_form_has_the_fields_that_each_kind_takes(city: City, visiting: Visiting) -> None:
    form = open_form(visit(city, visiting))
    for kind in RuleKind:
        form.get_by_label("What makes an event").select_option(kind.value)
        shown = {one.get_attribute("data-field") for one in form.locator("[data-field]").all()}
        assert shown == TAKES[kind] | SHARED, kind
        duration = form.locator("input[name=min_duration_s]")
        expect(duration).to_have_value(f"{kind.usual_duration.total_seconds():g}")
    form.get_by_label("What makes an event").select_option("line_crossed")
    expect(field(form, "line")).to_contain_text("Draw one first")


def test_a_rule_is_added_with_all_that_its_kind_takes(own_city: City, visiting: Visiting) -> None:
    zone, line = with_places(own_city)
    form = open_form(visit(own_city, visiting))
    form.get_by_label("What makes an event").select_option("line_crossed")
    form.get_by_role("checkbox", name="Car").check()
    form.get_by_role("checkbox", name="Person").uncheck()
    form.locator("select[name=direction]").select_option("right_to_left")
    form.locator("select[name=zone]").select_option("yard")
    for name, amount in (("min_duration_s", "1.5"), ("min_score", "0.6"), ("min_size", "7"), ("cool_down_s", "60")):
        form.locator(f"input[name={name}]").fill(amount)
    form.locator("input[name=min_path]").fill("")
    form.get_by_role("button", name="Add hours").click()
    form.get_by_role("checkbox", name="Sat").uncheck()
    form.get_by_role("checkbox", name="Sun").uncheck()
    form.get_by_label("From").fill("21:30")
    form.get_by_role("checkbox", name="At most one event").check()
    form.get_by_role("radio", name="High").check()
    expect(form.locator("input[name=name]")).to_have_value("Line crossed: Car")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    rule = stored(own_city, "Line crossed: Car")
    workdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    hours = {"days": workdays, "begin": "21:30", "end": "06:00", "time_zone": "Asia/Shanghai"}
    assert rule == {
        "id": rule["id"],
        "camera": 1,
        "department": None,
        "name": "Line crossed: Car",
        "kind": "line_crossed",
        "labels": ["car"],
        "zone": zone,
        "line": line,
        "direction": "right_to_left",
        "min_duration_s": 1.5,
        "min_score": 0.6,
        "min_size": 0.07,
        "min_path": 0.0,
        "min_speed": None,
        "min_count": None,
        "hours": [hours],
        "cool_down_s": 60.0,
        "once_per_track": True,
        "severity": 2,
        "enabled": True,
    }


def test_a_rule_is_switched_changed_and_removed(own_city: City, visiting: Visiting) -> None:
    with_places(own_city)
    page = visit(own_city, visiting)
    switch = page.get_by_role("switch", name="On: anything")
    switch.uncheck()
    expect(page.locator(".rule").first).to_contain_text("Off")
    expect(switch).to_be_enabled()  # it is not while the server is asked
    assert stored(own_city, "anything")["enabled"] is False
    page.get_by_role("button", name="Change: anything").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("checkbox", name="Bicycle")).to_be_checked()
    form.get_by_label("What makes an event").select_option("crowding")
    form.locator("input[name=min_count]").fill("12")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".rule").first).to_contain_text("12 or more at once")
    changed = stored(own_city, "anything")
    assert (changed["kind"], changed["min_count"], changed["enabled"]) == ("crowding", 12, False)
    page.get_by_role("button", name="Remove: anything").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert stored(own_city, "anything")
    page.get_by_role("button", name="Remove: anything").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("No rule applies to this camera")).to_be_visible()
    assert own_city.get("/cameras/1/rules").json()["items"] == []


def test_what_the_server_refuses_is_told_beside_the_field(own_city: City, visiting: Visiting) -> None:
    form = open_form(visit(own_city, visiting))
    form.get_by_role("checkbox", name="Dog").check()
    form.get_by_role("button", name="Save").click()
    expect(field(form, "labels").get_by_role("alert")).to_contain_text("the active detector knows no 'dog'")
    form.get_by_role("checkbox", name="Dog").uncheck()
    form.get_by_role("button", name="Add hours").click()
    form.get_by_label("Time zone").fill("Asia/Atlantis")
    form.get_by_role("button", name="Save").click()
    expect(field(form, "hours").get_by_role("alert")).to_contain_text("there is no time zone 'Asia/Atlantis'")
    expect(field(form, "labels").get_by_role("alert")).to_have_count(0)
    expect(form.locator(".problem")).to_have_count(0)
    form.get_by_role("button", name="Remove these hours").click()
    form.locator("input[name=name]").fill("anything")
    form.get_by_role("button", name="Save").click()
    expect(field(form, "name").get_by_role("alert")).to_contain_text("'anything' already")
    expect(form.locator(".problem")).to_have_count(0)
    form.locator("input[name=name]").fill("anything else")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    assert stored(own_city, "anything else")["hours"] == []
