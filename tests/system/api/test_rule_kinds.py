"""Rules of ten kinds, on cameras and on departments."""

from typing import Any

import pytest

from registry.snapshot import snapshot
from tests.system.api.conftest import City
from tests.system.api.test_zones_and_rules import SQUARE, added, changed

NIGHT = {"days": ["monday", "friday"], "begin": "22:00", "end": "06:30", "time_zone": "Asia/Shanghai"}
BY_KIND: dict[str, dict[str, Any]] = {
    "object_in_zone": {"labels": ["person"], "once_per_track": True},
    "intrusion": {"labels": ["person"], "zone": "zone", "min_path": 0.1},
    "line_crossed": {"labels": ["car"], "line": "line", "direction": "left_to_right"},
    "wrong_way": {"labels": ["car"], "line": "line", "cool_down_s": 1.5},
    "loitering": {"labels": ["person"], "zone": "zone"},
    "crowding": {"labels": ["person"], "min_count": 5},
    "flow": {"labels": ["car"], "line": "line", "min_count": 100},
    "fast_motion": {"labels": ["car"], "min_speed": 0.5, "min_size": 0.01},
    "motion": {"min_size": 0.1},
    "stream_lost": {"hours": [NIGHT]},
}
SECONDS = {"loitering": 30.0, "stream_lost": 30.0, "line_crossed": 0.0, "flow": 0.0}


