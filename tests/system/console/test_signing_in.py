"""Signing in, one-time links, and one's own account, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from registry.access import invitations, people, sessions
from registry.access.people import Person
from tests.system.api.conftest import EVENTS, SETTINGS, City, a_city, an_event

from .conftest import Visiting, session_of
from .signed_in import PASSWORD, a_person, sign_in

ANOTHER_PASSWORD = "a kettle below the pier"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    """A city to sign in at."""
    folder = tmp_path_factory.mktemp("shared")
    copytree(console, folder / "console")
    with a_city(folder, SETTINGS) as found:
        yield found


def link_of(city: City, person: Person | None) -> str:
    """The path of a fresh one-time link."""
    with city.services.database.write() as connection:
        at = city.services.clock.now()
        _, token = invitations.make(connection, person, at, timedelta(hours=1))
    return f"/#/welcome?token={token}"


def choose(page: Page, password: str, again: str | None = None) -> None:
    page.locator("[name=password]").fill(password)
    page.locator("[name=again]").fill(password if again is None else again)


def test_a_stranger_signs_in_and_arrives_where_the_link_leads(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.OPERATOR, department=1)
    page = visiting(shared, None).go("/#/catalogue?q=Camera+7")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator(".top")).to_have_count(0)
    sign_in(page, person.login, "a password that is wrong")
    expect(page.get_by_role("alert")).to_have_text("The login or the password is not right")
    sign_in(page, person.login)
    expect(page.locator("tr[data-camera]")).to_have_count(1)
    expect(page.locator("tr[data-camera]")).to_contain_text("Camera 7")
    page.get_by_role("button", name=f"Account of {person.name}").click()
    menu = page.get_by_role("group", name=f"Account of {person.name}")
    for words in (person.login, "Operator", "City"):
        expect(menu).to_contain_text(words)


def test_too_many_attempts_count_down_in_words_of_the_reader(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER)
    page = visiting(shared, None, language="zh-CN").go()
    for _ in range(5):
        sign_in(page, person.login, "a password that is wrong")
        expect(page.get_by_role("alert")).to_have_text("登录名或密码不正确")
    sign_in(page, person.login)
    expect(page.get_by_role("alert")).to_contain_text("尝试次数过多")
    expect(page.locator("button[type=submit]")).to_be_disabled()
    expect(page.locator("button[type=submit]")).to_be_enabled()
    sign_in(page, person.login)
    expect(page.locator(".link-state")).to_have_text("实时")


def test_signing_out_leads_to_the_sign_in_page_and_nothing_is_left(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER, department=1)
    page = visiting(shared, person).go("/#/catalogue")
    expect(page.locator("tr[data-camera]").first).to_be_visible()
    page.get_by_role("button", name=f"Account of {person.name}").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("tr[data-camera]")).to_have_count(0)


def test_a_session_that_ends_covers_the_work_and_loses_nothing_of_it(own_city: City, visiting: Visiting) -> None:
    person = a_person(own_city, Role.CITY_ADMIN)
    page = visiting(own_city, person).go()
    expect(page.locator(".link-state")).to_have_text("Live")
    page.get_by_role("button", name="Add camera").click()
    page.get_by_label("Name").fill("North gate")
    with own_city.services.database.write() as connection:
        sessions.end_all(connection, person.id, own_city.services.clock.now())
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    [event] = own_city.write(an_event(EVENTS))
    sign_in(page, person.login)
    expect(page.locator("dialog [name=name]")).to_have_value("North gate")
    expect(page.locator(".row").first).to_have_attribute("data-event", str(event))
    [later] = own_city.write(an_event(EVENTS + 1))
    expect(page.locator(".row").first).to_have_attribute("data-event", str(later))


def test_nothing_of_the_work_stays_when_somebody_else_signs_in_over_it(shared: City, visiting: Visiting) -> None:
    before, after = a_person(shared, Role.CITY_ADMIN), a_person(shared, Role.VIEWER)
    page = visiting(shared, before).go()
    page.get_by_role("button", name="Add camera").click()
    with shared.services.database.write() as connection:
        sessions.end_all(connection, before.id, shared.services.clock.now())
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    sign_in(page, after.login)
    expect(page.get_by_role("button", name=f"Account of {after.name}")).to_be_visible()
    expect(page.locator("dialog")).to_have_count(0)


def test_a_link_leads_to_choosing_a_password_once(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER, password=None)
    path = link_of(shared, person)
    page = visiting(shared, None).go(path)
    expect(page.get_by_role("heading", name=f"Welcome, {person.name}")).to_be_visible()
    assert page.url == f"{shared.server.url}/#/welcome"
    expect(page.locator("[name=login]")).to_have_value(person.login)
    choose(page, "too short", "too shirt")
    expect(page.get_by_text("6 characters are missing")).to_be_visible()
    expect(page.get_by_text("The two are not the same")).to_be_visible()
    expect(page.locator("button[type=submit]")).to_be_disabled()
    choose(page, "passwordpassword")
    page.locator("button[type=submit]").click()
    expect(page.locator(".field .fault")).to_be_visible()
    choose(page, ANOTHER_PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("button", name=f"Account of {person.name}")).to_be_visible()
    again = visiting(shared, None).go(path)
    expect(again.get_by_role("heading", name="The link does not work any more")).to_be_visible()
    again.get_by_role("link", name="To the sign-in page").click()
    sign_in(again, person.login, ANOTHER_PASSWORD)
    expect(again.get_by_role("button", name=f"Account of {person.name}")).to_be_visible()


def test_the_first_link_of_all_makes_the_city_admin(own_city: City, visiting: Visiting) -> None:
    page = visiting(own_city, None).go(link_of(own_city, None))
    expect(page.get_by_role("heading", name="Set up Sharp Eyes")).to_be_visible()
    page.locator("[name=login]").fill("Chen.Wei")
    page.locator("[name=name]").fill("陈伟")
    choose(page, PASSWORD)
    page.locator("button[type=submit]").click()
    page.get_by_role("link", name="People", exact=True).click()
    expect(page.locator("tr[data-person]")).to_contain_text("chen.wei")
    with own_city.services.database.read() as connection:
        found = people.find_by_login(connection, "chen.wei")
    assert found is not None
    assert (found.name, found.role) == ("陈伟", Role.CITY_ADMIN)


def test_another_password_ends_the_other_sessions(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER)
    session_of(shared, person)
    page = visiting(shared, person).go("/#/account")
    expect(page.locator("tr[data-session]")).to_have_count(2)
    page.get_by_label("Current password", exact=True).fill("not the one there is")
    page.get_by_label("New password", exact=True).fill(ANOTHER_PASSWORD)
    page.get_by_label("Password again", exact=True).fill(ANOTHER_PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".field .fault")).to_be_visible()
    page.get_by_label("Current password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("The password is changed.")).to_be_visible()
    expect(page.locator("tr[data-session]")).to_have_count(1)
    expect(page.locator("tr[data-session]")).to_contain_text("this one")


def test_one_session_of_ones_own_is_ended(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER)
    token = session_of(shared, person)
    page = visiting(shared, person).go("/#/account")
    page.locator("tr[data-session]").get_by_role("button", name="End").click()
    expect(page.locator("tr[data-session]")).to_have_count(1)
    with shared.services.database.read() as connection:
        assert sessions.find(connection, token, shared.services.clock.now(), shared.services.access) is None


def test_what_a_viewer_may_not_do_is_not_shown(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER, department=1)
    page = visiting(shared, person).go()
    expect(page.locator("article.camera").first).to_be_visible()
    for words in ("Add camera", "Pause: Camera 1", "Remove: Camera 1"):
        expect(page.get_by_role("button", name=words, exact=True)).to_have_count(0)
    for words in ("Import", "People", "Keys"):
        expect(page.get_by_role("link", name=words, exact=True)).to_have_count(0)
    page.goto(f"{shared.server.url}/#/people")
    expect(page.get_by_role("heading", name="This page is not for your role")).to_be_visible()
