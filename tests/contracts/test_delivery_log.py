"""The log of deliveries: found newest first, told again under the same id, and summed up."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from core.errors import Conflict, NotFound
from core.ids import EventId
from events.alerts import delivery_log, replays, subscriptions
from events.alerts.deliveries import DeliveryId, DeliveryKind, DeliveryState
from events.alerts.delivery_log import Attempt, DeliveryFilter
from events.alerts.subscription import Subscription, SubscriptionId
from events.alerts.subscription_health import Circuit, Count, health_of
from events.alerts.tables import alert_endpoint, delivery, delivery_attempt, delivery_event
from registry.server_clock import server_time
from tests.support.builders import START, after
from tests.support.subscribing import a_delivery, a_subscription

ENDED = (DeliveryState.DELIVERED, DeliveryState.DEAD, DeliveryState.WITHHELD)


@pytest.fixture
def some(connection: Connection) -> Subscription:
    return a_subscription(connection)


@pytest.fixture
def number(some: Subscription) -> SubscriptionId:
    return some.id


def a_group(connection: Connection, of: SubscriptionId, events: int, *, at_s: float = 0) -> DeliveryId:
    made = a_delivery(connection, of, at=after(at_s), kind=DeliveryKind.GROUP)
    rows = [{"delivery": made, "event": event, "version": 1, "moment": "started"} for event in range(1, events + 1)]
    connection.execute(insert(delivery_event), rows)
    return made


class TestLog:
    def test_pages_are_newest_first_and_have_each_once(self, connection: Connection, number: SubscriptionId) -> None:
        made = [a_delivery(connection, number, at=after(at_s)) for at_s in (5, 1, 5, 3, 5)]
        found: list[DeliveryId] = []
        cursor = None
        while True:
            page = delivery_log.list_deliveries(connection, number, cursor=cursor, limit=2)
            found += [one.id for one in page.items]
            if page.next is None:
                break
            cursor = page.next
        assert found == [made[4], made[2], made[0], made[3], made[1]]

    def test_a_page_does_not_tell_when_a_delivery_of_another_subscription_was_made(
        self, connection: Connection, number: SubscriptionId
    ) -> None:
        a_delivery(connection, number, at=after(1))
        hidden = a_delivery(connection, a_subscription(connection, "other").id, at=after(2))
        assert delivery_log.list_deliveries(connection, number, cursor=hidden).items == ()

    def test_those_of_a_state_or_a_time_are_found(self, connection: Connection, number: SubscriptionId) -> None:
        first, second, third = (
            a_delivery(connection, number, at=after(at_s), state=state)
            for at_s, state in enumerate((DeliveryState.DEAD, DeliveryState.DELIVERED, DeliveryState.DEAD))
        )
        a_delivery(connection, a_subscription(connection, "other").id)

        def found(asked: DeliveryFilter) -> list[DeliveryId]:
            return [one.id for one in delivery_log.list_deliveries(connection, number, asked=asked).items]

        assert found(DeliveryFilter(state=DeliveryState.DEAD)) == [third, first]
        assert found(DeliveryFilter(from_at=after(1))) == [third, second]
        assert found(DeliveryFilter(to_at=after(1))) == [first]

    def test_attempts_and_events_come_in_their_order(self, connection: Connection, number: SubscriptionId) -> None:
        group, single = a_group(connection, number, 3), a_delivery(connection, number, event=7)
        tries = [Attempt(n, after(n), 12, 500, "it answered 500", "oh") for n in (1, 2)]
        rows = [
            {"delivery": group, "n": one.n, "at": one.at, "took_ms": 12, "status": 500, "error": one.error}
            for one in reversed(tries)
        ]
        connection.execute(insert(delivery_attempt), [{**row, "answer": "oh"} for row in rows])
        assert delivery_log.attempts_of(connection, group) == tries
        assert delivery_log.events_of(connection, delivery_log.get(connection, group), 2) == [EventId(1), EventId(2)]
        assert delivery_log.events_of(connection, delivery_log.get(connection, single), 2) == [EventId(7)]


class TestTellingAgain:
    @pytest.mark.parametrize("state", ENDED)
    def test_what_has_ended_is_repeated_under_the_same_id(
        self, connection: Connection, number: SubscriptionId, state: DeliveryState
    ) -> None:
        before = delivery_log.get(connection, a_delivery(connection, number, state=state, reason="so"))
        made = replays.replay(connection, before.id)
        assert (made.message_id, made.event, made.version, made.kind) == (before.message_id, EventId(1), 1, before.kind)
        assert (made.state, made.attempts, made.reason, made.replay_of) == (DeliveryState.WAITING, 0, "", before.id)
        assert made.ended_at is made.first_try_at is None
        assert made.due_at == made.made_at > before.made_at
        assert delivery_log.get(connection, before.id) == before

    def test_one_of_a_group_has_its_events(self, connection: Connection, number: SubscriptionId) -> None:
        made = replays.replay(connection, a_group(connection, number, 3))
        assert delivery_log.events_of(connection, made, 100) == [EventId(1), EventId(2), EventId(3)]

    def test_what_waits_is_not_repeated(self, connection: Connection, number: SubscriptionId) -> None:
        waiting = a_delivery(connection, number, state=DeliveryState.WAITING)
        with pytest.raises(Conflict, match=f"delivery {waiting} is waiting itself"):
            replays.replay(connection, waiting)
        with pytest.raises(NotFound, match="there is no delivery 99"):
            replays.replay(connection, DeliveryId(99))

    def test_what_is_being_repeated_is_not_repeated_again(self, connection: Connection, number: SubscriptionId) -> None:
        ended = a_delivery(connection, number)
        first = replays.replay(connection, ended)
        with pytest.raises(Conflict, match=f"by delivery {first.id}"):
            replays.replay(connection, ended)
        connection.execute(update(delivery).where(delivery.c.id == first.id).values(ended_at=START, state="dead"))
        assert replays.replay(connection, ended).id > first.id


class TestTellingASpanAgain:
    def test_it_has_what_ended_and_was_made_then(self, connection: Connection, number: SubscriptionId) -> None:
        a_delivery(connection, number, at=after(-1))
        found = [a_delivery(connection, number, at=after(n), state=state) for n, state in enumerate(ENDED)]
        a_delivery(connection, number, at=after(3))
        a_delivery(connection, number, at=after(1), state=DeliveryState.WAITING)
        a_delivery(connection, number, at=after(1), kind=DeliveryKind.TEST)
        a_delivery(connection, number, at=after(1), replay_of=found[0])
        a_delivery(connection, a_subscription(connection, "other").id, at=after(1))
        asked = replays.replayable(connection, number, START, after(3))
        assert (asked.numbers, asked.more) == (tuple(found), False)

    def test_what_is_being_repeated_is_left_out(self, connection: Connection, number: SubscriptionId) -> None:
        first, second = (a_delivery(connection, number, at=after(n)) for n in range(2))
        replays.replay(connection, first)
        assert replays.replayable(connection, number, START, after(9)).numbers == (second,)

    def test_one_request_has_a_bounded_number_and_says_where_the_rest_begins(
        self, connection: Connection, number: SubscriptionId
    ) -> None:
        found = tuple(a_delivery(connection, number, at=after(n)) for n in range(3))
        asked = replays.replayable(connection, number, START, after(9), most=2)
        assert (asked.numbers, asked.more, asked.next_from) == (found[:2], True, after(2))
        rest = replays.replayable(connection, number, after(2), after(9), most=2)
        assert (rest.numbers, rest.more, rest.next_from) == (found[2:], False, None)

    def test_all_of_it_is_repeated_in_portions_that_a_transaction_takes(
        self, connection: Connection, number: SubscriptionId
    ) -> None:
        found = [a_delivery(connection, number, at=after(n)) for n in range(600)]
        found.append(a_group(connection, number, 450, at_s=600))
        portions = list(replays.replayable(connection, number, START, after(9999)).portions())
        assert [len(one) for one in portions] == [500, 100, 1]
        assert [replays.replay_all(connection, one) for one in portions] == [500, 100, 1]
        repeated = select(delivery.c.replay_of).where(delivery.c.replay_of.is_not(None)).order_by(delivery.c.id)
        assert list(connection.scalars(repeated)) == found
        assert replays.replayable(connection, number, START, after(9999)).numbers == ()


class TestTests:
    def test_one_tells_of_nothing_and_has_an_id_of_its_own(self, connection: Connection, some: Subscription) -> None:
        made = replays.test(connection, some)
        assert (made.kind, made.state, made.event) == (DeliveryKind.TEST, DeliveryState.WAITING, None)
        connection.execute(update(delivery).values(ended_at=START))
        assert replays.test(connection, some).message_id != made.message_id

    def test_a_second_one_waits_for_the_first(self, connection: Connection, some: Subscription) -> None:
        first = replays.test(connection, some)
        with pytest.raises(Conflict, match=f"on its way already: delivery {first.id}"):
            replays.test(connection, some)

    def test_a_paused_one_is_not_tested(self, connection: Connection, some: Subscription) -> None:
        with pytest.raises(Conflict, match="is paused: nothing is sent"):
            replays.test(connection, subscriptions.pause(connection, some.id, START))


class TestHealth:
    def test_it_sums_up_what_became_of_deliveries(self, connection: Connection, some: Subscription) -> None:
        now = server_time(connection)
        ago = {seconds: now - timedelta(seconds=seconds) for seconds in (1, 400, 90_000)}
        for _ in range(3):
            a_delivery(connection, some.id, state=DeliveryState.WAITING)
        a_delivery(connection, some.id, at=ago[1], state=DeliveryState.DEAD)
        a_delivery(connection, some.id, at=ago[90_000], state=DeliveryState.DEAD)
        for seconds in (1, 1, 400):
            a_delivery(connection, some.id, at=ago[seconds])
        other = a_subscription(connection, "other")
        found = health_of(connection, [some, other])
        assert (found[some.id].waiting, found[some.id].dead) == (Count(3, False), Count(1, False))
        assert (found[some.id].last_success_at, found[some.id].per_minute) == (ago[1], 2 / 5)
        assert (found[other.id].waiting.count, found[other.id].last_success_at) == (0, None)

    def test_a_circuit_is_told_while_it_is_open(self, connection: Connection, some: Subscription) -> None:
        now = server_time(connection)

        def circuit() -> Circuit | None:
            return health_of(connection, [some])[some.id].circuit

        row = {"origin": some.origin, "failures": 5, "reason": "it answered 500", "changed_at": now}
        connection.execute(insert(alert_endpoint), row | {"shut_until": now + timedelta(minutes=1)})
        assert circuit() == Circuit(now + timedelta(minutes=1), "it answered 500")
        connection.execute(update(alert_endpoint).values(shut_until=now - timedelta(seconds=1)))
        assert circuit() is None
