"""Every change on record: who, what, from what to what; in the transaction of what it tells of, and without secrets."""

from dataclasses import replace
from typing import Any

import pytest

from api.app import api_server
from api.probe_words import PictureView, ProbeOrder, ProbeView
from core.access import Right, Role
from core.ids import CameraId
from core.stream_state import StreamState
from registry import quarantine
from tests.support.waiting import wait_for
from tests.system.api.asking import a_client, as_key, as_role, grant
from tests.system.api.conftest import City
from tests.system.api.recorded import Recorded, newest, rows_since
from tests.system.api.registering import a_camera, a_key, send

CORNERS = [[0, 0], [1, 0], [1, 1]]
SECRET = "hunter2"


def recorded(city: City, method: str, path: str, body: Any = None, **headers: str) -> list[Recorded]:
    """What a request leaves on record; it must not fail."""
    before = newest(city)
    answer = send(city, method, path, body, **headers)
    assert answer.is_success, answer.text
    return rows_since(city, before)


def one(rows: list[Recorded]) -> Recorded:
    assert len(rows) == 1, rows
    return rows[0]


class TestCameras:
    def test_one_that_is_added_changed_removed_and_restored_leaves_a_row_each_time(self, city: City) -> None:
        asker, key = as_key(city, Role.CITY_ADMIN)
        body = {"name": "on record", "streams": [{"url": f"rtsp://ann:{SECRET}@10.0.0.1/a?token={SECRET}"}]}
        added = one(recorded(asker, "POST", "/cameras", body))
        camera = added.camera
        assert added == Recorded(
            "add",
            "done",
            f"key {key}",
            "camera",
            str(camera),
            camera,
            frozenset({1}),
            {"name": "on record", "streams": {"detect": "rtsp://10.0.0.1/a?token=***"}, "rules": 0},
        )
        change = {"model": "DS-2CD", "enabled": False, "attention": {"idle": "all"}}
        changed = one(recorded(asker, "PATCH", f"/cameras/{camera}", change))
        assert (changed.act, changed.detail["changed"]["model"]) == ("change", [None, "DS-2CD"])
        assert set(changed.detail["changed"]) == {"model", "enabled", "attention"}
        removed = one(recorded(asker, "DELETE", f"/cameras/{camera}"))
        restored = one(recorded(asker, "POST", f"/cameras/{camera}:restore"))
        assert [(row.act, row.camera, row.departments) for row in (removed, restored)] == [
            ("remove", camera, {1}),
            ("restore", camera, {1}),
        ]

    def test_one_that_is_moved_is_on_record_of_both_departments(self, city: City) -> None:
        camera = a_camera(city)["id"]
        moved = one(recorded(city, "PATCH", f"/cameras/{camera}", {"department": 2}))
        assert moved.departments == {1, 2}
        assert [side["id"] for side in moved.detail["changed"]["department"]] == [1, 2]

    def test_a_long_value_is_not_kept_whole(self, city: City) -> None:
        camera = a_camera(city)["id"]
        row = one(recorded(city, "PATCH", f"/cameras/{camera}", {"extra": {"note": "x" * 4000}}))
        assert len(row.detail["changed"]["extra"][1]) < 400

    def test_one_let_out_of_quarantine_is_on_record(self, city: City) -> None:
        camera = a_camera(city)["id"]
        with city.services.database.write() as connection:
            quarantine.note_crash(connection, [CameraId(camera)], reason="x", at=city.services.clock.now())
        row = one(recorded(city, "DELETE", f"/cameras/{camera}/quarantine"))
        assert (row.act, row.kind, row.camera, row.departments) == ("remove", "quarantine", camera, {1})


