import socket
import time

import pytest
from starlette.applications import Starlette

from api.server import HttpServer
from core.errors import Unavailable
from tests.system.api.conftest import City


def test_a_taken_port_is_told_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Unavailable, match=f"port {port} of 127.0.0.1 cannot be listened on"):
            HttpServer(Starlette(), "127.0.0.1", port)


def test_a_server_that_was_stopped_frees_its_port() -> None:
    with HttpServer(Starlette(), "127.0.0.1", 0) as server:
        port = server.port
    assert not server.is_alive
    HttpServer(Starlette(), "127.0.0.1", port).stop()


def test_an_app_that_cannot_start_is_told() -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("no lifespan for you")

    with pytest.raises(Unavailable, match="did not start"):
        HttpServer(broken, "127.0.0.1", 0).start()


def test_answers_on_a_kept_connection_do_not_wait_for_acknowledgements(city: City) -> None:
    def seconds() -> float:
        began = time.perf_counter()
        city.client.get("/healthz").raise_for_status()
        return time.perf_counter() - began

    # Nagle's algorithm and delayed acknowledgements together would cost 40 ms each, after the first few.
    assert sorted(seconds() for _ in range(60))[20] < 0.03
