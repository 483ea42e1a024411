"""People: who looks after whom, and how far."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from core.access import Role
from core.camera import DepartmentId
from registry.access import people
from registry.access.people import Person
from registry.audit.entry import Act
from tests.support.waiting import wait_for
from tests.system.api.conftest import City
from tests.system.api.signing import (
    NOT_SIGNED_IN,
    a_browser,
    add_department,
    add_person,
    recorded,
    refusal,
    sign_in,
    signed_in,
)

NEW = {"login": "new.person", "name": "王芳", "role": "viewer"}


@pytest.fixture(scope="module")
def water(city: City) -> DepartmentId:
    return add_department(city, "Water")


@pytest.fixture(scope="module")
def pumps(city: City, water: DepartmentId) -> DepartmentId:
    return add_department(city, "Pumps", parent=water)


@pytest.fixture(scope="module")
def rail(city: City) -> DepartmentId:
    return add_department(city, "Rail")


@pytest.fixture(scope="module")
def water_admin(city: City, water: DepartmentId) -> Person:
    return add_person(city, Role.DEPARTMENT_ADMIN, water)


@pytest.fixture(scope="module")
def stranger(city: City, rail: DepartmentId) -> Person:
    """Somebody of another department."""
    return add_person(city, Role.VIEWER, rail)


@pytest.fixture(scope="module")
def admin(city: City) -> Iterator[httpx2.Client]:
    """A city admin's browser."""
    with signed_in(city, add_person(city).login) as client:
        yield client


@pytest.fixture(scope="module")
def water_desk(city: City, water_admin: Person) -> Iterator[httpx2.Client]:
    """The browser of the admin of the water department."""
    with signed_in(city, water_admin.login) as client:
        yield client


def ids(answer: httpx2.Response) -> list[int]:
    return [one["id"] for one in answer.json()["items"]]


def change(client: httpx2.Client, person: Person, **changed: Any) -> httpx2.Response:
    return client.patch(f"/api/v1/people/{person.id}", json=changed)


def test_somebody_who_is_added_chooses_a_password_by_the_link(
    city: City, admin: httpx2.Client, water: DepartmentId
) -> None:
    answer = admin.post("/api/v1/people", json={**NEW, "login": "Wang.Fang", "department": water})
    assert answer.status_code == 201
    person, link = answer.json()["person"], answer.json()["invitation"]["path"]
    assert answer.headers["location"] == f"/api/v1/people/{person['id']}"
    assert (person["login"], person["state"], person["seen_at"]) == ("wang.fang", "invited", None)
    assert person["department"] == {"id": water, "name": "Water"}
    password = "eleven slow trains hum"
    with a_browser(city) as client:
        accepted = client.post(
            "/api/v1/invitations:accept", json={"token": link.partition("token=")[2], "password": password}
        )
        assert accepted.json()["person"]["login"] == "wang.fang"
        assert sign_in(client, "wang.fang", password).status_code == 201
    found = admin.get(answer.headers["location"]).json()
    assert (found["state"], found["revision"]) == ("active", person["revision"] + 1)
    assert found["seen_at"] is not None
    (row,) = recorded(city, Act.ADD, person["id"])
    assert link.partition("token=")[2] not in str(row)


def test_a_department_admin_sees_and_changes_the_people_of_the_department_and_of_those_below(
    city: City,
    water_desk: httpx2.Client,
    water_admin: Person,
    water: DepartmentId,
    pumps: DepartmentId,
    stranger: Person,
) -> None:
    here, below, of_the_city = (
        add_person(city, Role.OPERATOR, water),
        add_person(city, Role.VIEWER, pumps),
        add_person(city),
    )
    found = ids(water_desk.get("/api/v1/people", params={"limit": 1000}))
    assert {here.id, below.id, water_admin.id} <= set(found)
    assert not {stranger.id, of_the_city.id} & set(found)
    assert ids(water_desk.get("/api/v1/people", params={"department": pumps})) == [below.id]
    assert change(water_desk, below, name="Somebody else", role="operator").json()["role"] == "operator"
    assert change(water_desk, here, department=pumps).json()["department"]["id"] == pumps


