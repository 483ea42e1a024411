"""Connections that never become requests, never end, or are never read: none is held for long."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.server import HttpServer
from tests.support.waiting import comes_within, wait_for

LONG = b"x" * 64_000_000


@pytest.fixture(scope="module")
def server() -> Iterator[HttpServer]:
    """A server that waits one second for a request, six for its answer to be read, and has four places."""

    def answer(request: Request) -> Response:
        return Response(LONG if request.url.path == "/long" else b"here")

    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"]), Route("/long", answer)])
    with HttpServer(app, "127.0.0.1", 0, most_connections=4, patience_s=1) as server:
        yield server


def connect(server: HttpServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=10)


def is_hung_up(line: socket.socket) -> bool:
    """Whether the server has closed the connection; what it still says is passed over."""
    line.settimeout(0.05)
    try:
        return not line.recv(65536)
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def is_answered(line: socket.socket) -> bool:
    """Whether the next answer is the short one."""
    told = b""
    while not told.endswith(b"here") and (more := line.recv(65536)):
        told += more
    return told.startswith(b"HTTP/1.1 200") and told.endswith(b"here")


def send_until_hung_up(line: socket.socket, drip: bytes, limit_s: float) -> float:
    """Send `drip` again and again; the seconds until the server hung up."""
    began = time.monotonic()

    def hung_up() -> bool:
        with suppress(ConnectionError):
            line.sendall(drip)
        return is_hung_up(line)

    wait_for(hung_up, "the server hangs up", limit_s)
    return time.monotonic() - began


def test_a_connection_without_a_request_is_hung_up_on(server: HttpServer) -> None:
    with connect(server) as line:
        wait_for(lambda: is_hung_up(line), "the server hangs up", 5)


def test_a_head_that_comes_drop_by_drop_is_not_waited_for(server: HttpServer) -> None:
    with connect(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        assert send_until_hung_up(line, b"X: y\r\n", 5) < 3


def test_a_second_head_on_a_kept_connection_is_not_waited_for_either(server: HttpServer) -> None:
    with connect(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTT")
        assert is_answered(line)
        assert send_until_hung_up(line, b"P", 5) < 3


def test_a_body_that_nobody_asked_for_does_not_hold_the_connection(server: HttpServer) -> None:
    with connect(server) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
        assert send_until_hung_up(line, b"x", 5) < 3


def test_a_request_in_good_time_is_answered_again_and_again(server: HttpServer) -> None:
    with connect(server) as line:
        for _ in range(3):
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert is_answered(line)


def test_an_answer_that_is_not_read_is_dropped(server: HttpServer) -> None:
    with connect(server) as line:
        line.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        # The server's end is in the list of the system's connections for as long as it holds it.
        ours = line.getsockname()[1]
        wait_for(lambda: ours in peers_of(server.port), "the connection stands", 2)
        wait_for(lambda: ours not in peers_of(server.port), "the connection is dropped", 20)


def test_an_answer_that_is_read_slowly_arrives_whole(server: HttpServer) -> None:
    with connect(server) as line:
        line.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        length = 0
        while more := line.recv(4_000_000):
            length += len(more)
            time.sleep(0.03)  # the client's own slowness is what is tested
    assert length > len(LONG)


def test_more_connections_than_there_are_places_are_hung_up_on(server: HttpServer) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(server)) for _ in range(6)]
        # Before the silent ones are, whose patience is over after a second.
        comes_within(lambda: sum(map(is_hung_up, lines)) >= 2, "the surplus is hung up on", 0.8)
    with connect(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert is_answered(line)


def test_what_is_no_http_gets_a_problem_with_all_headers(server: HttpServer) -> None:
    with connect(server) as line:
        line.sendall(b"\x16\x03\x01 what?\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"application/problem+json" in head
    assert b"x-content-type-options: nosniff" in head.lower()
    assert b'"code":"bad_request"' in body


def peers_of(port: int) -> set[int]:
    """The ports of those who are connected to `port` of this machine."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return {int(row[2].split(":")[1], 16) for row in rows if int(row[1].split(":")[1], 16) == port and row[3] == "01"}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="the system does not tell of its connections")
def test_a_client_that_vanished_without_a_word_is_asked_whether_it_is_there(server: HttpServer) -> None:
    """An answer that has nothing to send for hours would else be held for nobody."""
    with connect(server) as line:
        own = line.getsockname()[1]
        ends = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        [timer] = [row[5] for row in ends if ports(row) == (server.port, own)]
        assert timer.startswith("02:")  # keepalive, by proc(5)


def ports(row: list[str]) -> tuple[int, int]:
    """Of a row of /proc/net/tcp: of this end and of the other."""
    here, there = (int(end.partition(":")[2], 16) for end in row[1:3])
    return here, there
