"""Who is let see originals over HTTP: with the right, a reason, a second person where that is wanted, for a while."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from core.access import Role
from core.camera import DepartmentId
from registry.access.version import note_time
from registry.audit.entry import Act
from registry.audit.tables import audit_department
from tests.support.waiting import wait_for
from tests.system.api.conftest import CLIP
from tests.system.api.signing import recorded, refusal
from tests.system.api.two_with_originals import REASON, Town, two_with_originals

NEVER = 2**31 - 1


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Shared by tests that leave both departments as they are."""
    with two_with_originals(tmp_path_factory.mktemp("two")) as found:
        yield found


@pytest.fixture
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with two_with_originals(tmp_path_factory.mktemp("two")) as found:
        yield found


@pytest.fixture
def strict(town: Town) -> Iterator[Town]:
    """The town while water wants a second person."""
    town.change(second_person=True)
    yield town
    town.change()


class TestWhoMayNot:
    def test_an_event_that_may_not_be_seen_is_one_that_never_was(self, town: Town) -> None:
        never = town.event + (1 << 40)
        hidden, missing = town.ask("rail.operator"), town.ask("rail.operator", never)
        assert hidden.text.replace(str(town.event), "N") == missing.text.replace(str(never), "N")
        assert hidden.status_code == missing.status_code == 404

    @pytest.mark.parametrize("login", ["water.viewer", "city.admin"])
    def test_who_sees_the_event_without_the_right_is_told_so(self, town: Town, login: str) -> None:
        status, code, words = refusal(town.ask(login))
        assert (status, code) == (403, "forbidden")
        assert "neither a role nor a grant gives you 'unmasked' there" in words

    @pytest.mark.parametrize("role", [Role.OPERATOR, Role.DEPARTMENT_ADMIN])
    def test_a_program_never_may(self, town: Town, role: Role) -> None:
        asked = town.asked()
        with town.two.client(role, town.two.water.department) as program:
            answers = [
                program.post(f"/events/{town.event}/unmaskings", json={"reason": REASON}),
                program.get("/unmaskings"),
                program.get(f"/unmaskings/{asked['id']}/clip"),
                program.post(f"/unmaskings/{asked['id']}:approve", json={}),
                program.post(f"/unmaskings/{asked['id']}:refuse", json={}),
            ]
        for answer in answers:
            status, _, words = refusal(answer)
            assert status == 403
            assert "not a program with an API key" in words

    def test_anothers_unmasking_is_one_that_never_was(self, strict: Town) -> None:
        number = strict.asked("water.admin", strict.an_original(110))["id"]
        asks: list[Callable[[int], httpx2.Response]] = [
            lambda one: strict.clip("rail.admin", one),
            lambda one: strict.post("rail.admin", f"/unmaskings/{one}:approve"),
            lambda one: strict.post("rail.admin", f"/unmaskings/{one}:refuse"),
        ]
        for ask in asks:
            anothers, none = ask(number), ask(NEVER)
            assert anothers.text.replace(str(number), "N") == none.text.replace(str(NEVER), "N")
            assert anothers.status_code == none.status_code == 404
        assert strict.get("rail.admin", "/unmaskings").json()["items"] == []


class TestASecondPerson:
    def test_it_opens_to_who_asked_when_somebody_else_agrees(self, strict: Town) -> None:
        event = strict.an_original(120)
        asked = strict.asked("water.operator", event)
        assert (asked["state"], asked["may"]) == ("waiting", {"approve": False})
        status, _, words = refusal(strict.clip("water.operator", asked["id"]))
        assert (status, words) == (403, f"unmasking {asked['id']} waits for a second person")
        [told] = strict.get("water.admin", "/unmaskings", params={"state": "waiting", "limit": 1}).json()["items"]
        assert (told["id"], told["may"]) == (asked["id"], {"approve": True})
        opened = strict.post("water.admin", f"/unmaskings/{asked['id']}:approve", why="as agreed").json()
        assert (opened["state"], opened["may"]) == ("open", {"approve": False})
        assert opened["decided"]["by"] == {"id": strict.people["water.admin"].id, "name": "Li Wei"}
        assert opened["decided"]["why"] == "as agreed"
        assert strict.clip("water.operator", asked["id"]).content == CLIP
        status, _, words = refusal(strict.clip("water.admin", asked["id"]))
        assert status == 403
        assert "only who asked" in words

    def test_nobody_agrees_with_oneself(self, strict: Town) -> None:
        number = strict.asked("water.admin", strict.an_original(121))["id"]
        for decide in ("approve", "refuse"):
            status, _, words = refusal(strict.post("water.admin", f"/unmaskings/{number}:{decide}"))
            assert status == 403
            assert "a second person must decide" in words
        assert refusal(strict.clip("water.admin", number))[0] == 403

    def test_a_refused_one_stays_shut(self, strict: Town) -> None:
        number = strict.asked("water.operator", strict.an_original(122))["id"]
        refused = strict.post("city.admin", f"/unmaskings/{number}:refuse").json()
        assert (refused["state"], refused["until"]) == ("refused", None)
        assert refusal(strict.clip("water.operator", number))[2] == f"unmasking {number} was refused"
        assert strict.post("water.admin", f"/unmaskings/{number}:approve").status_code == 409

    def test_the_same_wish_does_not_wait_twice(self, strict: Town) -> None:
        event = strict.an_original(123)
        strict.asked("water.operator", event)
        assert refusal(strict.ask("water.operator", event))[:2] == (409, "conflict")

    def test_one_that_nobody_decided_on_in_time_is_over(self, strict: Town) -> None:
        number = strict.asked("water.operator", strict.an_original(124))["id"]
        strict.end_at(number, strict.two.city.services.clock.now())
        assert refusal(strict.post("water.admin", f"/unmaskings/{number}:approve"))[:2] == (409, "conflict")