class TestParts:
    @pytest.mark.parametrize(
        ("kind", "path", "new", "change"),
        [
            ("zone", "zones", {"name": "yard", "points": CORNERS}, {"name": "court"}),
            ("privacy_area", "privacy-areas", {"name": "window", "points": CORNERS}, {"name": "house"}),
            ("line", "lines", {"name": "kerb", "start": [0, 0], "end": [1, 1]}, {"name": "edge"}),
            ("rule", "rules", {"name": "people", "labels": ["person"]}, {"name": "persons"}),
            ("stream", "streams", {"url": "rtsp://10.0.0.1/a"}, {"url": "rtsp://10.0.0.1/b"}),
        ],
    )
    def test_each_leaves_a_row_when_it_is_added_changed_and_removed(
        self, city: City, kind: str, path: str, new: dict[str, Any], change: dict[str, Any]
    ) -> None:
        camera = a_camera(city)["id"]
        added = one(recorded(city, "POST", f"/cameras/{camera}/{path}", new))
        own = f"/{path}/{added.object}"
        changed, removed = one(recorded(city, "PATCH", own, change)), one(recorded(city, "DELETE", own))
        rows = [added, changed, removed]
        assert [row.act for row in rows] == ["add", "change", "remove"]
        assert {(row.kind, row.object, row.camera, row.departments) for row in rows} == {
            (kind, added.object, camera, frozenset({1}))
        }
        field = next(iter(change))
        assert changed.detail == {"changed": {field: [new[field], change[field]]}}

    def test_another_login_is_on_record_and_no_login_is(self, city: City) -> None:
        camera = a_camera(city, streams=[{"url": f"rtsp://ann:{SECRET}@10.0.0.1/a"}])
        path = f"/streams/{camera['streams'][0]['id']}"
        row = one(recorded(city, "PATCH", path, {"url": f"rtsp://ann:{SECRET}2@10.0.0.1/a"}))
        assert row.detail == {"changed": {"login": [None, "changed"]}}
        assert recorded(city, "PATCH", path, {"url": f"rtsp://ann:{SECRET}2@10.0.0.1/a"}) == []
        assert SECRET not in str(rows_since(city, 0))

    def test_a_departments_rule_is_on_record_of_the_department(self, city: City) -> None:
        row = one(recorded(city, "POST", "/departments/2/rules", {"name": "all people", "labels": ["person"]}))
        assert (row.camera, row.departments, row.detail["name"]) == (None, {2}, "all people")


class TestTheCity:
    def test_departments_regions_and_codes_leave_rows(self, city: City) -> None:
        added = one(recorded(city, "POST", "/departments", {"name": "recorded"}))
        path = f"/departments/{added.object}"
        changed = one(recorded(city, "PATCH", path, {"own_see_originals": True}))
        assert changed.detail == {"changed": {"own_see_originals": [False, True]}}
        assert one(recorded(city, "DELETE", path)).departments == {int(added.object)}
        region = one(recorded(city, "PUT", "/regions/44", {"name": "广东省"}))
        renamed = one(recorded(city, "PUT", "/regions/44", {"name": "广东"}))
        assert (region.act, renamed.detail) == ("add", {"changed": {"name": ["广东省", "广东"]}})
        code = one(recorded(city, "POST", "/gb-codes", {"region": "44", "industry": "11"}))
        assert (code.act, code.kind, code.object[:2]) == ("add", "gb_code", "44")
        assert one(recorded(city, "DELETE", "/regions/44")).act == "remove"


class TestWhatLeavesNoRow:
    def test_a_change_that_changes_nothing(self, city: City) -> None:
        camera = a_camera(city, model="same")
        zone = send(city, "POST", f"/cameras/{camera['id']}/zones", {"name": "yard", "points": CORNERS}).json()
        send(city, "PUT", "/regions/32", {"name": "江苏"})
        for method, path, body in (
            ("PATCH", f"/cameras/{camera['id']}", {"model": "same"}),
            ("PATCH", f"/zones/{zone['id']}", {"name": "yard"}),
            ("PATCH", "/departments/1", {"contact": ""}),
            ("PUT", "/regions/32", {"name": "江苏"}),
        ):
            assert recorded(city, method, path, body) == [], path

    def test_a_repetition(self, city: City) -> None:
        key = a_key()
        body = {"name": "once on record"}
        assert len(recorded(city, "POST", "/departments", body, Idempotency_Key=key)) == 1
        assert recorded(city, "POST", "/departments", body, Idempotency_Key=key) == []

    @pytest.mark.parametrize(
        ("method", "body", "headers", "status"),
        [
            ("PATCH", {"name": "Camera 1"}, {}, 409),
            ("PATCH", {"longitude": 500, "latitude": 1}, {}, 422),
            ("PATCH", {"model": "x"}, {"If_Match": '"99"'}, 412),
            ("DELETE", None, {"If_Match": '"99"'}, 412),
        ],
    )
    def test_a_change_that_fails_is_rolled_back_with_its_row(
        self, city: City, method: str, body: Any, headers: dict[str, str], status: int
    ) -> None:
        camera = a_camera(city)["id"]
        before = newest(city)
        assert send(city, method, f"/cameras/{camera}", body, **headers).status_code == status
        assert rows_since(city, before) == []


