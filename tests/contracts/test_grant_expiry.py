"""Grants that end: by their time, by somebody, by both at once, and under a clock that is set back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from core.access import Right
from core.errors import BadInput, Conflict
from registry import departments
from registry.access import grant_deciding, grants
from registry.access.expiry import ExpiryWatch, expire_due
from registry.access.grant import Grant, GrantState, OnDepartment, ToDepartment
from registry.access.grant_asking import Wish, ask
from registry.access.version import access_now, note_time
from registry.audit.tables import audit_department, audit_row
from registry.db import Database
from registry.visibility import EventFacts, Visibility
from tests.support.builders import START, FakeClock
from tests.support.racing import race
from tests.support.sharing import Neighbours, neighbours
from tests.support.waiting import wait_for

HOUR = timedelta(hours=1)
NOW = START.replace(year=2030)
"""After the moment at which the database was made, before which nothing begins."""


@pytest.fixture
def town(connection: Connection) -> Neighbours:
    return neighbours(connection)


class TestExpiry:
    def test_what_is_over_expires_and_the_rest_does_not(self, town: Neighbours) -> None:
        over, later, ever = (town.granted(at=NOW, until_at=until) for until in (NOW + HOUR, NOW + 2 * HOUR, None))
        requested = town.ask(at=NOW, until_at=NOW + HOUR)
        assert [one.id for one in expire_due(town.connection, NOW + HOUR)] == [over.id]
        assert expire_due(town.connection, NOW + HOUR) == []
        states = [grants.get(town.connection, one.id).state for one in (over, later, ever, requested)]
        assert states == [GrantState.EXPIRED, GrantState.APPROVED, GrantState.APPROVED, GrantState.REQUESTED]

    def test_it_is_on_record_for_both_departments(self, town: Neighbours) -> None:
        over = town.granted(at=NOW, until_at=NOW + HOUR)
        expire_due(town.connection, NOW + HOUR)
        row = town.connection.execute(select(audit_row).where(audit_row.c.act == "grant_expired")).one()
        assert (row.object, row.purpose, row.actor_kind, row.at) == (str(over.id), "flood drill", "program", NOW + HOUR)
        concerned = town.connection.scalars(
            select(audit_department.c.department).where(audit_department.c.row == row.id)
        )
        assert set(concerned) == {town.water, town.rail}

    def test_nothing_begins_or_ends_before_the_latest_moment_there_was(self, town: Neighbours) -> None:
        expire_due(town.connection, NOW)
        with pytest.raises(BadInput, match="over before it begins"):
            town.ask(at=NOW - HOUR, until_at=NOW)
        assert town.granted(at=NOW - HOUR).since == NOW

    def test_a_clock_that_is_set_back_revives_nothing(self, database: Database) -> None:
        clock = FakeClock(NOW)
        with database.write() as connection:
            town = neighbours(connection)
            grant = town.granted(at=NOW, until_at=NOW + HOUR)
        operator = town["rail.operator"]
        visibility, watch = Visibility(EventFacts.GRANT, clock), ExpiryWatch(database, clock)

        def sees(by: Visibility) -> bool:
            with database.read() as connection:
                return by.scope(connection, operator)[Right.MEDIA].has_camera(town.weir, town.rivers)

        assert sees(visibility)
        clock.set(NOW + HOUR)
        assert not sees(visibility)
        clock.set(NOW)  # before it was written down
        assert not sees(visibility)
        with database.read() as connection:
            assert not visibility.scope(connection, town["rail.viewer"])[Right.MEDIA].has_camera(town.weir, town.rivers)
        clock.set(NOW + HOUR)
        watch.look()
        with database.read() as connection:
            assert grants.get(connection, grant.id).state is GrantState.EXPIRED
        clock.set(NOW)
        assert not sees(Visibility(EventFacts.GRANT, clock))  # after a restart

    def test_a_moment_that_others_have_seen_counts_before_the_expiry_is_written_down(self, town: Neighbours) -> None:
        town.granted(at=NOW, until_at=NOW + HOUR)
        note_time(town.connection, NOW + HOUR)
        started_anew = Visibility(EventFacts.GRANT, FakeClock(NOW))
        reach = started_anew.scope(town.connection, town["rail.operator"])[Right.MEDIA]
        assert not reach.has_camera(town.weir, town.rivers)

    def test_time_goes_on_under_a_grant_while_the_clock_is_behind(self, database: Database) -> None:
        clock = FakeClock(NOW)
        with database.write() as connection:
            town = neighbours(connection)
            town.granted(at=NOW, until_at=NOW + HOUR)
        visibility = Visibility(EventFacts.GRANT, clock)
        for passed_s, expected in ((0, True), (1800, True), (1799, True), (1, False)):
            clock.advance(passed_s)
            with database.read() as connection:
                reach = visibility.scope(connection, town["rail.operator"])[Right.MEDIA]
            assert reach.has_camera(town.weir, town.rivers) is expected
            clock.set(NOW - HOUR)

    def test_the_latest_moment_is_noted_once_a_minute(self, database: Database) -> None:
        clock = FakeClock(NOW)
        watch = ExpiryWatch(database, clock)
        noted = []
        for passed_s in (0, 59, 1, 30):
            clock.advance(passed_s)
            watch.look()
            with database.read() as connection:
                noted.append(access_now(connection).latest_at)
        assert noted == [NOW, NOW, NOW + timedelta(seconds=60), NOW + timedelta(seconds=60)]

    def test_the_watch_expires_by_itself_and_ends_when_told(self, database: Database) -> None:
        clock = FakeClock(NOW)
        with database.write() as connection:
            grant = neighbours(connection).granted(at=NOW, until_at=NOW + timedelta(seconds=3))
        watch = ExpiryWatch(database, clock)
        watch.start()  # the clock runs as fast as the watch sleeps on it

        def state() -> bool:
            with database.read() as connection:
                return grants.get(connection, grant.id).state is GrantState.EXPIRED

        wait_for(state, "the grant has expired", 20)
        watch.stop(20)
        assert not watch.is_alive


class TestAtOnce:
    @pytest.mark.parametrize("other", [grant_deciding.approve, grant_deciding.refuse])
    def test_of_two_decisions_one_is_taken(self, database: Database, other: Callable[..., Grant]) -> None:
        with database.write() as connection:
            town = neighbours(connection)
            asked = town.ask(at=NOW)
        outcomes = race(
            database,
            lambda connection: grant_deciding.approve(connection, asked.id, town["water.admin"], "", NOW),
            lambda connection: other(connection, asked.id, town["city.admin"], "why", NOW),
        )
        assert sorted(outcome is None for outcome in outcomes) == [False, True]
        assert all(outcome is None or isinstance(outcome, Conflict) for outcome in outcomes)

    def test_one_that_is_revoked_and_expires_at_once_ends_once(self, database: Database) -> None:
        with database.write() as connection:
            town = neighbours(connection)
            grant = town.granted(at=NOW, until_at=NOW + HOUR)
        race(
            database,
            lambda connection: expire_due(connection, NOW + HOUR),
            lambda connection: grant_deciding.revoke(connection, grant.id, town["water.admin"], "over", NOW),
            lambda connection: expire_due(connection, NOW + HOUR),
        )
        with database.read() as connection:
            ended = grants.get(connection, grant.id)
            rows = connection.scalars(select(audit_row.c.id).where(audit_row.c.act == "grant_expired")).all()
        assert ended.revision == 3
        assert len(rows) == (ended.state is GrantState.EXPIRED)

    def test_a_department_that_is_removed_while_it_is_named_stays_or_was_never_named(self, database: Database) -> None:
        with database.write() as connection:
            town = neighbours(connection)
            guests = departments.add(connection, name="Guests").id
        wish = Wish(
            on=OnDepartment(town.water), to=ToDepartment(guests), rights=frozenset({Right.LIVE}), purpose="a visit"
        )
        outcomes = race(
            database,
            lambda connection: departments.remove(connection, guests),
            lambda connection: ask(connection, town["city.admin"], wish, NOW),
        )
        assert sorted(outcome is None for outcome in outcomes) == [False, True]
        assert all(outcome is None or isinstance(outcome, Conflict | BadInput) for outcome in outcomes)
