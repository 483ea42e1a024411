"""Grants over HTTP: who may ask, decide and see; and what is answered to whom it is not for."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from core.access import Role
from core.camera import DepartmentId
from core.ids import CameraId
from registry import cameras, departments
from registry.access.people import Person
from registry.audit.entry import Act
from registry.audit.tables import audit_department
from tests.support.waiting import wait_for
from tests.system.api.conftest import SETTINGS, City, a_city
from tests.system.api.signing import add_department, add_person, recorded, refusal, signed_in

DRILL = {"rights": ["media"], "purpose": "flood drill"}


@dataclass
class Town:
    """Water, with rivers below it, and rail, which ask each other for grants."""

    city: City
    water: DepartmentId
    rivers: DepartmentId
    rail: DepartmentId
    weir: CameraId
    """Of rivers."""
    people: dict[str, Person]
    clients: dict[str, httpx2.Client]

    def get(self, login: str, path: str, **query: Any) -> httpx2.Response:
        return self.clients[login].get(f"/api/v1{path}", params=query)

    def post(self, login: str, path: str, **body: Any) -> httpx2.Response:
        return self.clients[login].post(f"/api/v1{path}", json=body)

    def ask(self, login: str = "rail.operator", **body: Any) -> httpx2.Response:
        usual = {"on": {"department": self.water}, "to": {"department": self.rail}, **DRILL}
        return self.post(login, "/grants", **usual | body)

    def asked(self, login: str = "rail.operator", **body: Any) -> dict[str, Any]:
        answer = self.ask(login, **body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def granted(self, **body: Any) -> dict[str, Any]:
        number = self.asked(**body)["id"]
        answer = self.post("water.admin", f"/grants/{number}:approve")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_city(tmp_path_factory.mktemp("city"), SETTINGS) as city, ExitStack() as stack:
        water = add_department(city, "Water")
        rivers = add_department(city, "Rivers", parent=water)
        rail = add_department(city, "Rail")
        with city.services.database.write() as connection:
            weir = cameras.add(connection, name="weir", department=rivers).id
        people = {
            "water.admin": add_person(city, Role.DEPARTMENT_ADMIN, water),
            "water.operator": add_person(city, Role.OPERATOR, water),
            "rail.admin": add_person(city, Role.DEPARTMENT_ADMIN, rail),
            "rail.operator": add_person(city, Role.OPERATOR, rail),
            "rail.auditor": add_person(city, Role.AUDITOR, rail),
            "city.admin": add_person(city),
            "city.auditor": add_person(city, Role.AUDITOR),
        }
        clients = {name: stack.enter_context(signed_in(city, one.login)) for name, one in people.items()}
        yield Town(city, water, rivers, rail, weir, people, clients)


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def given(town: Town, camera: CameraId, right: str) -> int:
    """A grant on one camera of rivers to rail's operators, in force. Its number."""
    to = {"department": town.rail, "role": "operator"}
    number: int = town.asked("water.admin", on={"camera": camera}, to=to, rights=[right])["id"]
    assert town.post("city.admin", f"/grants/{number}:approve").status_code == 200
    return number