def test_people_of_others_are_told_of_in_the_words_of_those_who_are_not_there(
    city: City, water_desk: httpx2.Client, stranger: Person, rail: DepartmentId
) -> None:
    asked = [
        ("GET", "/people/{}", None),
        ("PATCH", "/people/{}", {"name": "x"}),
        ("PATCH", "/people/{}", {"role": "city_admin"}),
        ("POST", "/people/{}:invite", None),
        ("GET", "/people/{}/sessions", None),
        ("DELETE", "/people/{}/sessions", None),
    ]
    for number in (stranger.id, add_person(city).id):
        for method, path, body in asked:
            hidden = water_desk.request(method, f"/api/v1{path.format(number)}", json=body)
            missing = water_desk.request(method, f"/api/v1{path.format(4711)}", json=body)
            assert hidden.status_code == missing.status_code == 404, path
            assert hidden.text == missing.text.replace("4711", str(number)), path
            assert set(hidden.headers) == set(missing.headers)
    assert ids(water_desk.get("/api/v1/people", params={"department": rail})) == []
    assert ids(water_desk.get("/api/v1/people", params={"department": 4711})) == []
    assert ids(water_desk.get("/api/v1/people", params={"q": stranger.login})) == []


@pytest.mark.parametrize(
    "role_and_place",
    [{"role": "city_admin"}, {"role": "city_admin", "department": None}, {"department": None}, {"department": 4711}],
)
def test_nobody_gives_what_lies_above_oneself(
    city: City, water_desk: httpx2.Client, water: DepartmentId, rail: DepartmentId, role_and_place: dict[str, Any]
) -> None:
    person = add_person(city, Role.VIEWER, water)
    assert refusal(change(water_desk, person, **role_and_place))[:2] == (403, "forbidden")
    added = water_desk.post("/api/v1/people", json={**NEW, "department": water, **role_and_place})
    assert refusal(added)[:2] == (403, "forbidden")
    made = water_desk.post("/api/v1/people", json={**NEW, "department": 4711})
    assert refusal(made)[2] == "you do not look after department 4711"
    foreign = water_desk.post("/api/v1/people", json={**NEW, "department": rail})
    assert refusal(foreign)[2] == f"you do not look after department {rail}"
    with city.services.database.read() as connection:
        assert people.get(connection, person.id) == person
        assert people.find_by_login(connection, NEW["login"]) is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.AUDITOR])
@pytest.mark.parametrize("at_home", [True, False])
def test_who_is_no_admin_looks_after_nobody(
    city: City, water: DepartmentId, stranger: Person, role: Role, at_home: bool
) -> None:
    person = add_person(city, role, water if at_home else None)
    with signed_in(city, person.login) as client:
        for method, path, body in (
            ("GET", "/people", None),
            ("POST", "/people", NEW),
            ("GET", f"/people/{person.id}", None),
            ("PATCH", f"/people/{person.id}", {"role": "city_admin"}),
            ("GET", f"/people/{stranger.id}", None),
            ("GET", "/people/4711", None),
            ("POST", f"/people/{person.id}:invite", None),
            ("GET", "/api-keys", None),
            ("POST", "/api-keys", {"name": "a", "role": "viewer"}),
            ("DELETE", "/api-keys/1", None),
        ):
            assert refusal(client.request(method, f"/api/v1{path}", json=body))[:2] == (403, "forbidden"), path


def test_a_program_looks_after_nobody_whatever_its_role(city: City, stranger: Person) -> None:
    for method, path, body in (
        ("GET", "/people", None),
        ("POST", "/people", NEW),
        ("PATCH", f"/people/{stranger.id}", {"name": "x"}),
        ("GET", "/api-keys", None),
        ("POST", "/api-keys", {"name": "a", "role": "viewer"}),
    ):
        answer = city.client.request(method, f"/api/v1{path}", json=body)
        assert refusal(answer)[:2] == (403, "forbidden"), path


