"""Grants in a real browser: asked for where something is refused, decided on, and seen for what they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.access import Right, Role
from tests.system.api.conftest import a_worker

from .conftest import Visiting, picture
from .signed_in import a_person
from .two_owners import Owners, two_owners


@pytest.fixture(scope="module")
def owners(tmp_path_factory: pytest.TempPathFactory, console: Path, clip: bytes) -> Iterator[Owners]:
    with two_owners(tmp_path_factory.mktemp("owners"), console, clip) as found:
        yield found


def card(page: Page, purpose: str) -> Locator:
    return page.locator("[data-grant]").filter(has_text=purpose)


def ask(owners: Owners, page: Page, purpose: str) -> None:
    """Fill in the open form: what is Water's, for all of Rail."""
    page.locator("[name=kind][value=department]").check()
    page.locator("[name=department]").select_option(str(owners.water))
    page.locator("[name=purpose]").fill(purpose)
    page.get_by_role("button", name="Ask for it").click()
    expect(card(page, purpose)).to_contain_text("Requested")


def test_a_grant_is_asked_for_approved_by_the_owner_and_revoked_with_a_reason(
    owners: Owners, visiting: Visiting
) -> None:
    asking = visiting(owners.city, owners.rail_operator).go("/#/sharing/new")
    ask(owners, asking, "watch the ferry together")
    expect(card(asking, "watch the ferry together")).to_contain_text("Rail would like to see events and pictures")

    deciding = visiting(owners.city, owners.water_admin).go("/#/sharing")
    expect(deciding.get_by_role("navigation", name="Pages").get_by_label("1 waiting for you")).to_be_visible()
    wish = deciding.get_by_role("region", name="Waiting for you").locator("[data-grant]")
    expect(wish).to_contain_text("all cameras of Water")
    wish.get_by_role("button", name="Approve").click()
    deciding.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(deciding.get_by_text("Nothing is waiting")).to_be_visible()
    expect(deciding.locator(".waiting-count")).to_have_count(0)

    deciding.get_by_text("Given by us").click()
    given = card(deciding, "watch the ferry together")
    expect(given).to_contain_text("Approved by Wen Shui")
    given.get_by_role("button", name="Revoke").click()
    deciding.get_by_role("dialog").locator("[name=why]").fill("the ferry is repaired")
    deciding.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(given).to_have_count(0)

    asking.goto(f"{owners.city.server.url}/#/sharing?tab=over")
    expect(card(asking, "watch the ferry together")).to_contain_text("the ferry is repaired")


def test_who_asked_may_take_it_back_but_not_approve_it(owners: Owners, visiting: Visiting) -> None:
    page = visiting(owners.city, owners.rail_admin).go("/#/sharing/new")
    ask(owners, page, "look for a lost dog")
    asked = card(page, "look for a lost dog")
    expect(asked.get_by_role("button", name="Take back")).to_be_visible()
    expect(asked.get_by_role("button", name="Approve")).to_have_count(0)


def test_a_right_ticks_what_it_brings_along_and_goes_with_it(owners: Owners, visiting: Visiting) -> None:
    page = visiting(owners.city, owners.rail_operator).go("/#/sharing/new?right=list")

    def ticked() -> list[str]:
        boxes = page.locator("[name=rights]:checked")
        return [str(box.get_attribute("value")) for box in boxes.all()]

    page.locator("[name=rights][value=unmasked]").check()
    assert ticked() == ["list", "events", "media", "unmasked"]
    page.locator("[name=rights][value=events]").uncheck()
    assert ticked() == ["list"]


def test_what_the_server_refuses_stands_at_its_field(owners: Owners, visiting: Visiting) -> None:
    page = visiting(owners.city, owners.rail_operator).go("/#/sharing/new")
    page.locator("[name=kind][value=department]").check()
    page.locator("[name=department]").select_option(str(owners.water))
    page.locator("[name=until]").fill("2020-01-01T10:00")
    page.locator("[name=purpose]").fill("too late")
    page.get_by_role("button", name="Ask for it").click()
    until = page.locator(".field").filter(has=page.locator("[name=until]"))
    expect(until.locator(".fault")).not_to_be_empty()


def test_a_refused_picture_leads_to_the_form_for_its_camera_and_right(owners: Owners, visiting: Visiting) -> None:
    owners.grant(Right.EVENTS, purpose="facts alone")
    page = visiting(owners.city, owners.rail_operator).go(f"/#/?open={owners.event}")
    picture = page.locator(".medium").filter(has_text="Snapshot")
    expect(picture.get_by_role("link", name="Ask for a grant")).to_be_visible()
    expect(picture.locator("[lang=en]").first).not_to_be_empty()
    picture.get_by_role("link", name="Ask for a grant").click()
    expect(page.locator(f"[name=camera][value='{owners.weir}']")).to_be_checked()
    expect(page.locator("[name=rights][value=media]")).to_be_checked()
    expect(page.locator("[name=rights][value=live]")).not_to_be_checked()


def test_a_refused_live_picture_leads_to_the_form_for_live_pictures(owners: Owners, visiting: Visiting) -> None:
    owners.grant(Right.EVENTS, purpose="facts alone")
    with a_worker(owners.city, {owners.weir: picture(0)}):
        owners.say_live()
        page = visiting(owners.city, owners.rail_operator).go(f"/#/camera/{owners.weir}")
        page.locator(".site-picture").get_by_role("link", name="Ask for a grant").click()
        expect(page.locator("[name=rights][value=live]")).to_be_checked()
        expect(page.locator("[name=rights][value=media]")).not_to_be_checked()


def test_a_camera_tells_its_admin_who_sees_it_and_by_which_grant(owners: Owners, visiting: Visiting) -> None:
    number = owners.grant(Right.LIVE, purpose="the tunnel test")
    page = visiting(owners.city, owners.water_admin).go(f"/#/catalogue/{owners.weir}")
    viewers = page.get_by_role("region", name="Who can see this camera")
    row = viewers.get_by_role("row").filter(has=page.get_by_role("link", name=f"grant {number}", exact=True))
    for words in ("Everybody of Rail", "Live pictures"):
        expect(row).to_contain_text(words)
    expect(viewers.get_by_role("row").filter(has_text="Water (operator)")).to_contain_text("own department")
    row.get_by_role("link").click()
    expect(card(page, "the tunnel test")).to_contain_text("In force")


def test_an_admin_sees_what_a_person_can_see(owners: Owners, visiting: Visiting) -> None:
    number = owners.grant(Right.MEDIA, purpose="the night shift")
    page = visiting(owners.city, owners.rail_admin, language="zh-CN").go("/#/people")
    page.get_by_role("button", name=f"可查看的内容：{owners.rail_operator.name}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tr[data-way=home]")).to_contain_text("“Rail”全部摄像机")
    row = dialog.get_by_role("row").filter(has=page.get_by_role("link", name=f"授权 {number}", exact=True))
    expect(row).to_contain_text("1 个摄像机")


def test_an_auditor_reads_of_grants_and_is_not_led_to_ask_for_one(owners: Owners, visiting: Visiting) -> None:
    owners.grant(Right.EVENTS, purpose="for the auditor to read")
    auditor = a_person(owners.city, Role.AUDITOR)
    page = visiting(owners.city, auditor).go("/#/sharing?tab=given")
    page.get_by_text("Received").click()
    expect(card(page, "for the auditor to read")).to_be_visible()
    expect(page.get_by_role("link", name="Ask or give")).to_have_count(0)
