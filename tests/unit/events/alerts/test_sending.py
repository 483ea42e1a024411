"""What receivers do to a delivery, and what becomes of it. The receivers are real."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from events.alerts.outcomes import Fate, Outcome
from events.alerts.sending import MOST_ANSWERED
from tests.support.receiver import Receivers, open_receivers
from tests.support.waiting import wait_for

from .posting import Post, a_post


@pytest.fixture(scope="module")
def receivers() -> Iterator[Receivers]:
    with open_receivers() as opened:
        yield opened


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    with a_post() as opened:
        yield opened


def test_a_delivery_that_is_taken_is_acknowledged(post: Post, receivers: Receivers) -> None:
    receiver = receivers.open(answer=b"well\x00 received\x1b[31m")
    outcome = post.sent(receiver.url)
    assert (outcome.fate, outcome.status, outcome.error) == (Fate.ACKNOWLEDGED, 200, "")
    assert outcome.answer == "well\ufffd received\ufffd[31m"
    [got] = receiver.got
    assert (got.path, got.body, got.headers["host"]) == ("/hook", b'{"n":1}', f"127.0.0.1:{receiver.port}")
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"


@pytest.mark.parametrize(
    ("mode", "status", "error", "blames"),
    [
        ("500", 500, "HTTP 500", True),
        ("503", 503, "HTTP 503", True),
        ("429", 429, "HTTP 429", True),
        ("404", 404, "HTTP 404", False),
        ("410", 410, "HTTP 410: the receiver wants no more", False),
        ("302", 302, "HTTP 302: redirects are not followed", False),
        ("break", None, "the connection broke off before there was an answer", True),
        ("close", None, "the connection broke off before there was an answer", True),
    ],
)
def test_a_delivery_that_is_not_taken_failed_with_the_reason(
    post: Post, receivers: Receivers, mode: str, status: int | None, error: str, blames: bool
) -> None:
    outcome = post.sent(receivers.open(mode).url)
    assert outcome.fate is Fate.FAILED
    assert (outcome.status, outcome.error, outcome.blames_receiver) == (status, error, blames)


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_a_receiver_that_takes_too_long_failed(receivers: Receivers, mode: str) -> None:
    with a_post(timeout_s=0.5) as hasty:
        outcome = hasty.sent(receivers.open(mode).url)
    assert (outcome.fate, outcome.status, outcome.blames_receiver) == (Fate.FAILED, None, True)
    assert outcome.error == "no answer within 0.5 s"


def test_a_redirect_is_not_followed(post: Post, receivers: Receivers) -> None:
    inside = receivers.open()
    post.sent(receivers.open("307", headers={"Location": inside.url}).url)
    assert inside.got == []


def test_a_receiver_that_is_not_there_fails(post: Post, receivers: Receivers) -> None:
    outcome = post.sent("http://127.0.0.1:9/hook")
    assert (outcome.fate, outcome.error) == (Fate.FAILED, "no connection could be made")


def test_a_huge_answer_is_read_in_part_and_is_an_acknowledgement(post: Post, receivers: Receivers) -> None:
    outcome = post.sent(receivers.open("huge").url)
    assert outcome.fate is Fate.ACKNOWLEDGED
    assert len(outcome.answer) == 512
    assert MOST_ANSWERED == 65_536


def test_an_answer_in_crumbs_is_read_no_further_than_costs_nobody_anything(post: Post, receivers: Receivers) -> None:
    outcome = post.sent(receivers.open("crumbs").url)
    assert (outcome.fate, outcome.answer) == (Fate.ACKNOWLEDGED, "x" * 128)


def test_no_receiver_is_shown_the_cookies_of_another_or_its_own(post: Post, receivers: Receivers) -> None:
    one, other = receivers.open(headers={"Set-Cookie": "much=of-it; Path=/"}), receivers.open()
    for receiver in (one, one, other):
        post.sent(receiver.url)
    assert ["cookie" in got.headers for got in one.got + other.got] == [False] * 3


def test_retry_after_is_told(post: Post, receivers: Receivers) -> None:
    outcome = post.sent(receivers.open("503", headers={"Retry-After": "120"}).url)
    assert outcome.asked == timedelta(seconds=120)


def test_no_proxy_of_the_environment_is_asked(receivers: Receivers, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, receiver = receivers.open(), receivers.open()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    with a_post() as post:
        assert post.sent(receiver.url).fate is Fate.ACKNOWLEDGED
    assert (len(proxy.got), len(receiver.got)) == (0, 1)


def test_a_receiver_has_no_more_at_once_than_is_set(receivers: Receivers) -> None:
    receiver = receivers.open("hang")
    with a_post(most_at_once=2, timeout_s=60) as post:
        post.send(receiver.url, 10)
        wait_for(lambda: receiver.at_once == 2, "two requests are open")
        other = receivers.open()
        assert post.sent(other.url).fate is Fate.ACKNOWLEDGED
        assert receiver.most_at_once == 2


def test_ten_that_hang_do_not_slow_another(receivers: Receivers) -> None:
    hanging = [receivers.open("hang") for _ in range(10)]
    well = receivers.open()
    with a_post(timeout_s=60) as post:
        for one in hanging:
            post.send(one.url, 10)
        wait_for(lambda: all(one.at_once == 4 for one in hanging), "all ten hang")
        post.send(well.url, 20)
        assert [post.next().fate for _ in range(20)] == [Fate.ACKNOWLEDGED] * 20


def test_what_waits_for_a_receiver_that_failed_is_given_back(receivers: Receivers) -> None:
    receiver = receivers.open("500")
    with a_post(most_at_once=1) as post:
        post.send(receiver.url, 5)
        fates = [post.next().fate for _ in range(5)]
    assert fates == [Fate.FAILED] + [Fate.GIVEN_BACK] * 4


def test_what_is_not_ours_any_more_is_not_sent(post: Post, receivers: Receivers) -> None:
    receiver = receivers.open()
    post.send(receiver.url, send_by=0.0)
    assert post.next().fate is Fate.GIVEN_BACK
    assert receiver.got == []


def test_all_are_given_back_at_the_stop(receivers: Receivers) -> None:
    receiver = receivers.open("hang")
    with a_post(timeout_s=60) as post:
        post.send(receiver.url, 6)
        wait_for(lambda: receiver.at_once == 4, "four hang")
        post.sending.stop(0.1)
        outcomes: list[Outcome] = [post.outcomes.get_nowait() for _ in range(6)]
    assert {one.fate for one in outcomes} == {Fate.GIVEN_BACK}
    assert sorted(one.claimed.id for one in outcomes) == [1, 2, 3, 4, 5, 6]
