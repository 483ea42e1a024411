"""Trying a rule, asking why nothing happened, and what a flow rule counted, in a real browser."""

from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.trial_words import TrialOrder, TrialView
from core.crossing import Crossing
from core.ids import CameraId
from core.line import Direction, LineId
from core.rule import RuleId
from events.flows import count
from events.flows.count import key_of
from events.tracks.look import LoggedLook
from sharp_eyes.trials.answer import answer
from sharp_eyes.trials.trial import try_rule
from tests.support.builders import a_box, a_track
from tests.support.rule_desk import FakeDesk
from tests.system.api.conftest import City, a_worker

from .conftest import Visiting

LEFT_HALF = ((0, 0), (0.5, 0), (0.5, 1), (0, 1))
STEPS = 20


def walk(order: TrialOrder, number: int, minute: int, row: tuple[float, float], label: str) -> list[LoggedLook]:
    """Something goes from the left to the right of `row` in four seconds."""
    looks = []
    began_at = order.from_at + timedelta(minutes=minute)
    for step in range(STEPS + 1):
        at = began_at + timedelta(seconds=step / 5)
        left, right = row
        box = a_box(left + (right - left) * step / STEPS)
        track = a_track(number, label, box=box, camera=order.rule.camera, first_seen_at=began_at, last_seen_at=at)
        looks.append(LoggedLook(at, [track], 1))
    empty = [LoggedLook(looks[-1].at + timedelta(seconds=step / 5), [], 1) for step in range(1, 60)]
    return [*looks, *empty]


