"""Requests that no proper client sends, over a bare socket."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from api.settings import ApiSettings
from tests.system.api.conftest import SETTINGS, City, a_city


def told(city: City, request: bytes, *, then: bytes = b"", end: bool = False) -> bytes:
    """What the server answers to these bytes."""
    with socket.create_connection((city.server.host, city.server.port), timeout=10) as line:
        with suppress(ConnectionError):
            line.sendall(request)
            line.sendall(then)
        if end:
            line.shutdown(socket.SHUT_WR)
        return b"".join(_received(line))


def _received(line: socket.socket) -> Iterator[bytes]:
    try:
        while part := line.recv(65536):
            yield part
            if b"\r\n\r\n" in part:
                line.settimeout(0.3)
    except (TimeoutError, ConnectionResetError):
        return


def still_works(city: City) -> bool:
    return city.client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: y" + b"y" * 1_000_000,
        b"POST /api/v1/cameras HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/v1/cameras HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /api/v1/cameras HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
)
def test_what_is_no_http_is_a_bad_request_and_hurts_nobody(city: City, request_: bytes) -> None:
    # A connection that is reset while we still send is an answer too.
    assert told(city, request_).split(b"\r\n", 1)[0] in (b"", b"HTTP/1.1 400 Bad Request")
    assert still_works(city)


def test_bytes_after_the_body_are_no_second_request(city: City) -> None:
    smuggled = b"GET /api/v1/overview HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = b"POST /api/v1/cameras HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    both = head + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled
    assert b"by_state" not in told(city, both)


def test_a_body_that_never_comes_is_given_up(tmp_path: Path) -> None:
    with a_city(tmp_path, ApiSettings(**{**SETTINGS.model_dump(), "body_timeout_s": 0.2})) as city:
        began = time.monotonic()
        answer = told(
            city,
            b"POST /api/v1/cameras HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"name":',
        )
        assert b" 408 " in answer
        assert b"too_slow" in answer
        assert time.monotonic() - began < 5


def test_a_client_that_hangs_up_while_it_sends_changes_nothing(city: City) -> None:
    head = b"POST /api/v1/cameras HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    told(city, head + b"Content-Length: 100\r\n\r\n", then=b'{"name": "Half"', end=True)
    assert city.get("/cameras", q="Half").json()["items"] == []
    assert still_works(city)


def test_a_long_body_is_refused_before_it_is_sent(city: City) -> None:
    head = b"POST /api/v1/cameras HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = told(city, head + b"Content-Length: 999999999\r\n\r\n")
    assert b" 413 " in answer
    assert b"too_large" in answer


@pytest.mark.parametrize(
    "path", ["/api/v1/cameras/1%00", "/api/v1/cameras/%ff%fe", "/%00", "/assets/%00.js", "/%2e%2e/%00"]
)
def test_strange_bytes_in_a_path_are_answered(city: City, path: str) -> None:
    assert city.client.get(city.server.url + path).status_code in (404, 422)


def test_text_that_looks_like_sql_is_text(city: City) -> None:
    for text in ("' OR 1=1 --", '"; DROP TABLE camera; --', "%' ESCAPE '", "\\", "_" * 200):
        assert city.get("/cameras", q=text).json()["items"] == []
        assert city.get("/events", label=text).json()["items"] == []
    assert city.get("/cameras", q="_" * 201).json()["field"] == "q"
    assert city.get("/overview").json()["cameras"] == 10
