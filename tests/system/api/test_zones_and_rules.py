import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from registry import version
from tests.system.api.conftest import City

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]


def added(city: City, path: str, **fields: Any) -> dict[str, Any]:
    answer = city.client.post(f"/api/v1{path}", json=fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def changed(city: City, path: str, **fields: Any) -> dict[str, Any]:
    answer = city.client.patch(f"/api/v1{path}", json=fields)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_zone_is_added_changed_and_removed(own_city: City) -> None:
    zone = added(own_city, "/cameras/1/zones", name="gate", points=SQUARE)
    assert zone == {"id": zone["id"], "camera": 1, "name": "gate", "points": SQUARE}
    assert changed(own_city, f"/zones/{zone['id']}", name="door") == {**zone, "name": "door"}
    triangle = SQUARE[:3]
    assert changed(own_city, f"/zones/{zone['id']}", points=triangle)["points"] == triangle
    assert own_city.client.delete(f"/api/v1/zones/{zone['id']}").status_code == 204
    assert own_city.get("/cameras/1/zones").json()["items"] == []


@pytest.mark.parametrize(
    "points",
    [
        SQUARE[:2],
        [[0, 0], [1, 1], [1, 0], [0, 1]],
        [[0, 0], [0.5, 0.5], [1, 1]],
        [[0, 0], [1, 0], [1.1, 1]],
        [[0, 0], [1, 0], [1, 1, 1]],
        [[0, 0]] * 65,
        [[float("nan"), 0], [1, 0], [1, 1]],
        [[float("inf"), 0], [1, 0], [1, 1]],
        "all of it",
    ],
)
def test_corners_that_make_no_polygon_are_refused(city: City, points: Any) -> None:
    body = json.dumps({"name": "bad", "points": points}).encode()
    answer = city.client.post("/api/v1/cameras/1/zones", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"].startswith("points")


def test_a_rule_is_added_changed_and_removed(own_city: City) -> None:
    zone = added(own_city, "/cameras/1/zones", name="gate", points=SQUARE)
    rule = added(own_city, "/cameras/1/rules", name="people", labels=["person", "bus"], zone=zone["id"])
    assert rule == {
        "id": rule["id"],
        "camera": 1,
        "department": None,
        "name": "people",
        "kind": "object_in_zone",
        "labels": ["bus", "person"],
        "zone": zone["id"],
        "line": None,
        "direction": None,
        "min_duration_s": 1.0,
        "min_score": 0.4,
        "min_size": 0.0,
        "min_path": 0.0,
        "min_speed": None,
        "min_count": None,
        "hours": [],
        "cool_down_s": 0.0,
        "once_per_track": False,
        "severity": 4,
        "enabled": True,
    }
    assert changed(own_city, f"/rules/{rule['id']}", severity=1) == {**rule, "severity": 1}
    assert own_city.client.delete(f"/api/v1/zones/{zone['id']}").status_code == 409
    assert changed(own_city, f"/rules/{rule['id']}", zone=None)["zone"] is None
    assert own_city.client.delete(f"/api/v1/zones/{zone['id']}").status_code == 204
    assert own_city.client.delete(f"/api/v1/rules/{rule['id']}").status_code == 204
    assert [one["name"] for one in own_city.get("/cameras/1/rules").json()["items"]] == ["anything"]


def test_a_rule_takes_zones_of_its_own_camera_alone(own_city: City) -> None:
    zone = added(own_city, "/cameras/2/zones", name="gate", points=SQUARE)
    body = {"name": "people", "labels": ["person"], "zone": zone["id"]}
    answer = own_city.client.post("/api/v1/cameras/1/rules", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "zone")
    answer = own_city.client.patch("/api/v1/rules/1", json={"zone": zone["id"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "zone")
    answer = own_city.client.patch("/api/v1/rules/1", json={"zone": 999})
    assert (answer.status_code, answer.json()["field"]) == (422, "zone")


def test_a_label_that_the_detector_does_not_know_is_refused_with_those_it_knows(city: City) -> None:
    answer = city.client.patch("/api/v1/rules/1", json={"labels": ["person", "giraffe"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "labels")
    assert "giraffe" in answer.json()["detail"]
    assert "bicycle" in answer.json()["detail"]


@pytest.mark.parametrize("database", ["own_city", "postgres_city"])
def test_changes_of_different_fields_at_the_same_time_all_last(request: pytest.FixtureRequest, database: str) -> None:
    city: City = request.getfixturevalue(database)
    fields: list[dict[str, Any]] = [{"min_score": 0.9}, {"severity": 1}, {"labels": ["bus"]}, {"min_duration_s": 3}]

    def change(n: int) -> int:
        return city.client.patch("/api/v1/rules/1", json=fields[n % 4]).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(change, range(4))) == {200}
    rule = city.get("/cameras/1/rules").json()["items"][0]
    assert (rule["min_score"], rule["severity"], rule["labels"], rule["min_duration_s"]) == (0.9, 1, ["bus"], 3.0)


def test_each_change_raises_the_version_that_workers_poll(own_city: City) -> None:
    def now() -> int:
        with own_city.services.database.read() as connection:
            return version.current(connection)

    before = now()
    changed(own_city, "/rules/1", enabled=False)
    assert now() > before
