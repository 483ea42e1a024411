"""The page of what is kept: rules, room, what would go, holds, notices; and the event that is held."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from core.camera import DepartmentId
from core.ids import EventId
from events.media.table import MediaKind
from events.notices.notice import NoticeKind
from events.notices.notices import close_notice, open_notice
from tests.support import builders
from tests.system.api.conftest import SETTINGS, City, a_city

from .conftest import Visiting
from .signed_in import a_person

SCHOOLS = DepartmentId(2)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("kept")
    copytree(console, folder / "console")
    with a_city(folder, SETTINGS) as found:
        yield found


@pytest.fixture(scope="module")
def event(kept: City) -> EventId:
    """One of now, with a picture."""
    at = kept.services.clock.now() - timedelta(hours=1)
    [number] = kept.write(builders.an_event(9_000, camera=builders.CAMERA, at=at))
    kept.keep(number, MediaKind.SNAPSHOT, b"x" * 2_000)
    return number


def opened(kept: City, visiting: Visiting, address: str = "/#/keeping", **how: object) -> Page:
    page = visiting(kept, **how).go(address)
    expect(page.locator("main[data-page=keeping]")).to_be_visible()
    return page


def test_a_rule_is_set_and_removed_and_says_what_counts(kept: City, visiting: Visiting) -> None:
    page = opened(kept, visiting)
    rules = page.get_by_role("region", name="How long")
    row = rules.locator("tr[data-medium=snapshot][data-kind='']")
    expect(row).to_contain_text("365 days")
    expect(row).to_contain_text("the settings")
    row.get_by_role("button", name="Change").click()
    form = page.get_by_role("dialog")
    form.locator("[name=days]").fill("40")
    form.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("40 days")
    expect(row).to_contain_text("a rule of its own")
    page.get_by_label("Whose").select_option("Schools")
    expect(row).to_contain_text("a rule above")
    rules.get_by_role("button", name="Set a time").click()
    form.locator("[name=kind]").select_option("intrusion")
    form.locator("[name=days]").fill("")
    form.get_by_role("button", name="Save").click()
    of_kind = rules.locator("tr[data-medium=snapshot][data-kind=intrusion]")
    expect(of_kind).to_contain_text("for ever")
    of_kind.get_by_role("button", name="Remove the rule").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove the rule").click()
    expect(of_kind).to_have_count(0)


def test_a_quota_is_set_and_what_would_go_is_told(kept: City, visiting: Visiting) -> None:
    page = opened(kept, visiting, f"/#/keeping?department={SCHOOLS}")
    room = page.get_by_role("region", name="Room").locator(f"tr[data-department='{SCHOOLS}']")
    expect(room).to_contain_text("no limit")
    room.get_by_role("button", name="Set the quota").click()
    page.get_by_role("dialog").locator("[name=gigabytes]").fill("12.5")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(room).to_contain_text("12.5 GB")
    page.get_by_role("button", name="Look what would go").click()
    expect(page.get_by_role("region", name="What would go now")).to_contain_text("Nothing would go.")


def test_a_hold_is_taken_shown_and_released(kept: City, visiting: Visiting, event: EventId) -> None:
    page = opened(kept, visiting)
    holds = page.get_by_role("region", name="Holds")
    expect(holds).to_contain_text("Nothing is held")
    holds.get_by_role("button", name="Take a hold").click()
    form = page.get_by_role("dialog")
    form.locator("[name=camera]").fill("4000000")
    form.locator("[name=name]").fill("case 7")
    form.locator("[name=reason]").fill("the court asked")
    form.get_by_role("button", name="Take a hold").click()
    expect(form).to_contain_text("there is no camera 4000000")
    form.locator("[name=camera]").fill(str(builders.CAMERA))
    form.locator("[name=from]").fill("2026-06-01T00:00")
    form.get_by_role("button", name="Take a hold").click()
    expect(holds.get_by_role("status")).to_contain_text("Held now: 1 events with 1 pictures and clips (2 kB)")
    item = holds.locator("li[data-hold]")
    expect(item).to_contain_text("the court asked")
    expect(item).to_contain_text("The city")
    item.get_by_role("button", name="Release").click()
    page.get_by_role("dialog").locator("[name=why]").fill("the case is closed")
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(item).to_have_count(0)
    holds.get_by_text("Released ones, too").click()
    expect(item).to_contain_text("the case is closed")


def test_an_event_is_held_from_its_page(kept: City, visiting: Visiting, event: EventId) -> None:
    page = visiting(kept).go(f"/#/?open={event}")
    of_event = page.locator(".hold-event")
    expect(of_event.get_by_text("Held", exact=True)).to_have_count(0)
    of_event.get_by_role("button", name="Hold this event").click()
    form = page.get_by_role("dialog")
    form.locator("[name=name]").fill("case 8")
    form.locator("[name=reason]").fill("an accident")
    form.get_by_role("button", name="Take a hold").click()
    expect(of_event.get_by_text("Held", exact=True)).to_be_visible()
    expect(of_event.get_by_role("status")).to_contain_text("Held now: 1 events")
    viewer = a_person(kept, Role.VIEWER, department=DepartmentId(1), name="Zhao Min")
    seen = visiting(kept, viewer).go(f"/#/?open={event}").locator(".hold-event")
    expect(seen.get_by_text("Held", exact=True)).to_be_visible()
    expect(seen.get_by_role("button")).to_have_count(0)


def test_what_is_wrong_is_told_to_city_admins_alone(kept: City, visiting: Visiting) -> None:
    with kept.services.database.write() as connection:
        open_notice(connection, NoticeKind.DISK_FULL, "machine-1: /srv", "1 % is free")
        open_notice(connection, NoticeKind.STORE_AWAY, "s3.example", "no answer")
        close_notice(connection, NoticeKind.STORE_AWAY, "s3.example")
    page = visiting(kept).go("/")
    expect(page.locator(".system-notice")).to_contain_text("The disk is nearly full machine-1: /srv")
    page.locator(".system-notice").get_by_role("link").click()
    notices = page.get_by_role("region", name="What is wrong with storage").locator("li")
    expect(notices).to_have_count(2)
    expect(page.locator("li[data-notice=disk_full]")).to_contain_text("1 % is free")
    admin = a_person(kept, Role.DEPARTMENT_ADMIN, department=SCHOOLS, name="Qian Lan")
    other = opened(kept, visiting, person=admin)
    expect(other.get_by_role("region", name="Holds")).to_be_visible()
    expect(other.locator(".system-notice")).to_have_count(0)
    expect(other.get_by_role("region", name="What is wrong with storage")).to_have_count(0)
    expect(other.get_by_role("button", name="Set the quota")).to_have_count(0)


def test_it_fits_a_phone_and_speaks_chinese(kept: City, visiting: Visiting) -> None:
    page = opened(kept, visiting, language="zh-CN", width=390, height=800)
    expect(page.get_by_role("heading", level=2)).to_contain_text("保存期限")
    expect(page.get_by_role("region", name="证据保全")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_operator_is_told_that_it_is_a_page_of_others(kept: City, visiting: Visiting) -> None:
    operator = a_person(kept, Role.OPERATOR, department=SCHOOLS, name="Sun Yi")
    page = visiting(kept, operator).go("/#/keeping")
    expect(page.locator(".empty")).to_be_visible()
    expect(page.get_by_role("region", name="Holds")).to_have_count(0)
