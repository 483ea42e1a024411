"""Connections go to the address that was checked, under the name that the URL has."""

import ssl
from collections.abc import Iterator, Sequence

import pytest
import trustme

from events.alerts.outcomes import Fate
from tests.support.receiver import Receivers, open_receivers

from .posting import a_post

NAME = "alerts.example.com"


@pytest.fixture(scope="module")
def receivers() -> Iterator[Receivers]:
    with open_receivers() as opened:
        yield opened


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_of(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trust_in(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


class Resolving:
    """Answers with another address each time, and keeps how often it was asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def test_tls_and_host_have_the_name_of_the_url(receivers: Receivers, authority: trustme.CA) -> None:
    receiver = receivers.open(tls=tls_of(authority, NAME), host=NAME)
    with a_post(allowed=[NAME], trust=trust_in(authority), ask=Resolving(["127.0.0.1"])) as post:
        assert post.sent(receiver.url).fate is Fate.ACKNOWLEDGED
    assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"


def test_a_certificate_of_another_name_is_not_believed(receivers: Receivers, authority: trustme.CA) -> None:
    receiver = receivers.open(tls=tls_of(authority, "other.example.com"), host=NAME)
    with a_post(allowed=[NAME], trust=trust_in(authority), ask=Resolving(["127.0.0.1"])) as post:
        outcome = post.sent(receiver.url)
    assert outcome.fate is Fate.FAILED
    assert "certificate is not believed" in outcome.error
    assert receiver.got == []


def test_two_names_at_one_address_do_not_share_a_connection(receivers: Receivers, authority: trustme.CA) -> None:
    receiver = receivers.open(tls=tls_of(authority, NAME), host=NAME)
    other = receiver.url.replace(NAME, "other.example.com")
    with a_post(allowed=[NAME, "other.example.com"], trust=trust_in(authority), ask=Resolving(["127.0.0.1"])) as post:
        assert post.sent(receiver.url).fate is Fate.ACKNOWLEDGED
        assert post.sent(other).fate is Fate.FAILED
    assert len(receiver.got) == 1


def test_a_name_is_asked_for_once_a_delivery_and_goes_where_the_answer_was_checked(receivers: Receivers) -> None:
    # The first answer is of a network that is open, all later ones are not: nothing may go by those.
    ask = Resolving(["127.0.0.1"], ["127.0.0.2"])
    receiver = receivers.open(host=NAME)
    with a_post(allowed=["127.0.0.1"], ask=ask) as post:
        assert post.sent(receiver.url).fate is Fate.ACKNOWLEDGED
        assert ask.asked == [NAME]
        outcome = post.sent(receiver.url)
    assert outcome.fate is Fate.FAILED
    assert outcome.error == f"{NAME} leads to an address that is not of the open internet, so nothing was sent"
    assert not outcome.blames_receiver
    assert len(receiver.got) == 1


def test_a_name_that_leads_to_loopback_reaches_nothing(receivers: Receivers, authority: trustme.CA) -> None:
    receiver = receivers.open(tls=tls_of(authority, NAME), host=NAME)
    with a_post(allowed=[], trust=trust_in(authority), ask=Resolving(["127.0.0.1"])) as post:
        assert "not of the open internet" in post.sent(receiver.url).error
    assert receiver.got == []


def test_of_several_addresses_the_next_is_tried_where_one_refuses(receivers: Receivers) -> None:
    receiver = receivers.open(host=NAME)
    with a_post(allowed=["127.0.0.0/8"], ask=Resolving(["127.0.0.9", "127.0.0.1"])) as post:
        assert post.sent(receiver.url).fate is Fate.ACKNOWLEDGED


def test_a_name_that_is_nowhere_fails() -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    with a_post(ask=nowhere) as post:
        outcome = post.sent("https://nowhere.example.com/")
    assert (outcome.fate, outcome.error) == (Fate.FAILED, "the name of its host leads to no address")