def on_camera(city: City, fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` with the numbers of a zone and a line of camera 1, where they need any."""
    made = dict(fields)
    if "zone" in fields:
        made["zone"] = added(city, "/cameras/1/zones", name="gate", points=SQUARE)["id"]
    if "line" in fields:
        made["line"] = added(city, "/cameras/1/lines", name="stop", start=[0, 0.5], end=[1, 0.5])["id"]
    return made


def refused(city: City, path: str, fields: dict[str, Any], *, change: bool = False) -> tuple[str, str]:
    """Field and detail of the refusal."""
    answer = (city.client.patch if change else city.client.post)(f"/api/v1{path}", json=fields)
    assert answer.status_code == 422, answer.text
    return answer.json()["field"], answer.json()["detail"]


@pytest.mark.parametrize("kind", BY_KIND)
def test_each_kind_is_kept_with_its_usual_duration(own_city: City, kind: str) -> None:
    fields = on_camera(own_city, BY_KIND[kind])
    rule = added(own_city, "/cameras/1/rules", name="one", kind=kind, **fields)
    assert {name: rule[name] for name in fields} == fields
    assert (rule["kind"], rule["min_duration_s"]) == (kind, SECONDS.get(kind, 1.0))
    assert rule in own_city.get("/cameras/1/rules").json()["items"]


@pytest.mark.parametrize(
    ("kind", "without"),
    [
        ("intrusion", "zone"),
        ("line_crossed", "line"),
        ("wrong_way", "line"),
        ("flow", "line"),
        ("crowding", "min_count"),
        ("fast_motion", "min_speed"),
        ("object_in_zone", "labels"),
    ],
)
def test_what_a_kind_needs_is_told_by_its_field(city: City, kind: str, without: str) -> None:
    fields = {name: value for name, value in BY_KIND[kind].items() if name not in (without, "zone", "line")}
    field, detail = refused(city, "/cameras/1/rules", {"name": "bad", "kind": kind, **fields})
    assert field == without
    assert f"has no {without}" in detail


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("motion", "labels", ["person"]),
        ("motion", "min_score", 0.5),
        ("stream_lost", "min_size", 0.5),
        ("crowding", "once_per_track", True),
        ("object_in_zone", "direction", "left_to_right"),
        ("object_in_zone", "min_count", 3),
        ("object_in_zone", "min_speed", 1),
    ],
)
def test_what_a_kind_does_not_take_is_told_by_its_field(city: City, kind: str, field: str, value: Any) -> None:
    fields = {"name": "bad", "kind": kind, **BY_KIND[kind], field: value}
    told, detail = refused(city, "/cameras/1/rules", fields)
    assert told == field
    assert "leave it out" in detail


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"hours": [{"days": []}]}, "hours[0].days"),
        ({"hours": [NIGHT, {"begin": "24:00"}]}, "hours[1].begin"),
        ({"hours": [{"end": "6:00"}]}, "hours[0].end"),
        ({"hours": [{"begin": "\u0662\u0662:00"}]}, "hours[0].begin"),
        ({"hours": [NIGHT, {"time_zone": "Mars/Olympus"}]}, "hours[1].time_zone"),
        ({"hours": [{"time_zone": "../../etc/passwd"}]}, "hours[0].time_zone"),
        ({"hours": [{"weeks": 2}]}, "hours[0].weeks"),
        ({"min_size": 1.5}, "min_size"),
        ({"min_path": -1}, "min_path"),
        ({"min_speed": 0}, "min_speed"),
        ({"min_count": 0}, "min_count"),
        ({"cool_down_s": -1}, "cool_down_s"),
        ({"line": 999}, "line"),
        ({"direction": "up"}, "direction"),
        ({"min_duration_s": None}, "min_duration_s"),
    ],
)
def test_nonsense_in_a_field_is_told_with_its_place(city: City, fields: dict[str, Any], field: str) -> None:
    assert refused(city, "/cameras/1/rules", {"name": "bad", "labels": ["person"], **fields})[0] == field
    assert refused(city, "/rules/1", fields, change=True)[0] == field


def test_hours_are_told_as_they_were_said_with_defaults_filled_in(own_city: City) -> None:
    said = [NIGHT, {"begin": "08:00:30"}]
    rule = added(own_city, "/cameras/1/rules", name="night", labels=["person"], hours=said)
    week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    assert rule["hours"] == [NIGHT, {"days": week, "begin": "08:00:30", "end": "00:00", "time_zone": "UTC"}]
    assert changed(own_city, f"/rules/{rule['id']}", severity=1)["hours"] == rule["hours"]
    assert changed(own_city, f"/rules/{rule['id']}", hours=[])["hours"] == []


def test_a_change_of_kind_is_checked_against_all_that_the_rule_says(own_city: City) -> None:
    assert refused(own_city, "/rules/1", {"kind": "crowding"}, change=True)[0] == "min_count"
    assert refused(own_city, "/rules/1", {"kind": "motion"}, change=True)[0] == "labels"
    crowd = changed(own_city, "/rules/1", kind="crowding", min_count=3)
    assert (crowd["kind"], crowd["min_count"], crowd["min_duration_s"]) == ("crowding", 3, 1.0)
    assert refused(own_city, "/rules/1", {"min_count": None}, change=True)[0] == "min_count"
    assert changed(own_city, "/rules/1", kind="motion", labels=[], min_count=None)["labels"] == []


def test_a_rule_watches_lines_of_its_own_camera_alone(own_city: City) -> None:
    line = added(own_city, "/cameras/2/lines", name="stop", start=[0, 0.5], end=[1, 0.5])["id"]
    fields = {"name": "over", "kind": "line_crossed", "labels": ["car"], "line": line}
    assert refused(own_city, "/cameras/1/rules", fields)[0] == "line"
    assert refused(own_city, "/rules/1", {"kind": "line_crossed", "line": line}, change=True)[0] == "line"


class TestOfDepartments:
    def test_a_rule_applies_to_each_camera_of_the_department_and_is_listed_there(self, own_city: City) -> None:
        rule = added(own_city, "/departments/1/rules", name="nobody at night", labels=["person"], hours=[NIGHT])
        assert (rule["camera"], rule["department"]) == (None, 1)
        assert own_city.get("/departments/1/rules").json()["items"] == [rule]
        assert own_city.get("/departments/2/rules").json()["items"] == []
        own, standing = own_city.get("/cameras/3/rules").json()["items"]
        assert (own["camera"], own["department"], standing) == (3, None, rule)
        with own_city.services.database.read() as connection:
            watched = snapshot(connection).cameras
        assert all(any(one.id == rule["id"] for one in camera.rules) for camera in watched)

    def test_a_camera_that_moves_away_is_not_watched_by_it_any_more(self, own_city: City) -> None:
        rule = added(own_city, "/departments/1/rules", name="all", labels=["person"])
        changed(own_city, "/cameras/3", department=2)
        assert rule not in own_city.get("/cameras/3/rules").json()["items"]
        assert rule in own_city.get("/cameras/4/rules").json()["items"]

    def test_it_is_changed_and_removed_like_any_rule(self, own_city: City) -> None:
        rule = added(own_city, "/departments/1/rules", name="all", labels=["person"])
        crowd = changed(own_city, f"/rules/{rule['id']}", kind="crowding", min_count=7, zone=None)
        assert crowd == {**rule, "kind": "crowding", "min_count": 7}
        assert own_city.client.delete(f"/api/v1/rules/{rule['id']}").status_code == 204
        assert own_city.get("/departments/1/rules").json()["items"] == []

    def test_it_takes_no_zone_no_line_and_no_kind_that_needs_one(self, own_city: City) -> None:
        plain = {"name": "all", "labels": ["person"]}
        field, detail = refused(own_city, "/departments/1/rules", {**plain, "zone": 1})
        assert field == "zone"
        assert "belongs to one camera" in detail
        assert refused(own_city, "/departments/1/rules", {**plain, "line": 1})[0] == "line"
        for kind in ("intrusion", "line_crossed", "wrong_way", "flow"):
            assert refused(own_city, "/departments/1/rules", {**plain, "kind": kind})[0] == "kind"
        rule = f"/rules/{added(own_city, '/departments/1/rules', **plain)['id']}"
        assert refused(own_city, rule, {"zone": 1}, change=True)[0] == "zone"
        assert refused(own_city, rule, {"line": 1}, change=True)[0] == "line"
        assert refused(own_city, rule, {"kind": "flow"}, change=True)[0] == "kind"
        assert refused(own_city, rule, {"kind": "fast_motion"}, change=True)[0] == "min_speed"

    def test_names_labels_and_departments_are_checked(self, own_city: City) -> None:
        body = {"name": "all", "labels": ["person"]}
        added(own_city, "/departments/1/rules", **body)
        assert own_city.client.post("/api/v1/departments/1/rules", json=body).status_code == 409
        assert own_city.client.post("/api/v1/departments/77/rules", json=body).status_code == 404
        assert own_city.get("/departments/77/rules").status_code == 404
        labels = {"name": "more", "labels": ["giraffe"]}
        assert refused(own_city, "/departments/1/rules", labels)[0] == "labels"
