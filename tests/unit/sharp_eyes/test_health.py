"""Whether a server of ours answers: what health checks of containers go by."""

import pytest

from core.errors import BadInput, Unavailable
from sharp_eyes.health import ask
from tests.support.ports import free_port
from tests.support.relay import answer_with


@pytest.mark.parametrize("status", [200, 401, 404])
def test_who_answers_is_well_also_where_it_turns_us_away(status: int) -> None:
    with answer_with(f"HTTP/1.1 {status} so\r\nContent-Length: 0\r\n\r\n".encode()) as port:
        assert ask(f"http://127.0.0.1:{port}/healthz", 5) == status


def test_who_says_that_it_is_broken_is_not_well() -> None:
    answer = b"HTTP/1.1 503 so\r\nContent-Length: 0\r\n\r\n"
    with answer_with(answer) as port, pytest.raises(Unavailable, match="answers 503"):
        ask(f"http://127.0.0.1:{port}/healthz", 5)


def test_who_does_not_answer_is_not_well() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        ask(f"http://127.0.0.1:{free_port()}/healthz", 5)
    with answer_with(b"", then_close=False) as port, pytest.raises(Unavailable, match="does not answer: timed out"):
        ask(f"http://127.0.0.1:{port}/healthz", 0.2)
    with answer_with(b"no HTTP\r\n\r\n") as port, pytest.raises(Unavailable, match="does not answer"):
        ask(f"http://127.0.0.1:{port}/healthz", 5)


@pytest.mark.parametrize("url", ["", "/healthz", "ftp://h/", "http://a:S3cret@h/", "http://h:99999/", "http://[::1/"])
def test_an_address_that_cannot_be_asked_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadInput, match=r"expected http\(s\)://host:port/path") as caught:
        ask(url, 1)
    assert "S3cret" not in caught.value.message
