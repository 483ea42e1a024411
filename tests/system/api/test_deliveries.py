"""Deliveries over HTTP: read, tested and told again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from events.alerts.deliveries import DeliveryId, DeliveryKind, DeliveryState
from events.alerts.subscription import SubscriptionId
from events.alerts.tables import delivery, delivery_attempt
from registry.audit.entry import Act
from registry.server_clock import server_time
from tests.support.builders import START, after
from tests.support.subscribing import a_delivery
from tests.system.api.signing import recorded, refusal
from tests.system.api.subscribed_town import Town, a_subscribed_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_subscribed_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture
def number(town: Town) -> SubscriptionId:
    return SubscriptionId(town.made_by()["id"])


def told(town: Town, number: SubscriptionId, *states: DeliveryState, **more: Any) -> list[DeliveryId]:
    """Deliveries of an event in each of these states, made a second after each other."""
    with town.city.services.database.write() as connection:
        return [
            a_delivery(connection, number, at=after(n), state=state, event=n + 1, **more)
            for n, state in enumerate(states)
        ]


def read(town: Town, one: int, asker: str = "water operator") -> dict[str, Any]:
    found: dict[str, Any] = town.ask(asker, "GET", f"/deliveries/{one}").json()
    return found


def listed(town: Town, number: int, query: str = "") -> list[dict[str, Any]]:
    answer = town.ask("water operator", "GET", f"/subscriptions/{number}/deliveries{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


class TestReading:
    def test_one_is_shown_with_its_attempts(self, town: Town, number: SubscriptionId) -> None:
        [one] = told(town, number, DeliveryState.DEAD, reason="it was tried for 24 hours")
        row = {"delivery": one, "n": 1, "at": START, "took_ms": 12, "status": 500, "error": "it answered 500"}
        with town.city.services.database.write() as connection:
            connection.execute(insert(delivery_attempt), row | {"answer": "<script>alert(1)</script>"})
        assert read(town, one, "water admin") == {
            "id": one,
            "subscription": number,
            "kind": "event",
            "event": "1",
            "notice": None,
            "moment": "started",
            "message_id": f"1.1.{number}",
            "state": "dead",
            "reason": "it was tried for 24 hours",
            "made_at": "2026-03-01T12:00:00.000Z",
            "due_at": None,
            "attempts": 1,
            "first_try_at": "2026-03-01T12:00:00.000Z",
            "ended_at": "2026-03-01T12:00:00.000Z",
            "replay_of": None,
            "events": ["1"],
            "tries": [
                {
                    "n": 1,
                    "at": "2026-03-01T12:00:00.000Z",
                    "took_ms": 12,
                    "status": 500,
                    "error": "it answered 500",
                    "answer": "<script>alert(1)</script>",
                }
            ],
        }

    def test_what_the_receiver_answered_is_for_those_who_may_see_its_address(
        self, town: Town, number: SubscriptionId
    ) -> None:
        [one] = told(town, number, DeliveryState.DEAD)
        row = {"delivery": one, "n": 1, "at": START, "took_ms": 12, "status": 404, "error": "HTTP 404"}
        with town.city.services.database.write() as connection:
            connection.execute(insert(delivery_attempt), row | {"answer": "Cannot POST /hook/a-token"})
        answers = {asker: read(town, one, asker)["tries"][0]["answer"] for asker in ("water operator", "water admin")}
        assert answers == {"water operator": "", "water admin": "Cannot POST /hook/a-token"}

    def test_the_list_is_newest_first_and_takes_filters(self, town: Town, number: SubscriptionId) -> None:
        first, second, third = told(town, number, DeliveryState.DEAD, DeliveryState.WAITING, DeliveryState.DEAD)

        def ids(query: str = "") -> list[int]:
            return [one["id"] for one in listed(town, number, query)]

        assert ids() == [third, second, first]
        assert ids("?state=dead") == [third, first]
        assert ids("?from=2026-03-01T12:00:01Z&to=2026-03-01T12:00:02Z") == [second]
        assert ids(f"?limit=2&cursor={third}") == [second, first]
        assert listed(town, number)[1]["due_at"] == "2026-03-01T12:00:01.000Z"

    @pytest.mark.parametrize("query", ["state=gone", "from=yesterday", "cursor=x", "limit=0", "until=1"])
    def test_a_filter_that_cannot_be_is_refused(self, town: Town, number: SubscriptionId, query: str) -> None:
        answer = town.ask("water operator", "GET", f"/subscriptions/{number}/deliveries?{query}")
        assert (answer.status_code, answer.json()["field"]) == (422, query.partition("=")[0])

    def test_those_of_a_removed_subscription_stay_readable(self, town: Town, number: SubscriptionId) -> None:
        [one] = told(town, number, DeliveryState.DELIVERED)
        town.ask("water admin", "DELETE", f"/subscriptions/{number}")
        assert [found["id"] for found in listed(town, number)] == [one]
        assert read(town, one)["id"] == one
        answer = town.ask("water admin", "POST", f"/deliveries/{one}:replay")
        assert refusal(answer) == (409, "conflict", f"subscription {number} was removed: nothing is sent")


class TestTests:
    def test_one_waits_to_be_sent_and_is_found_by_its_address(self, town: Town, number: SubscriptionId) -> None:
        answer = town.ask("water admin", "POST", f"/subscriptions/{number}:test")
        made = answer.json()
        assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/deliveries/{made['id']}")
        assert (made["kind"], made["state"], made["event"]) == ("test", "waiting", None)
        assert read(town, made["id"]) == {**made, "events": [], "tries": []}
        health = town.ask("water operator", "GET", f"/subscriptions/{number}").json()["health"]
        assert health["waiting"] == {"count": 1, "at_least": False}

    def test_another_one_is_a_conflict_while_it_waits_or_nothing_is_sent(
        self, town: Town, number: SubscriptionId
    ) -> None:
        path = f"/subscriptions/{number}"
        made = town.ask("water admin", "POST", f"{path}:test").json()
        status, code, words = refusal(town.ask("water admin", "POST", f"{path}:test"))
        assert (status, code) == (409, "conflict")
        assert f"delivery {made['id']}" in words
        town.ask("water admin", "POST", f"{path}:pause")
        assert "is paused" in refusal(town.ask("water admin", "POST", f"{path}:test"))[2]


class TestTellingAgain:
    def test_one_is_told_again_under_the_same_id(self, town: Town, number: SubscriptionId) -> None:
        [one] = told(town, number, DeliveryState.DEAD)
        answer = town.ask("water admin", "POST", f"/deliveries/{one}:replay")
        made = answer.json()
        assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/deliveries/{made['id']}")
        assert (made["message_id"], made["state"], made["replay_of"]) == (f"1.1.{number}", "waiting", one)
        [row] = recorded(town.city, Act.CHANGE, number)
        assert row.detail == f'{{"delivery": {made["id"]}, "replay_of": {one}}}'

    def test_what_waits_is_a_conflict_and_operators_tell_nothing_again(
        self, town: Town, number: SubscriptionId
    ) -> None:
        waiting, ended = told(town, number, DeliveryState.WAITING, DeliveryState.DEAD)
        assert refusal(town.ask("water admin", "POST", f"/deliveries/{waiting}:replay"))[:2] == (409, "conflict")
        assert refusal(town.ask("water operator", "POST", f"/deliveries/{ended}:replay"))[:2] == (403, "forbidden")

    def test_a_span_of_time_is_told_again_and_says_how_many(self, town: Town, number: SubscriptionId) -> None:
        found = told(town, number, DeliveryState.DEAD, DeliveryState.DELIVERED, DeliveryState.WITHHELD)
        span: dict[str, Any] = {"from": "2026-03-01T12:00:00Z", "to": "2026-03-01T12:00:02Z"}
        path = f"/subscriptions/{number}:replay"
        answer = town.ask("water admin", "POST", path, **span)
        assert answer.json() == {"replayed": 2, "more": False, "next_from": None}
        assert {one["replay_of"] for one in listed(town, number, "?state=waiting")} == set(found[:2])
        assert town.ask("water admin", "POST", path, **span).json()["replayed"] == 0
        first, second = recorded(town.city, Act.CHANGE, number)
        assert '"deliveries": 2' in first.detail
        assert '"deliveries": 0' in second.detail

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "from"),
            ({"from": "2026-03-01T12:00:00Z"}, "to"),
            ({"from": "2026-03-01T12:00:00", "to": "2026-03-01T13:00:00Z"}, "from"),
            ({"from": "2026-03-01T12:00:00Z", "to": "2026-03-01T12:00:00Z"}, "body"),
            ({"from": 0, "to": "2026-03-01T12:00:00Z"}, "from"),
        ],
    )
    def test_a_span_that_cannot_be_is_refused(
        self, town: Town, number: SubscriptionId, body: dict[str, Any], field: str
    ) -> None:
        answer = town.ask("water admin", "POST", f"/subscriptions/{number}:replay", **body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text

    def test_more_than_one_request_tells_again_is_told_again_by_the_next(
        self, town: Town, number: SubscriptionId
    ) -> None:
        row = {
            "subscription": number,
            "kind": DeliveryKind.EVENT.value,
            "moment": "started",
            "message_id": "x",
            "state": DeliveryState.DELIVERED.value,
            "due_at": START,
            "ended_at": START,
        }
        with town.city.services.database.write() as connection:
            connection.execute(insert(delivery), [{**row, "made_at": after(n)} for n in range(10_003)])

        def replayed(begin: str) -> dict[str, Any]:
            span: dict[str, Any] = {"from": begin, "to": "2026-03-02T12:00:00Z"}
            found: dict[str, Any] = town.ask("water admin", "POST", f"/subscriptions/{number}:replay", **span).json()
            return found

        first = replayed("2026-03-01T12:00:00Z")
        assert first == {"replayed": 10_000, "more": True, "next_from": "2026-03-01T14:46:40.000Z"}
        assert replayed(first["next_from"]) == {"replayed": 3, "more": False, "next_from": None}
        health = town.ask("water operator", "GET", f"/subscriptions/{number}").json()["health"]
        assert health["waiting"] == {"count": 10_000, "at_least": True}


def test_health_tells_of_what_was_given_up(town: Town, number: SubscriptionId) -> None:
    told(town, number, DeliveryState.DEAD, DeliveryState.DELIVERED)
    with town.city.services.database.write() as connection:
        now = server_time(connection)
        recent = update(delivery).where(delivery.c.subscription == number).values(ended_at=now - timedelta(minutes=1))
        connection.execute(recent)
        ended_at = connection.scalar(select(delivery.c.ended_at).where(delivery.c.subscription == number).limit(1))
    health = town.ask("water operator", "GET", f"/subscriptions/{number}").json()["health"]
    assert health["dead"] == {"count": 1, "at_least": False}
    assert health["per_minute"] == 0.2
    assert ended_at is not None
    assert health["last_success_at"].startswith(f"{ended_at:%Y-%m-%dT%H:%M:%S}")