@pytest.mark.parametrize("changed", [{"role": "viewer"}, {"disabled": True}, {"role": "viewer", "department": 1}])
def test_nobody_lowers_or_removes_oneself(city: City, changed: dict[str, Any]) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        assert refusal(change(client, person, **changed))[:2] == (403, "forbidden")
        assert change(client, person, name="Another name").json()["name"] == "Another name"
        assert client.get("/api/v1/session").json()["role"] == "city_admin"


def test_a_department_admin_does_not_raise_oneself(
    water_desk: httpx2.Client, water_admin: Person, pumps: DepartmentId
) -> None:
    for changed in ({"role": "city_admin", "department": None}, {"department": pumps}):
        assert refusal(change(water_desk, water_admin, **changed))[:2] == (403, "forbidden")


def test_the_last_city_admin_stays(own_city: City) -> None:
    one, other = add_person(own_city), add_person(own_city)
    with signed_in(own_city, one.login) as client, signed_in(own_city, other.login) as rival:
        assert change(client, other, disabled=True).status_code == 200
        assert refusal(rival.get("/api/v1/people")) == NOT_SIGNED_IN
        assert refusal(change(client, one, disabled=True))[:2] == (403, "forbidden")
        assert change(client, other, disabled=False).status_code == 200
        assert sign_in(rival, other.login).status_code == 201
        assert change(rival, one, role="viewer").status_code == 200
        assert refusal(client.get("/api/v1/people"))[:2] == (403, "forbidden")  # the session goes on with the new role


@pytest.mark.parametrize(
    "more",
    [
        {"id": 1},
        {"password": "eleven slow trains hum"},
        {"made_at": "2020-01-01T00:00:00Z"},
        {"revision": 9},
        {"state": "active"},
        {"disabled_at": None},
    ],
)
def test_what_is_nobodys_to_set_is_refused(
    city: City, admin: httpx2.Client, water: DepartmentId, more: dict[str, Any]
) -> None:
    person = add_person(city, Role.VIEWER, water)
    assert refusal(change(admin, person, **more))[:2] == (422, "bad_input")
    assert refusal(admin.post("/api/v1/people", json={**NEW, **more}))[:2] == (422, "bad_input")
    with city.services.database.read() as connection:
        assert people.get(connection, person.id) == person


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"role": "mayor"}, 422, "role"),
        ({"login": "x"}, 422, "login"),
        ({"login": "li wei\u202e"}, 422, "login"),
        ({"name": " "}, 422, "name"),
        ({"role": "department_admin", "department": None}, 422, "department"),
        ({"role": "city_admin", "department": 1}, 422, "department"),
        ({"department": 4711}, 422, "department"),
        ({"department": 2**31}, 422, "department"),
        ({"name": "x" * 300_000}, 413, None),
    ],
)
def test_nobody_is_added_who_cannot_be(
    admin: httpx2.Client, wrong: dict[str, Any], status: int, field: str | None
) -> None:
    answer = admin.post("/api/v1/people", json={**NEW, **wrong})
    assert (answer.status_code, answer.json().get("field")) == (status, field)