def refusals_since(city: City, number: int, how_many: int) -> list[Recorded]:
    """What was recorded since, once so many rows are there: refusals are not waited for."""

    def rows() -> list[Recorded] | None:
        found = rows_since(city, number)
        return found if len(found) >= how_many else None

    return wait_for(rows, "the refusals are on record", 10)


class TestRefusals:
    def test_what_is_forbidden_and_what_is_hidden_is_on_record(self, city: City) -> None:
        asker, key = as_key(city, Role.VIEWER, 2)
        own = a_camera(city, department=2)["id"]
        before = newest(city)
        for camera, status in ((999_999, 404), (own, 403), (1, 404)):
            assert send(asker, "PATCH", f"/cameras/{camera}", {"model": "x"}).status_code == status
        rows = refusals_since(city, before, 3)
        assert [(row.act, row.outcome, row.actor, row.camera, row.departments) for row in rows] == [
            ("refusal", "refused", f"key {key}", None, set()),
            ("refusal", "refused", f"key {key}", own, {2}),
            ("refusal", "refused", f"key {key}", 1, {1}),
        ]

    def test_a_hidden_camera_that_a_body_names_is_on_record(self, city: City) -> None:
        asker = as_role(city, Role.VIEWER, 2)
        before = newest(city)
        body = {"camera": 1, "rule": {"name": "x", "labels": ["person"]}}
        assert send(asker, "POST", "/rules:try", body).status_code == 422
        assert [(row.act, row.camera) for row in refusals_since(city, before, 1)] == [("refusal", 1)]


class Picturing:
    """`StreamProber` that finds a picture."""

    def probe(self, order: ProbeOrder) -> ProbeView:
        return ProbeView(
            url=order.stream.url,
            state=StreamState.LIVE,
            reason="it plays",
            hint=None,
            encoding=None,
            picture=PictureView(jpeg="AAAA", width=1, height=1),
            no_picture=None,
        )


class TestProbes:
    def test_a_probe_is_on_record_without_its_login(self, city: City) -> None:
        camera = a_camera(city, streams=[{"url": f"rtsp://ann:{SECRET}@10.0.0.1/a"}])["id"]
        with api_server(replace(city.services, prober=Picturing())) as server, a_client(server, city.key) as client:
            asker = replace(city, client=client)
            row = one(recorded(asker, "POST", f"/cameras/{camera}:probe"))
            assert (row.act, row.camera, row.departments, row.detail) == ("probe", camera, {1}, {"role": "detect"})
            row = one(
                recorded(asker, "POST", "/cameras:probe", {"url": f"rtsp://ann:{SECRET}@10.0.0.9/?token={SECRET}"})
            )
            assert row.detail == {"url": "rtsp://10.0.0.9/?token=***"}

    def test_its_picture_is_for_those_who_may_see_the_live_one(self, city: City) -> None:
        camera = a_camera(city, streams=[{"url": "rtsp://10.0.0.1/a"}])["id"]
        asking = send(city, "POST", "/departments", {"name": "Repairs"}).json()["id"]
        grant(city, asking, Right.MANAGE, camera=camera)
        key = as_role(city, Role.VIEWER, asking).key
        with api_server(replace(city.services, prober=Picturing())) as server, a_client(server, key) as client:
            found = client.post(f"/api/v1/cameras/{camera}:probe").json()
            assert (found["state"], found["picture"]) == ("live", None)
            grant(city, asking, Right.LIVE, camera=camera)
            assert client.post(f"/api/v1/cameras/{camera}:probe").json()["picture"]["jpeg"] == "AAAA"

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.AUDITOR])
    def test_an_address_is_looked_at_by_those_alone_who_manage_a_camera(self, city: City, role: Role) -> None:
        asker = as_role(city, role, 2)
        assert send(asker, "POST", "/cameras:probe", {"url": "rtsp://10.0.0.9/"}).status_code == 403
