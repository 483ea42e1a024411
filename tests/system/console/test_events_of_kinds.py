"""Events of all kinds in a real browser: what they tell is shown, and what they have not is left out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from core.box import Point
from core.course import Course, PathPoint
from core.event import Event
from core.line import Direction, Line
from core.rule import RuleKind
from events.media.table import MediaKind
from registry import lines
from tests.system.api.conftest import EVENTS, City, an_event

from .conftest import Visiting, picture


def stop_line(city: City) -> Line:
    with city.services.database.write() as connection:
        return lines.add(connection, an_event(EVENTS).camera, name="stop line", start=Point(0.5, 1), end=Point(0.5, 0))


def a_crossing(line: Line) -> Event:
    """A car crosses the line on its way right."""
    event = an_event(EVENTS)
    places = enumerate((0.2, 0.5, 0.8))
    path = tuple(PathPoint(event.started_at + timedelta(seconds=n), Point(x, 0.75)) for n, x in places)
    course = Course(path=path, speed=0.3, heading_deg=90.0, mean_score=0.625)
    way = Direction.LEFT_TO_RIGHT
    kind = RuleKind.LINE_CROSSED
    return replace(event, kind=kind, label="car", score=0.875, line=line.id, direction=way, course=course)


def opened(page: Page) -> Locator:
    page.locator(".row").first.click()
    return page.get_by_role("region", name="Event", exact=True)


def test_a_crossing_tells_line_direction_and_course(own_city: City, visiting: Visiting) -> None:
    [event] = own_city.write(a_crossing(stop_line(own_city)))
    own_city.keep(event, MediaKind.SNAPSHOT, picture(1))
    page = visiting(own_city).go()
    expect(page.locator(".row").first).to_contain_text("Camera 1 · left to right")
    expect(page.locator(".row").first).to_contain_text("anything · stop line")
    detail = opened(page)
    told = ("Line crossed", "line “stop line”", "left to right", "heading right (90°)", "30.0 %", "Mean score 0.63")
    for words in told:
        expect(detail).to_contain_text(words)
    path = detail.locator("svg.path polyline").last
    expect(path).to_have_attribute("points", "0.2,0.75 0.5,0.75 0.8,0.75")
    detail.get_by_role("checkbox", name="Path").uncheck()
    expect(path).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "crowd", "lost"),
    [
        ("en-GB", ("Crowding", "How many", "Person × 12"), ("Stream lost", "Stream")),
        ("zh-CN", ("人群聚集", "数量", "人员 × 12"), ("码流中断", "码流")),
    ],
)
def test_what_an_event_has_not_is_not_shown(
    own_city: City, visiting: Visiting, language: str, crowd: tuple[str, ...], lost: tuple[str, ...]
) -> None:
    nobodys = [replace(an_event(n), track=None, score=None) for n in (EVENTS, EVENTS + 1)]
    own_city.write(
        replace(nobodys[0], kind=RuleKind.STREAM_LOST, label="stream", box=None),
        replace(nobodys[1], kind=RuleKind.CROWDING, label="person", count=12),
    )
    page = visiting(own_city, language=language).go()
    page.locator(".row").first.click()
    detail = page.locator(".detail")
    for words in (*crowd[:2], "12"):
        expect(detail).to_contain_text(words)
    expect(page.locator(".row").first).to_contain_text(crowd[2])
    page.keyboard.press("ArrowDown")
    for words in lost:
        expect(detail).to_contain_text(words)
    expect(detail.locator("dt")).to_have_count(6)
    expect(detail.locator(".switch")).to_have_count(0)
    for absent in ("0.00", "score", "whole picture", "置信度", "整个画面", "null"):
        expect(detail).not_to_contain_text(absent)


def test_events_are_filtered_by_kind(own_city: City, visiting: Visiting) -> None:
    [crossing] = own_city.write(a_crossing(stop_line(own_city)))
    page = visiting(own_city).go()
    page.get_by_role("button", name="Kind").click()
    page.get_by_role("checkbox", name="Line crossed").check()
    page.keyboard.press("Escape")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row")).to_have_attribute("data-event", str(crossing))
    assert "kind=line_crossed" in page.url
    page.reload()
    expect(page.get_by_role("button", name="Line crossed")).to_be_visible()
    # What happens meanwhile shows up only if it is of that kind.
    expect(page.locator(".link-state")).to_have_text("Live")
    own_city.write(an_event(EVENTS + 1))
    [again] = own_city.write(replace(a_crossing(stop_line_of(own_city)), id=an_event(EVENTS + 2).id))
    expect(page.locator(".row").first).to_have_attribute("data-event", str(again))
    expect(page.locator(".row")).to_have_count(2)


def stop_line_of(city: City) -> Line:
    with city.services.database.read() as connection:
        [found] = lines.of_camera(connection, an_event(EVENTS).camera)
    return found
