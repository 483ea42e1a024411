"""Files of cameras taken by those who may change some cameras, and told of to nobody else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from api.app import api_server
from core.access import ApiKeyId, Right, Role
from core.camera import Login
from ingest.address import check_address
from registry.access import api_keys
from registry.access.tables import access_grant
from registry.access.version import raise_access_version
from registry.imports import records
from tests.support.importing import a_code, a_csv
from tests.system.api.asking import a_client, as_key, as_role, grant
from tests.system.api.conftest import SETTINGS, City, a_city
from tests.system.api.recorded import newest, rows_since
from tests.system.api.registering import send
from tests.system.api.test_imports import ended, post, sums, taken

SERIALS = count(1)


@dataclass(frozen=True)
class Town:
    """Water with pumps below it, and rail; water's admin."""

    city: City
    water: int
    pumps: int
    rail: int
    admin: City
    key: ApiKeyId

    def camera(self, department: int, **facts: Any) -> dict[str, Any]:
        body = {"name": f"known {next(SERIALS)}", "department": department, **facts}
        answer = send(self.city, "POST", "/cameras", body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_city(tmp_path_factory.mktemp("town"), SETTINGS) as city:
        water, rail = (send(city, "POST", "/departments", {"name": name}).json()["id"] for name in ("Water", "Rail"))
        pumps = send(city, "POST", "/departments", {"name": "Pumps", "parent": water}).json()["id"]
        admin, key = as_key(city, Role.DEPARTMENT_ADMIN, water)
        yield Town(city, water, pumps, rail, admin, key)


def verdicts(asker: City, content: bytes, **query: Any) -> list[dict[str, Any]]:
    """What became of each row."""
    number = taken(asker, content, **query)["id"]
    found: list[dict[str, Any]] = asker.get(f"/imports/{number}/rows").json()["items"]
    return found


def why(verdict: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["column"], one["found"], one["expected"]) for one in verdict["refusals"]]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.AUDITOR])
def test_who_changes_no_camera_imports_none(town: Town, role: Role) -> None:
    for dry_run in (False, True):
        assert post(as_role(town.city, role, town.water), a_csv({"name": "x"}), dry_run=dry_run).status_code == 403


def test_a_grant_on_one_camera_is_not_enough_to_import(town: Town) -> None:
    asking = send(town.city, "POST", "/departments", {"name": "Asking"}).json()["id"]
    grant(town.city, asking, Right.MANAGE, camera=town.camera(town.water)["id"])
    assert post(as_role(town.city, Role.OPERATOR, asking), a_csv({"name": "x"})).status_code == 403


@pytest.mark.parametrize("dry_run", [True, False])
def test_new_cameras_go_to_the_own_department_and_to_those_below(town: Town, dry_run: bool) -> None:
    rows = (
        {"name": f"new {dry_run}"},
        {"name": f"new {dry_run}", "department": "Pumps"},
        {"name": "x", "department": "Rail"},
    )
    mine, below, foreign = verdicts(town.admin, a_csv(*rows), dry_run=dry_run)
    assert (mine["verdict"], below["verdict"], foreign["verdict"]) == ("created", "created", "refused")
    assert why(foreign) == [("department", "Rail", "a department whose cameras you may change")]
    if not dry_run:
        assert town.city.get(f"/cameras/{mine['camera']}").json()["department"]["id"] == town.water


def test_cameras_are_changed_and_moved_within_reach_alone(town: Town) -> None:
    codes = [a_code(next(SERIALS)) for _ in range(3)]
    own, moved, leaving = (town.camera(town.water, gb_code=code)["id"] for code in codes)
    rows = (
        {"gb_code": codes[0], "model": "m"},
        {"gb_code": codes[1], "department": "Pumps"},
        {"gb_code": codes[2], "department": "Rail"},
    )
    changed, went, stayed = verdicts(town.admin, a_csv(*rows))
    assert (changed["verdict"], went["verdict"], stayed["verdict"]) == ("changed", "changed", "refused")
    assert why(stayed) == [("department", "Rail", "the camera's own department, Water")]
    owners = [town.city.get(f"/cameras/{camera}").json()["department"]["id"] for camera in (own, moved, leaving)]
    assert owners == [town.water, town.pumps, town.water]


