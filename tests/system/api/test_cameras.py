import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.camera import StreamId
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus
from registry import stream_secrets, stream_states, streams
from registry.workers import WorkerId
from tests.system.api.conftest import CAMERAS, City

URL = "rtsp://viewer:p%40ss-w0rd@north.example:8554/main?channel=1"


def added(city: City, **fields: Any) -> dict[str, Any]:
    answer = city.client.post("/api/v1/cameras", json={"name": "North gate", **fields})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/v1/cameras/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def test_a_camera_is_added_with_its_streams_and_rules(own_city: City) -> None:
    rule = {"name": "people", "labels": ["person"], "severity": 2, "min_duration_s": 2.5}
    camera = added(own_city, streams=[{"url": URL}], rules=[rule])
    assert camera["streams"] == [
        {
            "id": camera["streams"][0]["id"],
            "camera": camera["id"],
            "role": "detect",
            "url": "rtsp://north.example:8554/main?channel=1",
            "has_login": True,
            "pinned_certificate": None,
        }
    ]
    assert camera["status"] is None
    rules = own_city.get(f"/cameras/{camera['id']}/rules").json()["items"]
    assert [(one["name"], one["labels"], one["severity"], one["min_duration_s"]) for one in rules] == [
        ("people", ["person"], 2, 2.5)
    ]
    assert own_city.get(f"/cameras/{camera['id']}").json() == camera


def test_a_login_is_sealed_and_never_told(own_city: City) -> None:
    camera = added(own_city, streams=[{"url": URL}])
    stream = StreamId(camera["streams"][0]["id"])
    with own_city.services.database.read() as connection:
        row = streams.get(connection, stream)
        login = stream_secrets.get(connection, own_city.services.sealing_key, row)
    assert login is not None
    assert (login.user, login.password, row.url) == ("viewer", "p@ss-w0rd", "rtsp://north.example:8554/main?channel=1")
    for path in ("/cameras", f"/cameras/{camera['id']}", f"/cameras/{camera['id']}/streams"):
        assert "w0rd" not in own_city.get(path, **({"limit": 1000} if path == "/cameras" else {})).text


