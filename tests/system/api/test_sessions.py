"""What a session's cookie opens, for how long, and what opens nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import httpx2
import pytest
from sqlalchemy import Connection, select, update

from api.caller import Caller
from core.access import Role
from registry.access import api_keys, people, sessions
from registry.access.people import Person
from registry.access.sessions import SessionId
from registry.access.tables import session as table
from registry.access.tokens import new_token
from registry.audit.entry import Act
from tests.support.builders import FakeClock
from tests.support.waiting import wait_for
from tests.system.api.conftest import City
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

COOKIE = "sharp-eyes"
NEW_PASSWORD = "nine quiet otters read"


def session_of(city: City, person: Person) -> SessionId:
    """The number of somebody's only session."""
    with city.services.database.read() as connection:
        return SessionId(connection.execute(select(table.c.id).where(table.c.person == person.id)).scalar_one())


def move_back(city: City, person: Person, column: str, by: timedelta) -> None:
    """Move an instant of somebody's session back."""
    with city.services.database.write() as connection:
        at = connection.execute(select(table.c[column]).where(table.c.person == person.id)).scalar_one()
        connection.execute(update(table).where(table.c.person == person.id).values({column: at - by}))


def test_the_cookie_is_out_of_reach_of_pages(city: City) -> None:
    person = add_person(city)
    with a_browser(city) as client:
        cookie = sign_in(client, person.login).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=86400"} <= attributes
    assert "secure" not in attributes  # it came by plain HTTP, where a browser would not keep such a one