def test_a_camera_that_is_only_seen_is_not_changed(town: Town) -> None:
    code = a_code(next(SERIALS))
    seen = town.camera(town.rail, gb_code=code)["id"]
    grant(town.city, town.water, Right.EVENTS, camera=seen)
    [found] = verdicts(town.admin, a_csv({"gb_code": code, "model": "m"}))
    assert why(found) == [("gb_code", code, f"a camera that you may change; this is camera {seen}")]


def test_the_address_of_a_camera_that_is_only_seen_is_not_found_out_by_guessing(town: Town) -> None:
    seen = town.camera(town.rail, streams=[{"url": "rtsp://10.8.0.7/a"}])["id"]
    grant(town.city, town.water, Right.EVENTS, camera=seen)
    rows = [{"name": "x", "department": "Rail", "url": f"rtsp://10.8.0.{n}/a"} for n in (7, 77)]
    right, wrong = verdicts(town.admin, a_csv(*rows), dry_run=True)
    assert (
        (right["camera"], why(right))
        == (wrong["camera"], why(wrong))
        == (
            None,
            [("department", "Rail", "a department whose cameras you may change")],
        )
    )


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_hidden_cameras_code_is_taken_and_no_more_is_told(town: Town, dry_run: bool) -> None:
    code = a_code(next(SERIALS))
    hidden = town.camera(town.rail, gb_code=code)
    rows = ({"name": f"mine {code}", "gb_code": code}, {"gb_code": code, "model": "m"})
    found = verdicts(town.admin, a_csv(*rows), dry_run=dry_run)
    assert [one["verdict"] for one in found] == ["refused", "refused"]
    assert why(found[0]) == [("gb_code", code, "another gb_code: this one is taken")]
    assert [(one["camera"], hidden["name"] in str(one)) for one in found] == [(None, False), (None, False)]
    assert town.city.get(f"/cameras/{hidden['id']}").json()["model"] is None


def test_rows_for_a_foreign_department_are_refused_alike_whatever_it_has(town: Town) -> None:
    hidden = town.camera(town.rail, own_id="R-1", streams=[{"url": "rtsp://10.8.0.1/a"}], gb_code=a_code(9_999))

    def told(**row: object) -> list[Any]:
        [found] = verdicts(town.admin, a_csv({"department": "Rail", **row}))
        return [found["camera"], *why(found)]

    never = told(name="never was", own_id="R-2", url="rtsp://10.8.0.2/a", gb_code=a_code(9_998))
    assert told(name="x", own_id="R-1") == never
    assert told(name="x", url="rtsp://10.8.0.1/a") == never
    assert told(name=hidden["name"]) == never
    assert told(name="x", gb_code=a_code(9_999)) == never


def test_a_place_is_not_judged_by_cameras_that_are_hidden(town: Town) -> None:
    """Read off a Chinese map, a place lies 500 m beside the others of its address, by which it is known."""
    send(town.city, "PUT", "/regions/310104", {"name": "徐汇区"})
    town.camera(town.rail, region="310104", address="天钥桥路 1 号", longitude=121.43544, latitude=31.19302)
    row = {"name": "shifted", "region": "310104", "address": "天钥桥路 1 号"}
    row |= {"longitude": "121.44", "latitude": "31.191"}
    [by_all] = verdicts(town.city, a_csv(row), dry_run=True)
    [by_water] = verdicts(town.admin, a_csv(row), dry_run=True)
    assert (by_all["verdict"], by_water["verdict"]) == ("refused", "created")


@contextmanager
def halfway(town: Town, asker: City) -> Iterator[tuple[threading.Event, threading.Event, City]]:
    """A server whose imports wait at the address of 10.7.0.99: what tells that one is there, and lets it go on."""
    is_there, may_go_on = threading.Event(), threading.Event()

    def check(url: str) -> tuple[str, Login | None]:
        if "10.7.0.99" in url:
            is_there.set()
            may_go_on.wait(20)
        return check_address(url)

    services = replace(town.city.services, check_address=check)
    with api_server(services) as server, a_client(server, asker.key) as client:
        yield is_there, may_go_on, replace(asker, server=server, client=client)
        may_go_on.set()


