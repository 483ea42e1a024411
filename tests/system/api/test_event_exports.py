"""Events as files: what the list has, in three formats, of what may be taken along, on record before it leaves."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.event_files import COLUMNS
from core.access import Right, Role
from core.box import Point
from core.camera_facts import CameraFacts
from core.course import Course, PathPoint
from core.ids import CameraId
from registry import cameras
from tests.system.api.conftest import CITY_BEGAN_AT, City, an_event
from tests.system.api.two_departments import TwoDepartments, two_departments

FORMATS = ("csv", "ndjson", "geojson")
PLACED = CameraFacts(longitude=121.47, latitude=31.23)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDepartments]:
    with two_departments(tmp_path_factory.mktemp("two")) as found:
        yield found


@pytest.fixture
def own_town(tmp_path: Path) -> Iterator[TwoDepartments]:
    with two_departments(tmp_path) as found:
        yield found


def rows_of(answer: httpx2.Response, form: str) -> list[dict[str, Any]]:
    """Each event of a file, by the names of its columns; None where nothing is."""
    assert answer.status_code == 200, answer.text
    match form:
        case "csv":
            assert answer.text.startswith("\ufeff")
            found = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
            return [{name: value or None for name, value in row.items()} for row in found]
        case "ndjson":
            return [json.loads(line) for line in answer.text.splitlines()]
        case _:
            return [{"id": one["id"], **one["properties"]} for one in answer.json()["features"]]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("query", [{}, {"label": "car", "order": "oldest"}, {"camera": 3, "min_score": 0.5}])
def test_a_file_has_what_the_list_has_in_its_order(city: City, form: str, query: dict[str, Any]) -> None:
    answer = city.get(f"/events.{form}", **query)
    listed = city.get("/events", limit=1000, **query).json()["items"]
    found = rows_of(answer, form)
    assert [one["id"] for one in found] == [one["id"] for one in listed]
    assert answer.headers["events-expected"] == str(len(listed))
    assert "events-expected-at-least" not in answer.headers
    assert answer.headers["content-disposition"] == f'attachment; filename="events.{form}"'
    for one, told in zip(found, listed, strict=True):
        shown = one["label"], one["started_at"], one["ended_at"], one["camera_name"], one["department_name"]
        names = told["camera"]["name"], told["department"]["name"]
        assert shown == (told["label"], told["started_at"], told["ended_at"], *names)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_nothing_is_whole(city: City, form: str) -> None:
    answer = city.get(f"/events.{form}", label="elephant")
    assert rows_of(answer, form) == []
    assert answer.headers["events-expected"] == "0"


def test_the_table_has_the_columns_that_are_documented(city: City) -> None:
    first = city.get("/events.csv", camera=3).text.removeprefix("\ufeff").splitlines()[0]
    assert first == (
        "id,version,started_at,last_seen_at,ended_at,end_reason,kind,alarm_method,alarm_type,label,severity,camera,"
        "camera_name,longitude,latitude,department,department_name,rule,rule_name,zone,zone_name,line,line_name,"
        "direction,track,score,box_left,box_top,box_right,box_bottom,count,speed,heading_deg,mean_score"
    )
    lines = city.get("/events.ndjson", camera=3).text.splitlines()
    assert all(tuple(json.loads(line)) == COLUMNS for line in lines)


def test_an_event_leaves_with_its_facts_and_without_its_pictures(town: TwoDepartments) -> None:
    water = town.water
    with town.client(Role.OPERATOR, water.department) as client:
        told = client.get(f"/events/{water.event}").json()
        answer = client.get("/events.ndjson", params={"line": water.line})
        [found] = rows_of(answer, "ndjson")
    assert told["media"]["snapshot"]["url"] is not None
    assert "snapshot" not in answer.text
    assert "/api/" not in answer.text
    assert (found["id"], found["zone"], found["zone_name"]) == (str(water.event), water.zone, "Water gate")
    assert (found["line"], found["line_name"], found["direction"]) == (water.line, "Water line", "left_to_right")
    assert [found[f"box_{side}"] for side in ("left", "top", "right", "bottom")] == told["box"]
    assert (found["track"], found["score"]) == (told["track"], told["score"])


def test_a_course_leaves_as_its_speed_and_heading(own_city: City) -> None:
    event = an_event(900)
    path = (PathPoint(event.started_at, Point(0.2, 0.8)), PathPoint(event.last_seen_at, Point(0.6, 0.8)))
    own_city.write(replace(event, course=Course(path, 0.08, 90.0, 0.75)))
    [found] = rows_of(own_city.get("/events.ndjson", from_=event.started_at.isoformat()), "ndjson")
    assert (found["speed"], found["heading_deg"], found["mean_score"]) == (0.08, 90.0, 0.75)


def test_no_cell_begins_a_formula(own_city: City) -> None:
    for n, name in enumerate(("=1+1", "@SUM(A1)", "+cmd", "-cmd")):
        with own_city.services.database.write() as connection:
            camera = cameras.add(connection, name=name).id
        own_city.write(replace(an_event(900 + n, camera=camera), rule_name=name, label=name))
        [found] = rows_of(own_city.get("/events.csv", camera=camera), "csv")
        assert (found["camera_name"], found["rule_name"], found["label"]) == (f"'{name}",) * 3
        [plain] = rows_of(own_city.get("/events.ndjson", camera=camera), "ndjson")
        assert plain["camera_name"] == name


def test_a_feature_stands_where_its_camera_stands(own_city: City) -> None:
    with own_city.services.database.write() as connection:
        cameras.change(connection, cameras.get(connection, CameraId(3)), CITY_BEGAN_AT, facts=PLACED)
    features = own_city.get("/events.geojson", camera=[2, 3]).json()["features"]
    assert {(one["properties"]["camera"], str(one["geometry"])) for one in features} == {
        (2, "None"),
        (3, "{'type': 'Point', 'coordinates': [121.47, 31.23]}"),
    }
    placed = rows_of(own_city.get("/events.csv", camera=3), "csv")
    assert {(one["longitude"], one["latitude"]) for one in placed} == {("121.47", "31.23")}


@pytest.mark.parametrize("form", FORMATS)
def test_only_what_may_be_exported_leaves(town: TwoDepartments, form: str) -> None:
    water, rail = town.water, town.rail

    def taken(role: Role, department: Any) -> list[str]:
        with town.client(role, department) as client:
            return [one["id"] for one in rows_of(client.get(f"/events.{form}", params={"zone": both}), form)]

    both = [water.zone, rail.zone]
    assert taken(Role.OPERATOR, water.department) == [str(water.event)]
    assert taken(Role.DEPARTMENT_ADMIN, rail.department) == [str(rail.event)]
    assert taken(Role.CITY_ADMIN, None) == [str(rail.event), str(water.event)]
    for role in (Role.VIEWER, Role.AUDITOR):
        with town.client(role, water.department) as client:
            answer = client.get(f"/events.{form}")
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
            assert "'export'" in answer.json()["detail"]


def test_to_read_events_is_not_to_take_them_along(own_town: TwoDepartments) -> None:
    water, rail = own_town.water, own_town.rail
    own_town.grant(rail, water.department, Right.EVENTS)
    with own_town.client(Role.OPERATOR, water.department) as client:
        assert len(client.get("/events").json()["items"]) == 2
        answer = client.get("/events.ndjson")
        assert [one["id"] for one in rows_of(answer, "ndjson")] == [str(water.event)]
        assert answer.headers["events-expected"] == "1"
        own_town.grant(rail, water.department, Right.EXPORT, on_camera=True)
        assert len(rows_of(client.get("/events.ndjson"), "ndjson")) == 2


def test_where_a_camera_of_others_stands_by_now_is_not_told(own_town: TwoDepartments) -> None:
    """Its events of before stay with who owned it then."""
    water, rail = own_town.water, own_town.rail
    with own_town.city.services.database.write() as connection:
        moved = replace(cameras.get(connection, water.camera), department=rail.department)
        cameras.change(connection, moved, own_town.city.services.clock.now(), facts=PLACED)
    own_town.grant(water, rail.department, Right.EXPORT)
    for department, place in ((water.department, None), (rail.department, 121.47)):
        with own_town.client(Role.OPERATOR, department) as client:
            rows = rows_of(client.get("/events.ndjson", params={"camera": water.camera}), "ndjson")
            assert [one["longitude"] for one in rows if one["id"] == str(water.event)] == [place]


def test_an_export_is_on_record_with_whose_events_leave(own_town: TwoDepartments) -> None:
    water, rail = own_town.water, own_town.rail
    own_town.grant(rail, water.department, Right.EXPORT)
    client, key = own_town.client_and_key(Role.OPERATOR, water.department)
    with client:
        client.get("/events.csv", params={"label": ["car", "person", "bicycle", "bus"], "order": "oldest"})
        client.get("/events.geojson", params={"camera": 4_194_303})
    full, empty = own_town.recorded("export", key)
    assert full["departments"] == {water.department, rail.department}
    assert full["detail"] == {
        "file": "events.csv",
        "filters": {"label": ["car", "person", "bicycle", "bus"], "order": "oldest"},
        "count": 2,
        "at_least": False,
    }
    assert (full["object_kind"], empty["departments"], empty["detail"]["count"]) == ("event", set(), 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [({"limit": "5"}, "limit"), ({"order": "x"}, "order"), ({"near": "1"}, "near"), ({"camera": "x"}, "camera[0]")],
)
def test_what_cannot_be_taken_along_is_named(city: City, query: dict[str, str], field: str) -> None:
    answer = city.client.get("/api/v1/events.csv", params=query)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
