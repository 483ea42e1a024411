"""Originals over HTTP: with the right, a reason, and a second person where that is wanted; and not for long."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from core.access import Right, Role
from core.camera import DepartmentId
from core.ids import EventId
from events.media import records
from events.media.keys import blob_key
from events.media.table import MediaKind
from registry import departments
from registry.access.people import Person
from registry.access.tables import unmasking
from registry.access.version import note_time
from registry.audit.entry import Act
from registry.audit.tables import audit_department
from tests.support.waiting import wait_for
from tests.system.api.conftest import CLIP, an_event
from tests.system.api.signing import add_person, recorded, refusal, signed_in
from tests.system.api.two_departments import TwoDepartments, two_departments

NEVER = 2**31 - 1
REASON = "the gate alarm of May"
LONG = bytes(range(256)) * 4096 * 48
"""48 MB: more than what lies on the way to a client that reads slowly."""


@dataclass
class Town:
    """Water, whose own people may see its originals, and rail."""

    two: TwoDepartments
    people: dict[str, Person]
    clients: dict[str, httpx2.Client]

    @property
    def event(self) -> EventId:
        """Of water, with an original."""
        return self.two.water.event

    def get(self, login: str, path: str, **more: Any) -> httpx2.Response:
        return self.clients[login].get(f"/api/v1{path}", **more)

    def post(self, login: str, path: str, **body: Any) -> httpx2.Response:
        return self.clients[login].post(f"/api/v1{path}", json=body)

    def ask(self, login: str = "water.operator", event: int | None = None, **body: Any) -> httpx2.Response:
        return self.post(login, f"/events/{event or self.event}/unmaskings", **{"reason": REASON} | body)

    def asked(self, login: str = "water.operator", event: int | None = None, **body: Any) -> dict[str, Any]:
        answer = self.ask(login, event, **body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def clip(self, login: str, number: int, **headers: str) -> httpx2.Response:
        return self.get(login, f"/unmaskings/{number}/clip", headers=headers)

    def change(self, *, own_see_originals: bool = True, second_person: bool = False) -> None:
        """What water's department says of originals."""
        with self.two.city.services.database.write() as connection:
            found = departments.get(connection, self.two.water.department)
            changed = replace(found, own_see_originals=own_see_originals, second_person=second_person)
            departments.change(connection, changed)

    def an_original(self, n: int, content: bytes = CLIP) -> EventId:
        """One more event of water, with that original."""
        [event] = self.two.city.write(an_event(n, camera=self.two.water.camera, ended=True))
        self.two.city.keep(event, MediaKind.ORIGINAL, content)
        return event

    def end_at(self, number: int, at: datetime) -> None:
        """Let an unmasking be over at another moment."""
        with self.two.city.services.database.write() as connection:
            connection.execute(update(unmasking).where(unmasking.c.id == number).values(until_at=at))


