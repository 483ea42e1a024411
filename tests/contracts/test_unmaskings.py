"""Unmaskings: open at once or after a second person, over by time, and not opened again by a clock that is set back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from core.access import PersonId, Right
from core.camera import DepartmentId
from core.errors import BadInput, Conflict, Forbidden, Hidden, NotFound
from core.ids import EventId, event_id
from registry import departments
from registry.access import unmaskings
from registry.access.ties import tie_of_department
from registry.access.unmasking import Unmasking, UnmaskingId, UnmaskingState
from registry.access.unmasking_powers import UnmaskingPowers, powers_of
from registry.access.unmaskings import WAITS_FOR
from registry.access.version import note_time
from registry.db import Database
from registry.reach import NOTHING
from registry.visibility import EventFacts, Visibility
from tests.support.builders import START, FakeClock
from tests.support.racing import race
from tests.support.sharing import Neighbours, neighbours

NOW = START.replace(year=2030)
"""After the moment at which the database was made, before which nothing begins."""
LASTS = timedelta(minutes=15)
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def town(connection: Connection) -> Neighbours:
    return neighbours(connection)


def of_the_weir(town: Neighbours) -> EventId:
    """An event of rivers, which is below water."""
    return event_id(NOW - timedelta(hours=1), town.weir)


def wants_two(town: Neighbours, department: DepartmentId) -> None:
    found = departments.get(town.connection, department)
    departments.change(town.connection, replace(found, second_person=True))


def own_originals(town: Neighbours, department: DepartmentId) -> None:
    found = departments.get(town.connection, department)
    departments.change(town.connection, replace(found, own_see_originals=True))


def ask(town: Neighbours, login: str = "water.operator", at: Any = NOW, reason: str = "the open gate") -> Unmasking:
    person = PersonId(town[login].id)
    return unmaskings.ask(town.connection, person, of_the_weir(town), town.rivers, reason, at, lasts=LASTS)


def powers(town: Neighbours, login: str, connection: Connection | None = None) -> UnmaskingPowers:
    using = connection or town.connection
    scope = Visibility(EventFacts.GRANT, FakeClock(NOW)).scope(using, town[login])
    return powers_of(using, town[login], scope[Right.UNMASKED])


def approve(town: Neighbours, one: Unmasking, login: str = "water.admin", at: Any = NOW) -> Unmasking:
    return unmaskings.approve(town.connection, one.id, powers(town, login), "agreed", at, lasts=LASTS)


def seen(town: Neighbours, one: Unmasking, at: Any, login: str = "water.operator") -> Unmasking:
    return unmaskings.get_seen(town.connection, one.id, powers(town, login), at)


class TestAlone:
    def test_it_is_open_at_once_for_as_long_as_was_said(self, town: Neighbours) -> None:
        asked = ask(town)
        assert (asked.state, asked.until_at, asked.decided) == (UnmaskingState.OPEN, NOW + LASTS, None)
        assert (asked.event, asked.camera, asked.department) == (of_the_weir(town), town.weir, town.rivers)
        assert (asked.person, asked.reason) == (town["water.operator"].id, "the open gate")
        assert seen(town, asked, NOW + LASTS - MOMENT).state is UnmaskingState.OPEN
        assert seen(town, asked, NOW + LASTS).state is UnmaskingState.OVER

    def test_it_may_be_asked_for_again_while_it_is_open(self, town: Neighbours) -> None:
        assert ask(town).id < ask(town, at=NOW + LASTS - MOMENT).id

    @pytest.mark.parametrize("reason", ["", "  \t ", "ab", "  ab  ", "x" * 501, "who\x00", "who\u202e", "\ud800 what"])
    def test_a_reason_is_a_reason(self, town: Neighbours, reason: str) -> None:
        with pytest.raises(BadInput) as caught:
            ask(town, reason=reason)
        assert caught.value.field == "reason"

    @pytest.mark.parametrize("reason", ["abc", "取证用", "x" * 500])
    def test_the_shortest_and_the_longest_reason(self, town: Neighbours, reason: str) -> None:
        assert ask(town, reason=f" {reason} ").reason == reason

    def test_the_department_above_has_no_say_in_how_many_it_takes(self, town: Neighbours) -> None:
        wants_two(town, town.water)
        assert ask(town).state is UnmaskingState.OPEN


class TestTwo:
    def test_it_waits_a_day_for_a_second_person(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        asked = ask(town)
        assert (asked.state, asked.until_at) == (UnmaskingState.WAITING, NOW + WAITS_FOR)
        assert seen(town, asked, NOW + WAITS_FOR - MOMENT).state is UnmaskingState.WAITING
        assert seen(town, asked, NOW + WAITS_FOR).state is UnmaskingState.OVER
        with pytest.raises(Conflict, match="is over"):
            approve(town, asked, at=NOW + WAITS_FOR)

    def test_it_opens_when_it_is_approved_from_then_on(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        opened = approve(town, ask(town), at=NOW + WAITS_FOR - MOMENT)
        assert (opened.state, opened.until_at) == (UnmaskingState.OPEN, NOW + WAITS_FOR - MOMENT + LASTS)
        assert opened.decided is not None
        assert (opened.decided.by, opened.decided.why) == (town["water.admin"].id, "agreed")

    def test_it_stays_refused(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        asked = ask(town)
        refused = unmaskings.refuse(town.connection, asked.id, powers(town, "water.admin"), "no need", NOW)
        assert (refused.state, refused.until_at) == (UnmaskingState.REFUSED, None)
        with pytest.raises(Conflict, match="decided on already"):
            approve(town, asked)
        assert seen(town, asked, NOW + 2 * WAITS_FOR).state is UnmaskingState.REFUSED

    def test_one_that_is_open_is_neither_opened_longer_nor_refused(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        asked = approve(town, ask(town))
        with pytest.raises(Conflict, match="decided on already"):
            approve(town, asked, "city.admin", at=NOW + MOMENT)
        with pytest.raises(Conflict, match="decided on already"):
            unmaskings.refuse(town.connection, asked.id, powers(town, "city.admin"), "", NOW + MOMENT)
        assert seen(town, asked, NOW + MOMENT).until_at == NOW + LASTS

    def test_the_same_wish_does_not_wait_twice(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        asked = ask(town)
        with pytest.raises(Conflict, match=f"unmasking {asked.id} of event"):
            ask(town)
        assert ask(town, "water.admin").state is UnmaskingState.WAITING  # another's
        assert ask(town, at=NOW + WAITS_FOR).state is UnmaskingState.WAITING  # the first one is over

    @pytest.mark.parametrize("login", ["water.admin", "city.admin"])
    def test_nobody_is_the_second_person_for_oneself(self, town: Neighbours, login: str) -> None:
        wants_two(town, town.rivers)
        asked = ask(town, login)
        with pytest.raises(Forbidden, match="a second person must decide"):
            approve(town, asked, login)
        with pytest.raises(Forbidden, match="a second person must decide"):
            unmaskings.refuse(town.connection, asked.id, powers(town, login), "", NOW)
        assert not powers(town, login).may_decide(asked)
        assert approve(town, asked, "city.deputy").state is UnmaskingState.OPEN

    @pytest.mark.parametrize(
        "login", ["rail.admin", "rail.operator", "rail.viewer", "rail.auditor", "city.auditor", "water.operator"]
    )
    def test_for_others_there_is_none(self, town: Neighbours, login: str) -> None:
        wants_two(town, town.rivers)
        asked = ask(town, "water.admin")
        with pytest.raises(Hidden) as hidden:
            approve(town, asked, login)
        missing = UnmaskingId(asked.id + 1)
        with pytest.raises(NotFound) as never:
            unmaskings.approve(town.connection, missing, powers(town, login), "", NOW, lasts=LASTS)
        assert str(hidden.value).replace(str(asked.id), "N") == str(never.value).replace(str(missing), "N")

    def test_who_has_the_right_may_be_the_second_person(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        own_originals(town, town.rivers)
        assert approve(town, ask(town, "water.admin"), "water.operator").state is UnmaskingState.OPEN

    def test_who_has_the_right_by_a_grant_may_be_the_second_person_for_what_is_in_it(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        town.granted(at=NOW - timedelta(hours=2), rights=frozenset({Right.UNMASKED}), history=False)
        asked = ask(town)  # of an event an hour ago
        assert approve(town, asked, "rail.operator").state is UnmaskingState.OPEN

    def test_who_has_the_right_since_later_only_may_not(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        town.granted(at=NOW, rights=frozenset({Right.UNMASKED}), history=False)
        with pytest.raises(Hidden):
            approve(town, ask(town), "rail.operator")

    def test_a_program_decides_on_nothing(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        asked = ask(town)
        admin = town["city.admin"]
        key = replace(admin, kind=type(admin.kind).KEY)
        program = powers_of(town.connection, key, NOTHING)
        assert not program.may_decide(asked)
        with pytest.raises(Hidden):
            unmaskings.approve(town.connection, asked.id, program, "", NOW, lasts=LASTS)
        assert unmaskings.list_unmaskings(town.connection, program, NOW).items == ()


class TestClockSetBack:
    def test_it_revives_nothing(self, town: Neighbours) -> None:
        over = ask(town, at=NOW)
        later = ask(town, at=NOW + LASTS)  # the latest moment there ever was
        back = ask(town, at=NOW - timedelta(days=1))
        assert (later.asked_at, back.asked_at, back.until_at) == (NOW + LASTS, NOW + LASTS, NOW + 2 * LASTS)
        with_a_clock_of_then = Visibility(EventFacts.GRANT, FakeClock(NOW))
        now = with_a_clock_of_then.now(town.connection)
        assert seen(town, over, now).state is UnmaskingState.OVER

    def test_what_was_over_is_not_decided_on(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        over = ask(town, at=NOW)
        ask(town, "water.admin", at=NOW + WAITS_FOR)
        with pytest.raises(Conflict, match="is over"):
            approve(town, over, at=NOW)


class TestList:
    def numbers(self, town: Neighbours, login: str, at: Any = NOW, **more: Any) -> list[int]:
        return [one.id for one in unmaskings.list_unmaskings(town.connection, powers(town, login), at, **more).items]

    def test_one_finds_own_ones_and_those_to_decide_on_newest_first(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        first, second = ask(town), ask(town, "water.admin")
        assert self.numbers(town, "water.operator") == [first.id]
        assert self.numbers(town, "water.admin") == [second.id, first.id]
        assert self.numbers(town, "city.admin") == [second.id, first.id]
        assert self.numbers(town, "rail.admin") == self.numbers(town, "city.auditor") == []

    def test_who_has_the_right_finds_those_that_wait_and_those_decided_on(self, town: Neighbours) -> None:
        wants_two(town, town.rivers)
        own_originals(town, town.rivers)
        mine, others = ask(town, "water.admin"), ask(town, "city.admin")
        assert self.numbers(town, "water.operator") == [others.id, mine.id]
        approve(town, mine, "water.operator")
        approve(town, others, "water.admin")
        assert self.numbers(town, "water.operator") == [mine.id]

    def test_by_state_as_it_is_at_that_moment(self, town: Neighbours) -> None:
        opened = ask(town)
        wants_two(town, town.rivers)
        refused, waiting = ask(town, "water.admin"), ask(town)
        unmaskings.refuse(town.connection, refused.id, powers(town, "city.admin"), "", NOW)
        found = {state: self.numbers(town, "city.admin", state=state) for state in UnmaskingState}
        assert found == {
            UnmaskingState.WAITING: [waiting.id],
            UnmaskingState.OPEN: [opened.id],
            UnmaskingState.REFUSED: [refused.id],
            UnmaskingState.OVER: [],
        }
        assert self.numbers(town, "city.admin", NOW + WAITS_FOR, state=UnmaskingState.OVER) == [waiting.id, opened.id]
        assert self.numbers(town, "city.admin", NOW + WAITS_FOR, state=UnmaskingState.WAITING) == []

    def test_pages_hold_each_once_though_most_are_not_for_who_asks(
        self, town: Neighbours, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(unmaskings, "_STEP", 2)
        own_originals(town, town.rivers)
        wants_two(town, town.rivers)
        wants_two(town, town.rail)
        for n in range(7):  # of rail, which water's operator has nothing to do with
            event = event_id(NOW - timedelta(seconds=n), town.platform)
            admin = PersonId(town["rail.admin"].id)
            unmaskings.ask(town.connection, admin, event, town.rail, "a look", NOW, lasts=LASTS)
            if n % 3 == 0:
                event = event_id(NOW - timedelta(seconds=n), town.weir)
                unmaskings.ask(town.connection, admin, event, town.rivers, "a look", NOW, lasts=LASTS)
        by = powers(town, "water.operator")
        whole = unmaskings.list_unmaskings(town.connection, by, NOW)
        assert (len(whole.items), whole.next) == (3, None)
        found: list[Unmasking] = []
        cursor = None
        for _ in range(3):
            page = unmaskings.list_unmaskings(town.connection, by, NOW, cursor=cursor, limit=1)
            found += page.items
            cursor = page.next
        assert (tuple(found), cursor) == (whole.items, None)


def test_a_department_of_which_somebody_wanted_to_see_an_event_stays(town: Neighbours) -> None:
    guests = departments.add(town.connection, name="Guests").id
    assert tie_of_department(town.connection, guests) is None
    person = PersonId(town["city.admin"].id)
    asked = unmaskings.ask(town.connection, person, of_the_weir(town), guests, "a look", NOW, lasts=LASTS)
    assert tie_of_department(town.connection, guests) == f"unmasking {asked.id} is of an event of it"


class TestAtOnce:
    def test_of_two_decisions_one_is_taken(self, database: Database) -> None:
        with database.write() as connection:
            town = neighbours(connection)
            wants_two(town, town.rivers)
            asked = ask(town)
            admin, deputy = powers(town, "water.admin"), powers(town, "city.deputy")
        outcomes = race(
            database,
            lambda connection: unmaskings.approve(connection, asked.id, admin, "", NOW, lasts=LASTS),
            lambda connection: unmaskings.refuse(connection, asked.id, deputy, "", NOW),
        )
        assert sorted(outcome is None for outcome in outcomes) == [False, True]
        assert all(outcome is None or isinstance(outcome, Conflict) for outcome in outcomes)

    def test_of_one_wish_that_comes_twice_one_waits(self, database: Database) -> None:
        with database.write() as connection:
            town = neighbours(connection)
            wants_two(town, town.rivers)
            event, person = of_the_weir(town), PersonId(town["water.operator"].id)
            note_time(connection, NOW)  # else the writing of it down would hold up the others

        def wish(connection: Connection) -> object:
            return unmaskings.ask(connection, person, event, town.rivers, "a look", NOW, lasts=LASTS)

        outcomes = race(database, wish, wish, wish)
        assert sorted(outcome is None for outcome in outcomes) == [False, False, True]
