"""A city with more events than one walk passes, and one buffer holds: searches that stop on the way, long exports."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from core.access import Right, Role
from registry.access import api_keys
from tests.support.waiting import wait_for
from tests.system.api.conftest import CITY_BEGAN_AT, EVENTS, an_event
from tests.system.api.two_departments import TwoDepartments, two_departments

MANY = 25_000
_AT_ONCE = 1_000


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDepartments]:
    """Two departments, of which Water has very many events; the first of these, and it alone, has a score of 1."""
    with two_departments(tmp_path_factory.mktemp("many")) as found:
        for first in range(0, MANY, _AT_ONCE):
            numbers = range(EVENTS + first, EVENTS + first + _AT_ONCE)
            events = [an_event(n, camera=found.water.camera, ended=True) for n in numbers]
            if first == 0:
                events[0] = replace(events[0], score=1.0)
            found.city.write(*events)
        yield found


def test_a_search_that_stops_on_the_way_says_up_to_where_and_goes_on_from_there(town: TwoDepartments) -> None:
    pages: list[dict[str, Any]] = []
    cursor = None
    while not pages or cursor is not None:
        page = town.city.get("/events", min_score=0.995, **({} if cursor is None else {"cursor": cursor})).json()
        cursor = page["next"]
        pages.append(page)
        assert (page["searched_to"] is None) is (cursor is None)
    assert len(pages) >= 2
    [found] = [one for page in pages for one in page["items"]]
    assert found["score"] == 1.0
    searched_to = [page["searched_to"] for page in pages[:-1]]
    assert searched_to == sorted(searched_to, reverse=True)
    assert found["started_at"] < searched_to[0] < town.city.services.clock.now().isoformat()


def test_a_page_that_is_full_or_the_last_one_was_not_cut(town: TwoDepartments) -> None:
    assert town.city.get("/events").json()["searched_to"] is None
    last = town.city.get("/events", to=CITY_BEGAN_AT.isoformat()).json()
    assert (last["next"], last["searched_to"]) == (None, None)


@contextmanager
def taking(client: httpx2.Client, form: str = "ndjson", **query: str) -> Iterator[Iterator[bytes]]:
    """An export that has begun, and of which nothing more is read than the test does."""
    small = httpx2.HTTPTransport(socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)])
    with (
        httpx2.Client(transport=small, base_url=client.base_url, headers=client.headers, timeout=60) as slow,
        slow.stream("GET", f"/events.{form}", params=query) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        yield answer.iter_raw(4096)


def is_cut(pieces: Iterator[bytes]) -> bool:
    """Whether the answer ends without its end."""
    try:
        for _ in pieces:
            pass
    except httpx2.RemoteProtocolError:
        return True
    return False


def test_a_long_export_has_every_event_once(town: TwoDepartments) -> None:
    with town.client(Role.OPERATOR, town.water.department) as client, client.stream("GET", "/events.ndjson") as answer:
        ids = [int(json.loads(line)["id"]) for line in answer.iter_lines()]
    assert len(ids) == MANY + 1
    assert ids == sorted(set(ids), reverse=True)
    assert int(answer.headers["events-expected"]) <= len(ids)
    if int(answer.headers["events-expected"]) < len(ids):
        assert answer.headers["events-expected-at-least"] == "true"


def test_an_export_is_cut_when_its_grant_is_revoked(town: TwoDepartments) -> None:
    grant = town.grant(town.water, town.rail.department, Right.EXPORT)
    with town.client(Role.OPERATOR, town.rail.department) as client, taking(client) as pieces:
        next(pieces)
        town.revoke(grant)
        assert is_cut(pieces)


def test_a_grant_of_others_that_ends_cuts_nothing(town: TwoDepartments) -> None:
    grant = town.grant(town.rail, town.water.department, Right.EVENTS)
    some = {"to": (CITY_BEGAN_AT + timedelta(seconds=30 * 6_000)).isoformat()}
    with town.client(Role.OPERATOR, town.water.department) as client, taking(client, **some) as pieces:
        next(pieces)
        town.revoke(grant)
        assert not is_cut(pieces)


def test_an_export_is_cut_when_its_key_is_revoked(town: TwoDepartments) -> None:
    client, key = town.client_and_key(Role.OPERATOR, town.water.department)
    with client, taking(client) as pieces:
        next(pieces)
        with town.city.services.database.write() as connection:
            api_keys.revoke(connection, key, town.city.services.clock.now())
        assert is_cut(pieces)


def test_somebody_has_two_exports_at_once_and_gets_another_when_one_is_hung_up(town: TwoDepartments) -> None:
    with town.client(Role.OPERATOR, town.water.department) as client, taking(client), ExitStack() as second:
        second.enter_context(taking(client, "csv"))
        refused = client.get("/events.csv", params={"camera": 1})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
        assert int(refused.headers["retry-after"]) >= 1
        with town.client(Role.CITY_ADMIN, None) as other:
            assert other.get("/events.csv", params={"camera": 1}).status_code == 200
        second.close()
        wait_for(lambda: client.get("/events.csv", params={"camera": 1}).status_code == 200, "a place is free")