class TestItsTime:
    def test_one_that_is_over_shows_nothing_however_often_it_is_asked(self, town: Town) -> None:
        asked = town.asked()
        assert town.clip("water.operator", asked["id"], Range="bytes=0-9").status_code == 206
        town.end_at(asked["id"], town.two.city.services.clock.now())
        for _ in range(2):
            told = refusal(town.clip("water.operator", asked["id"], Range="bytes=10-19"))
            assert told == (403, "forbidden", f"unmasking {asked['id']} is over")
        over = town.get("water.operator", "/unmaskings", params={"state": "over"}).json()["items"]
        assert asked["id"] in [one["id"] for one in over]

    def test_a_clock_that_is_set_back_revives_none(self, own_town: Town) -> None:
        asked = own_town.asked()
        services = own_town.two.city.services
        with services.database.write() as connection:
            note_time(connection, services.clock.now() + timedelta(minutes=15))  # and since then it was set back
        assert refusal(own_town.clip("water.operator", asked["id"]))[2] == f"unmasking {asked['id']} is over"


class TestTheRecord:
    def departments(self, town: Town, row: int) -> set[DepartmentId]:
        with town.two.city.services.database.read() as connection:
            of_row = select(audit_department.c.department).where(audit_department.c.row == row)
            return set(connection.scalars(of_row))

    def test_asking_deciding_and_looking_are_on_record_with_the_reason(self, strict: Town) -> None:
        event = strict.an_original(150)
        number = strict.asked("water.operator", event)["id"]
        strict.post("city.admin", f"/unmaskings/{number}:approve", why="as agreed")
        for first in range(0, 100, 10):
            strict.clip("water.operator", number, Range=f"bytes={first}-{first + 9}")
        operator, admin = strict.people["water.operator"].id, strict.people["city.admin"].id
        expected: dict[Act, tuple[int, dict[str, Any]]] = {
            Act.UNMASKING_ASKED: (operator, {"state": "waiting", "unmasking": number}),
            Act.UNMASKING_DECIDED: (
                admin,
                {"asked_by": operator, "state": "open", "unmasking": number, "why": "as agreed"},
            ),
            Act.LOOK_AT_ORIGINAL: (operator, {"unmasking": number}),
        }
        for act, (actor, detail) in expected.items():
            [row] = recorded(strict.two.city, act, event)
            assert (row.actor, row.purpose, row.camera) == (actor, REASON, strict.two.water.camera)
            assert json.loads(row.detail) == detail
            assert self.departments(strict, row.id) == {strict.two.water.department}

    def test_another_reason_is_another_look(self, town: Town) -> None:
        event = town.an_original(151)
        for reason in ("the first look", "the second look"):
            number = town.asked(event=event, reason=reason)["id"]
            town.clip("water.operator", number)
            town.clip("water.operator", number)
        rows = recorded(town.two.city, Act.LOOK_AT_ORIGINAL, event)
        assert [row.purpose for row in rows] == ["the first look", "the second look"]

    def test_the_headers_alone_are_no_look(self, town: Town) -> None:
        event = town.an_original(152)
        number = town.asked(event=event)["id"]
        assert town.clients["water.operator"].head(f"/api/v1/unmaskings/{number}/clip").status_code == 200
        assert recorded(town.two.city, Act.LOOK_AT_ORIGINAL, event) == []

    def test_who_looks_at_one_that_is_over_is_refused_on_record(self, town: Town) -> None:
        asked = town.asked(event=town.an_original(153))
        town.end_at(asked["id"], town.two.city.services.clock.now())
        town.clip("water.operator", asked["id"])
        wait_for(lambda: len(recorded(town.two.city, Act.REFUSAL, asked["id"])) == 1, "the refusal is on record")


class TestBadInput:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"reason": None},
            {"reason": 17},
            {"reason": "ab"},
            {"reason": "   ab   "},
            {"reason": "x" * 501},
            {"reason": "x\0yz"},
            {"reason": "x\u202eyz"},
            {"reason": REASON, "person": 1},
            {"reason": REASON, "state": "open"},
        ],
    )
    def test_what_is_no_reason_is_refused(self, town: Town, body: dict[str, Any]) -> None:
        answer = town.post("water.operator", f"/events/{town.event}/unmaskings", **body)
        assert refusal(answer)[:2] == (422, "bad_input")

    @pytest.mark.parametrize("query", ["state=shut", "limit=0", "limit=1001", "cursor=x", "person=1"])
    def test_a_filter_is_one_that_there_is(self, town: Town, query: str) -> None:
        assert refusal(town.get("water.operator", f"/unmaskings?{query}"))[:2] == (422, "bad_input")

    @pytest.mark.parametrize("number", ["0", "-1", "x", str(2**31), "1%00"])
    def test_a_number_is_a_number(self, town: Town, number: str) -> None:
        shown = town.get("water.operator", f"/unmaskings/{number}/clip")
        decided = town.post("water.operator", f"/unmaskings/{number}:approve")
        assert refusal(shown)[:2] == refusal(decided)[:2] == (422, "bad_input")

    def test_a_very_late_cursor_finds_the_newest(self, town: Town) -> None:
        newest = town.asked()["id"]
        page = town.get("water.operator", "/unmaskings", params={"cursor": str(2**63 - 1), "limit": 1}).json()
        assert [one["id"] for one in page["items"]] == [newest]
        after = town.get("water.operator", "/unmaskings", params={"cursor": page["next"], "limit": 1}).json()
        assert after["items"][0]["id"] < newest
