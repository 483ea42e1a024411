"""The registry over HTTP: facts, owners, regions, codes; who was first; what comes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.ids import CameraId
from core.stream_state import StreamState, StreamStatus
from registry import stream_states, streams, workers
from registry.uptime.answers import grouped
from registry.uptime.asked import By, Period, Uptime, Which
from registry.uptime.days import Days
from tests.system.api.conftest import City
from tests.system.api.registering import a_camera, send

FACTS: dict[str, Any] = {
    "gb_code": "31010400111320000017",
    "gb_edition": 2016,
    "own_id": "EDU-17",
    "region": "310104",
    "manufacturer": "海康威视",
    "model": "DS-2CD",
    "address": "天钥桥路 100 号",
    "longitude": 121.44,
    "latitude": 31.19,
    "point_class": 2,
    "ptz_type": 3,
    "room_type": 1,
    "look_direction": 90.0,
    "field_of_view": 110.0,
    "installed_on": "2024-05-01",
    "management_unit": "徐汇区教育局",
    "contact": "李老师",
    "recording_days": 30,
    "resolution": "1920x1080",
    "uplink": "NVR 3",
    "extra": {"asset": 7, "tags": ["a", {"deep": None}]},
}
NOTHING: dict[str, Any] = {name: {} if name == "extra" else None for name in FACTS}


class TestFacts:
    def test_all_of_them_are_kept_and_null_takes_them_away(self, city: City) -> None:
        assert send(city, "PUT", "/regions/310104", {"name": "徐汇区"}).status_code == 201
        camera = a_camera(city, **FACTS)
        assert {name: camera[name] for name in FACTS} == FACTS
        path = f"/cameras/{camera['id']}"
        assert city.get(path).json() == camera
        bare = send(city, "PATCH", path, dict.fromkeys(FACTS)).json()
        assert bare == {**camera, **NOTHING, "revision": 2}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"gb_code": "3101040011132000001"}, "gb_code"),
            ({"gb_code": "31010400111180000001"}, "gb_code"),
            ({"gb_code": "31010400131320000001", "gb_edition": 2016}, "gb_code"),
            ({"gb_code": 31010400111320000017}, "gb_code"),
            ({"gb_code": "31010400111320000017", "gb_edition": 2011}, "gb_edition"),
            ({"own_id": "a\u202eb"}, "own_id"),
            ({"address": "a\u0007b"}, "address"),
            ({"region": "770001"}, "region"),
            ({"longitude": 121.4}, "latitude"),
            ({"longitude": 31.19, "latitude": 121.44}, "latitude"),
            ({"longitude": 0, "latitude": 0}, "longitude"),
            ({"point_class": 5}, "point_class"),
            ({"installed_on": 1714521600}, "installed_on"),
            ({"installed_on": "2024-02-30"}, "installed_on"),
            ({"recording_days": 10**9}, "recording_days"),
            ({"resolution": "HD"}, "resolution"),
            ({"extra": {"a": {"b": {"c": {"d": {"e": 1}}}}}}, "extra"),
            ({"extra": ["a"]}, "extra"),
        ],
    )
    def test_one_that_cannot_be_is_named(self, city: City, body: dict[str, Any], field: str) -> None:
        added = send(city, "POST", "/cameras", {"name": "wrong", **body})
        for answer in (added, send(city, "PATCH", "/cameras/1", body)):
            assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
        assert city.get("/cameras/1").json()["revision"] == 1


class TestWhoWasFirst:
    def test_a_change_of_what_was_changed_meanwhile_changes_nothing(self, city: City) -> None:
        path = f"/cameras/{a_camera(city)['id']}"
        seen = city.get(path).headers["etag"]
        first = send(city, "PATCH", path, {"model": "A"}, If_Match=seen)
        second = send(city, "PATCH", path, {"name": "B", "attention": {"sensitivity": "high"}}, If_Match=seen)
        assert (first.status_code, first.headers["etag"]) == (200, '"2"')
        assert (second.status_code, second.json()["code"]) == (412, "stale")
        assert "revision 2" in second.json()["detail"]
        assert city.get(path).json() == first.json()
        assert send(city, "DELETE", path, If_Match=seen).status_code == 412
        assert send(city, "PATCH", path, {"model": "C"}, If_Match='"7", "2"').status_code == 200
        assert send(city, "PATCH", path, {"model": "D"}).status_code == 200
        assert send(city, "DELETE", path, If_Match="*").status_code == 204

    @pytest.mark.parametrize("tags", ["3", '"3', "", '"1",', '"1" "2"', "W/", '"' + "9" * 2000 + '"'])
    def test_a_malformed_tag_is_refused(self, city: City, tags: str) -> None:
        answer = send(city, "PATCH", "/cameras/2", {"model": "x"}, If_Match=tags)
        assert (answer.status_code, answer.json()["field"]) == (422, "If-Match")
        assert send(city, "GET", "/cameras/2", If_None_Match=tags).status_code == 422

    def test_a_weak_tag_is_none_to_change_by(self, city: City) -> None:
        assert send(city, "PATCH", "/cameras/2", {"model": "x"}, If_Match='W/"1"').status_code == 412
        assert send(city, "PATCH", "/cameras/2", {"model": "x"}, If_Match='"abc"').status_code == 412

    def test_what_is_known_already_is_not_sent_again(self, city: City) -> None:
        camera = a_camera(city)
        path = f"/cameras/{camera['id']}"
        answer = send(city, "GET", path, If_None_Match='W/"1", "99"')
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')
        assert send(city, "GET", path, If_None_Match='"99"').json() == camera

    def test_streams_and_attention_count_as_changes_of_their_camera(self, city: City) -> None:
        path = f"/cameras/{a_camera(city)['id']}"
        stream = send(city, "POST", f"{path}/streams", {"url": "rtsp://10.0.0.1/a"}).json()
        assert city.get(path).json()["revision"] == 2
        send(city, "PATCH", f"/streams/{stream['id']}", {"url": "rtsp://10.0.0.1/b"})
        send(city, "DELETE", f"/streams/{stream['id']}")
        assert city.get(path).json()["revision"] == 4
        send(city, "PATCH", path, {"attention": {"sensitivity": "high"}})
        assert send(city, "PATCH", path, {"attention": {"sensitivity": "high"}}).json()["revision"] == 5

    def test_of_many_who_change_one_camera_none_is_overwritten(self, city: City) -> None:
        count_up_together(city)

    def test_nor_on_postgresql(self, postgres_city: City) -> None:
        count_up_together(postgres_city)


def count_up_together(city: City) -> None:
    """Several people add one to what they read, sixteen times in all."""
    path = f"/cameras/{a_camera(city, extra={'n': 0})['id']}"

    def count_up(_: int) -> None:
        while True:
            seen = city.get(path)
            more = {"extra": {"n": seen.json()["extra"]["n"] + 1}}
            if send(city, "PATCH", path, more, If_Match=seen.headers["etag"]).status_code == 200:
                return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(16)))
    assert city.get(path).json()["extra"] == {"n": 16}
    assert city.get(path).json()["revision"] == 17


class TestOwners:
    def test_a_department_is_added_changed_and_removed(self, city: City) -> None:
        body = {
            "name": "教育局",
            "kind": "education",
            "parent": 1,
            "contact": "李老师",
            "gb_industry": {"2016": "11", "2022": "11"},
        }
        answer = send(city, "POST", "/departments", body)
        added = answer.json()
        path = f"/departments/{added['id']}"
        assert (answer.headers["location"], answer.headers["etag"]) == (f"/api/v1{path}", '"1"')
        assert added == {
            **body,
            "id": added["id"],
            "parent": {"id": 1, "name": "City"},
            "revision": 1,
            "own_see_originals": False,
            "second_person": False,
        }
        assert added in city.get("/departments").json()["items"]
        change = {"gb_industry": {"2016": None}, "parent": None}
        changed = send(city, "PATCH", path, change, If_Match='"1"').json()
        assert changed == {**added, "gb_industry": {"2016": None, "2022": "11"}, "parent": None, "revision": 2}
        assert send(city, "PATCH", path, {"name": "x"}, If_Match='"1"').status_code == 412
        assert send(city, "GET", path, If_None_Match='"2"').status_code == 304
        assert send(city, "DELETE", path, If_Match='"2"').status_code == 204
        assert city.get(path).status_code == 404

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x", "parent": 99}, "parent"),
            ({"name": "x", "kind": "army"}, "kind"),
            ({"name": "x", "gb_industry": {"2016": "13"}}, "gb_industry.2016"),
            ({"name": "x", "gb_industry": {"2011": "11"}}, "gb_industry.(a name that is not plain)"),
        ],
    )
    def test_a_department_that_cannot_be_is_refused(self, city: City, body: dict[str, Any], field: str) -> None:
        answer = send(city, "POST", "/departments", body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text

    def test_a_region_is_registered_changed_and_removed(self, city: City) -> None:
        send(city, "PUT", "/regions/44", {"name": "广东省"})
        answer = send(city, "PUT", "/regions/4403", {"name": "深圳", "parent": "44"})
        region = {"code": "4403", "name": "深圳", "parent": {"code": "44", "name": "广东省"}, "revision": 1}
        assert (answer.status_code, answer.json(), answer.headers["etag"]) == (201, region, '"1"')
        changed = send(city, "PUT", "/regions/4403", {"name": "深圳市", "parent": "44"}, If_Match='"1"')
        assert (changed.status_code, changed.json()["revision"]) == (200, 2)
        assert send(city, "PUT", "/regions/4403", {"name": "x"}, If_Match='"1"').status_code == 412
        assert send(city, "PUT", "/regions/4404", {"name": "x"}, If_Match="*").status_code == 404
        assert city.get("/regions", parent="44").json()["items"] == [changed.json()]
        assert city.get("/regions", q="深圳").json() == {"items": [changed.json()], "next": None}
        page = city.get("/regions", limit=1).json()
        assert city.get("/regions", limit=1, cursor=page["next"]).json()["items"] != page["items"]
        blocked = send(city, "DELETE", "/regions/44")
        assert (blocked.status_code, "深圳市" in blocked.json()["detail"]) == (409, True)
        assert send(city, "DELETE", "/regions/4403").status_code == 204
        assert send(city, "DELETE", "/regions/44").status_code == 204

    @pytest.mark.parametrize("path", ["/regions/440", "/regions/44x3", "/regions/%EF%BC%94%EF%BC%94"])
    def test_a_code_of_no_region_is_refused(self, city: City, path: str) -> None:
        assert send(city, "PUT", path, {"name": "x"}).status_code == 422

    def test_two_who_close_a_circle_together_cannot(self, city: City) -> None:
        def put(pair: tuple[str, str]) -> int:
            return send(city, "PUT", f"/regions/{pair[0]}", {"name": pair[0], "parent": pair[1]}).status_code

        for code in ("51", "52"):
            send(city, "PUT", f"/regions/{code}", {"name": code})
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(put, [("51", "52"), ("52", "51")])) == [200, 409]


class TestCodes:
    def test_a_code_is_explained_by_edition_and_registry(self, city: City) -> None:
        send(city, "PUT", "/regions/31", {"name": "上海市"})
        told = city.get("/gb-codes:explain", code="31000000111320000001", edition=2016).json()
        assert [(part["value"], part["meaning"]) for part in told["parts"]] == [
            ("31000000", "the centre's area, 31"),
            ("11", "education"),
            ("132", "network camera (IPC)"),
            ("0", "surveillance network"),
            ("000001", "the serial within what stands before it"),
        ]
        assert (told["fault"], told["region"], told["camera"]) == (None, {"code": "31", "name": "上海市"}, None)
        told = city.get("/gb-codes:explain", code="31000000112000000001").json()
        assert "signalling server" in told["fault"]
        assert city.get("/gb-codes:explain", code="3100").json()["field"] == "code"

    def test_a_code_that_is_given_out_fits_a_camera_of_that_department_and_region(self, city: City) -> None:
        send(city, "PUT", "/regions/310105", {"name": "长宁区"})
        schools = send(city, "POST", "/departments", {"name": "codes", "gb_industry": {"2022": "11"}}).json()
        asked = {"region": "310105", "department": schools["id"]}
        codes = [send(city, "POST", "/gb-codes", asked).json()["code"] for _ in range(2)]
        assert codes == ["31010500111320000001", "31010500111320000002"]
        camera = a_camera(city, gb_code=codes[0], region="310105", department=schools["id"])
        told = city.get("/gb-codes:explain", code=codes[0]).json()
        assert told["camera"] == {"id": camera["id"], "name": camera["name"]}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"region": "31"}, "industry"),
            ({"region": "31", "department": 1}, "industry"),
            ({"region": "31", "department": 99}, "department"),
            ({"region": "770001", "industry": "11"}, "region"),
            ({"region": "31", "industry": "1"}, "industry"),
            ({"region": "31", "industry": "13", "edition": 2016}, "industry"),
            ({"region": "31", "industry": "11", "kind": "118"}, "kind"),
        ],
    )
    def test_a_question_without_an_answer_names_its_field(self, city: City, body: dict[str, Any], field: str) -> None:
        send(city, "PUT", "/regions/31", {"name": "上海市"})
        answer = send(city, "POST", "/gb-codes", body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


class TestRemovedAndMoved:
    def test_a_removed_camera_comes_back_with_streams_logins_and_rules(self, city: City) -> None:
        camera = a_camera(
            city,
            streams=[{"url": "rtsp://ann:hunter2@10.0.0.1/a"}],
            rules=[{"name": "people", "labels": ["person"]}],
            own_id="R-1",
        )
        path = f"/cameras/{camera['id']}"
        rules = city.get(f"{path}/rules").json()
        stream = f"/streams/{camera['streams'][0]['id']}"
        assert send(city, "DELETE", path).status_code == 204
        for hidden in (path, f"{path}/rules", f"{path}/streams", f"{path}/zones"):
            assert city.get(hidden).status_code == 404
        assert send(city, "PATCH", stream, {"role": "live"}).status_code == 404
        assert send(city, "PATCH", path, {"name": "x"}).status_code == 404
        taken = a_camera(city, own_id="R-1")
        blocked = send(city, "POST", f"{path}:restore")
        assert (blocked.status_code, f"camera {taken['id']} " in blocked.json()["detail"]) == (409, True)
        send(city, "PATCH", f"/cameras/{taken['id']}", {"own_id": None})
        restored = send(city, "POST", f"{path}:restore")
        assert (restored.status_code, restored.headers["etag"]) == (200, '"3"')
        assert restored.json() == {**camera, "revision": 3}
        assert city.get(f"{path}/rules").json() == rules
        assert send(city, "POST", f"{path}:restore").status_code == 409
        assert send(city, "POST", "/cameras/4000000:restore").status_code == 404

    def test_what_happened_stays_with_the_owner_of_then(self, city: City) -> None:
        number = CameraId(7)
        events = city.get("/events", camera=7).json()["items"]
        assert {event["department"]["id"] for event in events} == {1}
        database, now = city.services.database, city.services.clock.now()
        days = Days(ZoneInfo("Asia/Shanghai"))

        def uptime() -> list[Uptime]:
            with database.read() as connection:
                period = Period(days.of(now) - 1, days.of(now))
                return grouped(connection, days, now, By.DEPARTMENT, period, Which(cameras=frozenset({number})))

        with database.write() as connection:
            stream = streams.of_camera(connection, number)[0]
            since = now - timedelta(hours=2)
            worker = workers.register(connection, pid=1, at=since, port=1, token="t")
            status = StreamStatus(number, stream.id, StreamState.LIVE, since, "")
            stream_states.put(connection, worker.id, [status], since)
            stream_states.forget(connection, [number], now - timedelta(hours=1))
        online_before = uptime()
        assert [(one.key, one.online_ms) for one in online_before] == [("1", 3_600_000)]
        moved = send(city, "PATCH", "/cameras/7", {"department": 2, "name": "moved"}).json()
        assert (moved["department"]["name"], moved["streams"][0]["id"]) == ("Schools", stream.id)
        assert city.get("/events", camera=7).json()["items"] == [
            {**event, "camera": {**event["camera"], "name": "moved"}} for event in events
        ]
        assert uptime() == online_before