def a_town(two: TwoDepartments, stack: ExitStack) -> Town:
    water, rail = two.water.department, two.rail.department
    people = {
        name: add_person(two.city, role, department)
        for name, role, department in (
            ("water.admin", Role.DEPARTMENT_ADMIN, water),
            ("water.operator", Role.OPERATOR, water),
            ("water.viewer", Role.VIEWER, water),
            ("rail.admin", Role.DEPARTMENT_ADMIN, rail),
            ("rail.operator", Role.OPERATOR, rail),
            ("city.admin", Role.CITY_ADMIN, None),
        )
    }
    clients = {name: stack.enter_context(signed_in(two.city, one.login)) for name, one in people.items()}
    town = Town(two, people, clients)
    town.change()
    return town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Shared by tests that leave both departments as they are."""
    with two_departments(tmp_path_factory.mktemp("two")) as two, ExitStack() as stack:
        yield a_town(two, stack)


@pytest.fixture
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with two_departments(tmp_path_factory.mktemp("two")) as two, ExitStack() as stack:
        yield a_town(two, stack)


@pytest.fixture
def strict(town: Town) -> Iterator[Town]:
    """The town while water wants a second person."""
    town.change(second_person=True)
    yield town
    town.change()


class TestTheOriginal:
    def test_it_is_what_was_stored_whole_and_in_parts(self, town: Town) -> None:
        asked = town.asked()
        assert (asked["state"], asked["reason"], asked["decided"]) == ("open", REASON, None)
        assert asked["event"] == str(town.event)
        assert asked["person"]["id"] == town.people["water.operator"].id
        assert asked["department"] == {"id": town.two.water.department, "name": "Water"}
        assert asked["camera"] == {"id": town.two.water.camera, "name": "Water camera"}
        assert asked["may"] == {"approve": False}
        whole = town.clip("water.operator", asked["id"])
        assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, CLIP, "video/mp4")
        assert (whole.headers["cache-control"], whole.headers["accept-ranges"]) == ("no-store", "bytes")
        for first, last in ((0, 0), (65_535, 65_536), (100_000, len(CLIP) - 1)):
            part = town.clip("water.operator", asked["id"], Range=f"bytes={first}-{last}")
            assert (part.status_code, part.content) == (206, CLIP[first : last + 1])
            assert part.headers["content-range"] == f"bytes {first}-{last}/{len(CLIP)}"
        assert town.clip("water.operator", asked["id"], Range="bytes=-5").content == CLIP[-5:]
        beyond = town.clip("water.operator", asked["id"], Range=f"bytes={len(CLIP)}-")
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CLIP)}")
        head = town.clients["water.operator"].head(f"/api/v1/unmaskings/{asked['id']}/clip")
        assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CLIP)), b"")

    def test_it_is_open_for_a_quarter_of_an_hour(self, town: Town) -> None:
        asked = town.asked()
        lasts = datetime.fromisoformat(asked["until"]) - datetime.fromisoformat(asked["asked_at"])
        assert lasts == timedelta(minutes=15)

    def test_a_grant_of_the_right_opens_it_to_others(self, town: Town) -> None:
        event = town.an_original(100)
        grant = town.two.grant(town.two.water, town.two.rail.department, Right.UNMASKED)
        asked = town.asked("rail.operator", event)
        assert town.clip("rail.operator", asked["id"]).content == CLIP
        town.two.revoke(grant)
        assert town.clip("rail.operator", asked["id"]).status_code == 404
        assert town.get("rail.operator", "/unmaskings").json()["items"][0]["id"] == asked["id"]

    def test_the_right_that_was_taken_back_closes_it_at_once(self, town: Town) -> None:
        asked = town.asked("water.operator")
        town.change(own_see_originals=False)
        try:
            status, code, words = refusal(town.clip("water.operator", asked["id"]))
            assert (status, code) == (403, "forbidden")
            assert "'unmasked'" in words
        finally:
            town.change()

    def test_a_repeated_request_asks_once(self, town: Town) -> None:
        path, key = f"/api/v1/events/{town.event}/unmaskings", {"Idempotency-Key": "0123456789abcdef"}
        answers = [town.clients["water.admin"].post(path, json={"reason": REASON}, headers=key) for _ in range(2)]
        assert answers[0].json()["id"] == answers[1].json()["id"]


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


class TestWhileItIsSent:
    """A client reads an original slowly, and loses what it needs for that."""

    def is_cut_off(self, town: Town, number: int, lose: Callable[[], None]) -> None:
        """`lose` makes the answer break off before its end."""
        path = f"/api/v1/unmaskings/{number}/clip"
        got = 0
        with town.clients["rail.operator"].stream("GET", path) as answer:
            assert answer.status_code == 200
            parts = answer.iter_raw(262_144)
            got += len(next(parts))
            lose()

            def breaks_off() -> bool:
                nonlocal got
                try:
                    got += len(next(parts))
                except httpx2.RemoteProtocolError:
                    return True
                return False

            wait_for(breaks_off, "the answer breaks off", 20)
        assert got < len(LONG)

    def asked(self, town: Town) -> int:
        event = town.an_original(130, LONG)
        town.two.grant(town.two.water, town.two.rail.department, Right.UNMASKED)
        return int(town.asked("rail.operator", event)["id"])

    def test_it_breaks_off_when_the_right_is_taken_back(self, own_town: Town) -> None:
        event = own_town.an_original(130, LONG)
        grant = own_town.two.grant(own_town.two.water, own_town.two.rail.department, Right.UNMASKED)
        number = own_town.asked("rail.operator", event)["id"]
        self.is_cut_off(own_town, number, lambda: own_town.two.revoke(grant))

    def test_it_breaks_off_when_the_session_ends(self, own_town: Town) -> None:
        person = own_town.people["rail.operator"].id
        sessions = f"/people/{person}/sessions"

        def lose() -> None:
            assert own_town.clients["rail.admin"].delete(f"/api/v1{sessions}").status_code == 204

        self.is_cut_off(own_town, self.asked(own_town), lose)

    def test_it_breaks_off_when_its_time_is_over(self, own_town: Town) -> None:
        number = self.asked(own_town)
        own_town.end_at(number, own_town.two.city.services.clock.now() + timedelta(seconds=1))
        self.is_cut_off(own_town, number, lambda: None)


class TestNoOriginal:
    def told(self, town: Town, event: EventId) -> tuple[int, str, str]:
        return refusal(town.clip("water.operator", town.asked(event=event)["id"]))

    def test_the_answer_says_why_there_is_none(self, town: Town) -> None:
        city = town.two.city
        camera = town.two.water.camera
        never, failed, coming = city.write(*(an_event(n, camera=camera, ended=True) for n in (140, 141, 142)))
        city.fail(failed, MediaKind.ORIGINAL, "the ring was empty")
        with city.services.database.write() as connection:
            records.mark_pending(connection, [coming], MediaKind.ORIGINAL, city.services.clock.now())
        for event, why in (
            (never, "no clip of it was recorded"),
            (failed, "the ring was empty"),
            (coming, "it is being recorded"),
        ):
            status, code, words = self.told(town, event)
            assert (status, code) == (404, "not_found")
            assert words.endswith(why)

    def test_one_that_is_gone_from_the_store_is_none(self, town: Town) -> None:
        event = town.an_original(143)
        town.two.city.services.blobs.delete(blob_key(event, 1, MediaKind.ORIGINAL))
        assert self.told(town, event) == (404, "not_found", f"event {event} has no original: what was stored is gone")

    @pytest.mark.parametrize("fault", ["the store is away", "it was changed"])
    def test_one_that_cannot_be_opened_may_be_had_later(self, town: Town, fault: str) -> None:
        event = town.an_original(144 if fault == "it was changed" else 145)
        file = town.two.city.services.data_folder / "blobs" / blob_key(event, 1, MediaKind.ORIGINAL)
        if fault == "it was changed":
            file.write_bytes(file.read_bytes()[:-1] + b"x")
        else:
            file.unlink()
            file.symlink_to(file)  # the system fails to open it, whoever asks
        assert self.told(town, event)[:2] == (503, "unavailable")
        assert recorded(town.two.city, Act.LOOK_AT_ORIGINAL, event) == []


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
