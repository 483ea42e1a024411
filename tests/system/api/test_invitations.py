"""Links by which somebody chooses a password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from core.access import Role
from registry.access import invitations
from registry.access.people import Person
from registry.access.tables import invitation as table
from registry.access.tokens import new_token
from registry.audit.entry import Act
from tests.support.waiting import wait_for
from tests.system.api.conftest import City
from tests.system.api.recorded import newest, rows_since
from tests.system.api.signing import (
    NOT_SIGNED_IN,
    a_browser,
    add_person,
    disable,
    recorded,
    refusal,
    sign_in,
    signed_in,
)

PASSWORD = "eleven slow trains hum"
FIRST = {"login": "first", "name": "王芳"}


def invite(city: City, person: Person | None) -> str:
    """A link's token for somebody; None: for the first city admin."""
    with city.services.database.write() as connection:
        at = city.services.clock.now()
        return invitations.make(connection, person, at, city.services.access.invitation_lasts)[1]


def look(client: httpx2.Client, token: str) -> httpx2.Response:
    return client.post("/api/v1/invitations:look", json={"token": token})


def accept(client: httpx2.Client, token: str, password: str = PASSWORD, **more: Any) -> httpx2.Response:
    return client.post("/api/v1/invitations:accept", json={"token": token, "password": password, **more})


def test_the_first_link_makes_the_first_city_admin_and_works_once(own_city: City) -> None:
    token = invite(own_city, None)
    with a_browser(own_city) as client:
        shown = look(client, token).json()
        assert (shown["is_first"], shown["login"], shown["name"]) == (True, None, None)
        for missing in ("login", "name"):
            answer = accept(client, token, **{key: value for key, value in FIRST.items() if key != missing})
            assert (answer.status_code, answer.json()["field"]) == (422, missing)
        answer = accept(client, token, **FIRST)
        assert (answer.status_code, answer.json()["role"]) == (201, "city_admin")
        assert client.get("/api/v1/session").json()["person"]["login"] == "first"
        again = refusal(accept(client, token, **FIRST))
        assert again == refusal(look(client, new_token())) == (404, "not_found", "this link is not in force")
        number = answer.json()["person"]["id"]
    (chosen,) = recorded(own_city, Act.PASSWORD_CHOSEN, number)
    assert (chosen.actor, chosen.address) == (number, "127.0.0.1")


def test_of_several_who_use_the_first_link_at_once_one_becomes_the_city_admin(own_city: City) -> None:
    token = invite(own_city, None)

    def attempt(number: int) -> int:
        with a_browser(own_city) as client:
            return accept(client, token, login=f"first.{number}", name="王芳").status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [201, 404, 404, 404]


def test_the_first_city_admin_and_the_second_are_made_on_postgresql_too(postgres_city: City) -> None:
    with a_browser(postgres_city) as first, a_browser(postgres_city) as second:
        assert sign_in(first, "nobody").status_code == 401
        assert accept(first, invite(postgres_city, None), **FIRST).status_code == 201
        body = {"login": "second", "name": "李伟", "role": "city_admin"}
        added = first.post("/api/v1/people", json=body).json()
        token = added["invitation"]["path"].partition("token=")[2]
        assert accept(second, token).status_code == 201
        number = added["person"]["id"]
        assert first.patch(f"/api/v1/people/{number}", json={"disabled": True}).json()["state"] == "disabled"
        assert refusal(second.get("/api/v1/session")) == NOT_SIGNED_IN
        assert [one["login"] for one in first.get("/api/v1/people").json()["items"]] == ["first", "second"]
        key = first.post("/api/v1/api-keys", json={"name": "a", "role": "viewer"}).json()["key"]["id"]
        assert first.delete(f"/api/v1/api-keys/{key}").status_code == 204
        assert first.delete("/api/v1/session").status_code == 204


def test_a_link_shows_for_whom_it_is_and_is_not_used_up_by_that(city: City) -> None:
    person = add_person(city)
    token = invite(city, person)
    with a_browser(city) as client:
        for _ in range(2):
            shown = look(client, token).json()
            assert (shown["is_first"], shown["login"], shown["name"]) == (False, person.login, person.name)
        assert accept(client, token).status_code == 201


@pytest.mark.parametrize("more", [{"login": "another"}, {"name": "Another"}, {"role": "city_admin"}, {"department": 1}])
def test_who_uses_a_link_chooses_nothing_but_a_password(city: City, more: dict[str, Any]) -> None:
    person = add_person(city, Role.VIEWER)
    token = invite(city, person)
    with a_browser(city) as client:
        answer = accept(client, token, **more)
        assert (answer.status_code, answer.json()["field"]) == (422, next(iter(more)))
        assert accept(client, token).json()["role"] == "viewer"


@pytest.mark.parametrize(
    "weak", ["short", "password password", "1234567890123456789", "x" * 600, "aaaaaaaaaaaaaaaaaaaa"]
)
def test_a_password_that_is_guessed_first_is_refused_and_the_link_goes_on(city: City, weak: str) -> None:
    token = invite(city, add_person(city))
    with a_browser(city) as client:
        answer = accept(client, token, weak)
        assert (answer.status_code, answer.json()["field"]) == (422, "password")
        assert weak not in answer.text
        assert look(client, token).status_code == 200


def test_a_new_password_ends_the_sessions_that_there_were(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as before, a_browser(city) as client:
        assert accept(client, invite(city, person)).status_code == 201
        assert refusal(before.get("/api/v1/session")) == NOT_SIGNED_IN
        assert client.get("/api/v1/session").status_code == 200
        assert sign_in(before, person.login, PASSWORD).status_code == 201


def test_links_that_are_over_forged_or_of_somebody_who_is_disabled_are_told_in_the_same_words(city: City) -> None:
    gone = add_person(city, Role.VIEWER)
    of_gone = invite(city, gone)
    disable(city, gone)
    person = add_person(city)
    over = invite(city, person)
    with city.services.database.write() as connection:
        past = city.services.clock.now() - timedelta(seconds=1)
        connection.execute(update(table).where(table.c.person == person.id).values(expires_at=past))
    other = invite(city, add_person(city))
    with a_browser(city) as client:
        tokens = [of_gone, over, other[:-1], other + "A", other.swapcase(), "", "x", new_token(), city.key]
        told = {refusal(ask(client, token)) for token in tokens for ask in (look, accept)}
        assert told == {(404, "not_found", "this link is not in force")}


def test_a_token_longer_than_any_is_refused(city: City) -> None:
    with a_browser(city) as client:
        assert look(client, "x" * 513).status_code == 422
        assert look(client, "x" * 300_000).status_code == 413


def test_a_link_that_is_not_in_force_is_on_record_without_what_it_was(own_city: City) -> None:
    before, tokens = newest(own_city), [new_token(), new_token()]
    with a_browser(own_city) as client:
        assert look(client, tokens[0]).status_code == 404
        assert accept(client, tokens[1]).status_code == 404
    rows = wait_for(
        lambda: found if len(found := rows_since(own_city, before)) == 2 else None, "both are on record", 10
    )
    assert [(row.act, row.outcome, row.actor, row.kind, row.object) for row in rows] == [
        ("refusal", "refused", "unknown None", "invitation", "")
    ] * 2
    assert not any(token in str(row) for row in rows for token in tokens)
