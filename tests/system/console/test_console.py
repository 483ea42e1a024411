"""The list of events, the open event and the wall of cameras, in a real browser."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from api.app import api_server
from api.page import BUILT_CONSOLE
from core.ids import CameraId
from core.stream_state import StreamState
from events.media.table import MediaKind
from registry import quarantine
from tests.system.api.conftest import CAMERAS, EVENTS, City, an_event

from .conftest import FAILED, NO_FACES, PLAYED, SINCE, WRONG_PASSWORD, Visiting, picture, say


def rows(page: Page) -> list[str]:
    """Ids of the events that are listed, as they stand there."""
    expect(page.locator(".row").first).to_be_visible()
    found: list[str] = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.event)")
    return found


def test_the_list_shows_the_newest_events_first(city: City, visiting: Visiting) -> None:
    page = visiting(city).go()
    assert rows(page) == [str(event) for event in reversed(city.events[-50:])]
    newest = page.locator(".row").first
    expect(newest).to_contain_text("Bus")
    expect(newest).to_contain_text("Camera 10")


def test_a_time_is_shown_as_here_and_told_in_utc(city: City, visiting: Visiting) -> None:
    time = visiting(city).go().locator(".row time").first
    expect(time).to_have_text("19:19:30")
    expect(time).to_have_attribute("title", "2026-05-01 11:19:30.000 UTC")


def test_older_events_come_by_pages_until_the_oldest(city: City, visiting: Visiting) -> None:
    page = visiting(city).go()
    expect(page.locator(".row")).to_have_count(50)
    for shown in range(50, EVENTS, 50):
        page.locator(".row").nth(shown - 1).scroll_into_view_if_needed()
        expect(page.locator(".row").nth(shown)).to_be_attached()
    expect(page.get_by_text("That was the oldest one.")).to_be_attached()
    assert rows(page) == [str(event) for event in reversed(city.events)]


def test_the_language_follows_the_browser_switches_and_is_kept(city: City, visiting: Visiting) -> None:
    page = visiting(city, language="zh-CN").go()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".row").first).to_contain_text("公交车")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".row").first).to_contain_text("Bus")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".row").first).to_contain_text("Bus")


def test_an_opened_event_says_what_happened_and_plays_its_clip(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go()
    page.locator(".row").first.click()
    detail = page.get_by_role("region", name="Event", exact=True)
    for words in ("Bus", "Camera 10", "whole picture", "anything", "because it left", str(own_city.events[PLAYED])):
        expect(detail).to_contain_text(words)
    box = detail.locator("svg.box rect").first
    expect(box).to_have_attribute("x", "0.45")
    expect(box).to_have_attribute("y", "0.4")
    expect(detail.get_by_text("Masking the clip")).to_be_visible()
    expect(detail.locator("progress")).to_have_attribute("value", "0.25")
    own_city.renderer.may_go_on.set()
    expect(detail.locator("video")).to_be_visible()
    page.wait_for_function("() => document.querySelector('video').readyState >= 2")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")


def test_an_event_without_picture_and_clip_says_why(city: City, visiting: Visiting) -> None:
    page = visiting(city).go(f"/#/?open={city.events[FAILED]}")
    expect(page.get_by_text(NO_FACES)).to_be_visible()
    expect(page.get_by_text("the disk is full")).to_be_visible()


def test_a_link_to_an_event_that_is_not_there_says_so(city: City, visiting: Visiting) -> None:
    page = visiting(city).go("/#/?open=1")
    expect(page.get_by_role("alert")).to_contain_text("It does not exist any more")


def test_arrows_walk_the_events_enter_opens_and_escape_closes(city: City, visiting: Visiting) -> None:
    page = visiting(city).go()
    listed = rows(page)
    opened = page.locator(".detail")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(opened).to_have_attribute("data-open", listed[1])
    page.keyboard.press("ArrowDown")
    expect(opened).to_have_attribute("data-open", listed[2])
    page.keyboard.press("ArrowUp")
    expect(opened).to_have_attribute("data-open", listed[1])
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    assert page.evaluate("() => document.activeElement.dataset.event") == listed[1]


def test_filters_search_and_stand_in_the_link(city: City, visiting: Visiting) -> None:
    page = visiting(city).go()
    page.get_by_role("button", name="Object").click()
    page.get_by_role("checkbox", name="Person").check()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Camera", exact=True).click()
    page.get_by_role("checkbox", name="Camera 5").check()
    page.keyboard.press("Escape")
    wanted = [str(city.events[n]) for n in range(EVENTS - 1, -1, -1) if n % 4 == 0 and n % CAMERAS == 4]
    expect(page.locator(".row")).to_have_count(len(wanted))
    assert rows(page) == wanted
    assert "label=person" in page.url
    assert "camera=5" in page.url
    page.reload()
    expect(page.locator(".row")).to_have_count(len(wanted))
    expect(page.get_by_role("button", name="Camera 5", exact=True)).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".row")).to_have_count(50)


def test_a_search_that_finds_nothing_says_what_to_do(city: City, visiting: Visiting) -> None:
    page = visiting(city).go("/#/?label=elephant")
    expect(page.get_by_text("No event matches these filters")).to_be_visible()


def test_a_new_event_appears_by_itself(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go()
    expect(page.locator(".link-state")).to_have_text("Live")
    [event] = own_city.write(an_event(EVENTS))
    newest = page.locator(".row").first
    expect(newest).to_have_attribute("data-event", str(event))
    expect(newest).to_contain_text("ongoing")
    own_city.keep(event, MediaKind.SNAPSHOT, picture(2))
    expect(newest.locator("img")).to_be_visible()
    own_city.write(an_event(EVENTS, version=2, ended=True))
    expect(newest).to_contain_text("5 s")


def test_a_list_that_is_being_read_does_not_move(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go()
    expect(page.locator(".link-state")).to_have_text("Live")
    listed = rows(page)
    page.locator(".row").nth(30).scroll_into_view_if_needed()
    # The browser tells the page of scrolling with the next frame that it draws.
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    own_city.write(an_event(EVENTS), an_event(EVENTS + 1))
    expect(page.get_by_role("button", name="2 new events")).to_be_visible()
    assert rows(page) == listed
    page.get_by_role("button", name="2 new events").click()
    expect(page.locator(".row")).to_have_count(52)
    expect(page.locator(".row").first).to_be_in_viewport()


def test_the_live_list_misses_nothing_while_the_server_is_away(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go()
    expect(page.locator(".link-state")).to_have_text("Live")
    own_city.server.stop()
    expect(page.locator(".link-state")).to_contain_text("Connection lost")
    [event] = own_city.write(an_event(EVENTS))
    port = own_city.server.port
    again = own_city.services.settings.model_copy(update={"port": port})
    with api_server(replace(own_city.services, settings=again), console=BUILT_CONSOLE):
        expect(page.locator(".link-state")).to_have_text("Live")
        expect(page.locator(".row").first).to_have_attribute("data-event", str(event))


def test_a_tab_hidden_for_long_lets_its_connection_go_and_resumes(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).page
    page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.isHidden ?? false})")
    page.clock.install()
    page.goto(own_city.server.url)
    expect(page.locator(".link-state")).to_have_text("Live")
    show = "hidden => { window.isHidden = hidden; document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(show, True)
    page.clock.run_for(61_000)
    expect(page.locator(".link-state")).to_contain_text("Connection lost")
    [event] = own_city.write(an_event(EVENTS))
    page.evaluate(show, False)
    expect(page.locator(".link-state")).to_have_text("Live")
    expect(page.locator(".row").first).to_have_attribute("data-event", str(event))


def test_the_wall_shows_state_reason_counters_and_newest_picture(city: City, visiting: Visiting) -> None:
    page = visiting(city).go()
    good, bad = (page.locator(f'.camera[data-camera="{number}"]') for number in (1, 3))
    for words in ("Camera 1", "Live", "pictures arrive", "looked at5,000", "dropped7"):
        expect(good).to_contain_text(words)
    expect(bad).to_contain_text("Wrong login")
    expect(bad).to_contain_text(WRONG_PASSWORD)
    expect(good.get_by_role("img", name="Latest picture of Camera 1")).to_have_attribute("width", "320")
    expect(page.locator(".no-worker")).to_have_count(0)
    expect(page.locator(".unwatched")).to_contain_text(str(CAMERAS - 2))
    page.get_by_role("link", name="Wrong login").click()
    expect(page.locator(".camera")).to_have_count(1)


def test_a_missing_worker_is_never_overlooked(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go()
    expect(page.get_by_role("alert")).to_contain_text("cameras are not being watched")


def test_a_camera_is_added_paused_resumed_and_removed(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go()
    page.get_by_role("button", name="Add camera").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Name").fill("西门 West gate")
    form.get_by_role("textbox", name="RTSP address").fill("rtsp://operator:hush@10.0.0.9/stream")
    form.get_by_role("checkbox", name="Car").check()
    form.get_by_role("button", name="Add camera").click()
    card = page.get_by_role("article", name="西门 West gate")
    expect(card).to_contain_text("No report yet")
    number = int(card.get_attribute("data-camera") or 0)
    added = own_city.get(f"/cameras/{number}").json()
    assert added["streams"][0]["has_login"]
    assert "hush" not in page.content()
    [rule] = own_city.get(f"/cameras/{number}/rules").json()["items"]
    assert rule["labels"] == ["car", "person"]
    card.get_by_role("button", name="Pause").click()
    expect(card).to_contain_text("Paused")
    assert own_city.get(f"/cameras/{number}").json()["enabled"] is False
    card.get_by_role("button", name="Resume").click()
    expect(card).to_contain_text("No report yet")
    card.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(card).to_have_count(0)
    assert own_city.get(f"/cameras/{number}").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-GB", ("Quarantined", "Open again", "crashed three times")),
        ("zh-CN", ("已隔离", "重新接入", "三次")),
    ],
)
def test_a_camera_in_quarantine_is_opened_again(
    own_city: City, visiting: Visiting, language: str, words: tuple[str, str, str]
) -> None:
    state, verb, warning = words
    say(own_city, 4, StreamState.QUARANTINED, "it was being decoded in three crashes of the worker")
    with own_city.services.database.write() as connection:
        for _ in range(quarantine.MOST_CRASHES):
            quarantine.note_crash(connection, [CameraId(4)], reason="killed by SIGSEGV", at=SINCE)
    page = visiting(own_city, language=language).go()
    card = page.locator('.camera[data-camera="4"]')
    expect(card).to_contain_text(state)
    expect(page.locator('.camera[data-camera="3"]').get_by_role("button", name=verb)).to_have_count(0)
    card.get_by_role("button", name=verb).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(warning)
    dialog.get_by_role("button", name=verb).click()
    expect(dialog).to_have_count(0)
    assert own_city.client.delete("/api/v1/cameras/4/quarantine").status_code == 404


def test_what_goes_wrong_while_a_camera_is_opened_again_is_told(own_city: City, visiting: Visiting) -> None:
    say(own_city, 4, StreamState.QUARANTINED, "somebody has let it out just now")
    page = visiting(own_city).go()
    page.get_by_role("button", name="Open again").click()
    page.get_by_role("dialog").get_by_role("button", name="Open again").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("It does not exist any more")


def test_a_refused_address_is_explained_in_the_form(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city).go()
    page.get_by_role("button", name="Add camera").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Name").fill("West gate")
    form.get_by_role("textbox", name="RTSP address").fill("gopher://10.0.0.9/stream")
    form.get_by_role("button", name="Add camera").click()
    expect(form.get_by_role("alert")).to_contain_text("Something entered is not right")
    expect(form.get_by_role("alert")).to_contain_text("rtsp")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    assert len(own_city.get("/cameras", limit=500).json()["items"]) == CAMERAS


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("tab", ["events", "cameras"])
def test_the_page_fits_the_smallest_phone(city: City, visiting: Visiting, language: str, tab: str) -> None:
    page = visiting(city, language=language, width=360, height=740).go(f"/#/?tab={tab}")
    expect(page.locator(".row" if tab == "events" else ".camera").first).to_be_visible()
    too_wide = """() => [...document.querySelectorAll('main *, header *')]
        .filter((part) => !part.closest('.overview') && part.checkVisibility({ visibilityProperty: true }))
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
        .map((part) => part.outerHTML.slice(0, 80))"""
    assert page.evaluate(too_wide) == []