class TestLife:
    def test_a_grant_is_asked_for_approved_and_revoked(self, town: Town) -> None:
        asked = town.asked(until=in_hours(3), history=True)
        assert asked["state"] == "requested"
        assert asked["owner"] == {"id": town.water, "name": "Water"}
        assert asked["on"] == {
            "kind": "department",
            "department": {"id": town.water, "name": "Water"},
            "sector": None,
            "region": None,
            "camera": None,
        }
        assert asked["to"] == {"department": {"id": town.rail, "name": "Rail"}, "role": None, "person": None}
        assert asked["rights"] == ["list", "events", "media"]
        assert asked["may"] == {"approve": False, "refuse": True, "revoke": False}
        assert town.get("water.admin", f"/grants/{asked['id']}").json()["may"] == {
            "approve": True,
            "refuse": True,
            "revoke": False,
        }
        approved = town.post("water.admin", f"/grants/{asked['id']}:approve", why="as agreed").json()
        assert (approved["state"], approved["decided"]["why"]) == ("approved", "as agreed")
        assert approved["decided"]["by"]["id"] == town.people["water.admin"].id
        assert approved["may"] == {"approve": False, "refuse": False, "revoke": True}
        revoked = town.post("water.admin", f"/grants/{asked['id']}:revoke", why="drill is over").json()
        assert (revoked["state"], revoked["ended"]["why"], revoked["revision"]) == ("revoked", "drill is over", 3)
        assert town.get("rail.operator", f"/grants/{asked['id']}").json()["state"] == "revoked"

    def test_each_step_is_on_record_for_both_departments_with_the_purpose(self, town: Town) -> None:
        number = town.granted()["id"]
        town.post("water.admin", f"/grants/{number}:revoke", why="over")
        for act in (Act.GRANT_ASKED, Act.GRANT_APPROVED, Act.GRANT_REVOKED):
            (row,) = recorded(town.city, act, number)
            assert row.purpose == "flood drill"
            with town.city.services.database.read() as connection:
                concerned = select(audit_department.c.department).where(audit_department.c.row == row.id)
                assert set(connection.scalars(concerned)) == {town.water, town.rail}

    def test_what_is_granted_is_seen_and_what_is_revoked_is_not(self, town: Town) -> None:
        person = town.people["rail.operator"].id

        def ways() -> list[int]:
            sight = town.get("rail.operator", f"/people/{person}/sight").json()["items"]
            return [item["through"]["grant"] for item in sight if item["through"]["kind"] == "grant"]

        number = town.granted()["id"]
        assert number in ways()
        town.post("water.admin", f"/grants/{number}:revoke", why="over")
        assert number not in ways()

    def test_a_request_that_is_sent_twice_asks_once(self, town: Town) -> None:
        headers = {"Idempotency-Key": "grants-are-asked-for-once"}
        body = {"on": {"department": town.water}, "to": {"department": town.rail}, **DRILL}
        client = town.clients["rail.operator"]
        first, second = (client.post("/api/v1/grants", json=body, headers=headers) for _ in range(2))
        assert first.json() == second.json()
        assert first.headers["Location"] == f"/api/v1/grants/{first.json()['id']}"


class TestFourEyes:
    def test_nobody_approves_what_they_asked_for(self, town: Town) -> None:
        number = town.asked("water.admin")["id"]
        status, code, words = refusal(town.post("water.admin", f"/grants/{number}:approve"))
        assert (status, code) == (403, "forbidden")
        assert "asked for grant" in words
        assert town.get("water.admin", f"/grants/{number}").json()["may"]["approve"] is False

    def test_nobody_grants_anything_to_themselves(self, town: Town) -> None:
        admin = town.people["water.admin"]
        number = town.asked("city.admin", to={"person": admin.id}, rights=["unmasked"])["id"]
        status, code, words = refusal(town.post("water.admin", f"/grants/{number}:approve"))
        assert (status, code) == (403, "forbidden")
        assert "made to you" in words

    def test_a_receiver_does_not_approve(self, town: Town) -> None:
        number = town.asked()["id"]
        assert refusal(town.post("rail.admin", f"/grants/{number}:approve"))[:2] == (403, "forbidden")
        assert wait_for(lambda: recorded(town.city, Act.REFUSAL, number), "the refusal is on record")

    def test_what_was_decided_is_not_decided_again(self, town: Town) -> None:
        number = town.granted()["id"]
        for step, body in (("approve", {}), ("refuse", {"why": "no"})):
            assert refusal(town.post("city.admin", f"/grants/{number}:{step}", **body))[:2] == (409, "conflict")

    def test_programs_have_nothing_to_do_with_grants(self, town: Town) -> None:
        number = town.asked()["id"]
        for answer in (
            town.city.get("/grants"),
            town.city.get(f"/grants/{number}"),
            town.city.get(f"/cameras/{town.weir}/viewers"),
            town.city.get(f"/people/{town.people['rail.operator'].id}/sight"),
            town.city.client.post("/api/v1/grants", json={"on": {"sector": "water"}, "to": {"person": 1}, **DRILL}),
            town.city.client.post(f"/api/v1/grants/{number}:approve", json={}),
        ):
            assert refusal(answer)[:2] == (403, "forbidden")


