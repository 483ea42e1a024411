"""Signing in with a password, and choosing another one."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx2

from core.access import Role
from registry.access import people
from registry.audit.entry import Act
from tests.support.waiting import wait_for
from tests.system.api.conftest import City
from tests.system.api.signing import (
    NOT_SIGNED_IN,
    PASSWORD,
    a_browser,
    add_department,
    add_person,
    disable,
    recorded,
    refusal,
    sign_in,
    signed_in,
)

NEW_PASSWORD = "nine quiet otters read"


def test_who_has_login_and_password_is_let_in(city: City) -> None:
    water = add_department(city, "Water")
    person = add_person(city, Role.DEPARTMENT_ADMIN, water)
    with a_browser(city) as client:
        answer = sign_in(client, f" {person.login.upper()} ")
        assert answer.status_code == 201
        assert answer.json() | {"expires_at": None} == {
            "kind": "person",
            "person": {"id": person.id, "login": person.login, "name": "Li Wei"},
            "key": None,
            "role": "department_admin",
            "department": {"id": water, "name": "Water"},
            "expires_at": None,
            "event_facts": "grant",
            "may": {"people": True, "grants": True, "record": True, "cameras": True, "city": False},
        }
        assert client.get("/api/v1/session").json() == answer.json()
    (row,) = recorded(city, Act.SIGN_IN, person.id)
    assert (row.actor_kind, row.actor, row.address, row.outcome) == ("person", person.id, "127.0.0.1", "done")


def test_a_program_has_a_key_and_no_session(city: City) -> None:
    found = city.get("/session").json()
    assert (found["kind"], found["person"], found["key"]["name"]) == ("key", None, "tests")
    assert found["may"] == {"people": False, "grants": False, "record": False, "cameras": True, "city": True}
    assert refusal(city.client.delete("/api/v1/session"))[:2] == (403, "forbidden")
    assert refusal(city.get("/sessions"))[:2] == (403, "forbidden")
    change = {"current": PASSWORD, "new": NEW_PASSWORD}
    assert refusal(city.client.put("/api/v1/session/password", json=change))[:2] == (403, "forbidden")


def test_every_failure_to_sign_in_is_told_in_the_same_words_and_is_on_record(city: City) -> None:
    person, gone = add_person(city), add_person(city, Role.VIEWER)
    disable(city, gone)
    with city.services.database.write() as connection:
        at = city.services.clock.now()
        invited = people.add(connection, login="invited", name="Li Wei", role=Role.VIEWER, department=None, at=at)
    with a_browser(city) as client:
        tried = [sign_in(client, person.login, "wrong wrong wrong")]
        tried += [sign_in(client, login) for login in ("my secret typed here", gone.login, "invited")]
    assert {refusal(answer) for answer in tried} == {(401, "sign_in_failed", "login and password do not fit")}
    assert not any("set-cookie" in answer.headers for answer in tried)
    rows = [recorded(city, Act.SIGN_IN, number)[-1] for number in (person.id, "", gone.id, invited.id)]
    assert {(row.outcome, row.actor_kind, row.actor_name) for row in rows} == {("refused", "unknown", "")}
    assert [json.loads(row.detail)["why"] for row in rows] == [
        "the password is wrong",
        "nobody has this login",
        "the account is disabled",
        "no password was chosen yet",
    ]
    assert "secret" not in str(rows)


def test_failures_slow_down_also_the_right_password_and_other_accounts_go_on(city: City) -> None:
    person, other = add_person(city), add_person(city)
    with a_browser(city) as client:
        for _ in range(5):
            assert sign_in(client, person.login, "wrong wrong wrong").status_code == 401
        answer = sign_in(client, person.login)
        assert refusal(answer)[:2] == (429, "too_many")
        assert int(answer.headers["retry-after"]) >= 1
        assert sign_in(client, other.login).status_code == 201


def statuses_of_many_at_once(city: City) -> list[int]:
    """What a dozen guesses at one account get that are sent at the same time."""
    person = add_person(city)

    def attempt(_: int) -> int:
        with a_browser(city) as client:
            return sign_in(client, person.login, "wrong wrong wrong").status_code

    with ThreadPoolExecutor(12) as pool:
        return sorted(pool.map(attempt, range(12)))


def test_many_attempts_at_once_are_no_more_than_one_after_the_other(city: City) -> None:
    assert statuses_of_many_at_once(city) == [401] * 5 + [429] * 7


def test_nor_are_they_on_postgresql(postgres_city: City) -> None:
    assert statuses_of_many_at_once(postgres_city) == [401] * 5 + [429] * 7


def test_who_chooses_another_password_stays_signed_in_here_alone(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as here, signed_in(city, person.login) as elsewhere:
        wrong = here.put("/api/v1/session/password", json={"current": "wrong wrong wrong", "new": NEW_PASSWORD})
        assert (wrong.status_code, wrong.json()["field"]) == (422, "current")
        weak = here.put("/api/v1/session/password", json={"current": PASSWORD, "new": "password"})
        assert (weak.status_code, weak.json()["field"]) == (422, "new")
        right = here.put("/api/v1/session/password", json={"current": PASSWORD, "new": NEW_PASSWORD})
        assert right.status_code == 204
        assert here.get("/api/v1/session").status_code == 200
        assert refusal(elsewhere.get("/api/v1/session")) == NOT_SIGNED_IN
        assert sign_in(elsewhere, person.login, PASSWORD).status_code == 401
        assert sign_in(elsewhere, person.login, NEW_PASSWORD).status_code == 201
    chosen = [row for row in recorded(city, Act.PASSWORD_CHOSEN, person.id) if row.outcome == "done"]
    assert len(chosen) == 1


def statuses_of_changes_at_once(city: City) -> list[int]:
    """What those get who choose another password at the same time, each in a session of the same person."""
    person = add_person(city)

    def change(client: httpx2.Client) -> int:
        body = {"current": PASSWORD, "new": NEW_PASSWORD}
        return client.put("/api/v1/session/password", json=body).status_code

    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        return list(pool.map(change, [stack.enter_context(signed_in(city, person.login)) for _ in range(4)]))


def test_of_several_who_choose_another_password_at_once_one_does(city: City) -> None:
    assert statuses_of_changes_at_once(city).count(204) == 1


def test_one_does_on_postgresql_too(postgres_city: City) -> None:
    assert statuses_of_changes_at_once(postgres_city).count(204) == 1


def test_a_new_password_that_is_refused_is_no_guess_at_the_old_one(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        for _ in range(6):
            weak = client.put("/api/v1/session/password", json={"current": PASSWORD, "new": "password"})
            assert (weak.status_code, weak.json()["field"]) == (422, "new")
        right = {"current": PASSWORD, "new": NEW_PASSWORD}
        assert client.put("/api/v1/session/password", json=right).status_code == 204


def test_guessing_the_password_of_somebody_who_is_signed_in_is_on_record(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        guess = {"current": "wrong wrong wrong", "new": NEW_PASSWORD}
        assert client.put("/api/v1/session/password", json=guess).status_code == 422
    wait_for(lambda: recorded(city, Act.PASSWORD_CHOSEN, person.id), "the guess is on record")
    (row,) = recorded(city, Act.PASSWORD_CHOSEN, person.id)
    assert (row.outcome, json.loads(row.detail)) == ("refused", {"why": "the current password is wrong"})


def test_guessing_the_password_of_somebody_who_is_signed_in_slows_down_too(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        guess = {"current": "wrong wrong wrong", "new": NEW_PASSWORD}
        statuses = [client.put("/api/v1/session/password", json=guess).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_login_longer_than_any_and_a_body_beyond_the_limit_are_refused(city: City) -> None:
    with a_browser(city) as client:
        assert sign_in(client, "x" * 513).status_code == 422
        assert sign_in(client, "li.wei", "x" * 1025).status_code == 422
        assert sign_in(client, "li.wei", "x" * 300_000).status_code == 413
        assert sign_in(client, "li\0wei").status_code == 422


def test_what_was_typed_as_password_comes_back_in_no_answer(city: City) -> None:
    with a_browser(city) as client:
        for body in ({"login": 1, "password": "hush hush"}, {"login": "x" * 600, "password": "hush hush"}):
            assert "hush" not in client.post("/api/v1/session", json=body).text