def test_who_signs_out_is_signed_out_and_the_cookie_replayed_opens_nothing(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        token = client.cookies[COOKIE]
        answer = client.delete("/api/v1/session")
        assert (answer.status_code, answer.headers["clear-site-data"]) == (204, '"cache"')
        assert COOKIE not in client.cookies
        answer = client.get("/api/v1/session", headers={"Cookie": f"{COOKIE}={token}"})
        assert refusal(answer) == NOT_SIGNED_IN
        assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert len(recorded(city, Act.SIGN_OUT, person.id)) == 1


@pytest.mark.parametrize("way", ["cookie", "bearer"])
@pytest.mark.parametrize(
    "forged",
    ["", "x", "se_", "0" * 43, f"se_{'0' * 43}", "a" * 40_000, "%00", "' or 1=1 --", "../../etc/passwd", "null"],
    ids=lambda text: text[:8],
)
def test_what_is_no_token_of_ours_is_told_in_the_same_words(city: City, way: str, forged: str) -> None:
    header = {"Cookie": f"{COOKIE}={forged}"} if way == "cookie" else {"Authorization": f"Bearer {forged}".strip()}
    with a_browser(city) as client:
        assert refusal(client.get("/api/v1/cameras", headers=header)) == NOT_SIGNED_IN
        assert refusal(client.post("/api/v1/cameras", headers=header, json={})) == NOT_SIGNED_IN


@pytest.mark.parametrize(
    "cookies",
    [
        b"\xa0sharp-eyes=%b",
        b"\x85sharp-eyes=%b",
        b"sharp-eyes\xa0=%b",
        b'sharp-eyes="%b"',
        b"sharp-eyes=somebody-elses; sharp-eyes=%b",
        b"sharp-eyes=%b; other=1; sharp-eyes=%b",
    ],
)
def test_a_cookie_that_another_host_may_have_set_opens_nothing(city: City, cookies: bytes) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client, a_browser(city) as other:
        token = client.cookies[COOKIE].encode()
        sent = cookies.replace(b"%b", token)
        assert other.get("/api/v1/session", headers={b"Cookie": sent}).status_code == 401
        assert other.get("/api/v1/session", headers={b"Cookie": b"a=b;sharp-eyes=%b ; c" % token}).status_code == 200


def test_truncated_changed_and_lengthened_tokens_open_nothing(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        token = client.cookies[COOKIE]
        client.cookies.clear()
        for text, way in product((token, city.key), range(4)):
            forged = (text[:-1], text[1:], text + "A", text.swapcase())[way]
            for header in ({"Cookie": f"{COOKIE}={forged}"}, {"Authorization": f"Bearer {forged}"}):
                assert refusal(client.get("/api/v1/session", headers=header)) == NOT_SIGNED_IN


def test_a_sessions_token_is_no_key_and_a_key_is_no_sessions_token(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        token = client.cookies[COOKIE]
    with a_browser(city) as client:
        swapped = {"Authorization": f"Bearer {token}"}, {"Cookie": f"{COOKIE}={city.key}"}
        assert [refusal(client.get("/api/v1/session", headers=one)) for one in swapped] == [NOT_SIGNED_IN] * 2


@pytest.mark.parametrize(("column", "hours"), [("expires_at", 24), ("seen_at", 8)])
def test_a_session_ends_by_its_time_and_when_it_is_not_used(city: City, column: str, hours: int) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        move_back(city, person, column, timedelta(hours=hours))
        assert refusal(client.get("/api/v1/session")) == NOT_SIGNED_IN


def test_who_is_disabled_is_signed_out_at_once_and_not_let_in_again_by_being_enabled(city: City) -> None:
    person = add_person(city, Role.VIEWER)
    with signed_in(city, person.login) as client:
        disable(city, person)
        assert refusal(client.get("/api/v1/session")) == NOT_SIGNED_IN
        with city.services.database.write() as connection:
            people.change(connection, replace(people.get(connection, person.id), disabled_at=None))
        assert refusal(client.get("/api/v1/session")) == NOT_SIGNED_IN
        assert sign_in(client, person.login).status_code == 201


def test_where_a_key_and_a_cookie_come_the_key_counts(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        both = client.get("/api/v1/session", headers={"Authorization": f"Bearer {city.key}"})
        assert both.json()["kind"] == "key"
        other = client.get("/api/v1/session", headers={"Authorization": f"Bearer {new_token('se_')}"})
        assert refusal(other) == NOT_SIGNED_IN
        proxied = client.get("/api/v1/session", headers={"Authorization": "Basic bGkud2VpOng="})
        assert proxied.json()["kind"] == "person"


def sign_out(city: City, person: Person, headers: dict[str, str]) -> httpx2.Response:
    """Sign out with these headers alone beside the cookie."""
    with signed_in(city, person.login) as client:
        token = client.cookies[COOKIE]
    address = f"{city.server.url}/api/v1/session"
    return httpx2.delete(address, headers={"Cookie": f"{COOKIE}={token}", **headers}, trust_env=False)


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_a_change_by_cookie_that_is_not_of_our_page_is_refused(city: City, headers: dict[str, str]) -> None:
    person = add_person(city)
    assert refusal(sign_out(city, person, headers))[:2] == (403, "foreign_origin")
    assert recorded(city, Act.SIGN_OUT, person.id) == []


def test_a_change_by_cookie_of_our_page_is_made(city: City) -> None:
    for own in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": city.server.url}):
        assert sign_out(city, add_person(city), own).status_code == 204


def test_one_sees_and_ends_ones_own_sessions_and_no_others(city: City) -> None:
    person, somebody = add_person(city, Role.VIEWER), add_person(city, Role.VIEWER)
    with (
        signed_in(city, person.login) as here,
        signed_in(city, person.login) as elsewhere,
        signed_in(city, somebody.login) as other,
    ):
        found = here.get("/api/v1/sessions").json()["items"]
        assert [one["is_this"] for one in found] == [False, True]
        assert {one["address"] for one in found} == {"127.0.0.1"}
        theirs = other.get("/api/v1/sessions").json()["items"][0]["id"]
        there_is_none = refusal(here.delete("/api/v1/sessions/4711"))
        hidden = refusal(here.delete(f"/api/v1/sessions/{theirs}"))
        assert hidden == (404, "not_found", there_is_none[2].replace("4711", str(theirs)))
        assert here.delete(f"/api/v1/sessions/{found[0]['id']}").status_code == 204
        assert refusal(elsewhere.get("/api/v1/session")) == NOT_SIGNED_IN
        assert other.get("/api/v1/session").status_code == 200


def test_that_a_session_and_a_key_were_used_is_noted_a_little_later(city: City) -> None:
    person = add_person(city)
    with signed_in(city, person.login) as client:
        move_back(city, person, "seen_at", timedelta(minutes=5))
        number = session_of(city, person)
        assert client.get("/api/v1/session").status_code == 200
        assert city.get("/session").status_code == 200

        def noted() -> bool:
            with city.services.database.read() as connection:
                key = api_keys.find(connection, city.key, city.services.clock.now())
                session = sessions.get(connection, number)
            recently = city.services.clock.now() - timedelta(minutes=1)
            return key is not None and key.seen_at is not None and session.seen_at > recently

        assert wait_for(noted, "the uses are noted", 10)


def test_a_caller_is_in_force_until_the_session_ends_or_the_person_changes(city: City) -> None:
    person, services = add_person(city, Role.VIEWER), city.services
    with signed_in(city, person.login):
        number = session_of(city, person)
        caller = Caller(services, people.principal_of(person), "", number)

        def is_after(change: Callable[[Connection], object]) -> bool:
            with services.database.write() as connection:
                change(connection)
                return caller.is_still_in_force(connection)

        assert is_after(lambda connection: None)
        assert not is_after(lambda connection: people.change(connection, replace(person, role=Role.OPERATOR)))
        assert is_after(lambda connection: people.change(connection, person))
        assert not is_after(lambda connection: sessions.end(connection, number, services.clock.now()))


def test_a_program_is_in_force_until_its_key_is_over_or_revoked(city: City) -> None:
    services, at = city.services, city.services.clock.now()
    with services.database.write() as connection:
        soon = at + timedelta(seconds=30)
        key, _ = api_keys.add(
            connection, name="a", role=Role.VIEWER, department=None, made_by=None, at=at, expires_at=soon
        )
        caller = Caller(services, key.principal, "")
        assert caller.is_still_in_force(connection)
        later = replace(services, clock=FakeClock(soon))
        assert not Caller(later, key.principal, "").is_still_in_force(connection)
        api_keys.revoke(connection, key.id, at)
        assert not caller.is_still_in_force(connection)
