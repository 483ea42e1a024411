"""The people, grants and record of a simulated city are such as real ones."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.access import Right, Role
from core.clock import SystemClock
from core.errors import Conflict
from core.ids import EventId
from events.alerts import subscriptions
from events.alerts.subscription import Grouping, SubscriptionState
from events.index.search import get
from events.notices.notice import NoticeKind
from events.notices.notices import list_notices
from events.retention.held import held
from events.retention.holds import ALL, list_holds
from events.retention.quotas import list_quotas
from events.retention.rules import list_rules
from registry.access import api_keys, people
from registry.access.department_tree import DepartmentTree
from registry.access.grant import Grant, GrantState, SubjectKind, ToPerson, grant_of
from registry.access.grant_powers import may_ask_for, receives, why_not_approve
from registry.access.people import Person, PersonState
from registry.access.tables import access_grant, invitation
from registry.audit.entry import Act
from registry.audit.sealer import Sealer
from registry.audit.tables import audit_row, audit_unsealed
from registry.audit.verify import verify
from registry.db import Database, open_database
from registry.departments import list_departments
from registry.visibility import EventFacts, Visibility
from sharp_eyes.migrate import upgrade
from sharp_eyes.simulate import City, fill
from tests.support.recording import RECORD_KEYS

UNTIL = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)
TOWN = City(cameras=400, departments=30, events=4_000, days=40, seed=5, grants=300, looks=500)


def a_town(url: str, city: City) -> Iterator[Database]:
    fill(url, city, until=UNTIL)
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    yield from a_town(f"sqlite:///{tmp_path_factory.mktemp('town')}/city.db", TOWN)


def everybody(town: Database) -> dict[int, Person]:
    with town.read() as connection:
        return {one.id: one for one in people.list_people(connection, limit=10_000).items}


def grants_of(town: Database) -> list[Grant]:
    with town.read() as connection:
        return [grant_of(row) for row in connection.execute(select(access_grant))]


def test_each_department_has_its_people_and_the_city_has_its_own(town: Database) -> None:
    found = everybody(town)
    roles = Counter((one.department, one.role) for one in found.values())
    with town.read() as connection:
        owners = [one.id for one in list_departments(connection) if one.id != 1]
    for owner in owners:
        counts = {role: roles.pop((owner, role)) for role in (Role.DEPARTMENT_ADMIN, Role.OPERATOR, Role.VIEWER)}
        assert counts == {Role.DEPARTMENT_ADMIN: 1, Role.OPERATOR: 2, Role.VIEWER: 1}
    assert roles == {(None, Role.CITY_ADMIN): 2, (None, Role.AUDITOR): 1}
    assert any(not one.name.isascii() for one in found.values())


def test_nobody_has_a_password_or_a_link(town: Database) -> None:
    assert {one.state for one in everybody(town).values()} == {PersonState.INVITED}
    with town.read() as connection:
        assert connection.execute(select(invitation.c.id)).first() is None


def test_some_departments_have_programs(town: Database) -> None:
    with town.read() as connection:
        keys = api_keys.list_keys(connection).items
    assert len({key.department for key in keys}) == len(keys) == 10
    assert any(key.revoked_at for key in keys)
    assert any(key.expires_at for key in keys)


def test_grants_are_in_every_state_and_on_everything_that_they_can_be_on(town: Database) -> None:
    found = grants_of(town)
    assert len(found) == TOWN.grants
    assert {one.state for one in found} == set(GrantState)
    assert {one.on.kind for one in found} == set(SubjectKind)
    assert {one.history for one in found} == {True, False}
    assert {type(one.to) for one in found if isinstance(one.to, ToPerson)}


def test_each_grant_was_asked_for_and_decided_by_those_who_may(town: Database) -> None:
    who = everybody(town)
    with town.read() as connection:
        tree = DepartmentTree(connection)
    for one in grants_of(town):
        asked_by = people.principal_of(who[one.asked_by])
        if isinstance(one.to, ToPerson):
            home = who[one.to.person].department
            assert one.to.person == one.asked_by
        else:
            home = one.to.department
        assert may_ask_for(asked_by, one.to, home, tree)
        if one.decided is not None:
            assert one.decided.by is not None
            decider = people.principal_of(who[one.decided.by])
            assert why_not_approve(decider, one, tree) is None
            assert not receives(decider, one.to)


def test_each_grant_has_lived_as_its_state_says(town: Database) -> None:
    for one in grants_of(town):
        assert (one.decided is None) == (one.state is GrantState.REQUESTED)
        assert (one.ended is None) == (one.state not in (GrantState.REVOKED, GrantState.EXPIRED))
        moments = [one.asked_at, *(ending.at for ending in (one.decided, one.ended) if ending is not None), UNTIL]
        assert moments == sorted(moments)
        assert (one.until_at is not None and one.until_at <= UNTIL) == (one.state is GrantState.EXPIRED)
        assert one.until_at is None or one.until_at > one.from_at
        assert 3 <= len(one.purpose) <= 500


def test_grants_that_are_in_force_reach_something(town: Database) -> None:
    who, visibility = everybody(town), Visibility(EventFacts.GRANT, SystemClock())
    reached = 0
    for one in grants_of(town):
        if one.state is GrantState.APPROVED and isinstance(one.to, ToPerson) and one.from_at <= UNTIL:
            with town.read() as connection:
                reach = visibility.scope(connection, people.principal_of(who[one.to.person]))[Right.LIST]
            home = who[one.to.person].department
            reached += bool(reach.cameras.size or set(reach.departments) - {home})
    assert reached


def test_some_departments_have_subscriptions_that_send_nothing(town: Database) -> None:
    with town.read() as connection:
        found = subscriptions.every(connection)
    assert {one.state for one in found} == {SubscriptionState.PAUSED}
    assert {one.origin for one in found} == {"https://alerts.example:443"}
    assert {one.grouping for one in found} >= {Grouping.EVENT, Grouping.CAMERA}
    admins = {some.name for some in everybody(town).values() if some.role is Role.DEPARTMENT_ADMIN}
    assert {one.made_by for one in found} <= admins


def test_the_record_tells_of_a_month_in_its_order(town: Database) -> None:
    with town.read() as connection:
        rows = connection.execute(select(audit_row).order_by(audit_row.c.id)).all()
        waiting = set(connection.scalars(select(audit_unsealed.c.row)))
    assert len(rows) == TOWN.looks
    assert waiting == {row.id for row in rows}
    at = [row.at for row in rows]
    assert at == sorted(at)
    assert UNTIL - timedelta(days=30) <= at[0] < at[-1] <= UNTIL
    assert {row.act for row in rows} >= {Act.SEARCH, Act.LOOK_AT_SNAPSHOT, Act.LOOK_AT_CLIP, Act.REFUSAL}


def test_what_is_on_record_was_there_and_was_of_whoever_saw_it(town: Database) -> None:
    with town.read() as connection:
        for row in connection.execute(select(audit_row).where(audit_row.c.object_kind == "event")):
            shown = json.loads(row.detail).get("shown", {}) or (
                {row.actor_department: [row.object]} if row.object else {}
            )
            for owner, ids in shown.items():
                found = [get(connection, EventId(int(number))) for number in ids]
                assert {one.department for one in found} == {int(owner)} == {row.actor_department}
                assert all(one.event.started_at <= row.at for one in found)
                assert row.camera is None or row.camera == found[0].event.camera


def test_the_sealer_seals_it_and_it_is_whole(tmp_path: Path) -> None:
    for database in a_town(f"sqlite:///{tmp_path}/city.db", City(cameras=50, departments=3, events=500, days=31)):
        Sealer(database, RECORD_KEYS, SystemClock()).seal()
        verdict = verify(database, RECORD_KEYS, SystemClock().now())
        assert verdict.is_whole
        assert verdict.rows == 50


@pytest.mark.parametrize("departments", [1, 2, 11])
def test_a_small_city_shares_as_far_as_there_is_anybody(departments: int, tmp_path: Path) -> None:
    city = City(cameras=departments, departments=departments, events=0, grants=40, looks=30)
    for database in a_town(f"sqlite:///{tmp_path}/city.db", city):
        assert len(grants_of(database)) == (0 if departments == 1 else 40)


def test_without_grants_and_looks_there_are_none(tmp_path: Path) -> None:
    city = City(cameras=5, departments=3, events=5, grants=0, looks=0)
    for database in a_town(f"sqlite:///{tmp_path}/city.db", city):
        assert grants_of(database) == []
        with database.read() as connection:
            assert connection.execute(select(audit_row.c.id)).first() is None


def test_a_database_that_has_people_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/city.db"
    database = open_database(url)
    upgrade(database)
    with database.write() as connection:
        people.add(connection, login="somebody", name="S", role=Role.CITY_ADMIN, department=None, at=UNTIL)
    database.close()
    with pytest.raises(Conflict, match="has people already"):
        fill(url, City(cameras=1, departments=1, events=0), until=UNTIL)


def test_some_things_are_held_and_kept_for_other_times_and_no_notice_is_open(town: Database) -> None:
    with town.read() as connection:
        found = list_holds(connection, asked=ALL).items
        assert [one.name for one in found] == ["Outage of the 12th", "Accident at the gate", "2026-114"]
        assert [one.release is None for one in found] == [True, False, True]
        assert not held(connection).is_nothing
        assert {one.concerns.department is None for one in list_rules(connection)} == {True, False}
        assert list_quotas(connection)
        notices = list_notices(connection, only_open=False).items
    assert {one.kind for one in notices} == {NoticeKind.STORE_AWAY, NoticeKind.DISK_FULL}
    assert all(one.ended_at is not None and one.ended_at < UNTIL for one in notices)
