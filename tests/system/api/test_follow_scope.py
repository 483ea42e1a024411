"""Who follows events hears of those in reach alone, and no longer than the key, the session or the grant lasts."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx2
import pytest

from core.access import Right, Role
from core.ids import EventId
from registry.access import api_keys
from tests.support.waiting import comes_within, wait_for
from tests.system.api.signing import add_person, disable, signed_in
from tests.system.api.two_departments import TwoDepartments, two_departments

AT_MOST_S = 5.0
_NUMBERS = count(100)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TwoDepartments]:
    with two_departments(tmp_path) as found:
        yield found


@dataclass
class Heard:
    """What a stream has told so far, read by a thread."""

    events: list[str] = field(default_factory=list)
    seqs: list[int] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def read(self, lines: Iterator[str]) -> None:
        with suppress(httpx2.HTTPError, httpx2.StreamError):  # the test hangs up
            for line in lines:
                if line.startswith("id: "):
                    self.seqs.append(int(line[4:]))
                    self.begun.set()
                elif line.startswith("data: "):
                    self.events.append(json.loads(line[6:])["id"])
            self.ended.set()

    def has(self, event: EventId) -> None:
        wait_for(lambda: str(event) in self.events, f"event {event} is told", 10)


@contextmanager
def following(client: httpx2.Client, path: str = "/event-changes", after: int | None = None) -> Iterator[Heard]:
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with client.stream("GET", path, headers=headers, timeout=30) as answer:
        assert answer.status_code == 200, answer.read()
        heard = Heard()
        reader = threading.Thread(target=heard.read, args=(answer.iter_lines(),), daemon=True)
        reader.start()
        assert heard.begun.wait(10)
        yield heard


def hears(town: TwoDepartments, heard: Heard) -> bool:
    """Whether an event of rail is told, before one of water that happens later."""
    asked, later = town.write(town.rail, next(_NUMBERS)), town.write(town.water, next(_NUMBERS))
    heard.has(later)
    return str(asked) in heard.events


def test_a_follower_hears_of_what_is_within_reach_alone(town: TwoDepartments) -> None:
    with town.client(Role.VIEWER, town.water.department) as client, following(client) as heard:
        hidden = town.write(town.rail, 30)
        shown = town.write(town.water, 31)
        heard.has(shown)
        assert heard.events == [str(shown)]
        assert str(hidden) not in heard.events
        assert len(heard.seqs) == 2  # where it began, and the one that was told: the hidden one's number is not


def test_of_the_past_too_only_what_is_within_reach_is_told(town: TwoDepartments) -> None:
    with town.client(Role.VIEWER, town.rail.department) as client, following(client, after=0) as heard:
        heard.has(town.rail.event)
        heard.has(town.write(town.rail, 31))
        assert len(set(heard.events)) == 2


def test_an_auditor_hears_of_nothing(town: TwoDepartments) -> None:
    with (
        town.client(Role.AUDITOR, town.water.department) as client,
        following(client, after=0) as heard,
        town.client(Role.VIEWER, town.water.department) as viewer,
        following(viewer, after=0) as others,
    ):
        others.has(town.write(town.water, 31))
        assert heard.events == []


def test_a_grant_that_is_given_and_revoked_counts_at_once(town: TwoDepartments) -> None:
    with town.client(Role.VIEWER, town.water.department) as client, following(client) as heard:
        grant = town.grant(town.rail, town.water.department, Right.EVENTS)
        comes_within(lambda: hears(town, heard), "the grant is followed", AT_MOST_S)
        town.revoke(grant)
        comes_within(lambda: not hears(town, heard), "the end of the grant is followed", AT_MOST_S)
        assert not heard.ended.is_set()


def test_a_grant_whose_time_is_over_ends_by_itself(town: TwoDepartments) -> None:
    until = town.city.services.clock.now() + timedelta(seconds=2)
    town.grant(town.rail, town.water.department, Right.EVENTS, until=until)
    with town.client(Role.VIEWER, town.water.department) as client, following(client) as heard:
        assert hears(town, heard)
        comes_within(lambda: not hears(town, heard), "the end of the grant is followed", 2 + AT_MOST_S)


def test_a_key_that_is_revoked_ends_the_stream(town: TwoDepartments) -> None:
    client, key = town.client_and_key(Role.VIEWER, town.water.department)
    with client, following(client) as heard:
        with town.city.services.database.write() as connection:
            api_keys.revoke(connection, key, town.city.services.clock.now())
        assert heard.ended.wait(AT_MOST_S)
        assert client.get("/events").status_code == 401


def test_somebody_who_is_let_in_no_more_is_told_no_more(town: TwoDepartments) -> None:
    person = add_person(town.city, Role.VIEWER, town.water.department)
    with signed_in(town.city, person.login) as client, following(client, "/api/v1/event-changes") as heard:
        heard.has(town.write(town.water, 30))
        disable(town.city, person)
        assert heard.ended.wait(AT_MOST_S)


def test_a_session_that_is_ended_ends_the_stream(town: TwoDepartments) -> None:
    person = add_person(town.city, Role.VIEWER, town.water.department)
    with signed_in(town.city, person.login) as client, following(client, "/api/v1/event-changes") as heard:
        assert client.delete("/api/v1/session").status_code == 204
        assert heard.ended.wait(AT_MOST_S)


def test_following_is_on_record_from_its_beginning_to_its_end(town: TwoDepartments) -> None:
    client, key = town.client_and_key(Role.VIEWER, town.water.department)
    with client, following(client) as heard:
        [begun] = town.recorded("follow_begun", key)
        assert begun["departments"] == {town.water.department}
        heard.has(town.write(town.water, 30))
        assert town.recorded("follow_ended", key) == []
    [ended] = wait_for(lambda: town.recorded("follow_ended", key), "the end is on record", 10)
    assert ended["departments"] == {town.water.department}
    assert ended["detail"] == {"told": 1}
