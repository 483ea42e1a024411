"""The record of who did what, read in a real browser."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from core.access import Right, Role
from registry.access.people import Person
from registry.audit.entry import Act
from registry.audit.seals import Sealing
from registry.audit.tables import audit_row
from tests.support.waiting import wait_for

from .conftest import Visiting
from .signed_in import a_person
from .two_owners import Owners, two_owners


@pytest.fixture(scope="module")
def owners(tmp_path_factory: pytest.TempPathFactory, console: Path, clip: bytes) -> Iterator[Owners]:
    """Rail has looked at an event of Water's, and was refused its pictures."""
    with two_owners(tmp_path_factory.mktemp("owners"), console, clip) as found:
        found.grant(Right.EVENTS)
        yield found


@pytest.fixture(scope="module")
def auditor(owners: Owners) -> Person:
    return a_person(owners.city, Role.AUDITOR, name="Shen Ji")


def looked_and_refused(owners: Owners, visiting: Visiting) -> None:
    """Rail's operator opens the event, sees its facts, and is refused its picture."""
    page = visiting(owners.city, owners.rail_operator).go(f"/#/?open={owners.event}")
    expect(page.locator(".medium").filter(has_text="Snapshot").get_by_text("You may not see this")).to_be_visible()
    refusals = select(func.count()).where(audit_row.c.act == Act.REFUSAL.value)

    def is_on_record() -> bool:
        with owners.city.services.database.read() as connection:
            return bool(connection.scalar(refusals))

    wait_for(is_on_record, "the refusal is on record")


def test_a_refusal_is_marked_says_why_and_leads_to_its_event(
    owners: Owners, auditor: Person, visiting: Visiting
) -> None:
    looked_and_refused(owners, visiting)
    page = visiting(owners.city, auditor).go("/#/audit?outcome=refused")
    row = page.locator("tr[data-act=refusal]").filter(has_text=str(owners.event)).first
    for words in ("Li Na", "Operator · Rail", "Refused", "Weir", "Water"):
        expect(row).to_contain_text(words)
    row.get_by_role("button", name="Details").click()
    expect(page.locator(".audit-detail").first).to_contain_text("neither a role nor a grant")
    assert f"open={owners.event}" in str(row.get_by_role("link", name=str(owners.event)).get_attribute("href"))


def test_a_search_shows_the_events_that_it_showed(owners: Owners, auditor: Person, visiting: Visiting) -> None:
    looked_and_refused(owners, visiting)
    page = visiting(owners.city, auditor, language="zh-CN").go("/#/audit")
    page.get_by_role("combobox", name="操作").select_option("search")
    row = page.locator("tr[data-act=search]").filter(has_text="Water").first
    expect(row).to_contain_text("检索")
    row.get_by_role("button", name="详情").click()
    expect(page.locator(".shown-ids").get_by_role("link", name=str(owners.event))).to_be_visible()


def test_a_press_on_a_name_shows_only_what_that_one_did(owners: Owners, auditor: Person, visiting: Visiting) -> None:
    looked_and_refused(owners, visiting)
    page = visiting(owners.city, auditor).go("/#/audit")
    page.get_by_role("button", name="Li Na").first.click()
    expect(page.get_by_role("button", name="Remove filter Li Na")).to_be_visible()
    names = page.locator("table.audit tbody tr[data-row] .as-link")
    expect(names.first).to_be_visible()
    expect(names.filter(has_not_text="Li Na")).to_have_count(0)


def test_the_state_of_the_seals_is_told(owners: Owners, auditor: Person, visiting: Visiting) -> None:
    looked_and_refused(owners, visiting)
    Sealing(owners.city.services.database).seal_all()
    page = visiting(owners.city, auditor).go("/#/audit")
    expect(page.locator(".seal-state.mood-good")).to_contain_text("rows, ")
    oldest = page.locator("tr[data-act=refusal]").last
    expect(oldest).to_be_visible()
    expect(oldest.locator(".unsealed")).to_have_count(0)


def test_what_the_filters_find_is_taken_along_as_a_file(owners: Owners, auditor: Person, visiting: Visiting) -> None:
    looked_and_refused(owners, visiting)
    page = visiting(owners.city, auditor).go("/#/audit?outcome=refused")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    with Path(taken.value.path()).open(encoding="utf-8-sig", newline="") as file:
        acts = {row["act"] for row in csv.DictReader(file)}
    assert acts == {"refusal"}


def test_who_reads_no_record_is_not_led_to_it(owners: Owners, visiting: Visiting) -> None:
    page = visiting(owners.city, owners.rail_operator).go("/#/audit")
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Record")).to_have_count(0)
    expect(page.get_by_text("This page is not for your role")).to_be_visible()
