"""Taking along what the search of events finds, in a real browser."""

import csv
import json

from playwright.sync_api import Page, expect

from core.access import Role
from tests.system.api.conftest import City

from .conftest import Visiting
from .searched_city import ALL, MORNING
from .signed_in import a_person

SLOW_BYTES_A_SECOND = 200_000


def slow_down(page: Page) -> None:
    """Let answers come in as over a bad line."""
    conditions = {"offline": False, "latency": 0, "uploadThroughput": -1, "downloadThroughput": SLOW_BYTES_A_SECOND}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def export(page: Page, words: str) -> None:
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name=words).click()


def test_a_file_has_what_the_filters_find_in_the_order_of_the_list(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go(f"/#/events?{MORNING}&label=person&order=oldest")
    persons = [str(event) for n, event in enumerate(searched.events) if n % 4 == 0]
    page.get_by_role("button", name="Export").click()
    found = {}
    for words in ("CSV", "NDJSON", "GeoJSON"):
        with page.expect_download() as begun:
            page.get_by_role("button", name=words).first.click()
        expect(page.get_by_text("Saved: 100 events.")).to_be_visible()
        found[begun.value.suggested_filename] = begun.value.path().read_text("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(found["events.csv"].splitlines())] == persons
    assert [json.loads(line)["id"] for line in found["events.ndjson"].splitlines()] == persons
    assert [one["id"] for one in json.loads(found["events.geojson"])["features"]] == persons


def test_an_export_says_how_far_it_is_and_can_be_cancelled(searched: City, visiting: Visiting) -> None:
    page = visiting(searched).go("/#/events")
    expect(page.locator(".row").first).to_be_visible()
    slow_down(page)
    saved: list[object] = []
    page.on("download", lambda download: saved.append(download))
    export(page, "CSV")
    expect(page.get_by_role("status").filter(has_text=f"of {ALL:,} events")).to_be_visible()
    with page.expect_event("requestfailed", lambda request: "/events.csv" in request.url):
        page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    expect(page.get_by_role("button", name="CSV")).to_be_enabled()
    assert saved == []


def test_who_may_not_export_is_told_why(searched: City, visiting: Visiting) -> None:
    viewer = a_person(searched, Role.VIEWER, department=1)
    page = visiting(searched, viewer).go(f"/#/events?{MORNING}")
    expect(page.locator(".row").first).to_be_visible()
    export(page, "CSV")
    expect(page.locator(".problem")).to_contain_text("you may not export")
