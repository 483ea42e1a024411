"""Links to pictures: whole, in time and ours, or nothing."""

from datetime import timedelta

import pytest

from core.ids import LAST_EVENT, EventId
from events.alerts import picture_links
from events.alerts.picture_links import Pictured
from events.alerts.subscription import SubscriptionId
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from tests.support.builders import START, after

FORMER, CURRENT = SealingKey(b"f" * 32), SealingKey(b"c" * 32)
KEYS = ring_of(CURRENT, FORMER)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
EVENT, SUBSCRIPTION = EventId(LAST_EVENT - 5), SubscriptionId(2**31 - 1)


def a_token(keys: SealingKey = CURRENT, subscription: SubscriptionId = SUBSCRIPTION) -> str:
    made = picture_links.link(ring_of(keys), "https://eyes.example", EVENT, subscription, START, timedelta(minutes=10))
    assert made.expires_at == after(600)
    before, _, token = made.url.rpartition("/")
    assert before == "https://eyes.example/api/v1/alert-pictures"
    return token


@pytest.mark.parametrize("key", [CURRENT, FORMER])
def test_a_token_opens_until_it_is_over(key: SealingKey) -> None:
    token = a_token(key)
    assert picture_links.read(KEYS, token, after(599.9)) == Pictured(EVENT, SUBSCRIPTION)
    assert picture_links.read(KEYS, token, after(600)) is None


def test_one_of_another_site_opens_nothing() -> None:
    assert picture_links.read(KEYS, a_token(SealingKey(b"x" * 32)), START) is None


def test_one_that_was_changed_at_any_place_opens_nothing() -> None:
    token = a_token()
    for place, letter in enumerate(token):
        other = LETTERS[(LETTERS.index(letter) + 1) % len(LETTERS)]
        assert picture_links.read(KEYS, token[:place] + other + token[place + 1 :], START) is None, place


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: token + "A",
        lambda token: token + "==",
        lambda token: token[:-1] + "=",
        lambda token: token[:-1] + "\n",
        lambda token: token[:-1] + "é",
        lambda token: token[:-1] + "\ud800",
        lambda token: " " + token[1:],
        lambda token: "x" * 100_000,
    ],
)
def test_what_is_no_token_opens_nothing(spoil: object) -> None:
    assert callable(spoil)
    assert picture_links.read(KEYS, spoil(a_token()), START) is None


def test_the_facts_of_one_do_not_go_with_the_signature_of_another() -> None:
    mine, other = a_token(), a_token(subscription=SubscriptionId(1))
    facts = 20 * 8 // 6  # the characters that hold nothing of the signature
    assert picture_links.read(KEYS, mine[:facts] + other[facts:], START) is None