def test_a_camera_with_one_bad_stream_is_not_added_at_all(own_city: City) -> None:
    streams = [{"url": URL}, {"url": URL}]
    answer = own_city.client.post("/api/v1/cameras", json={"name": "Twice", "streams": streams})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert own_city.get("/cameras", q="Twice").json()["items"] == []
    assert own_city.get("/overview").json()["cameras"] == CAMERAS


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x" * 600}, "name"),
        ({"name": 7}, "name"),
        ({"name": "ok", "department": 99}, "department"),
        ({"name": "ok", "department": 0}, "department"),
        ({"name": "ok", "enabled": "perhaps"}, "enabled"),
        ({"name": "ok", "id": 5}, "id"),
        ({"name": "ok", "streams": [{"url": "http://x/"}]}, "streams[0].url"),
        ({"name": "ok", "streams": [{"url": "concat:a|b"}]}, "streams[0].url"),
        ({"name": "ok", "streams": [{"url": "file:///etc/passwd"}]}, "streams[0].url"),
        ({"name": "ok", "streams": [{"url": "rtsp://***@x/"}]}, "streams[0].url"),
        ({"name": "ok", "streams": [{"url": "rtsp://x/", "role": "watch"}]}, "streams[0].role"),
        (
            {"name": "ok", "streams": [{"url": "rtsps://x/", "pinned_certificate": "00"}]},
            "streams[0].pinned_certificate",
        ),
        ({"name": "ok", "rules": [{"name": "r", "labels": []}]}, "rules[0].labels"),
        ({"name": "ok", "rules": [{"name": "r", "labels": ["elephant"]}]}, "rules[0].labels"),
        ({"name": "ok", "rules": [{"name": "r", "labels": ["person"], "zone": 9}]}, "rules[0].zone"),
        (
            {"name": "ok", "rules": [{"name": "r", "labels": ["person"], "min_duration_s": -1}]},
            "rules[0].min_duration_s",
        ),
        ({"name": "ok", "rules": [{"name": "r", "labels": ["person"], "severity": 5}]}, "rules[0].severity"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(city: City, body: dict[str, Any], field: str) -> None:
    answer = city.client.post("/api/v1/cameras", content=_json(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field
    assert city.get("/cameras", q="ok").json()["items"] == []


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def test_no_fault_repeats_a_password(city: City) -> None:
    secret = "hunter2secret"
    bodies: list[Any] = [
        {"name": "ok", "streams": [{"url": f"http://viewer:{secret}@x/"}]},
        {"name": "ok", "streams": [{"url": f"rtsp://viewer:{secret}@"}]},
        {"name": "ok", "streams": [{"url": ["rtsp://viewer:" + secret]}]},
        {"name": "ok", "streams": [{"url": f"rtsp://viewer:{secret}@x/" + "y" * 3000}]},
        {"name": "ok", "streams": [{"address": f"rtsp://viewer:{secret}@x/"}]},
        {"name": "ok", "streams": [{f"rtsp://viewer:{secret}@x/": 1}]},
        {"name": "ok", "streams": f"rtsp://viewer:{secret}@x/"},
        f"rtsp://viewer:{secret}@x/",
        [secret],
    ]
    for body in bodies:
        answer = city.client.post("/api/v1/cameras", json=body)
        assert answer.status_code == 422, answer.text
        assert secret not in answer.text


def test_a_change_touches_only_what_it_names(own_city: City) -> None:
    before = own_city.get("/cameras/3").json()
    answer = own_city.client.patch("/api/v1/cameras/3", json={"enabled": False})
    assert answer.json() == {**before, "enabled": False, "revision": 2}
    answer = own_city.client.patch("/api/v1/cameras/3", json={"name": "South", "department": 2})
    moved = {"enabled": False, "name": "South", "department": {"id": 2, "name": "Schools"}, "revision": 3}
    assert answer.json() == {**before, **moved}
    assert own_city.client.patch("/api/v1/cameras/3", json={}).json() == answer.json()


@pytest.mark.parametrize("body", [{"name": None}, {"department": None}, {"enabled": None}, {"streams": []}])
def test_what_a_camera_must_have_cannot_be_taken_away(city: City, body: dict[str, Any]) -> None:
    assert city.client.patch("/api/v1/cameras/3", json=body).status_code == 422


def test_changes_of_different_fields_at_the_same_time_all_last(own_city: City) -> None:
    def change(n: int) -> int:
        body = {"name": f"Name {n}"} if n % 2 else {"department": 2, "enabled": False}
        return own_city.client.patch("/api/v1/cameras/4", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(change, range(24))) == {200}
    camera = own_city.get("/cameras/4").json()
    assert camera["name"].startswith("Name ")
    assert (camera["department"]["id"], camera["enabled"]) == (2, False)


def test_a_removed_camera_is_gone_and_its_events_stay(own_city: City) -> None:
    events = own_city.get("/events", camera=5).json()["items"]
    assert own_city.client.delete("/api/v1/cameras/5").status_code == 204
    assert own_city.get("/cameras/5").status_code == 404
    assert own_city.get("/cameras/5/rules").status_code == 404
    assert own_city.client.delete("/api/v1/cameras/5").status_code == 404
    assert own_city.get("/events", camera=5).json()["items"] == events


def test_a_taken_name_is_a_conflict(city: City) -> None:
    answer = city.client.post("/api/v1/cameras", json={"name": "Camera 1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_cameras_are_found_by_a_part_of_their_name(city: City) -> None:
    names = [camera["name"] for camera in city.get("/cameras", q="RA 1").json()["items"]]
    assert names == ["Camera 1", "Camera 10"]
    assert city.get("/cameras", q="%").json()["items"] == []


def test_pages_of_cameras_hold_each_once(city: City) -> None:
    seen: list[int] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        answer = city.get("/cameras", **query).json()
        seen += [camera["id"] for camera in answer["items"]]
        if answer["next"] is None:
            break
        query["cursor"] = answer["next"]
    assert seen == list(range(1, CAMERAS + 1))
    assert city.get("/cameras", cursor="9223372036854775807").json() == {"items": [], "next": None}


def test_states_are_told_with_camera_and_list_and_overview(own_city: City) -> None:
    at = own_city.services.clock.now()
    status = StreamStatus(
        camera=CameraId(2),
        stream=StreamId(2),
        state=StreamState.UNAUTHORISED,
        since=at,
        reason="the camera refuses the password",
        counters=StreamCounters(connections=1, dropped={"newer frame": 3}),
    )
    with own_city.services.database.write() as connection:
        stream_states.put(connection, WorkerId(1), [status], at)
    told = own_city.get("/cameras/2").json()["status"]
    assert (told["state"], told["reason"]) == ("unauthorised", "the camera refuses the password")
    assert told["counters"]["dropped"] == {"newer frame": 3}
    assert own_city.get("/stream-states", state="unauthorised").json()["items"] == [told]
    assert own_city.get("/stream-states", state="live").json()["items"] == []
    assert [camera["id"] for camera in own_city.get("/cameras", state="unauthorised").json()["items"]] == [2]
    overview = own_city.get("/overview").json()
    assert (overview["cameras"], overview["by_state"], overview["worker"]) == (CAMERAS, {"unauthorised": 1}, None)


def test_departments_are_listed(city: City) -> None:
    assert [one["name"] for one in city.get("/departments").json()["items"]][1:] == ["Schools"]