def a_long_file(name: str) -> bytes:
    """Forty rows; the address of the thirtieth is waited at, in the second batch."""
    return a_csv(
        *({"name": f"{name} {n}", "url": f"rtsp://10.7.0.{99 if n == 30 else 1}/{name}/{n}"} for n in range(40))
    )


def test_a_grant_that_is_revoked_stops_the_rest(town: Town) -> None:
    asking = send(town.city, "POST", "/departments", {"name": "For a while"}).json()["id"]
    number = grant(town.city, asking, Right.MANAGE, department=town.rail)
    asker = as_role(town.city, Role.DEPARTMENT_ADMIN, asking)
    with halfway(town, asker) as (is_there, may_go_on, city):
        run = post(city, a_long_file("granted"), department=town.rail).json()["id"]
        assert is_there.wait(20)
        with town.city.services.database.write() as connection:
            connection.execute(update(access_grant).where(access_grant.c.id == number).values(state="revoked"))
            raise_access_version(connection)
        may_go_on.set()
        found = ended(city, run)
    assert (found["state"], sums(found)) == ("finished", (16, 0, 0, 24))


def test_a_key_that_is_revoked_ends_its_import(town: Town) -> None:
    asker, key = as_key(town.city, Role.DEPARTMENT_ADMIN, town.water)
    with halfway(town, asker) as (is_there, may_go_on, city):
        run = post(city, a_long_file("revoked")).json()["id"]
        assert is_there.wait(20)
        with town.city.services.database.write() as connection:
            api_keys.revoke(connection, key, town.city.services.clock.now())
        may_go_on.set()
        found = ended(town.city, run)
    assert (found["state"], sums(found)) == ("failed", (16, 0, 0, 0))
    assert "ended or changed meanwhile" in found["fault"]


def test_an_import_is_shown_to_who_began_it_and_to_city_admins(town: Town) -> None:
    run = taken(town.admin, a_csv({"name": f"mine {next(SERIALS)}"}))["id"]
    others = [as_role(town.city, Role.DEPARTMENT_ADMIN, number) for number in (town.water, town.rail)]
    others.append(as_role(town.city, Role.AUDITOR))
    for asker in others:
        for method, path in (("GET", ""), ("GET", "/rows"), ("GET", "/progress"), ("DELETE", "")):
            hidden, never = (send(asker, method, f"/imports/{number}{path}") for number in (run, 9_999))
            assert (hidden.status_code, hidden.text) == (404, never.text.replace("9999", str(run)))
        assert asker.get("/imports").json()["items"] == []
    for asker in (town.admin, town.city):
        assert asker.get(f"/imports/{run}/rows").status_code == 200
        assert run in [one["id"] for one in asker.get("/imports").json()["items"]]
        assert send(asker, "DELETE", f"/imports/{run}").status_code == 409


class TestOnRecord:
    def test_its_beginning_and_its_end_with_the_sums_and_whose_cameras(self, town: Town) -> None:
        before = newest(town.city)
        rows = (
            {"name": f"r {next(SERIALS)}"},
            {"name": f"r {next(SERIALS)}", "department": "Pumps"},
            {"department": "Rail"},
        )
        run = taken(town.admin, a_csv(*rows), file="pumps.csv")["id"]
        begun, done = (row for row in rows_since(town.city, before) if row.act == "import")
        assert {(row.act, row.kind, row.object, row.actor) for row in (begun, done)} == {
            ("import", "import", str(run), f"key {town.key}")
        }
        assert begun.departments == {town.water}
        assert begun.detail == {"file": "pumps.csv", "dry_run": False, "state": "waiting"}
        assert done.departments == {town.water, town.pumps}
        assert done.detail == {
            "dry_run": False,
            "state": "finished",
            "created": 2,
            "changed": 0,
            "unchanged": 0,
            "refused": 1,
        }

    def test_one_that_its_program_left_is_ended_on_record_too(self, town: Town) -> None:
        before = newest(town.city)
        with town.city.services.database.write() as connection:
            long_ago = town.city.services.clock.now() - timedelta(minutes=1)
            left = records.add(connection, file="left.csv", dry_run=False, at=long_ago)
        with api_server(town.city.services):
            [row] = (row for row in rows_since(town.city, before) if row.act == "import")
        assert (row.actor, row.object, row.detail["state"]) == ("program None", str(left.id), "interrupted")
