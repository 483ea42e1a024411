"""The search of all events in a real browser: filters with counts, the chart, links, the list."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.system.api.conftest import EVENTS, City, an_event

from .conftest import Visiting
from .searched_city import BEGAN, MORNING


def rows(page: Page) -> list[str]:
    """Ids of the events that are listed, as they stand there."""
    found: list[str] = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.event)")
    return found


def value(page: Page, facet: str, one: object) -> Locator:
    """A value that can be chosen, with its count."""
    return page.locator(f'[data-facet="{facet}"] [data-value="{one}"]')


def expect_total(page: Page, count: str) -> None:
    """That so many were found, and that all counts are of this search."""
    expect(page.locator(".total:not(.stale)")).to_have_text(count)
    expect(page.locator(".histogram:not(.stale)")).to_be_visible()


def bars(page: Page) -> list[tuple[str, int]]:
    """When each bar begins, and how many events it stands for."""
    found = page.locator(".bar").evaluate_all("bars => bars.map(bar => [bar.dataset.start, Number(bar.dataset.count)])")
    return [(start, count) for start, count in found]


def test_a_value_narrows_the_list_the_other_counts_and_the_link(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?{MORNING}")
    expect_total(page, f"{EVENTS} events")
    value(page, "label", "person").click()
    expect_total(page, "100 events")
    expect(value(page, "label", "person")).to_have_attribute("aria-pressed", "true")
    expect(value(page, "label", "car")).to_have_text("Car100")
    expect(value(page, "severity", 1)).to_have_text("1Emergency100")
    expect(value(page, "severity", 2)).to_have_count(0)
    persons = [str(event) for n, event in enumerate(searched.events) if n % 4 == 0]
    assert rows(page) == persons[:-51:-1]
    assert "label=person" in page.url
    page.get_by_role("button", name="Remove filter Person").click()
    expect_total(page, f"{EVENTS} events")
    assert "label" not in page.url


def test_a_value_that_was_not_counted_has_no_number(searched: City, visiting: Visiting) -> None:
    visit = visiting(searched)
    visit.page.route("**/api/v1/events/facets*", lambda route: route.abort())
    page = visit.go(f"/#/events?{MORNING}&label=bus")
    expect(page.locator(".facets")).to_contain_text("The counts could not be read")
    expect(value(page, "label", "bus")).to_have_text("Bus")
    expect(value(page, "severity", 2)).to_have_text("2High")
    expect(page.locator(".row")).to_have_count(50)
    visit.page.unroute("**/api/v1/events/facets*")
    page.locator(".facets").get_by_role("button", name="Try again").click()
    expect(value(page, "label", "bus")).to_have_text("Bus100")


def test_where_only_the_newest_were_counted_it_says_at_least(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go("/#/events?from=2026-05-01T00:00:00Z&to=2026-05-01T12:00:00Z&min_score=0.1")
    expect_total(page, "10,000+ events")
    expect(value(page, "label", "dog")).to_contain_text(re.compile(r"Dog[0-9,]+\+"))
    expect(page.locator(".not-counted")).to_be_visible()
    page.locator(".histogram-chart").hover(position={"x": 3, "y": 30})
    expect(page.locator(".histogram-chart .tip")).to_contain_text("not counted: only the newest were")


def test_filters_that_change_at_once_are_counted_once(searched: City, visiting: Visiting) -> None:
    visit = visiting(searched)
    page = visit.go(f"/#/events?{MORNING}")
    expect_total(page, f"{EVENTS} events")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press = "names => names.forEach(one => document.querySelector(`[data-facet=label] [data-value=${one}]`).click())"
    page.evaluate(press, ["person", "car", "bus"])
    expect_total(page, "300 events")
    for counted in ("/facets?", "/histogram?"):
        assert len([url for url in asked if counted in url]) == 1


def test_dragging_over_the_chart_narrows_the_time(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?{MORNING}")
    expect_total(page, f"{EVENTS} events")
    all_bars = bars(page)
    assert sum(count for _, count in all_bars) == EVENTS
    chart = page.locator(".histogram-chart")
    box = chart.bounding_box()
    assert box is not None
    wide = box["width"] / len(all_bars)
    page.mouse.move(box["x"] + 1.5 * wide, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 3.5 * wide, box["y"] + 20)
    within = sum(count for _, count in all_bars[1:4])
    expect(chart.locator(".tip")).to_contain_text(f"{within} events")
    page.mouse.up()
    expect_total(page, f"{within} events")
    begin, end = all_bars[1][0], all_bars[4][0]
    assert [one.replace(".000Z", "Z") for one in (begin, end)] == [
        instant.replace(".000Z", "Z")
        for instant in page.evaluate(
            "() => ['from', 'to'].map(key => new URLSearchParams(location.hash.split('?')[1]).get(key))"
        )
    ]
    page.get_by_role("button", name="Look at a longer time").click()
    expect(page.locator(".total:not(.stale)")).not_to_have_text(f"{within} events")


def test_the_chart_is_worked_by_keys_too(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?{MORNING}")
    expect_total(page, f"{EVENTS} events")
    all_bars = bars(page)
    page.locator(".histogram-chart").focus()
    for key in ("Home", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    within = sum(count for _, count in all_bars[1:3])
    expect(page.locator(".histogram-chart .tip")).to_contain_text(f"{within} events")
    page.keyboard.press("Enter")
    expect_total(page, f"{within} events")


def test_a_link_brings_the_same_search_and_back_the_one_before(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?{MORNING}")
    expect_total(page, f"{EVENTS} events")
    value(page, "severity", 1).click()
    page.get_by_role("button", name="Newest first").click()
    expect(page.locator(".row").first).to_have_attribute("data-event", str(searched.events[0]))
    page.locator(".row").nth(1).click()
    expect(page.locator(".detail")).to_have_attribute("data-open", str(searched.events[4]))
    expect_total(page, "100 events")
    listed = rows(page)
    copy = visiting(searched).go(page.url.removeprefix(searched.server.url))
    expect(copy.locator(".detail")).to_have_attribute("data-open", str(searched.events[4]))
    expect_total(copy, "100 events")
    expect(copy.locator(".row")).to_have_count(len(listed))
    assert rows(copy) == listed
    expect(copy.get_by_role("button", name="Remove filter Emergency")).to_be_visible()
    for _ in range(3):
        page.go_back()
    expect(page.get_by_role("button", name="Remove filter Emergency")).to_have_count(0)
    expect(page.locator(".detail")).to_have_count(0)
    expect_total(page, f"{EVENTS} events")


def test_hours_place_and_words_are_chips_that_can_be_taken_away(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?{MORNING}")
    expect_total(page, f"{EVENTS} events")
    page.get_by_role("button", name="Place").click()
    page.get_by_role("radio", name="武昌区").check()
    page.keyboard.press("Escape")
    expect_total(page, "200 events")
    page.get_by_role("button", name="Hours").click()
    # By the city's clocks, the events are of 16:00 to 19:20.
    page.locator(".panel input[type=time]").first.fill("17:00")
    page.locator(".panel input[type=time]").last.fill("18:00")
    page.keyboard.press("Escape")
    expect_total(page, "60 events")
    page.get_by_label("Words on the cameras").last.fill("珞喻路 3")
    expect_total(page, "12 events")
    page.reload()
    expect_total(page, "12 events")
    for chip, count in (("武昌区", "12 events"), ("17:00–18:00", "40 events"), ("“珞喻路 3”", f"{EVENTS} events")):
        page.get_by_role("button", name=f"Remove filter {chip}").click()
        expect_total(page, count)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".in-force")).to_have_count(0)
    assert page.url.endswith("/#/events")


def test_a_search_that_was_cut_short_says_how_far_it_looked_and_goes_on(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go("/#/events?min_score=0.985&to=2026-05-01T08:00:00Z")
    cut = page.locator(".cut-short")
    expect(cut).to_contain_text(re.compile("Nothing found so far. Searched back to 1 May 2026, 0[2-4]:"))
    cut.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("No event matches these filters")).to_be_visible()
    expect(cut).to_have_count(0)


def test_the_list_goes_on_as_one_scrolls(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?{MORNING}&label=person")
    expect(page.locator(".row")).to_have_count(50)
    page.locator(".row").last.scroll_into_view_if_needed()
    expect(page.locator(".row")).to_have_count(100)
    expect(page.get_by_text("That was the oldest one.")).to_be_attached()


def test_what_is_wrong_with_a_link_is_told_with_the_filter_s_name(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go("/#/events?bbox=a")
    expect(page.locator(".problem")).to_contain_text("Chosen area: Something entered is not right")
    page.get_by_role("button", name="Remove filter In the chosen area").click()
    expect(page.locator(".row").first).to_be_visible()


def test_the_map_leads_to_the_events_of_what_it_shows(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go("/#/map?at=114.32500,30.50000,17")
    expect(page.get_by_role("status").filter(has_text="10 cameras with a place")).to_be_visible()
    page.get_by_role("link", name="Events here").click()
    expect(page.get_by_role("button", name="Remove filter In the chosen area")).to_be_visible()
    expect(value(page, "camera", 3)).to_have_text("Camera 340")
    expect(page.locator("[data-facet=camera] .value")).to_have_count(2)


def test_an_event_leads_to_what_else_happened_nearby(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?open={searched.events[100]}")
    page.get_by_role("button", name="What else happened nearby").click()
    expect(page.get_by_role("button", name="Remove filter Within 500 m")).to_be_visible()
    # One each 30 s on ten cameras in turn: three before it on its own camera, itself, and two after it.
    expect(page.locator(".row")).to_have_count(6)
    assert rows(page) == [str(searched.events[n]) for n in range(120, 69, -10)]


def test_only_new_events_that_fit_come_in_and_none_with_the_oldest_first(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go(f"/#/events?{BEGAN}&label=car")
    oldest = visiting(own_city).go(f"/#/events?{BEGAN}&label=car&order=oldest")
    for one in (page, oldest):
        expect(one.locator(".link-state")).to_have_text("Live")
        expect(one.locator(".row")).to_have_count(50)
    # Of the labels in turn, the second and the sixth are cars.
    written = own_city.write(*(an_event(EVENTS + n) for n in range(6)))
    expect(page.locator(".row").first).to_have_attribute("data-event", str(written[5]))
    assert rows(page)[:3] == [str(written[5]), str(written[1]), str(own_city.events[-3])]
    # What is told after them: a listed event has become surer.
    own_city.write(replace(an_event(1, version=2, ended=True), score=0.77))
    expect(oldest.locator(".row").first).to_contain_text("0.77")
    assert rows(oldest) == [str(event) for event in own_city.events[1:200:4]]


def test_the_search_speaks_chinese(searched: City, visiting: Visiting) -> None:
    page = visiting(searched, language="zh-CN").go(f"/#/events?{MORNING}&label=person&order=oldest")
    expect_total(page, "100 条事件")
    expect(value(page, "label", "car")).to_have_text("小汽车100")
    expect(value(page, "severity", 1)).to_have_text("1紧急100")
    for name in ("时段", "地点", "更多", "最早在前", "导出", "去掉筛选条件：人员"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_the_search_fits_the_smallest_phone(searched: City, visiting: Visiting, language: str) -> None:
    page = visiting(searched, language=language, width=360, height=740).go(f"/#/events?{MORNING}&label=person")
    expect(page.locator(".row").first).to_be_visible()
    page.locator(".fold-facets").click()
    expect(value(page, "label", "person")).to_be_visible()
    too_wide = """() => [...document.querySelectorAll('main *, header *')]
        .filter((part) => !part.closest('.overview, .in-force') && part.checkVisibility({ visibilityProperty: true }))
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
        .map((part) => part.outerHTML.slice(0, 80))"""
    assert page.evaluate(too_wide) == []