class TestBadInput:
    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"on": {}}, "on"),
            ({"on": {"sector": "water", "region": "31"}}, "on"),
            ({"on": {"department": 999_999}}, "on.department"),
            ({"on": {"region": "31"}}, "on.region"),
            ({"on": {"camera": 999_999}}, "on.camera"),
            ({"on": {"camera": 1}}, "on.camera"),
            ({"on": {"house": 1}}, "on.house"),
            ({"to": {}}, "to"),
            ({"to": {"department": 1, "person": 1}}, "to"),
            ({"to": {"role": "operator"}}, "to"),
            ({"to": {"person": 1, "role": "operator"}}, "to.role"),
            ({"to": {"department": 999_999}}, "to.department"),
            ({"rights": []}, "rights"),
            ({"rights": ["everything"]}, "rights[0]"),
            ({"purpose": "x"}, "purpose"),
            ({"purpose": "x" * 501}, "purpose"),
            ({"until": "2020-01-01T00:00:00Z"}, "until"),
            ({"until": "2020-01-01T00:00:00"}, "until"),
            ({"from": "2020-01-01T00:00:00Z"}, "from"),
            ({"until": "9999-01-01T00:00:00Z"}, "until"),
            ({"state": "approved"}, "state"),
            ({"asked_by": 1}, "asked_by"),
            ({"decided": None}, "decided"),
            ({"owner": 999_999}, "owner"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_field(self, town: Town, body: dict[str, Any], field: str) -> None:
        answer = town.ask(**body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text

    def test_a_hidden_camera_is_told_in_the_words_of_one_that_never_was(self, town: Town) -> None:
        of_schools = 1
        hidden, missing = (town.ask(on={"camera": number}).json() for number in (of_schools, 999_999))
        assert hidden == {**missing, "detail": missing["detail"].replace("999999", str(of_schools))}
        assert wait_for(lambda: recorded(town.city, Act.REFUSAL, of_schools), "the refusal is on record")
        assert not recorded(town.city, Act.REFUSAL, 999_999)

    def test_a_person_of_another_department_is_told_in_the_words_of_one_that_never_was(self, town: Town) -> None:
        of_rail = town.people["rail.operator"].id
        hidden, missing = (town.ask("water.admin", to={"person": number}).json() for number in (of_rail, 999_999))
        assert hidden == {**missing, "detail": missing["detail"].replace("999999", str(of_rail))}

    def test_steps_take_nothing_but_a_reason(self, town: Town) -> None:
        number = town.asked()["id"]
        for step, body in (
            ("approve", {"rights": ["manage"]}),
            ("approve", {"why": "x" * 501}),
            ("refuse", {}),
            ("refuse", {"why": "  "}),
        ):
            assert refusal(town.post("water.admin", f"/grants/{number}:{step}", **body))[:2] == (422, "bad_input")


class TestWhoSees:
    def test_others_are_told_what_is_told_of_one_that_never_was(self, town: Town) -> None:
        number = town.asked()["id"]
        for path, body in (("", None), (":approve", {}), (":refuse", {"why": "x"}), (":revoke", {"why": "x"})):
            answers = []
            for one in (number, 999_999):
                address = f"/grants/{one}{path}"
                answer = (
                    town.get("water.operator", address)
                    if body is None
                    else town.post("water.operator", address, **body)
                )
                answers.append((answer.status_code, answer.text.replace(str(one), "N")))
            assert answers[0] == answers[1]
            assert answers[0][0] == 404

    @pytest.mark.parametrize(
        ("login", "sees"),
        [
            ("rail.operator", True),
            ("rail.admin", True),
            ("rail.auditor", True),
            ("water.admin", True),
            ("water.operator", False),
            ("city.admin", True),
            ("city.auditor", True),
        ],
    )
    def test_the_list_has_what_one_may_see(self, town: Town, login: str, sees: bool) -> None:
        number = town.asked()["id"]
        items = town.get(login, "/grants", state="requested").json()["items"]
        assert (number in [item["id"] for item in items]) is sees

    def test_pages_are_newest_first(self, town: Town) -> None:
        numbers = [town.asked()["id"] for _ in range(3)]
        first = town.get("city.admin", "/grants", limit=2, to_department=town.rail).json()
        assert [item["id"] for item in first["items"]] == [numbers[2], numbers[1]]
        second = town.get("city.admin", "/grants", limit=1, cursor=first["next"], to_department=town.rail).json()
        assert [item["id"] for item in second["items"]] == [numbers[0]]


class TestViewers:
    def test_they_are_told_with_the_grant(self, town: Town) -> None:
        grant = town.granted(until=in_hours(2), to={"department": town.rail, "role": "operator"})
        items = town.get("water.admin", f"/cameras/{town.weir}/viewers").json()["items"]
        (by_grant,) = [item for item in items if item["through"] == {"kind": "grant", "grant": grant["id"]}]
        assert by_grant["who"] == {
            "kind": "role",
            "department": {"id": town.rail, "name": "Rail"},
            "role": "operator",
            "person": None,
        }
        assert by_grant["rights"] == ["list", "events", "media"]
        assert (by_grant["since"], by_grant["until"]) == (grant["decided"]["at"], grant["until"])
        kinds = {(item["who"]["kind"], item["through"]["kind"]) for item in items}
        assert kinds >= {("city", "city"), ("role", "home")}

    @pytest.mark.parametrize(
        ("login", "status"),
        [
            ("water.admin", 200),
            ("city.admin", 200),
            ("city.auditor", 200),
            ("water.operator", 403),
            ("rail.auditor", 404),
        ],
    )
    def test_who_may_ask_for_them(self, town: Town, login: str, status: int) -> None:
        assert town.get(login, f"/cameras/{town.weir}/viewers").status_code == status

    def test_a_grant_to_change_the_camera_does_not_tell_who_else_sees_it(self, town: Town) -> None:
        grant = given(town, town.weir, "manage")
        assert town.get("rail.operator", f"/cameras/{town.weir}").status_code == 200
        assert town.get("rail.operator", f"/cameras/{town.weir}/viewers").status_code == 403
        town.post("water.admin", f"/grants/{grant}:revoke", why="done")

    def test_what_another_owner_calls_a_camera_is_not_told_by_a_grant_of_the_one_before(self, town: Town) -> None:
        with town.city.services.database.write() as connection:
            sluice = cameras.add(connection, name="sluice", department=town.rivers)
        grant = given(town, sluice.id, "media")
        person = town.people["rail.operator"].id

        def told() -> set[str]:
            (on,) = [
                item["on"]
                for item in town.get("rail.operator", f"/people/{person}/sight").json()["items"]
                if item["through"]["grant"] == grant
            ]
            return {on["camera"]["name"], town.get("rail.operator", f"/grants/{grant}").json()["on"]["camera"]["name"]}

        assert told() == {"sluice"}
        with town.city.services.database.write() as connection:
            schools = replace(sluice, name="HIDDEN-1", department=departments.DEFAULT)
            cameras.change(connection, schools, town.city.services.clock.now())
        assert told() == {""}
        listed = town.get("rail.operator", "/grants", camera=sluice.id)
        assert (len(listed.json()["items"]), "HIDDEN" in listed.text) == (1, False)
        with town.city.services.database.write() as connection:
            cameras.remove(connection, sluice.id, town.city.services.clock.now())


class TestSight:
    def test_it_tells_of_home_and_grants(self, town: Town) -> None:
        grant = town.granted(on={"department": town.rivers})
        person = town.people["rail.operator"].id
        items = town.get("rail.admin", f"/people/{person}/sight").json()["items"]
        assert items[0]["through"] == {"kind": "home", "grant": None}
        assert items[0]["on"]["department"] == {"id": town.rail, "name": "Rail"}
        (by_grant,) = [item for item in items if item["through"] == {"kind": "grant", "grant": grant["id"]}]
        assert (by_grant["cameras"], by_grant["rights"]) == (1, ["list", "events", "media"])

    def test_a_city_admin_sees_everything(self, town: Town) -> None:
        (item,) = town.get("city.admin", f"/people/{town.people['city.admin'].id}/sight").json()["items"]
        assert (item["on"], item["cameras"]) == (None, 11)

    @pytest.mark.parametrize(
        ("login", "status"),
        [
            ("rail.operator", 200),
            ("rail.admin", 200),
            ("rail.auditor", 200),
            ("city.admin", 200),
            ("city.auditor", 200),
            ("water.admin", 404),
            ("water.operator", 404),
        ],
    )
    def test_who_may_ask_for_it(self, town: Town, login: str, status: int) -> None:
        person = town.people["rail.operator"].id
        answer = town.get(login, f"/people/{person}/sight")
        assert answer.status_code == status
        if status == 404:
            missing = town.get(login, "/people/999999/sight").text
            assert answer.text == missing.replace("999999", str(person))
