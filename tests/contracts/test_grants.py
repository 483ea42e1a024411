"""Grants: asked for by whom it is for, decided on by four eyes, over when their time is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from core.access import PersonId, Principal, PrincipalKind, Right, Role
from core.camera import DepartmentId
from core.errors import BadInput, Conflict, Forbidden, Hidden, NotFound
from core.ids import CameraId
from registry import cameras, departments, regions
from registry.access import grant_deciding, grants, people
from registry.access.department_tree import DepartmentTree
from registry.access.expiry import expire_due
from registry.access.grant import (
    GrantId,
    GrantState,
    OnCamera,
    OnDepartment,
    OnRegion,
    OnSector,
    ToDepartment,
    ToPerson,
)
from registry.access.grants import GrantFilter
from registry.access.version import access_now
from registry.departments import Sector
from registry.regions import Region
from registry.visibility import EventFacts, Visibility
from tests.support.builders import START, FakeClock
from tests.support.sharing import Neighbours, neighbours

HOUR = timedelta(hours=1)
NOW = START.replace(year=2030)
"""After the moment at which the database was made, before which nothing begins."""
NO_DEPARTMENT, NO_CAMERA = DepartmentId(999_999), CameraId(999_999)
NOBODY, NO_GRANT = PersonId(999_999), GrantId(999_999)


@pytest.fixture
def town(connection: Connection) -> Neighbours:
    return neighbours(connection)


class TestAsking:
    def test_a_grant_is_kept_as_it_was_asked_for(self, town: Neighbours) -> None:
        asked = town.ask(at=NOW, until_at=NOW + HOUR, history=True, purpose=" flood drill ")
        assert asked == grants.get(town.connection, asked.id)
        assert (asked.owner, asked.on, asked.to) == (town.water, OnDepartment(town.water), ToDepartment(town.rail))
        assert (asked.from_at, asked.until_at, asked.history) == (NOW, NOW + HOUR, True)
        assert (asked.purpose, asked.state) == ("flood drill", GrantState.REQUESTED)
        assert (asked.asked_by, asked.decided, asked.ended) == (town["rail.operator"].person, None, None)

    def test_a_right_brings_along_what_it_needs(self, town: Neighbours) -> None:
        assert town.ask(at=NOW).rights == {Right.LIST, Right.EVENTS, Right.MEDIA}

    def test_the_owner_is_whom_the_camera_belongs_to_and_for_a_sector_the_city(self, town: Neighbours) -> None:
        regions.put(town.connection, Region("31", "Shanghai"))
        assert town.ask(at=NOW, on=OnCamera(town.weir)).owner == town.rivers
        assert town.ask(at=NOW, on=OnCamera(town.weir), owner=town.water).owner == town.water
        assert town.ask(at=NOW, on=OnSector(Sector.WATER)).owner is None
        assert town.ask(at=NOW, on=OnRegion("31")).owner is None
        assert town.ask(at=NOW, on=OnRegion("31"), owner=town.water).owner == town.water

    @pytest.mark.parametrize(
        ("login", "wish", "may"),
        [
            ("rail.operator", {}, True),
            ("rail.admin", {}, True),
            ("rail.viewer", {}, False),
            ("rail.auditor", {}, False),
            ("water.admin", {}, True),
            ("water.operator", {}, False),
            ("city.admin", {}, True),
            ("city.auditor", {}, False),
            ("rail.viewer", {"to": "rail.viewer"}, True),
            ("rail.admin", {"to": "rail.viewer"}, True),
            ("rail.operator", {"to": "rail.viewer"}, None),
            ("water.admin", {"to": "rail.viewer"}, None),
            ("city.admin", {"to": "rail.viewer"}, True),
            ("rail.auditor", {"to": "rail.auditor"}, None),
        ],
    )
    def test_who_may_ask(self, town: Neighbours, login: str, wish: dict[str, Any], may: bool | None) -> None:
        if "to" in wish:
            wish = {"to": ToPerson(PersonId(town[wish["to"]].id))}
        if login == "rail.operator" and may is None:
            may = False  # at home there, and yet no admin
        if may:
            assert town.ask(login, at=NOW, **wish).asked_by == town[login].person
        else:
            with pytest.raises(BadInput if may is None else Forbidden):
                town.ask(login, at=NOW, **wish)

    def test_a_program_asks_for_nothing(self, town: Neighbours) -> None:
        town.people["program"] = Principal(PrincipalKind.KEY, 1, "program", Role.CITY_ADMIN, None)
        with pytest.raises(Forbidden):
            town.ask("program", at=NOW)

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"rights": frozenset()}, "rights"),
            ({"purpose": "ab"}, "purpose"),
            ({"purpose": "a" * 501}, "purpose"),
            ({"purpose": "to \u202e see"}, "purpose"),
            ({"from_at": NOW - timedelta(seconds=61)}, "from"),
            ({"from_at": NOW + timedelta(days=2000)}, "from"),
            ({"until_at": NOW}, "until"),
            ({"until_at": NOW - HOUR}, "until"),
            ({"from_at": NOW + HOUR, "until_at": NOW + HOUR}, "until"),
            ({"until_at": NOW + timedelta(days=1828)}, "until"),
            ({"owner": NO_DEPARTMENT}, "owner"),
            ({"on": OnDepartment(NO_DEPARTMENT)}, "on.department"),
            ({"on": OnCamera(NO_CAMERA)}, "on.camera"),
            ({"on": OnRegion("31")}, "on.region"),
            ({"to": ToDepartment(NO_DEPARTMENT)}, "to.department"),
            ({"to": ToPerson(NOBODY)}, "to.person"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_field(self, town: Neighbours, wish: dict[str, Any], field: str) -> None:
        with pytest.raises(BadInput) as caught:
            town.ask("city.admin", at=NOW, **wish)
        assert caught.value.field == field

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.CITY_ADMIN])
    def test_roles_that_receive_nothing_are_refused(self, town: Neighbours, role: Role) -> None:
        with pytest.raises(BadInput) as caught:
            town.ask(at=NOW, to=ToDepartment(town.rail, role))
        assert caught.value.field == "to.role"

    def test_an_owner_grants_what_is_its_own(self, town: Neighbours) -> None:
        for owner in (town.rail, town.rivers):
            with pytest.raises(BadInput, match="belongs neither to department") as caught:
                town.ask(at=NOW, owner=owner)
            assert caught.value.field == "owner"

    def test_a_removed_camera_and_somebody_disabled_are_as_if_not_there(self, town: Neighbours) -> None:
        cameras.remove(town.connection, town.weir, NOW)
        with pytest.raises(BadInput, match=f"there is no camera {town.weir}"):
            town.ask(at=NOW, on=OnCamera(town.weir))
        viewer = people.get(town.connection, PersonId(town["rail.viewer"].id))
        people.change(town.connection, replace(viewer, disabled_at=NOW))
        with pytest.raises(BadInput, match="there is no person"):
            town.ask("city.admin", at=NOW, to=ToPerson(viewer.id))

    @pytest.mark.parametrize(
        ("role", "right", "adds"),
        [
            (None, Right.MEDIA, False),
            (Role.OPERATOR, Right.EXPORT, False),
            (None, Right.EXPORT, True),
            (Role.VIEWER, Right.EXPORT, True),
            (Role.DEPARTMENT_ADMIN, Right.MANAGE, False),
            (Role.OPERATOR, Right.MANAGE, True),
            (None, Right.UNMASKED, True),
        ],
    )
    def test_within_a_department_only_what_adds_something(
        self, town: Neighbours, role: Role | None, right: Right, adds: bool
    ) -> None:
        wish: dict[str, Any] = {"to": ToDepartment(town.water, role), "rights": frozenset({right})}
        if adds:
            assert right in town.ask("water.admin", at=NOW, **wish).rights
        else:
            with pytest.raises(BadInput, match="add nothing"):
                town.ask("water.admin", at=NOW, **wish)


class TestDeciding:
    def test_an_admin_of_the_owner_approves(self, town: Neighbours) -> None:
        approved = town.granted(at=NOW)
        assert (approved.state, approved.revision) == (GrantState.APPROVED, 2)
        assert approved.decided is not None
        assert (approved.decided.by, approved.decided.at) == (town["water.admin"].person, NOW)

    @pytest.mark.parametrize("login", ["water.operator", "rail.admin", "rail.auditor"])
    def test_nobody_else_approves(self, town: Neighbours, login: str) -> None:
        asked = town.ask(at=NOW)
        with pytest.raises((Forbidden, Hidden)):
            town.approve(asked, login, NOW)

    def test_who_asked_does_not_approve(self, town: Neighbours) -> None:
        asked = town.ask("water.admin", at=NOW)
        with pytest.raises(Forbidden, match="asked for grant"):
            town.approve(asked, "water.admin", NOW)
        by_city = town.ask("city.admin", at=NOW)
        with pytest.raises(Forbidden, match="asked for grant"):
            town.approve(by_city, "city.admin", NOW)
        assert town.approve(by_city, "city.deputy", NOW).state is GrantState.APPROVED

    def test_who_receives_does_not_approve(self, town: Neighbours) -> None:
        deputy = town.join("water.deputy", Role.DEPARTMENT_ADMIN, town.water)
        unmasked = frozenset({Right.UNMASKED})
        to_one = town.ask("water.admin", at=NOW, to=ToPerson(PersonId(deputy.id)), rights=unmasked)
        to_all = town.ask("water.admin", at=NOW, to=ToDepartment(town.water), rights=unmasked)
        to_admins = town.ask("water.admin", at=NOW, to=ToDepartment(town.water, Role.DEPARTMENT_ADMIN), rights=unmasked)
        to_operators = town.ask("water.admin", at=NOW, to=ToDepartment(town.water, Role.OPERATOR), rights=unmasked)
        for asked in (to_one, to_all, to_admins):
            with pytest.raises(Forbidden, match="made to you"):
                town.approve(asked, "water.deputy", NOW)
        assert town.approve(to_operators, "water.deputy", NOW).state is GrantState.APPROVED
        assert town.approve(to_one, "city.admin", NOW).state is GrantState.APPROVED

    def test_only_the_city_approves_its_own(self, town: Neighbours) -> None:
        asked = town.ask(at=NOW, on=OnSector(Sector.WATER))
        with pytest.raises(NotFound):  # which concerns department water no more than others
            town.approve(asked, "water.admin", NOW)
        assert town.approve(asked, "city.admin", NOW).state is GrantState.APPROVED

    def test_each_step_is_taken_once_and_from_where_it_leads_on(self, town: Neighbours) -> None:
        admin = town["water.admin"]
        refused = grant_deciding.refuse(town.connection, town.ask(at=NOW).id, admin, "not needed", NOW)
        revoked = grant_deciding.revoke(town.connection, town.granted(at=NOW).id, admin, "drill is over", NOW)
        assert (refused.state, revoked.state) == (GrantState.REFUSED, GrantState.REVOKED)
        assert revoked.ended is not None
        assert revoked.ended.why == "drill is over"
        for number in (refused.id, revoked.id):
            for step in (grant_deciding.approve, grant_deciding.refuse, grant_deciding.revoke):
                with pytest.raises(Conflict):
                    step(town.connection, number, admin, "again", NOW)

    def test_refusing_and_revoking_ask_for_a_reason(self, town: Neighbours) -> None:
        asked, approved = town.ask(at=NOW), town.granted(at=NOW)
        for step, one in ((grant_deciding.refuse, asked), (grant_deciding.revoke, approved)):
            with pytest.raises(BadInput) as caught:
                step(town.connection, one.id, town["water.admin"], " ", NOW)
            assert caught.value.field == "why"

    def test_who_asked_may_take_it_back_but_not_revoke_it(self, town: Neighbours) -> None:
        operator = town["rail.operator"]
        taken = grant_deciding.refuse(town.connection, town.ask(at=NOW).id, operator, "not needed any more", NOW)
        assert taken.state is GrantState.REFUSED
        with pytest.raises(Forbidden):
            grant_deciding.revoke(town.connection, town.granted(at=NOW).id, operator, "x", NOW)

    def test_what_is_over_is_not_approved(self, town: Neighbours) -> None:
        asked = town.ask(at=NOW, until_at=NOW + HOUR)
        with pytest.raises(Conflict, match="time of grant"):
            town.approve(asked, at=NOW + HOUR)

    def test_each_change_raises_the_access_version(self, town: Neighbours) -> None:
        versions = [access_now(town.connection).version]
        asked = town.ask(at=NOW, until_at=NOW + HOUR)
        versions.append(access_now(town.connection).version)
        town.approve(asked, at=NOW)
        versions.append(access_now(town.connection).version)
        expire_due(town.connection, NOW + HOUR)
        versions.append(access_now(town.connection).version)
        assert versions == sorted(set(versions))


class TestSeeing:
    @pytest.mark.parametrize(
        ("login", "sees"),
        [
            ("rail.operator", True),
            ("rail.admin", True),
            ("rail.auditor", True),
            ("rail.viewer", True),
            ("water.admin", True),
            ("water.operator", False),
            ("city.admin", True),
            ("city.auditor", True),
        ],
    )
    def test_who_sees_a_grant(self, town: Neighbours, login: str, sees: bool) -> None:
        asked, tree = town.ask(at=NOW), DepartmentTree(town.connection)
        listed = grants.list_grants(town.connection, town[login], tree).items
        assert listed == ((asked,) if sees else ())
        if sees:
            assert grants.get_seen(town.connection, asked.id, town[login], tree) == asked
        else:
            with pytest.raises(Hidden, match=f"there is no grant {asked.id}$"):
                grants.get_seen(town.connection, asked.id, town[login], tree)

    def test_one_that_never_was_is_told_in_the_same_words(self, town: Neighbours) -> None:
        with pytest.raises(NotFound, match=r"there is no grant 999999$"):
            grants.get_seen(town.connection, NO_GRANT, town["city.admin"], DepartmentTree(town.connection))

    def test_pages_are_newest_first_and_filters_narrow_them(self, town: Neighbours) -> None:
        tree, admin = DepartmentTree(town.connection), town["city.admin"]
        first = town.ask(at=NOW)
        second = town.granted(at=NOW, on=OnCamera(town.weir), owner=town.water)
        third = town.ask("rail.viewer", at=NOW, to=ToPerson(PersonId(town["rail.viewer"].id)))
        page = grants.list_grants(town.connection, admin, tree, limit=2)
        assert (page.items, page.next) == ((third, second), second.id)
        rest = grants.list_grants(town.connection, admin, tree, cursor=page.next, limit=2)
        assert (rest.items, rest.next) == ((first,), None)
        for asked, expected in (
            (GrantFilter(state=GrantState.APPROVED), (second,)),
            (GrantFilter(owner=town.water), (third, second, first)),
            (GrantFilter(to_department=town.rail), (second, first)),
            (GrantFilter(person=PersonId(town["rail.viewer"].id)), (third,)),
            (GrantFilter(camera=town.weir), (second,)),
        ):
            assert grants.list_grants(town.connection, admin, tree, asked=asked).items == expected


class TestWhatIsNamed:
    def test_a_department_or_region_that_a_grant_names_stays(self, town: Neighbours) -> None:
        regions.put(town.connection, Region("31", "Shanghai"))
        guests = departments.add(town.connection, name="Guests")
        on_region = town.ask("city.admin", at=NOW, on=OnRegion("31"), to=ToDepartment(guests.id))
        with pytest.raises(Conflict, match=f"grant {on_region.id} names it"):
            regions.remove(town.connection, "31")
        with pytest.raises(Conflict, match=f"grant {on_region.id} names it"):
            departments.remove(town.connection, guests.id)

    def test_a_camera_that_moves_away_leaves_the_grant(self, town: Neighbours) -> None:
        town.granted(at=NOW, on=OnCamera(town.weir), owner=town.water)
        visibility = Visibility(EventFacts.GRANT, FakeClock(NOW + HOUR))
        operator = town["rail.operator"]
        assert visibility.scope(town.connection, operator)[Right.MEDIA].has_camera(town.weir, town.rivers)
        camera = cameras.get(town.connection, town.weir)
        cameras.change(town.connection, replace(camera, department=departments.DEFAULT), NOW + HOUR)
        assert not visibility.scope(town.connection, operator)[Right.MEDIA].has_camera(town.weir, departments.DEFAULT)

    def test_its_reach_begins_no_earlier_than_its_approval(self, town: Neighbours) -> None:
        asked = town.ask(at=NOW)
        assert town.approve(asked, at=NOW + HOUR).since == NOW + HOUR
