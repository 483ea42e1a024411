"""Who may change what: every route that changes the registry, asked by every role, at home, elsewhere, and by grant."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

import pytest

from core.access import Right, Role
from registry.access import api_keys
from tests.system.api.asking import as_role, grant
from tests.system.api.conftest import SETTINGS, City, a_city
from tests.system.api.registering import send

Call: TypeAlias = tuple[str, str, dict[str, Any] | None]
NAMES = count()
CORNERS = [[0, 0], [1, 0], [1, 1]]
NEVER = 2_000_000

PARTS: tuple[Call, ...] = (
    ("PATCH", "/cameras/{camera}", {"model": "another"}),
    ("POST", "/cameras/{camera}/streams", {"url": "rtsp://10.0.0.1/b", "role": "record"}),
    ("PATCH", "/streams/{stream}", {"url": "rtsp://10.0.0.1/c"}),
    ("DELETE", "/streams/{stream}", None),
    ("POST", "/cameras/{camera}/zones", {"name": "a new one", "points": CORNERS}),
    ("PATCH", "/zones/{zone}", {"name": "another"}),
    ("POST", "/cameras/{camera}/privacy-areas", {"name": "a new one", "points": CORNERS}),
    ("PATCH", "/privacy-areas/{area}", {"name": "another"}),
    ("DELETE", "/privacy-areas/{area}", None),
    ("POST", "/cameras/{camera}/lines", {"name": "a new one", "start": [0, 0], "end": [1, 1]}),
    ("PATCH", "/lines/{line}", {"name": "another"}),
    ("POST", "/cameras/{camera}/rules", {"name": "a new one", "labels": ["person"]}),
    ("PATCH", "/rules/{rule}", {"name": "another"}),
    ("DELETE", "/rules/{rule}", None),
    ("DELETE", "/zones/{zone}", None),
    ("DELETE", "/lines/{line}", None),
)
"""What the right to manage a camera is for."""
WHOLE: tuple[Call, ...] = (
    ("PATCH", "/cameras/{camera}", {"department": 1}),
    ("DELETE", "/cameras/{camera}", None),
    ("POST", "/cameras/{camera}:restore", None),
)
"""What the right to manage all cameras of the department is for."""
NOT_YET: tuple[Call, ...] = (
    ("DELETE", "/cameras/{camera}/quarantine", None),
    ("POST", "/cameras/{camera}:probe", None),
)
"""Allowed, and no use: it is in no quarantine, and nobody looks at streams here."""
OF_DEPARTMENTS: tuple[Call, ...] = (
    ("POST", "/cameras", {"name": "a new one", "department": "{department}"}),
    ("POST", "/departments/{department}/rules", {"name": "a new one", "labels": ["person"]}),
    ("POST", "/gb-codes", {"region": "31", "industry": "11", "department": "{department}"}),
)
OF_THE_CITY: tuple[Call, ...] = (
    ("POST", "/departments", {"name": "a new one"}),
    ("PATCH", "/departments/{department}", {"name": "another"}),
    ("DELETE", "/departments/{department}", None),
    ("PUT", "/regions/{region}", {"name": "another"}),
    ("DELETE", "/regions/{region}", None),
)


@dataclass(frozen=True)
class Site:
    """A camera with all that may be changed of it."""

    numbers: dict[str, int | str]

    def call(self, asker: City, call: Call, **others: int) -> tuple[int, str]:
        """The status, and what is told of a fault."""
        method, path, body = call
        numbers = {**self.numbers, **others}
        filled = (
            None if body is None else {k: numbers["department"] if v == "{department}" else v for k, v in body.items()}
        )
        answer = send(asker, method, path.format(**numbers), filled)
        return answer.status_code, answer.text


@dataclass(frozen=True)
class Town:
    """Water with pumps below it, and rail; each with a camera."""

    city: City
    water: Site
    pumps: Site
    rail: Site
    strangers: int
    """A department without cameras."""


def a_site(city: City, department: int) -> Site:
    def made(path: str, body: dict[str, Any]) -> Any:
        answer = send(city, "POST", path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    name = f"site {next(NAMES)}"
    camera = made("/cameras", {"name": name, "department": department})
    return Site(
        {
            "department": department,
            "region": "31",
            "camera": camera,
            "stream": made(f"/cameras/{camera}/streams", {"url": "rtsp://10.0.0.1/a"}),
            "zone": made(f"/cameras/{camera}/zones", {"name": "yard", "points": CORNERS}),
            "area": made(f"/cameras/{camera}/privacy-areas", {"name": "window", "points": CORNERS}),
            "line": made(f"/cameras/{camera}/lines", {"name": "kerb", "start": [0, 0], "end": [1, 1]}),
            "rule": made(f"/cameras/{camera}/rules", {"name": "people", "labels": ["person"]}),
        }
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_city(tmp_path_factory.mktemp("town"), SETTINGS) as city:
        send(city, "PUT", "/regions/31", {"name": "上海市"})
        water, rail, strangers = (
            send(city, "POST", "/departments", {"name": name}).json()["id"] for name in ("Water", "Rail", "Strangers")
        )
        pumps = send(city, "POST", "/departments", {"name": "Pumps", "parent": water}).json()["id"]
        yield Town(city, a_site(city, water), a_site(city, pumps), a_site(city, rail), strangers)


def number(site: Site) -> int:
    return int(site.numbers["department"])


LOOKERS = (Role.VIEWER, Role.OPERATOR, Role.AUDITOR)


@pytest.mark.parametrize("role", LOOKERS)
def test_who_only_looks_changes_nothing_at_home(town: Town, role: Role) -> None:
    asker = as_role(town.city, role, number(town.water))
    for site in (town.water, town.pumps):
        for call in (*PARTS, *WHOLE, *NOT_YET, *OF_DEPARTMENTS, *OF_THE_CITY):
            assert site.call(asker, call)[0] == 403, call


@pytest.mark.parametrize("role", [*LOOKERS, Role.DEPARTMENT_ADMIN])
def test_what_is_not_seen_is_told_of_as_what_never_was(town: Town, role: Role) -> None:
    asker = as_role(town.city, role, number(town.water))
    for call in (*PARTS, *WHOLE, *NOT_YET):
        part = call[1].split("{")[1].split("}")[0]
        hidden = town.rail.call(asker, call)
        never = town.rail.call(asker, call, **{part: NEVER})
        assert hidden[0] == 404, call
        assert never == (404, hidden[1].replace(str(town.rail.numbers[part]), str(NEVER))), call
    for call in (*OF_DEPARTMENTS, *OF_THE_CITY):
        assert town.rail.call(asker, call)[0] == 403, call


def test_who_reads_the_record_of_the_city_changes_nothing(town: Town) -> None:
    asker = as_role(town.city, Role.AUDITOR)
    for call in (*PARTS, *WHOLE, *NOT_YET, *OF_DEPARTMENTS, *OF_THE_CITY):
        assert town.rail.call(asker, call)[0] == 403, call


def test_an_admin_below_does_not_see_what_lies_above(town: Town) -> None:
    asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.pumps))
    for call in (*PARTS, *WHOLE):
        assert town.water.call(asker, call)[0] == 404, call


@pytest.mark.parametrize("of", ["water", "pumps"])
def test_an_admin_changes_all_of_the_department_and_below(town: Town, of: str) -> None:
    asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
    department = number(getattr(town, of))
    site = a_site(town.city, department)
    for call in (*PARTS, *WHOLE[1:]):
        status, told = site.call(asker, call)
        assert status in (200, 201, 204), (call, told)
    assert [site.call(asker, call)[0] for call in NOT_YET] == [404, 404]  # no quarantine, and its stream was removed
    for method, path, body in OF_DEPARTMENTS:
        named = None if body is None else {**body, **({"name": f"new {next(NAMES)}"} if "name" in body else {})}
        status, told = site.call(asker, (method, path, named))
        assert status == 201, (path, told)
    for call in OF_THE_CITY:
        assert site.call(asker, call)[0] == 403, call


def test_a_city_admin_changes_everything(town: Town) -> None:
    site = a_site(town.city, number(town.rail))
    for call in (*PARTS, *WHOLE):
        status, told = site.call(town.city, call)
        assert status in (200, 201, 204), (call, told)


def test_a_camera_is_added_to_the_department_of_who_asks(town: Town) -> None:
    asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
    added = send(asker, "POST", "/cameras", {"name": f"own {next(NAMES)}"})
    assert (added.status_code, added.json()["department"]["id"]) == (201, number(town.water))


def test_a_camera_is_moved_by_who_manages_both_departments(town: Town) -> None:
    water, pumps, rail = number(town.water), number(town.pumps), number(town.rail)
    asker = as_role(town.city, Role.DEPARTMENT_ADMIN, water)
    own = a_site(town.city, water)
    path = f"/cameras/{own.numbers['camera']}"
    away = send(asker, "PATCH", path, {"department": rail})
    assert (away.status_code, away.json()["detail"]) == (403, f"you may not move cameras from or to department {rail}")
    assert send(asker, "PATCH", path, {"department": NEVER}).status_code == 403
    assert send(asker, "PATCH", path, {"department": pumps}).json()["department"]["id"] == pumps


class TestByGrant:
    def test_a_grant_on_one_camera_changes_it_and_no_more(self, town: Town) -> None:
        granted, beside = a_site(town.city, number(town.water)), town.water
        grant(town.city, town.strangers, Right.MANAGE, camera=int(granted.numbers["camera"]))
        asker = as_role(town.city, Role.VIEWER, town.strangers)
        for call in PARTS:
            status, told = granted.call(asker, call)
            assert status in (200, 201, 204), (call, told)
            assert beside.call(asker, call)[0] == 404, call
        for call in (*WHOLE, *OF_DEPARTMENTS):
            assert granted.call(asker, call)[0] == 403, call

    def test_a_grant_on_a_department_is_for_its_cameras_and_not_for_itself(self, town: Town) -> None:
        department = send(town.city, "POST", "/departments", {"name": "Granted"}).json()["id"]
        site, asking = a_site(town.city, department), send(town.city, "POST", "/departments", {"name": "Asking"}).json()
        grant(town.city, asking["id"], Right.MANAGE, department=department)
        asker = as_role(town.city, Role.DEPARTMENT_ADMIN, asking["id"])
        for call in (*PARTS, *WHOLE[1:]):
            status, told = site.call(asker, call)
            assert status in (200, 201, 204), (call, told)
        assert site.call(asker, OF_DEPARTMENTS[0])[0] == 201
        own = send(asker, "PATCH", f"/departments/{department}", {"contact": "us"})
        assert own.status_code == 403

    def test_to_look_is_not_to_change(self, town: Town) -> None:
        asking = send(town.city, "POST", "/departments", {"name": "Looking"}).json()["id"]
        rights = [right for right in Right if right is not Right.MANAGE]
        grant(town.city, asking, *rights, camera=int(town.rail.numbers["camera"]))
        asker = as_role(town.city, Role.DEPARTMENT_ADMIN, asking)
        for call in (*PARTS, *WHOLE, *NOT_YET):
            status, told = town.rail.call(asker, call)
            assert status == 403, (call, told)


class TestWhatIsSaidOfOthers:
    def test_a_code_that_is_taken_is_taken_whoever_has_it(self, town: Town) -> None:
        code = "31000000111320000001"
        send(town.city, "PATCH", f"/cameras/{town.rail.numbers['camera']}", {"gb_code": code})
        asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
        for method, path in (("POST", "/cameras"), ("PATCH", f"/cameras/{town.water.numbers['camera']}")):
            answer = send(asker, method, path, {"name": f"coded {next(NAMES)}", "gb_code": code})
            assert (answer.status_code, answer.json()["detail"]) == (409, f"the code {code} is taken")

    @pytest.mark.parametrize("field", ["zone", "line"])
    def test_a_zone_or_line_of_a_hidden_camera_is_none(self, town: Town, field: str) -> None:
        asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
        camera = town.water.numbers["camera"]

        def told(place: int | str) -> list[tuple[int, str]]:
            new = {"name": "x", "labels": ["person"], field: place}
            calls: tuple[Call, ...] = (
                ("PATCH", "/rules/{rule}", {field: place}),
                ("POST", "/cameras/{camera}/rules", new),
                ("POST", "/rules:try", {"camera": camera, "rule": new}),
            )
            answers = [town.water.call(asker, call) for call in calls]
            return [(status, text.replace(str(place), "N")) for status, text in answers]

        hidden = told(town.rail.numbers[field])
        assert [status for status, _ in hidden] == [422, 422, 422]
        assert hidden == told(NEVER)

    def test_a_rule_is_tried_on_a_hidden_camera_as_on_none(self, town: Town) -> None:
        asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
        rule = {"name": "x", "labels": ["person"]}
        told = []
        for camera in (town.rail.numbers["camera"], NEVER):
            status, text = town.water.call(asker, ("POST", "/rules:try", {"camera": camera, "rule": rule}))
            told.append((status, text.replace(str(camera), "N")))
        assert told[0] == told[1]
        assert told[0][0] == 422


class TestRulesOfDepartments:
    def test_they_are_changed_by_who_manages_the_department(self, town: Town) -> None:
        [rule, *_] = town.city.get(f"/departments/{number(town.rail)}/rules").json()["items"]
        call = ("PATCH", "/rules/{standing}", {"severity": 1})
        for department, expected in ((number(town.rail), 200), (number(town.water), 404)):
            asker = as_role(town.city, Role.DEPARTMENT_ADMIN, department)
            assert town.rail.call(asker, call, standing=rule["id"])[0] == expected
        hidden = town.rail.call(asker, call, standing=rule["id"])[1]
        never = town.rail.call(asker, call, standing=NEVER)[1]
        assert never == hidden.replace(str(rule["id"]), str(NEVER))
        viewer = as_role(town.city, Role.VIEWER, number(town.rail))
        assert town.rail.call(viewer, call, standing=rule["id"])[0] == 403


class TestDepartments:
    def test_an_admin_decides_on_originals_and_the_contact_of_the_own_one_and_of_those_below(self, town: Town) -> None:
        asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
        body = {"contact": "the pump house", "own_see_originals": True, "second_person": True}
        for department in (number(town.water), number(town.pumps)):
            changed = send(asker, "PATCH", f"/departments/{department}", body).json()
            assert {name: changed[name] for name in body} == body

    @pytest.mark.parametrize(
        "body", [{"name": "mine"}, {"kind": "health"}, {"parent": 1}, {"gb_industry": {"2022": "11"}}], ids=str
    )
    def test_all_else_is_the_citys_to_change(self, town: Town, body: dict[str, Any]) -> None:
        asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
        answer = send(asker, "PATCH", f"/departments/{number(town.water)}", {**body, "contact": "us"})
        assert (answer.status_code, f"{next(iter(body))!r}" in answer.json()["detail"]) == (403, True)
        assert town.city.get(f"/departments/{number(town.water)}").json()["contact"] != "us"

    def test_a_change_of_who_sees_originals_counts_at_once(self, town: Town) -> None:
        services, asker = town.city.services, as_role(town.city, Role.OPERATOR, number(town.rail))
        admin = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.rail))
        with services.database.read() as connection:
            key = api_keys.find(connection, asker.key, services.clock.now())
        assert key is not None
        found = []
        for allowed in (True, False):
            send(admin, "PATCH", f"/departments/{number(town.rail)}", {"own_see_originals": allowed})
            with services.database.read() as connection:
                found.append(services.visibility.scope(connection, key.principal)[Right.UNMASKED].is_nothing)
        assert found == [False, True]

    def test_one_that_keys_or_grants_name_stays(self, town: Town) -> None:
        keyed = send(town.city, "POST", "/departments", {"name": "keyed"}).json()["id"]
        as_role(town.city, Role.VIEWER, keyed)
        granted = send(town.city, "POST", "/departments", {"name": "granted to"}).json()["id"]
        grant(town.city, granted, Right.LIST, camera=1)
        for department, word in ((keyed, "API key"), (granted, "grant")):
            answer = send(town.city, "DELETE", f"/departments/{department}")
            assert (answer.status_code, word in answer.json()["detail"]) == (409, True)


class TestMassAssignment:
    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/cameras/{camera}", {"revision": 9}),
            ("/cameras/{camera}", {"id": 1}),
            ("/cameras/{camera}", {"status": None}),
            ("/cameras/{camera}", {"streams": []}),
            ("/streams/{stream}", {"camera": 1}),
            ("/streams/{stream}", {"has_login": True}),
            ("/zones/{zone}", {"camera": 1}),
            ("/privacy-areas/{area}", {"camera": 1}),
            ("/lines/{line}", {"camera": 1}),
            ("/rules/{rule}", {"camera": 1}),
            ("/rules/{rule}", {"department": 1}),
            ("/departments/{department}", {"revision": 9}),
            ("/departments/{department}", {"id": 1}),
        ],
    )
    def test_fields_that_are_not_to_be_set_are_refused(self, town: Town, path: str, body: dict[str, Any]) -> None:
        assert town.water.call(town.city, ("PATCH", path, body))[0] == 422

    def test_an_import_has_no_other_maker_than_who_asks(self, town: Town) -> None:
        answer = town.city.client.post(
            "/api/v1/cameras:import", params={"maker": "person 1"}, content=b"x", headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/cameras/{own}%2F..%2F{other}",
        "/cameras/{own}/../{other}",
        "/cameras/{own}/%2e%2e/{other}",
        "/cameras/{own},{other}",
        "/cameras/{own};{other}",
        "/cameras/{own}%00{other}",
        "/cameras//{other}",
        "/cameras/{other}%20",
        "/cameras/+{other}",
        "/cameras/0{other}",
        "/cameras/{other}?camera={own}",
        "//cameras/{other}",
    ],
)
def test_no_trick_of_a_path_leads_to_a_camera_elsewhere(town: Town, path: str) -> None:
    asker = as_role(town.city, Role.DEPARTMENT_ADMIN, number(town.water))
    own, other = town.water.numbers["camera"], town.rail.numbers["camera"]
    answer = send(asker, "PATCH", path.format(own=own, other=other), {"model": "tricked"})
    assert answer.status_code in (400, 404, 405, 422), answer.text
    assert town.city.get(f"/cameras/{other}").json()["model"] != "tricked"