def test_a_login_is_taken_once_however_it_is_written(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        answer = client.post("/api/v1/people", json={**NEW, "login": person.login.upper()})
        assert refusal(answer)[:2] == (409, "conflict")


def test_who_is_disabled_is_out_and_what_changed_is_on_record(city: City, water: DepartmentId) -> None:
    person = add_person(city, Role.VIEWER, water)
    with signed_in(city, add_person(city).login) as admin, signed_in(city, person.login) as client:
        changed = change(admin, person, disabled=True).json()
        assert (changed["state"], changed["revision"]) == ("disabled", person.revision + 1)
        assert refusal(client.get("/api/v1/session")) == NOT_SIGNED_IN
        assert sign_in(client, person.login).status_code == 401
        assert refusal(admin.post(f"/api/v1/people/{person.id}:invite"))[:2] == (409, "conflict")
        assert person.id in ids(admin.get("/api/v1/people", params={"state": "disabled"}))
        assert person.id not in ids(admin.get("/api/v1/people", params={"state": "active"}))
        assert change(admin, person, disabled=True).json()["revision"] == changed["revision"]
    (row,) = recorded(city, Act.CHANGE, person.id)
    told = json.loads(row.detail)
    assert (told["before"]["disabled"], told["after"]["disabled"]) == (False, True)


def test_a_person_is_changed_only_as_it_was_read(city: City, admin: httpx2.Client, water: DepartmentId) -> None:
    person = add_person(city, Role.VIEWER, water)
    read = admin.get(f"/api/v1/people/{person.id}")
    tag = {"If-Match": read.headers["etag"]}
    assert admin.get(f"/api/v1/people/{person.id}", headers={"If-None-Match": tag["If-Match"]}).status_code == 304
    assert admin.patch(f"/api/v1/people/{person.id}", json={"name": "One"}, headers=tag).status_code == 200
    again = admin.patch(f"/api/v1/people/{person.id}", json={"name": "Two"}, headers=tag)
    assert refusal(again)[:2] == (412, "stale")


def test_a_new_link_ends_the_older_one_and_the_old_password_goes_on_until_it_is_used(
    city: City, water_admin: Person, water: DepartmentId
) -> None:
    person = add_person(city, Role.VIEWER, water)
    with signed_in(city, water_admin.login) as admin, a_browser(city) as client:
        older, newer = (
            admin.post(f"/api/v1/people/{person.id}:invite").json()["path"].partition("token=")[2] for _ in range(2)
        )
        assert client.post("/api/v1/invitations:look", json={"token": older}).status_code == 404
        assert sign_in(client, person.login).status_code == 201
        accepted = {"token": newer, "password": "eleven slow trains hum"}
        assert client.post("/api/v1/invitations:accept", json=accepted).status_code == 201
        assert sign_in(client, person.login).status_code == 401
        assert refusal(admin.post(f"/api/v1/people/{water_admin.id}:invite"))[:2] == (403, "forbidden")
    assert len(recorded(city, Act.INVITE, person.id)) == 2


def test_an_admin_sees_and_ends_the_sessions_of_somebody(city: City, water_admin: Person, water: DepartmentId) -> None:
    person = add_person(city, Role.VIEWER, water)
    with signed_in(city, water_admin.login) as admin, signed_in(city, person.login) as client:
        (found,) = admin.get(f"/api/v1/people/{person.id}/sessions").json()["items"]
        assert not found["is_this"]
        assert admin.delete(f"/api/v1/sessions/{found['id']}").status_code == 204
        assert refusal(client.get("/api/v1/session")) == NOT_SIGNED_IN
        assert sign_in(client, person.login).status_code == 201
        assert admin.delete(f"/api/v1/people/{person.id}/sessions").status_code == 204
        assert refusal(client.get("/api/v1/session")) == NOT_SIGNED_IN
    assert len(recorded(city, Act.SESSION_ENDED, person.id)) == 2


def test_a_refusal_is_on_record_for_whose_person_it_was(
    city: City, water_desk: httpx2.Client, water_admin: Person, stranger: Person
) -> None:
    before = len(recorded(city, Act.REFUSAL, stranger.id))
    water_desk.get(f"/api/v1/people/{stranger.id}")
    # It goes on record after the answer: whoever is refused does not wait for it.
    (row,) = wait_for(lambda: recorded(city, Act.REFUSAL, stranger.id)[before:], "the refusal on record", 10)
    assert (row.actor, row.outcome, row.object_kind) == (water_admin.id, "refused", "person")


@pytest.mark.parametrize("path", ["/people/0", "/people/-1", "/people/1e3", "/people/9999999999", "/people/%2e%2e"])
def test_what_is_no_number_is_bad_input(admin: httpx2.Client, path: str) -> None:
    assert admin.get(f"/api/v1{path}").status_code == 422


@pytest.mark.parametrize(
    "path", ["/people/1/%2e%2e/2", "/people/..%2fsession", "/people//1", "/people/1/", "/People/1", "/people/1;x=1/a"]
)
def test_a_path_that_is_none_leads_nowhere(admin: httpx2.Client, path: str) -> None:
    assert admin.get(f"/api/v1{path}").status_code in (404, 422)
