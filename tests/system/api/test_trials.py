"""Trying rules, their accounts and flows: what is refused, what the worker is asked, and what without one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from core.crossing import Crossing
from core.errors import BadInput, Unavailable
from core.ids import CameraId
from core.line import Direction, LineId
from core.rule import RuleId, RuleKind
from events.flows import count
from events.flows.count import key_of
from tests.support.rule_desk import ACCOUNT, TRIED, FakeDesk
from tests.system.api.conftest import City, a_worker

RULE = {"name": "cars", "labels": ["car"]}
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def try_rule(city: City, rule: dict[str, Any] | None = None, **rest: Any) -> httpx2.Response:
    body = {"camera": 1, "rule": rule or RULE} | {name.rstrip("_"): value for name, value in rest.items()}
    return city.client.post("/api/v1/rules:try", json=body)


def test_the_worker_is_asked_to_try_the_rule_as_it_would_be_added(own_city: City) -> None:
    desk = FakeDesk()
    zone = own_city.client.post(
        "/api/v1/cameras/1/zones", json={"name": "z", "points": [[0, 0], [1, 0], [1, 1]]}
    ).json()
    with a_worker(own_city, {}, desk=desk):
        answer = try_rule(own_city, RULE | {"zone": zone["id"], "enabled": False, "kind": "loitering"}, last_s=600)
    assert (answer.status_code, answer.json()) == (200, TRIED.model_dump(mode="json", by_alias=True))
    (order,) = desk.orders
    rule = order.rule
    assert (rule.camera, rule.name, rule.kind) == (1, "cars", RuleKind.LOITERING)
    assert rule.labels == frozenset({"car"})
    assert rule.enabled
    assert rule.zone is not None
    assert rule.zone.id == zone["id"]
    assert rule.min_duration == timedelta(seconds=30)
    assert order.to_at - order.from_at == timedelta(minutes=10)
    assert abs(order.to_at - datetime.now(UTC)) < timedelta(seconds=20)


def test_a_time_can_be_named_by_its_ends(own_city: City) -> None:
    desk = FakeDesk()
    with a_worker(own_city, {}, desk=desk):
        assert try_rule(own_city, from_="2026-05-01T12:00:00Z", to="2026-05-01T13:00:00Z").status_code == 200
        assert try_rule(own_city).status_code == 200
    named, usual = desk.orders
    assert (named.from_at, named.to_at) == (NOON, NOON + timedelta(hours=1))
    assert usual.to_at - usual.from_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"camera": 99}, "camera"),
        ({"rule": {"name": "x", "labels": ["unicorn"]}}, "rule.labels"),
        ({"rule": {"name": "x", "labels": ["car"], "zone": 77}}, "rule.zone"),
        ({"rule": {"name": "x", "labels": ["car"], "kind": "line_crossed"}}, "rule.line"),
        ({"rule": {"name": "x", "labels": ["car"], "min_speed": 1}}, "rule.min_speed"),
        ({"rule": {"name": "", "labels": ["car"]}}, "rule.name"),
        ({"last_s": 0}, "last_s"),
        ({"last_s": 259_201}, "last_s"),
        ({"from": "2026-05-01T12:00:00Z", "to": "2026-05-01T12:00:00Z"}, "from"),
        ({"from": "2026-05-01T12:00:00Z", "to": "2026-05-05T12:00:00Z"}, "from"),
        ({"from": "2026-05-01T12:00:00", "to": "2026-05-01T13:00:00Z"}, "from"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_its_place(city: City, body: dict[str, Any], field: str) -> None:
    answer = city.client.post("/api/v1/rules:try", json={"camera": 1, "rule": RULE} | body)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


@pytest.mark.parametrize("time", [{"last_s": 60, "from": "2026-05-01T12:00:00Z"}, {"to": "2026-05-01T12:00:00Z"}])
def test_a_time_that_is_named_twice_or_by_half_is_refused(city: City, time: dict[str, Any]) -> None:
    answer = city.client.post("/api/v1/rules:try", json={"camera": 1, "rule": RULE} | time)
    assert answer.status_code == 422


def test_without_a_worker_nothing_is_tried_and_no_account_given(city: City) -> None:
    for answer in (try_rule(city), city.get("/rules/1/account")):
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.json()["hint"] == "start one: sharp-eyes worker"


def test_what_the_worker_refuses_is_told(own_city: City) -> None:
    with a_worker(own_city, {}, desk=FakeDesk(Unavailable("two rules are being tried already", hint="wait"))):
        busy = try_rule(own_city)
    assert (busy.status_code, busy.json()["detail"], busy.json()["hint"]) == (
        503,
        "two rules are being tried already",
        "wait",
    )
    with a_worker(own_city, {}, desk=FakeDesk(BadInput("it watches what moves", field="rule.kind"))):
        refused = try_rule(own_city, {"name": "x", "kind": "motion"})
    assert (refused.status_code, refused.json()["field"]) == (422, "rule.kind")


def test_the_account_comes_from_the_worker(own_city: City) -> None:
    desk = FakeDesk()
    with a_worker(own_city, {}, desk=desk):
        answer = own_city.get("/rules/1/account", camera=3)
        assert (answer.status_code, answer.json()) == (200, ACCOUNT.model_dump(mode="json"))
        nobody = own_city.get("/rules/2/account")
        assert (nobody.status_code, nobody.json()["detail"]) == (404, "nobody watches for rule 2")
        assert own_city.get("/rules/99/account").status_code == 404
        assert own_city.get("/rules/1/account", camera=99).status_code == 422
    assert desk.asked == [(1, 3), (2, None)]


@pytest.fixture
def flow(own_city: City) -> int:
    line = own_city.client.post(
        "/api/v1/cameras/1/lines", json={"name": "l", "start": [0.5, 0], "end": [0.5, 1]}
    ).json()
    body = {"name": "flow", "kind": "flow", "labels": ["car"], "line": line["id"]}
    rule = int(own_city.client.post("/api/v1/cameras/1/rules", json=body).json()["id"])
    for minutes in (0, 1, 1, 61):
        at = NOON + timedelta(minutes=minutes)
        crossing = Crossing(RuleId(rule), LineId(line["id"]), Direction.LEFT_TO_RIGHT, "car", at)
        with own_city.services.database.write() as connection:
            count.add(connection, {key_of(CameraId(1), crossing): 2})
    return rule


def test_a_flow_is_told_by_minute_and_by_hour(own_city: City, flow: int) -> None:
    time = {"from_": NOON.isoformat(), "to": (NOON + timedelta(hours=3)).isoformat()}
    minutes = own_city.get(f"/rules/{flow}/flow", step="minute", **time).json()
    assert [(item["at"][11:16], item["count"]) for item in minutes["items"]] == [
        ("12:00", 2),
        ("12:01", 4),
        ("13:01", 2),
    ]
    assert minutes["items"][0] == {
        "at": "2026-05-01T12:00:00.000Z",
        "direction": "left_to_right",
        "label": "car",
        "count": 2,
    }
    hours = own_city.get(f"/rules/{flow}/flow", **time).json()
    assert [(item["at"][11:16], item["count"]) for item in hours["items"]] == [("12:00", 6), ("13:00", 2)]
    days = own_city.get(
        f"/rules/{flow}/flow", step="day", from_="2026-04-01T00:00:00Z", to="2026-06-01T00:00:00Z"
    ).json()
    assert [(item["at"][:10], item["count"]) for item in days["items"]] == [("2026-05-01", 8)]


def test_a_flow_without_a_time_is_that_of_the_last_day(own_city: City, flow: int) -> None:
    assert own_city.get(f"/rules/{flow}/flow").json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"step": "minute", "from_": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "step"),
        ({"step": "year"}, "step"),
    ],
)
def test_a_flow_of_too_many_steps_or_of_odd_ones_is_refused(
    own_city: City, flow: int, asked: dict[str, str], field: str
) -> None:
    answer = own_city.get(f"/rules/{flow}/flow", **asked)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_rule_that_counts_nothing_has_no_flow(city: City) -> None:
    answer = city.get("/rules/1/flow")
    assert (answer.status_code, answer.json()["field"]) == (422, "rule")
    assert city.get("/rules/99/flow").status_code == 404
