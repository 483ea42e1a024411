"""People and keys, looked after in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import httpx2
import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from core.camera import DepartmentId
from registry import departments
from registry.access import people
from registry.access.people import Person
from tests.system.api.conftest import SETTINGS, City, a_city

from .conftest import Visiting
from .signed_in import PASSWORD, a_person, sign_in

SCHOOLS = DepartmentId(2)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    """A city of three departments, one of them below another."""
    folder = tmp_path_factory.mktemp("shared")
    copytree(console, folder / "console")
    with a_city(folder, SETTINGS) as found:
        with found.services.database.write() as connection:
            departments.add(connection, name="North School", parent=SCHOOLS)
        yield found


def row_of(page: Page, person: Person) -> str:
    return f"tr[data-person='{person.id}']"


def open_people(city: City, visiting: Visiting, person: Person | None = None) -> Page:
    visit = visiting(city) if person is None else visiting(city, person)
    page = visit.go("/#/people")
    expect(page.locator("tr[data-person]").first).to_be_visible()
    return page


def test_somebody_new_gets_a_link_that_is_shown_once_and_signs_in_by_it(shared: City, visiting: Visiting) -> None:
    page = open_people(shared, visiting)
    page.get_by_role("button", name="Add person").click()
    form = page.get_by_role("dialog")
    form.locator("[name=name]").fill("王芳")
    form.locator("[name=login]").fill("Wang.Fang")
    form.locator("[name=role]").select_option("operator")
    form.locator("[name=department]").select_option("Schools")
    form.get_by_role("button", name="Add person").click()
    link = page.get_by_role("textbox", name="Link for 王芳").input_value()
    assert link.startswith(f"{shared.server.url}/#/welcome?token=")
    page.get_by_role("button", name="Done").click()
    row = page.locator("tr[data-person]").filter(has_text="wang.fang")
    for words in ("王芳", "Operator", "Schools", "Invited", "never"):
        expect(row).to_contain_text(words)
    theirs = visiting(shared, None).go(link.removeprefix(shared.server.url))
    theirs.locator("[name=password]").fill(PASSWORD)
    theirs.locator("[name=again]").fill(PASSWORD)
    theirs.locator("button[type=submit]").click()
    expect(theirs.get_by_role("button", name="Account of 王芳")).to_be_visible()
    page.reload()
    expect(row).to_contain_text("Active")


def test_a_taken_login_is_told_at_its_field(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER)
    page = open_people(shared, visiting)
    page.get_by_role("button", name="Add person").click()
    form = page.get_by_role("dialog")
    form.locator("[name=name]").fill("Somebody else")
    form.locator("[name=login]").fill(person.login.upper())
    form.get_by_role("button", name="Add person").click()
    expect(form.locator(".field").filter(has=page.locator("[name=login]")).locator(".fault")).to_be_visible()


def test_the_list_is_searched_and_filtered_by_its_link(shared: City, visiting: Visiting) -> None:
    wanted, other = (a_person(shared, Role.VIEWER, department=SCHOOLS, name=name) for name in ("赵一", "钱二"))
    page = open_people(shared, visiting)
    page.get_by_label("Find by name or login").fill("赵")
    expect(page.locator("tr[data-person]")).to_have_count(1)
    expect(page.locator(row_of(page, wanted))).to_be_visible()
    page.get_by_label("State").select_option("disabled")
    expect(page.get_by_role("heading", name="Nobody matches")).to_be_visible()
    with shared.services.database.write() as connection:
        people.change(connection, replace(other, disabled_at=shared.services.clock.now()))
    page.goto(f"{shared.server.url}/#/people?state=disabled&department={SCHOOLS}")
    expect(page.locator("tr[data-person]")).to_have_count(1)
    expect(page.locator(row_of(page, other))).to_be_visible()


def test_a_department_admin_gives_roles_and_departments_below_the_own_one_alone(
    shared: City, visiting: Visiting
) -> None:
    admin = a_person(shared, Role.DEPARTMENT_ADMIN, department=SCHOOLS)
    stranger = a_person(shared, Role.VIEWER)
    page = open_people(shared, visiting, admin)
    expect(page.locator(row_of(page, stranger))).to_have_count(0)
    page.get_by_role("button", name="Add person").click()
    form = page.get_by_role("dialog")
    roles = form.locator("[name=role] option").all_inner_texts()
    assert roles == ["Viewer", "Operator", "Department admin", "Auditor"]
    assert form.locator("[name=department] option").all_inner_texts() == ["Schools", "North School"]


def test_a_change_by_somebody_else_meanwhile_is_shown_and_not_overwritten(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER, department=SCHOOLS)
    page = open_people(shared, visiting)
    page.get_by_role("button", name=f"Change: {person.name}").click()
    page.locator("dialog [name=name]").fill("Mine")
    with shared.services.database.write() as connection:
        people.change(connection, replace(person, name="Theirs", role=Role.OPERATOR))
    page.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("dialog", name="Somebody else has changed this account meanwhile")
    for words in ("Theirs", "Mine", "Viewer", "Operator"):
        expect(conflict).to_contain_text(words)
    conflict.get_by_role("button", name="Save mine over it").click()
    expect(page.locator(row_of(page, person))).to_contain_text("Mine")
    expect(page.locator(row_of(page, person))).to_contain_text("Operator")


def test_whoever_is_disabled_is_out_at_once_and_can_be_let_in_again(shared: City, visiting: Visiting) -> None:
    person = a_person(shared, Role.VIEWER)
    theirs = visiting(shared, person).go()
    expect(theirs.locator(".link-state")).to_have_text("Live")
    page = open_people(shared, visiting)
    page.get_by_role("button", name=f"Disable: {person.name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.locator(row_of(page, person))).to_contain_text("Disabled")
    expect(theirs.get_by_role("heading", name="Sign in again")).to_be_visible()
    page.get_by_role("button", name=f"Enable: {person.name}").click()
    expect(page.locator(row_of(page, person))).to_contain_text("Active")
    sign_in(theirs, person.login)
    expect(theirs.get_by_role("heading", name="Sign in again")).to_have_count(0)


def test_what_the_server_refuses_is_told_with_its_reason(own_city: City, visiting: Visiting) -> None:
    """The last admin cannot be disabled: another one tries, who has been lowered in the meantime."""
    page = open_people(own_city, visiting)
    last = a_person(own_city, Role.CITY_ADMIN)
    page.reload()
    page.get_by_role("button", name=f"Disable: {last.name}").click()
    with own_city.services.database.write() as connection:
        admin = people.find_by_login(connection, "city.admin")
        assert admin is not None
        people.change(connection, replace(admin, role=Role.VIEWER))
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    refusal = page.get_by_role("dialog").get_by_role("alert")
    expect(refusal).to_contain_text("You may not do this")
    expect(refusal.locator("p").first).not_to_be_empty()


def test_a_key_is_shown_once_opens_the_api_and_opens_nothing_once_revoked(shared: City, visiting: Visiting) -> None:
    page = visiting(shared).go("/#/keys")
    page.get_by_role("button", name="Make key").click()
    form = page.get_by_role("dialog")
    form.locator("[name=name]").fill("the data centre")
    form.locator("[name=role]").select_option("viewer")
    form.get_by_role("button", name="Make key").click()
    key = page.get_by_role("textbox", name="Key").input_value()
    page.get_by_role("button", name="Done").click()

    def asked() -> int:
        answer = httpx2.get(
            f"{shared.server.url}/api/v1/session", headers={"Authorization": f"Bearer {key}"}, trust_env=False
        )
        return answer.status_code

    assert asked() == 200
    expect(page.locator("tr[data-key]").filter(has_text="the data centre")).to_contain_text(key[:9])
    page.get_by_role("button", name="Revoke: the data centre").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.locator("tr[data-key]").filter(has_text="the data centre")).to_have_count(0)
    assert asked() == 401
    page.get_by_role("button", name="Revoked ones too").click()
    expect(page.locator("tr[data-key]").filter(has_text="the data centre")).to_contain_text("Revoked")