class Desk(FakeDesk):
    """Tries rules by the code that applies them, on an hour in which two cars cross the picture, a third comes not
    into its left half, and somebody walks by; when a test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = Flag()

    def try_rule(self, order: TrialOrder) -> TrialView:
        self.orders.append(order)
        assert self.may_go_on.wait(20)
        looks = [
            *walk(order, 1, 10, (0.1, 0.9), "car"),
            *walk(order, 2, 20, (0.1, 0.9), "car"),
            *walk(order, 3, 30, (0.6, 0.9), "car"),
            *walk(order, 4, 40, (0.1, 0.9), "person"),
        ]
        return answer(try_rule(order.rule, looks, order.from_at, order.to_at))


def add(city: City, what: str, **part: Any) -> int:
    added = city.client.post(f"/api/v1/cameras/1/{what}", json=part)
    assert added.status_code == 201, added.text
    number: int = added.json()["id"]
    return number


def visit(city: City, visiting: Visiting, **how: Any) -> Page:
    page = visiting(city, **how).go("/#/camera/1?tab=cameras")
    expect(page.locator(".rule").first).to_be_visible()
    return page


def local_time(at: datetime) -> str:
    """As a browser in Shanghai shows it."""
    return (at + timedelta(hours=8)).strftime("%H:%M:%S")


@pytest.mark.parametrize(
    ("language", "add_it", "try_it", "told"),
    [
        (
            "en-GB",
            "Add a rule",
            "Try it on the last hour",
            (
                "It would have made 2 events",
                "4 tracks",
                "2 made an event",
                "1 was of another kind of object",
                "1 never came into the zone",
            ),
        ),
        (
            "zh-CN",
            "添加规则",
            "用最近 1 小时试运行",
            ("将产生 2 个事件", "共 4 条轨迹", "2 条产生了事件", "1 条是其他目标", "1 条未进入区域"),
        ),
    ],
)
def test_a_rule_is_tried_before_it_is_saved(
    own_city: City, visiting: Visiting, language: str, add_it: str, try_it: str, told: tuple[str, ...]
) -> None:
    add(own_city, "zones", name="left half", points=LEFT_HALF)
    desk = Desk()
    with a_worker(own_city, {}, desk=desk):
        page = visit(own_city, visiting, language=language)
        page.get_by_role("button", name=add_it).click()
        form = page.get_by_role("dialog")
        form.locator(".pick", has_text="Car" if language == "en-GB" else "小汽车").click()
        form.locator(".pick", has_text="Person" if language == "en-GB" else "人员").click()
        form.locator("select[name=zone]").select_option("left half")
        form.get_by_role("button", name=try_it).click()
        expect(form.locator(".trial progress")).to_be_visible()
        expect(form.get_by_role("button", name=try_it)).to_be_disabled()
        desk.may_go_on.set()
        for words in told:
            expect(form.locator(".trial")).to_contain_text(words)
        [order] = desk.orders
        assert order.to_at - order.from_at == timedelta(hours=1)
        times = form.locator(".tried time")
        expect(times).to_have_text([local_time(order.from_at + timedelta(minutes=n)) for n in (10, 20)])
        # What is told is of the rule that was tried: it goes when the rule is changed.
        form.locator("input[name=min_duration_s]").fill("5")
        expect(form.locator(".trial")).to_be_empty()
        form.get_by_role("button", name=try_it).click()
        expect(form.locator('[data-why="duration"]')).to_be_visible()
    assert len(own_city.get("/cameras/1/rules").json()["items"]) == 1


def test_a_flow_rule_tells_what_it_would_have_counted(own_city: City, visiting: Visiting) -> None:
    add(own_city, "lines", name="middle", start=(0.5, 1), end=(0.5, 0))
    desk = Desk()
    desk.may_go_on.set()
    with a_worker(own_city, {}, desk=desk):
        page = visit(own_city, visiting)
        page.get_by_role("button", name="Add a rule").click()
        form = page.get_by_role("dialog")
        form.get_by_label("What makes an event").select_option("flow")
        form.get_by_role("checkbox", name="Car").check()
        form.get_by_role("button", name="Try it on the last hour").click()
        expect(form.locator(".trial")).to_contain_text("It would have counted: left to right 3, right to left 0")
        expect(form.locator(".trial")).to_contain_text("1 never crossed the line")
        form.get_by_label("What makes an event").select_option("motion")
        expect(form).to_contain_text("Rules of this kind cannot be tried")


def test_without_a_worker_the_form_says_that_nothing_can_be_tried(own_city: City, visiting: Visiting) -> None:
    page = visit(own_city, visiting)
    page.get_by_role("button", name="Add a rule").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Try it on the last hour").click()
    expect(form.locator(".problem")).to_contain_text("Not possible at the moment")
    expect(form.locator(".problem")).to_contain_text("start one: sharp-eyes worker")
    expect(form.locator("input[name=name]")).to_have_value("Object in zone: Person")


def test_a_rule_says_why_nothing_happened(own_city: City, visiting: Visiting) -> None:
    add(own_city, "rules", name="unwatched", labels=["car"])
    with a_worker(own_city, {}, desk=FakeDesk()):
        page = visit(own_city, visiting)
        page.get_by_role("button", name="Why did nothing happen? anything").click()
        why = page.get_by_role("region", name="Why did nothing happen? anything")
        for words in ("Since 1 Mar", "3 tracks", "1 made an event", "1 never came into the zone", "1 too short"):
            expect(why).to_contain_text(words)
        page.get_by_role("button", name="Why did nothing happen? unwatched").click()
        expect(page.get_by_text("Nobody watches for this rule at the moment.")).to_be_visible()
        expect(page.get_by_role("region", name="Why did nothing happen? unwatched")).to_contain_text("rule is disabled")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en-GB", "Crossings by the hour: 5 left to right, 2 right to left"),
        ("zh-CN", "每小时越线数量：从左到右 5，从右到左 2"),
    ],
)
def test_a_flow_rule_shows_what_it_counted_each_way(
    own_city: City, visiting: Visiting, language: str, told: str
) -> None:
    line = add(own_city, "lines", name="middle", start=(0.5, 1), end=(0.5, 0))
    rule = add(own_city, "rules", name="flow", kind="flow", labels=["car", "bus"], line=line)
    now = datetime.now(UTC)
    counted = [
        (now, Direction.LEFT_TO_RIGHT, "car", 3),
        (now, Direction.LEFT_TO_RIGHT, "bus", 1),
        (now, Direction.RIGHT_TO_LEFT, "car", 2),
        (now - timedelta(hours=5), Direction.LEFT_TO_RIGHT, "car", 1),
        (now - timedelta(hours=30), Direction.LEFT_TO_RIGHT, "car", 100),
    ]
    with own_city.services.database.write() as connection:
        for at, way, label, many in counted:
            crossing = Crossing(RuleId(rule), LineId(line), way, label, at)
            count.add(connection, {key_of(CameraId(1), crossing): many})
    page = visit(own_city, visiting, language=language)
    chart = page.locator(f'[data-rule="{rule}"]').get_by_role("img", name=told)
    expect(chart).to_be_visible()

    def heights(way: str) -> list[float]:
        return [float(bar.get_attribute("height") or 0) for bar in chart.locator(f"rect.{way}").all()]

    up, down = heights("left_to_right"), heights("right_to_left")
    assert len(up) == len(down) == 24
    assert up[-1] == max(up)
    assert round(up[-1] / up[-6], 3) == 4
    assert round(up[-1] / down[-1], 3) == 2
    assert [n for n, tall in enumerate(up) if tall > 0] == [18, 23]


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_the_page_of_a_camera_fits_the_smallest_phone(own_city: City, visiting: Visiting, language: str) -> None:
    line = add(own_city, "lines", name="middle", start=(0.5, 1), end=(0.5, 0))
    add(own_city, "zones", name="left half", points=LEFT_HALF)
    add(own_city, "rules", name="a flow with a long name", kind="flow", labels=["car", "bus"], line=line)
    page = visit(own_city, visiting, language=language, width=360, height=740)
    too_wide = """(root) => [...document.querySelectorAll(`${root} *`)]
        .filter((part) => part.checkVisibility({ visibilityProperty: true }) && !part.closest('.unseen, svg'))
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
        .map((part) => part.outerHTML.slice(0, 80))"""
    assert page.evaluate(too_wide, ".site") == []
    page.locator(".rules .group-head button").click()
    page.locator("dialog select[name=kind]").select_option("line_crossed")
    page.locator("dialog [data-field=hours] button").last.click()
    assert page.evaluate(too_wide, "dialog") == []
