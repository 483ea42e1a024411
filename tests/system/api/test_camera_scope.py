"""Cameras, their states, parts, uptime, files: each sees what is its own or granted; the rest is not even hinted at."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from core.access import Right, Role
from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.stream_state import StreamState, StreamStatus
from registry import cameras, departments, regions, rules, stream_states, streams
from registry.access.tables import access_grant
from registry.access.version import raise_access_version
from registry.departments import Sector
from registry.regions import Region
from registry.server_clock import server_time
from registry.workers import WorkerId
from tests.support.waiting import wait_for
from tests.system.api.conftest import CAMERAS, PICTURE, a_worker
from tests.system.api.two_departments import Part, TwoDepartments, two_departments

NO_CAMERA = 4_194_303
NO_DEPARTMENT = 2**31 - 1
SECRET_HOST = "10.77.0.{}"
WHY = "no answer from {}:554"
REGIONS = ("310104", "420104")
"""Where the water and the rail department have their cameras."""
CODES = tuple(f"{region}00111320000017" for region in REGIONS)
UNUSED_CODE = f"{REGIONS[1]}00111320000018"
LOOKING = [Role.VIEWER, Role.OPERATOR, Role.DEPARTMENT_ADMIN]
OF_A_CAMERA = ("", "/streams", "/zones", "/lines", "/rules", "/spells", "/latest")
FILES = ("/cameras.csv", "/cameras.json", "/cameras.geojson", "/uptime.csv")


def furnish(town: TwoDepartments) -> None:
    """Each camera has a stream at an inner address, which does not answer."""
    with town.city.services.database.write() as connection:
        for code in REGIONS:
            regions.put(connection, Region(code, f"Region {code}", None))
        for n, part in enumerate((town.water, town.rail)):
            host = SECRET_HOST.format(n)
            stream = streams.add(connection, part.camera, url=f"rtsp://{host}:554/main")
            now = server_time(connection)
            why = WHY.format(host)
            status = StreamStatus(part.camera, stream.id, StreamState.UNREACHABLE, now, why)
            stream_states.put(connection, WorkerId(1), [status], now)
            rules.add(connection, part.camera, name="anything", labels=("person",))
            before = cameras.record(connection, part.camera)
            facts = CameraFacts(
                longitude=114.3,
                latitude=30.6 + n,
                gb_code=CODES[n],
                address="18 Lake Road",
                region=REGIONS[n],
            )
            cameras.change(connection, before.camera, now, facts=facts)
            owner = departments.get(connection, part.department)
            kind = (Sector.WATER, Sector.RAIL_TRANSIT)[n]
            departments.change(connection, replace(owner, contact=f"call {owner.name}", kind=kind))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDepartments]:
    """Shared by the tests of this module: each grants to departments of its own."""
    with two_departments(tmp_path_factory.mktemp("two")) as found:
        furnish(found)
        yield found


@pytest.fixture
def grantee(town: TwoDepartments) -> DepartmentId:
    """A department without cameras, to be granted something."""
    with town.city.services.database.write() as connection:
        known = len(departments.list_departments(connection))
        return departments.add(connection, name=f"Department {known}").id


def ids(answer: httpx2.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def told(answer: httpx2.Response, *numbers: object) -> tuple[int, str]:
    """Status and body, with the numbers that were asked for replaced."""
    text = answer.text
    for number in numbers:
        text = re.sub(rf"\b{number}\b", "N", text)
    return answer.status_code, text


@pytest.mark.parametrize("role", [*LOOKING, Role.AUDITOR])
def test_somebody_of_a_department_sees_its_cameras_alone(town: TwoDepartments, role: Role) -> None:
    with town.client(role, town.water.department) as client:
        assert ids(client.get("/cameras")) == [town.water.camera]
        assert ids(client.get("/cameras", params={"q": "lake road"})) == [town.water.camera]
        assert client.get("/camera-points").json()["id"] == [town.water.camera]
        assert [one["camera"] for one in client.get("/stream-states").json()["items"]] == [town.water.camera]
        overview = client.get("/overview").json()
        assert (overview["cameras"], overview["by_state"]) == (1, {"unreachable": 1})
        assert [one["id"] for one in overview["by_department"]] == [town.water.department]
        assert client.get(f"/cameras/{town.water.camera}").status_code == 200


@pytest.mark.parametrize("role", [Role.CITY_ADMIN, Role.AUDITOR])
def test_who_looks_after_the_city_sees_all_cameras(town: TwoDepartments, role: Role) -> None:
    with town.client(role, None) as client:
        assert len(ids(client.get("/cameras"))) == CAMERAS + 2
        assert client.get("/overview").json()["cameras"] == CAMERAS + 2
        assert len(client.get("/stream-states").json()["items"]) == 2


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_somebody_of_the_city_without_a_grant_sees_no_camera(town: TwoDepartments, role: Role) -> None:
    with town.client(role, None) as client:
        assert ids(client.get("/cameras")) == []
        assert client.get("/camera-points").json()["id"] == []
        assert client.get("/overview").json()["by_department"] == []
        assert client.get("/uptime").json()["items"] == []
        assert client.get(f"/cameras/{town.water.camera}").status_code == 404


@pytest.mark.parametrize("on", ["camera", "department", "sector", "region"])
def test_who_was_granted_a_camera_sees_it_in_every_list(town: TwoDepartments, grantee: DepartmentId, on: str) -> None:
    grant = town.grant(town.rail, grantee, Right.LIST, on_camera=on == "camera")
    if on in ("sector", "region"):
        place = {"on_sector": Sector.RAIL_TRANSIT.value} if on == "sector" else {"on_region": REGIONS[1]}
        with town.city.services.database.write() as connection:
            changed = update(access_grant).where(access_grant.c.id == grant)
            connection.execute(changed.values(owner=None, on_department=None, **place))
            raise_access_version(connection)
    with town.client(Role.VIEWER, grantee) as client:
        assert ids(client.get("/cameras")) == [town.rail.camera]
        assert client.get("/camera-points").json()["id"] == [town.rail.camera]
        assert client.get("/overview").json()["cameras"] == 1
        assert [one["key"] for one in client.get("/uptime", params={"by": "camera"}).json()["items"]] == [
            str(town.rail.camera)
        ]
        town.revoke(grant)
        assert ids(client.get("/cameras")) == []
        assert client.get(f"/cameras/{town.rail.camera}").status_code == 404


@pytest.mark.parametrize("part", OF_A_CAMERA)
@pytest.mark.parametrize("role", [*LOOKING, Role.AUDITOR])
def test_a_hidden_camera_is_told_of_in_the_words_of_one_that_never_was(
    town: TwoDepartments, role: Role, part: str
) -> None:
    with town.client(role, town.water.department) as client:
        hidden = told(client.get(f"/cameras/{town.rail.camera}{part}"), town.rail.camera)
        assert hidden == told(client.get(f"/cameras/{NO_CAMERA}{part}"), NO_CAMERA)
        assert hidden[0] == 404


@pytest.mark.parametrize(
    ("path", "filter_", "hidden", "missing"),
    [
        ("/cameras", "department", lambda part: part.department, NO_DEPARTMENT),
        ("/cameras", "gb_code", lambda part: CODES[1], UNUSED_CODE),
        ("/cameras", "q", lambda part: "Rail", "Nobody"),
        ("/cameras", "near", lambda part: "114.3,31.6,500", "114.3,33.6,500"),
        ("/camera-points", "department", lambda part: part.department, NO_DEPARTMENT),
        ("/uptime", "department", lambda part: part.department, NO_DEPARTMENT),
        ("/uptime", "camera", lambda part: part.camera, NO_CAMERA),
        ("/uptime?by=camera", "camera", lambda part: part.camera, NO_CAMERA),
        ("/uptime?by=camera&order=share", "q", lambda part: "Rail", "Nobody"),
        ("/cameras.json", "department", lambda part: part.department, NO_DEPARTMENT),
        ("/uptime.csv", "department", lambda part: part.department, NO_DEPARTMENT),
    ],
)
def test_a_filter_that_names_what_is_hidden_answers_as_if_it_never_was(
    town: TwoDepartments, path: str, filter_: str, hidden: Callable[[Part], Any], missing: Any
) -> None:
    path, _, query = path.partition("?")
    more = dict(pair.split("=") for pair in query.split("&")) if query else {}
    with town.client(Role.OPERATOR, town.water.department) as client:
        found = client.get(path, params={filter_: hidden(town.rail), **more})
        assert found.status_code == 200
        assert told(found) == told(client.get(path, params={filter_: missing, **more}))


def test_the_rules_of_a_foreign_department_are_hidden_and_ones_own_are_not(town: TwoDepartments) -> None:
    with town.client(Role.VIEWER, town.water.department) as client:
        hidden = told(client.get(f"/departments/{town.rail.department}/rules"), town.rail.department)
        assert hidden == told(client.get(f"/departments/{NO_DEPARTMENT}/rules"), NO_DEPARTMENT)
        assert hidden[0] == 404
        assert client.get(f"/departments/{town.water.department}/rules").status_code == 200


def test_addresses_are_shown_to_those_alone_who_may_change_the_camera(town: TwoDepartments) -> None:
    host, camera = SECRET_HOST.format(0), town.water.camera
    paths = (f"/cameras/{camera}", "/cameras", f"/cameras/{camera}/streams", "/stream-states", "/cameras.json")
    for role in LOOKING:
        with town.client(role, town.water.department) as client:
            bodies = [client.get(path).text for path in (*paths, f"/cameras/{camera}/spells", "/cameras.csv")]
            shown = [host in body for body in bodies if '"forbidden"' not in body]
            assert shown == [role is Role.DEPARTMENT_ADMIN] * len(shown), role
    with town.client(Role.VIEWER, town.water.department) as client:
        seen = client.get(f"/cameras/{camera}").json()
        assert (seen["streams"][0]["url"], seen["status"]["reason"]) == (None, "")
        assert seen["status"]["state"] == "unreachable"


def test_a_camera_that_may_be_changed_since_has_another_tag(town: TwoDepartments, grantee: DepartmentId) -> None:
    town.grant(town.rail, grantee, Right.LIST)
    path = f"/cameras/{town.rail.camera}"
    with town.client(Role.VIEWER, grantee) as client:
        part = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": part}).status_code == 304
        town.grant(town.rail, grantee, Right.MANAGE)
        whole = client.get(path, headers={"If-None-Match": part})
        assert whole.json()["streams"][0]["url"] is not None


@pytest.mark.parametrize("path", FILES)
def test_files_need_the_right_to_export(town: TwoDepartments, path: str) -> None:
    for role, department in (
        (Role.VIEWER, town.water.department),
        (Role.AUDITOR, None),
        (Role.OPERATOR, None),
    ):
        with town.client(role, department) as client:
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_file_holds_what_may_be_exported_though_more_may_be_seen(town: TwoDepartments, grantee: DepartmentId) -> None:
    town.grant(town.water, grantee, Right.LIST)
    town.grant(town.rail, grantee, Right.EXPORT)
    with town.client(Role.OPERATOR, grantee) as client:
        assert ids(client.get("/cameras")) == [town.water.camera, town.rail.camera]
        assert [one["name"] for one in client.get("/cameras.json").json()] == ["Rail camera"]
        rows = list(csv.reader(StringIO(client.get("/uptime.csv", params={"by": "camera"}).text)))
        assert [row[0] for row in rows[1:]] == [str(town.rail.camera)]


def test_a_file_is_on_record_with_its_filters_and_how_many_left(town: TwoDepartments) -> None:
    client, key = town.client_and_key(Role.OPERATOR, town.water.department)
    with client:
        client.get("/cameras.csv", params={"q": "water"})
        # Time is counted in whole seconds: in its first one the town has none to tell of.
        wait_for(lambda: client.get("/uptime", params={"by": "day"}).json()["items"], "a second of uptime is over", 10)
        client.get("/uptime.csv", params={"by": "day"})
    cameras_file, uptime_file = town.recorded("export", key)
    assert cameras_file["detail"] == {"file": "cameras.csv", "filters": {"q": "water"}, "count": 1}
    assert cameras_file["departments"] == {town.water.department}
    assert uptime_file["detail"]["filters"] == {"by": "day"}
    assert uptime_file["departments"] == {town.water.department}


def test_departments_are_named_to_all_and_whom_to_call_only_to_those_who_see_their_cameras(
    town: TwoDepartments,
) -> None:
    with town.client(Role.VIEWER, town.water.department) as client:
        contacts = {one["id"]: one["contact"] for one in client.get("/departments").json()["items"]}
        assert contacts[town.water.department] == "call Water"
        assert contacts[town.rail.department] == ""
        rail = client.get(f"/departments/{town.rail.department}")
        assert (rail.json()["name"], rail.json()["contact"]) == ("Rail", "")
        assert client.get("/regions").status_code == 200


def test_a_code_is_explained_to_all_and_its_camera_named_to_those_who_see_it(town: TwoDepartments) -> None:
    rail = {"code": CODES[1]}
    with town.client(Role.VIEWER, town.water.department) as client:
        assert client.get("/gb-codes:explain", params=rail).json()["camera"] is None
    with town.client(Role.VIEWER, town.rail.department) as client:
        assert client.get("/gb-codes:explain", params=rail).json()["camera"]["id"] == town.rail.camera


@pytest.mark.parametrize("role", [*LOOKING, Role.AUDITOR])
def test_workers_and_measures_are_the_citys_to_look_at(town: TwoDepartments, role: Role) -> None:
    with town.client(role, town.water.department) as client:
        assert client.get("/workers").status_code == 403
        assert client.get(f"{town.city.server.url}/metrics").status_code == 403
    if role is Role.DEPARTMENT_ADMIN:
        return
    with town.client(role, None) as client:
        assert client.get("/workers").status_code == 403
        may_measure = 200 if role is Role.AUDITOR else 403
        assert client.get(f"{town.city.server.url}/metrics").status_code == may_measure


def test_the_live_picture_needs_a_right_of_its_own(town: TwoDepartments, grantee: DepartmentId) -> None:
    path = f"/cameras/{town.rail.camera}/latest"
    town.grant(town.rail, grantee, Right.LIST, Right.MEDIA)
    with town.client(Role.VIEWER, grantee) as client, a_worker(town.city, {town.rail.camera: PICTURE}):
        refused = client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert "'live'" in refused.json()["detail"]
        town.grant(town.rail, grantee, Right.LIVE)
        assert client.get(path).content == PICTURE


def test_looks_at_the_live_picture_are_on_record_once_in_five_minutes(town: TwoDepartments) -> None:
    client, key = town.client_and_key(Role.VIEWER, town.water.department)
    path = f"/cameras/{town.water.camera}/latest"
    with client:
        with a_worker(town.city, {}, name="blind"):
            assert client.get(path).status_code == 404
        assert town.recorded("look_at_latest", key) == []
        with a_worker(town.city, {town.water.camera: PICTURE}):
            assert [client.get(path).status_code for _ in range(3)] == [200, 200, 200]
    [row] = town.recorded("look_at_latest", key)
    assert (row["camera"], row["departments"]) == (town.water.camera, {town.water.department})
