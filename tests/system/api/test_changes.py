"""Server-sent events over a real connection."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.settings import ApiSettings
from events.index import changes
from events.media.table import MediaKind
from tests.support.waiting import wait_for
from tests.system.api.conftest import EVENTS, PICTURE, SETTINGS, City, a_city, an_event

Message = dict[str, str]


@contextmanager
def following(city: City, after: int | str | None = None) -> Iterator[Iterator[Message]]:
    """The messages of the stream as they come; comments are told as {"": text}."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with city.client.stream("GET", "/api/v1/event-changes", headers=headers, timeout=10) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        yield _messages(answer.iter_lines())


def _messages(lines: Iterator[str]) -> Iterator[Message]:
    message: Message = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            message[name.rstrip(":")] = value
        elif message:
            yield message
            message = {}


def events_of(messages: Iterator[Message], count: int) -> list[tuple[int, dict[str, Any]]]:
    """The next `count` changes: number and event."""
    found: list[tuple[int, dict[str, Any]]] = []
    deadline = time.monotonic() + 30
    while len(found) < count:
        message = next(messages)
        if message.get("event") == "event":
            found.append((int(message["id"]), json.loads(message["data"])))
        assert time.monotonic() < deadline, f"{len(found)} of {count} changes came"
    return found


def head(city: City) -> int:
    with city.services.database.read() as connection:
        return changes.latest(connection)


def test_a_new_follower_hears_what_happens_from_now_on(own_city: City) -> None:
    with following(own_city) as messages:
        hello = next(messages)
        assert hello == {"retry": "2000", "id": str(head(own_city))}
        [written] = own_city.write(an_event(EVENTS))
        [(seq, event)] = events_of(messages, 1)
    assert event == own_city.get(f"/events/{written}").json()
    assert seq == head(own_city)


def test_a_later_version_and_a_snapshot_are_told_too(own_city: City) -> None:
    with following(own_city) as messages:
        next(messages)
        [written] = own_city.write(an_event(EVENTS))
        own_city.write(an_event(EVENTS, version=2, ended=True))
        own_city.keep(written, MediaKind.SNAPSHOT, PICTURE)
        last: dict[str, Any] = {}
        while last.get("media", {}).get("snapshot", {}).get("state") != "ready":
            [(_, last)] = events_of(messages, 1)
    assert (last["version"], last["end_reason"]) == (2, "left")


def test_a_follower_that_comes_back_misses_nothing_and_hears_nothing_twice(own_city: City) -> None:
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set() and written < 600:
            own_city.write(an_event(EVENTS + written))
            written += 1
            time.sleep(0.002)

    began = head(own_city)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        heard: list[tuple[int, str]] = []
        last = began
        for size in (1, 7, 40, 3, 90, 60):
            with following(own_city, last) as messages:
                for seq, event in events_of(messages, size):
                    heard.append((seq, event["id"]))
                    last = seq
    finally:
        stop.set()
        writer.join()
    with following(own_city, last) as messages:
        heard += [(seq, event["id"]) for seq, event in events_of(messages, began + written - last)]
    assert [seq for seq, _ in heard] == list(range(began + 1, began + written + 1))
    assert len({event for _, event in heard}) == written


def test_changes_follow_each_other_in_postgresql_too(postgres_city: City) -> None:
    with following(postgres_city, 0) as messages:
        heard = events_of(messages, EVENTS)
        [written] = postgres_city.write(an_event(EVENTS))
        heard += events_of(messages, 1)
    assert [int(event["id"]) for _, event in heard] == [*postgres_city.events, written]


def test_the_past_is_told_from_the_first_change_on(city: City) -> None:
    with following(city, 0) as messages:
        heard = events_of(messages, EVENTS)
    assert [int(event["id"]) for _, event in heard] == city.events


def test_silence_is_broken_by_comments(city: City) -> None:
    with following(city) as messages:
        next(messages)
        assert next(messages) == {"": "still here"}
        assert next(messages) == {"": "still here"}


def test_a_number_of_another_database_begins_now(own_city: City) -> None:
    with following(own_city, 10**15) as messages:
        assert next(messages)["id"] == str(head(own_city))
        own_city.write(an_event(EVENTS))
        assert events_of(messages, 1)


@pytest.mark.parametrize("number", ["abc", "-1", "1.5", "9" * 40, "1;2"])
def test_a_last_event_id_that_is_no_number_is_refused(city: City, number: str) -> None:
    answer = city.client.get("/api/v1/event-changes", headers={"Last-Event-ID": number})
    assert (answer.status_code, answer.json()["field"]) == (422, "Last-Event-ID")


def test_more_followers_than_allowed_are_turned_away(tmp_path: Path) -> None:
    settings = ApiSettings(**{**SETTINGS.model_dump(), "live_clients": 2})
    with a_city(tmp_path, settings) as city:
        with following(city) as first, following(city) as second:
            next(first)
            next(second)
            answer = city.client.get("/api/v1/event-changes")
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.headers["retry-after"] == "5"
        wait_for(lambda: _clients(city) == 0, "all followers are forgotten")
        with following(city) as third:
            next(third)


def test_a_follower_that_does_not_read_is_cut_off_and_holds_up_nobody(tmp_path: Path) -> None:
    settings = ApiSettings(**{**SETTINGS.model_dump(), "live_queue": 256})
    with a_city(tmp_path, settings) as city, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect((city.server.host, city.server.port))
        bearer = f"Authorization: Bearer {city.key}\r\n".encode()
        deaf.sendall(b"GET /api/v1/event-changes HTTP/1.1\r\nHost: localhost\r\n" + bearer + b"\r\n")
        deadline = time.monotonic() + 30
        wait_for(lambda: _clients(city) == 1, "the deaf follower is heard")
        written = EVENTS
        with following(city) as messages:
            next(messages)
            while _clients(city) > 1:
                assert time.monotonic() < deadline, "the deaf follower still holds its place"
                # The quick one hears each batch; the deaf one's buffers and then its room fill up.
                city.write(*(an_event(n) for n in range(written, written + 200)))
                written += 200
                assert len(events_of(messages, 200)) == 200


def test_the_server_stops_at_once_though_somebody_follows(tmp_path: Path) -> None:
    with a_city(tmp_path, SETTINGS) as city, following(city) as messages:
        next(messages)
        began = time.monotonic()
        city.server.stop()
        assert time.monotonic() - began < 3
        assert [message for message in messages if "event" in message] == []


def _clients(city: City) -> float:
    text = city.client.get("/metrics").text
    [line] = [line for line in text.splitlines() if line.startswith("sharp_eyes_api_live_clients ")]
    return float(line.split()[1])
