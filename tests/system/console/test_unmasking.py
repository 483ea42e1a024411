"""Originals in a real browser: asked for with a reason, agreed to by a second person, played while they are open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.access import Right, Role
from registry.access import grant_deciding
from registry.access.people import Person, principal_of
from tests.support.waiting import wait_for

from .conftest import Visiting
from .signed_in import a_person
from .two_owners import Owners, two_owners

MARK = "Original, not masked"


SCHOOLS = 2


@pytest.fixture(scope="module")
def owners(tmp_path_factory: pytest.TempPathFactory, console: Path, clip: bytes) -> Iterator[Owners]:
    """All Rail may see originals of Water's."""
    with two_owners(tmp_path_factory.mktemp("owners"), console, clip) as found:
        found.grant(Right.UNMASKED)
        yield found


@pytest.fixture
def operator(owners: Owners) -> Person:
    """Somebody of Rail who has not asked yet."""
    return a_person(owners.city, Role.OPERATOR, department=owners.rail, name="Zhao Min")


@pytest.fixture
def two_must_agree(owners: Owners) -> Iterator[None]:
    owners.ask_for_second_person(True)
    yield
    owners.ask_for_second_person(False)


def ask(page: Page, reason: str) -> None:
    page.get_by_role("button", name="See the original").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=reason]").fill(reason)
    dialog.get_by_role("button", name="See it").click()


def plays_original(page: Page) -> None:
    expect(page.locator(".original-mark")).to_contain_text(MARK)
    video = page.locator(".original video")
    wait_for(lambda: video.evaluate("video => video.readyState >= 2"), "the original plays", timeout_s=15)


def test_an_original_is_played_for_a_reason_and_left_again(
    owners: Owners, operator: Person, visiting: Visiting
) -> None:
    page = visiting(owners.city, operator).go(f"/#/?open={owners.event}")
    ask(page, "who closed the gate")
    plays_original(page)
    page.get_by_role("button", name="Back to the masked clip").click()
    expect(page.get_by_text(MARK)).to_have_count(0)
    page.reload()
    plays_original(page)


@pytest.mark.usefixtures("two_must_agree")
def test_a_second_person_finds_the_wish_agrees_and_it_opens(
    owners: Owners, operator: Person, visiting: Visiting
) -> None:
    page = visiting(owners.city, operator).go(f"/#/?open={owners.event}")
    ask(page, "who closed the gate")
    expect(page.get_by_text("Waiting for a second person to agree")).to_be_visible()
    expect(page.get_by_text(MARK)).to_have_count(0)
    second = visiting(owners.city, owners.water_admin).go("/#/sharing")
    wish = second.locator("[data-unmasking]")
    for words in ("Zhao Min", "Weir", "who closed the gate"):
        expect(wish).to_contain_text(words)
    wish.get_by_role("button", name="Agree").click()
    second.get_by_role("dialog").get_by_role("button", name="Agree").click()
    expect(wish).to_have_count(0)
    plays_original(page)


@pytest.mark.usefixtures("two_must_agree")
def test_an_original_that_is_refused_is_not_shown(owners: Owners, operator: Person, visiting: Visiting) -> None:
    page = visiting(owners.city, operator).go(f"/#/?open={owners.event}")
    ask(page, "just looking")
    second = visiting(owners.city, owners.water_admin).go("/#/sharing")
    second.locator("[data-unmasking]").get_by_role("button", name="Refuse").click()
    second.get_by_role("dialog").get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("Waiting for a second person to agree")).to_have_count(0)
    expect(page.get_by_text(MARK)).to_have_count(0)
    expect(page.get_by_role("button", name="See the original")).to_be_visible()


def test_without_the_right_the_reason_is_told_and_leads_to_a_grant(owners: Owners, visiting: Visiting) -> None:
    viewer = a_person(owners.city, Role.VIEWER, department=SCHOOLS)
    owners.grant(Right.MEDIA, to=viewer)
    page = visiting(owners.city, viewer).go(f"/#/?open={owners.event}")
    ask(page, "who closed the gate")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("You may not do this")
    dialog.get_by_role("link", name="Ask for a grant").click()
    expect(page.locator("[name=rights][value=unmasked]")).to_be_checked()


def test_a_revoked_grant_takes_the_original_from_the_page(owners: Owners, visiting: Visiting) -> None:
    viewer = a_person(owners.city, Role.VIEWER, department=SCHOOLS)
    owners.grant(Right.MEDIA, to=viewer)
    number = owners.grant(Right.UNMASKED, to=viewer)
    page = visiting(owners.city, viewer).go(f"/#/?open={owners.event}")
    ask(page, "who closed the gate")
    plays_original(page)
    at = owners.city.services.clock.now()
    with owners.city.services.database.write() as connection:
        grant_deciding.revoke(connection, number, principal_of(owners.water_admin), "it is clear now", at)
    page.reload()
    original = page.locator(".original")
    expect(original.get_by_text("The original cannot be played")).to_be_visible()
    expect(original.locator("video")).to_have_count(0)


def test_a_department_admin_decides_on_the_originals_of_the_own_one(owners: Owners, visiting: Visiting) -> None:
    page = visiting(owners.city, owners.water_admin).go("/#/departments")
    expect(page.get_by_role("button", name="Change: Rail")).to_have_count(0)
    page.get_by_role("button", name="Change: Water").click()
    form = page.get_by_role("dialog")
    expect(form.locator("[name=name]")).to_be_disabled()
    form.locator("[name=own_see_originals]").check()
    form.locator("[name=second_person]").check()
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    water = owners.city.get(f"/departments/{owners.water}").json()
    assert (water["own_see_originals"], water["second_person"]) == (True, True)
