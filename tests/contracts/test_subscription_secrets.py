"""What deliveries are signed with: told once, sealed, rotated with an overlap, sealed anew with the key of now."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from core.errors import BadInput, Conflict
from events.alerts import subscription_secrets, subscriptions
from events.alerts.secret_rotation import ResealedSecrets, reseal_secrets, secrets_by_key
from events.alerts.subscription import SubscriptionId
from events.alerts.tables import subscription_secret
from registry.db import Database
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from tests.support.builders import START, after
from tests.support.subscribing import a_subscription

FORMER, CURRENT = SealingKey(b"f" * 32), SealingKey(b"c" * 32)
KEYS = ring_of(CURRENT)
DAY_S = 86_400


def raw(text: str) -> bytes:
    return base64.b64decode(text.removeprefix("whsec_"))


@pytest.fixture
def number(connection: Connection) -> SubscriptionId:
    return a_subscription(connection).id


def signing(connection: Connection, number: SubscriptionId, at_s: float) -> list[bytes]:
    return subscription_secrets.in_force(connection, KEYS, number, after(at_s))


def test_a_secret_is_written_as_standard_webhooks_says(connection: Connection, number: SubscriptionId) -> None:
    text = subscription_secrets.make(connection, KEYS, number, START)
    assert text.startswith("whsec_")
    assert len(raw(text)) == 32
    assert signing(connection, number, 0) == [raw(text)]


def test_it_is_not_kept_in_clear(connection: Connection, number: SubscriptionId) -> None:
    text = subscription_secrets.make(connection, KEYS, number, START)
    sealed = connection.execute(select(subscription_secret.c.sealed)).scalar_one()
    assert raw(text) not in sealed
    assert text.encode() not in sealed


def test_one_that_is_moved_to_another_subscription_opens_nothing(
    connection: Connection, number: SubscriptionId
) -> None:
    subscription_secrets.make(connection, KEYS, number, START)
    other = a_subscription(connection, "other").id
    connection.execute(subscription_secret.update().values(subscription=other))
    with pytest.raises(BadInput, match=f"the secret of subscription {other} cannot be opened"):
        signing(connection, other, 0)


def test_after_a_rotation_both_sign_until_the_overlap_is_over(connection: Connection, number: SubscriptionId) -> None:
    old = raw(subscription_secrets.make(connection, KEYS, number, START))
    new = raw(subscription_secrets.rotate(connection, KEYS, number, after(10)))
    assert signing(connection, number, 10 + DAY_S - 1) == [new, old]
    assert subscription_secrets.others_end_at(connection, number, after(11)) == after(10 + DAY_S)
    assert signing(connection, number, 10 + DAY_S) == [new]
    assert subscription_secrets.others_end_at(connection, number, after(10 + DAY_S)) is None


def test_without_an_overlap_the_new_one_signs_alone(connection: Connection, number: SubscriptionId) -> None:
    subscription_secrets.make(connection, KEYS, number, START)
    new = raw(subscription_secrets.rotate(connection, KEYS, number, after(10), timedelta(0)))
    assert signing(connection, number, 10) == [new]


def test_a_rotation_never_lets_an_older_one_sign_for_longer(connection: Connection, number: SubscriptionId) -> None:
    first = raw(subscription_secrets.make(connection, KEYS, number, START))
    second = raw(subscription_secrets.rotate(connection, KEYS, number, START, timedelta(hours=1)))
    third = raw(subscription_secrets.rotate(connection, KEYS, number, START, timedelta(days=7)))
    assert signing(connection, number, 3599) == [third, second, first]
    assert signing(connection, number, 3600) == [third, second]


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, seconds=1)])
def test_an_overlap_beyond_seven_days_is_refused(
    connection: Connection, number: SubscriptionId, overlap: timedelta
) -> None:
    with pytest.raises(BadInput, match="expected 0 to 604800") as caught:
        subscription_secrets.rotate(connection, KEYS, number, START, overlap)
    assert caught.value.field == "overlap_s"


def test_five_sign_at_most_and_no_overlap_ends_the_others(connection: Connection, number: SubscriptionId) -> None:
    subscription_secrets.make(connection, KEYS, number, START)
    for _ in range(4):
        subscription_secrets.rotate(connection, KEYS, number, START)
    assert len(signing(connection, number, 1)) == 5
    with pytest.raises(Conflict, match="5 secrets of subscription"):
        subscription_secrets.rotate(connection, KEYS, number, START)
    last = raw(subscription_secrets.rotate(connection, KEYS, number, START, timedelta(0)))
    assert signing(connection, number, 1) == [last]


def test_those_of_a_removed_subscription_are_gone(connection: Connection, number: SubscriptionId) -> None:
    subscription_secrets.make(connection, KEYS, number, START)
    subscriptions.remove(connection, number, START)
    assert connection.execute(select(subscription_secret)).all() == []


class TestAnotherSealingKey:
    def test_every_secret_opens_with_the_new_key_alone(self, database: Database) -> None:
        with database.write() as connection:
            number = a_subscription(connection).id
            texts = [subscription_secrets.make(connection, ring_of(FORMER), number, START) for _ in range(2)]
        told: list[int] = []
        assert reseal_secrets(database, ring_of(CURRENT, FORMER), told.append) == ResealedSecrets(sealed=2)
        assert told == [2]
        with database.read() as connection:
            assert signing(connection, number, 0) == [raw(text) for text in reversed(texts)]
            assert secrets_by_key(connection) == {CURRENT.id: 2}
        assert reseal_secrets(database, ring_of(CURRENT, FORMER)) == ResealedSecrets()

    def test_one_that_no_key_opens_is_told_and_left_as_it_is(self, database: Database) -> None:
        with database.write() as connection:
            lost, kept = (a_subscription(connection, name).id for name in ("lost", "kept"))
            subscription_secrets.make(connection, ring_of(SealingKey(b"x" * 32)), lost, START)
            subscription_secrets.make(connection, ring_of(FORMER), kept, START)
        assert reseal_secrets(database, ring_of(CURRENT, FORMER)) == ResealedSecrets(sealed=1, unopened=[lost])
        with database.read() as connection:
            assert len(signing(connection, kept, 0)) == 1
            with pytest.raises(BadInput, match="cannot be opened"):
                signing(connection, lost, 0)
