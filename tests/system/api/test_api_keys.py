"""API keys: who makes and revokes them, and what they open."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from core.access import Role
from core.camera import DepartmentId
from registry.access.people import Person
from registry.audit.entry import Act
from tests.system.api.conftest import City
from tests.system.api.signing import NOT_SIGNED_IN, add_department, add_person, recorded, refusal, signed_in

NEW = {"name": "alert board", "role": "viewer"}


@pytest.fixture(scope="module")
def water(city: City) -> DepartmentId:
    return add_department(city, "Water")


@pytest.fixture(scope="module")
def water_admin(city: City, water: DepartmentId) -> Person:
    return add_person(city, Role.DEPARTMENT_ADMIN, water)


def make(client: httpx2.Client, **given: Any) -> httpx2.Response:
    return client.post("/api/v1/api-keys", json={**NEW, **given})


def ask(city: City, text: str) -> httpx2.Response:
    header = {"Authorization": f"Bearer {text}"}
    return httpx2.get(f"{city.server.url}/api/v1/session", headers=header, trust_env=False)


def test_a_key_opens_until_it_is_revoked(city: City, water_admin: Person, water: DepartmentId) -> None:
    with signed_in(city, water_admin.login) as client:
        made = make(client, department=water)
        assert made.status_code == 201
        key, text = made.json()["key"], made.json()["text"]
        assert text.startswith(key["beginning"])
        assert (key["made_by"], key["department"]) == (
            {"id": water_admin.id, "name": water_admin.name},
            {"id": water, "name": "Water"},
        )
        assert (ask(city, text).json()["kind"], ask(city, text).json()["role"]) == ("key", "viewer")
        for _ in range(2):
            assert client.delete(f"/api/v1/api-keys/{key['id']}").status_code == 204
        assert refusal(ask(city, text)) == NOT_SIGNED_IN
        (found,) = (one for one in client.get("/api/v1/api-keys").json()["items"] if one["id"] == key["id"])
        assert found["revoked_at"] is not None
    assert [len(recorded(city, act, key["id"])) for act in (Act.KEY_MADE, Act.KEY_REVOKED)] == [1, 1]
    assert text not in str(recorded(city, Act.KEY_MADE, key["id"]))


def test_the_keys_text_is_shown_once(city: City, water_admin: Person, water: DepartmentId) -> None:
    with signed_in(city, water_admin.login) as client:
        text = make(client, department=water).json()["text"]
        assert text not in client.get("/api/v1/api-keys").text


def test_a_key_that_is_over_opens_nothing(city: City, water_admin: Person, water: DepartmentId) -> None:
    now = city.services.clock.now()
    with signed_in(city, water_admin.login) as client:
        late = make(client, department=water, expires_at=(now - timedelta(seconds=1)).isoformat())
        assert (late.status_code, late.json()["field"]) == (422, "expires_at")
        soon = make(client, department=water, expires_at=(now + timedelta(hours=1)).isoformat())
        assert soon.json()["key"]["expires_at"] is not None


def test_a_department_admin_looks_after_own_keys_alone(city: City, water_admin: Person, water: DepartmentId) -> None:
    rail = add_department(city, "Rail")
    with signed_in(city, add_person(city).login) as city_admin, signed_in(city, water_admin.login) as client:
        theirs = make(city_admin, department=rail).json()["key"]["id"]
        of_the_city = make(city_admin).json()["key"]["id"]
        own = make(client, department=water).json()["key"]["id"]
        listed = {one["id"] for one in client.get("/api/v1/api-keys").json()["items"]}
        assert own in listed
        assert not {theirs, of_the_city} & listed
        assert client.get("/api/v1/api-keys", params={"department": rail}).json()["items"] == []
        missing = client.delete("/api/v1/api-keys/4711")
        for hidden in (theirs, of_the_city):
            answer = client.delete(f"/api/v1/api-keys/{hidden}")
            assert (answer.status_code, answer.text) == (404, missing.text.replace("4711", str(hidden)))
        assert {theirs, of_the_city, own} <= {one["id"] for one in city_admin.get("/api/v1/api-keys").json()["items"]}
        revoked = city_admin.get("/api/v1/api-keys", params={"revoked": True}).json()["items"]
        assert theirs not in {one["id"] for one in revoked}


@pytest.mark.parametrize(
    "above", [{"role": "city_admin"}, {"department": None}, {"department": 1}, {"department": 4711}]
)
def test_no_key_is_made_that_opens_more_than_its_maker_may_give(
    city: City, water_admin: Person, water: DepartmentId, above: dict[str, Any]
) -> None:
    with signed_in(city, water_admin.login) as client:
        assert refusal(make(client, **{"department": water, **above}))[:2] == (403, "forbidden")


@pytest.mark.parametrize("more", [{"id": 1}, {"text": "se_x"}, {"made_by": 1}, {"rights": ["unmasked"]}, {"kind": "x"}])
def test_what_is_nobodys_to_set_is_refused(city: City, more: dict[str, Any]) -> None:
    with signed_in(city, add_person(city).login) as client:
        assert refusal(make(client, **more))[:2] == (422, "bad_input")


def test_an_admins_key_makes_no_keys(city: City) -> None:
    with signed_in(city, add_person(city).login) as client:
        text = make(client, role="city_admin").json()["text"]
    header = {"Authorization": f"Bearer {text}"}
    answer = httpx2.post(f"{city.server.url}/api/v1/api-keys", json=NEW, headers=header, trust_env=False)
    assert refusal(answer)[:2] == (403, "forbidden")
