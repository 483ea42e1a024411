"""Who sees, takes and releases which holds."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from core.errors import Forbidden, Hidden
from core.ids import EventId
from events.retention import coverage, holds
from events.retention.hold import (
    WHENEVER,
    HoldCamera,
    HoldDepartment,
    HoldEvent,
    Holding,
    HoldSpan,
)
from events.retention.hold_names import hold_names
from events.retention.hold_powers import hold_powers_of
from registry import cameras
from tests.support.builders import START, after, an_event
from tests.support.holding import HeldTown, a_held_town, on_weir

NEVER = EventId(1 << 40)


@pytest.fixture
def town(connection: Connection) -> HeldTown:
    return a_held_town(connection)


def test_a_department_sees_its_own_and_those_on_what_is_or_was_its(town: HeldTown) -> None:
    around = town.around
    [at_weir, at_platform] = town.happen(on_weir(town), an_event(2, camera=around.platform))
    of_water = [
        town.take(HoldEvent(at_weir)).id,
        town.take(HoldCamera(around.weir)).id,
        town.take(HoldDepartment(around.rivers)).id,
        town.take(HoldCamera(around.platform), around.water).id,  # as when it moved to rail since
    ]
    of_rail = [town.take(HoldEvent(at_platform)).id, of_water[-1]]
    assert town.seen_by("water.admin") == of_water[::-1]
    assert sorted(town.seen_by("rail.auditor")) == sorted(of_rail)
    assert sorted(town.seen_by("city.auditor")) == sorted({*of_water, *of_rail})
    with pytest.raises(Hidden, match=f"there is no hold {of_water[0]}"):
        holds.get(town.connection, of_water[0], town.powers("rail.admin").concerned)


def test_one_on_the_department_above_concerns_those_below(town: HeldTown) -> None:
    below = town.around.join("rivers.admin", town.around["water.admin"].role, town.around.rivers)
    taken = town.take(HoldDepartment(town.around.water))
    found = holds.list_holds(town.connection, seen_by=hold_powers_of(town.connection, below).concerned)
    assert [one.id for one in found.items] == [taken.id]


def test_how_much_of_another_department_a_hold_covers_is_not_told(town: HeldTown) -> None:
    [before] = town.happen(on_weir(town))
    weir = cameras.get(town.connection, town.around.weir)
    cameras.change(town.connection, replace(weir, department=town.around.rail), after(5))
    town.happen(*(on_weir(town, n, at=after(n)) for n in (10, 11)))
    assert before

    def told(login: str, span: HoldSpan = WHENEVER) -> int:
        on = HoldCamera(town.around.weir, span)
        return coverage.covered(town.connection, on, departments=town.powers(login).home).events

    assert [told(login) for login in ("water.admin", "rail.admin", "city.auditor")] == [1, 2, 3]
    since = HoldSpan(from_at=START)
    assert [told(login, since) for login in ("water.admin", "rail.admin", "city.auditor")] == [1, 2, 3]


def test_one_on_a_camera_that_moved_concerns_its_former_owner_who_is_not_told_its_name(town: HeldTown) -> None:
    weir = cameras.get(town.connection, town.around.weir)
    cameras.change(town.connection, replace(weir, department=town.around.rail), after(5))
    taken = town.take(HoldCamera(town.around.weir))
    assert town.seen_by("water.admin") == [taken.id]
    home = town.powers("water.admin").concerned
    assert home is not None
    assert hold_names(town.connection, [taken]).camera(town.around.weir, home.departments) == ""


@pytest.mark.parametrize("login", ["water.operator", "rail.viewer"])
def test_who_is_no_admin_or_auditor_sees_no_holds(town: HeldTown, login: str) -> None:
    with pytest.raises(Forbidden, match="only admins and auditors look at holds"):
        town.powers(login)


def test_an_auditor_takes_and_releases_none(town: HeldTown) -> None:
    taken = town.take(HoldCamera(town.around.weir))
    auditor = town.powers("city.auditor")
    with pytest.raises(Forbidden, match="only an admin may take or release holds"):
        auditor.check_may_take()
    with pytest.raises(Forbidden, match="only an admin may take or release holds"):
        auditor.check_may_release(taken)


def test_an_admin_holds_what_is_the_departments_own(town: HeldTown) -> None:
    [one] = town.happen(on_weir(town))
    for on in (HoldEvent(one), HoldCamera(town.around.weir), HoldDepartment(town.around.rivers)):
        town.may_hold("water.admin", on)
        town.may_hold("city.admin", on)


def test_an_admin_does_not_hold_what_is_shared_and_hears_nothing_of_what_is_hidden(town: HeldTown) -> None:
    [one] = town.happen(on_weir(town))
    hidden: dict[str, Holding] = {f"no event {one}": HoldEvent(one), "no camera": HoldCamera(town.around.weir)}
    for told, on in hidden.items():
        with pytest.raises(Hidden, match=told):
            town.may_hold("rail.admin", on)
    town.around.granted(history=True)
    for on in (HoldEvent(one), HoldCamera(town.around.weir), HoldDepartment(town.around.water)):
        with pytest.raises(Forbidden, match="is another department's"):
            town.may_hold("rail.admin", on)


def test_a_department_does_not_release_what_the_city_holds(town: HeldTown) -> None:
    citys, own = town.take(HoldCamera(town.around.weir)), town.take(HoldCamera(town.around.weir), town.around.rivers)
    theirs, city = town.powers("water.admin"), town.powers("city.admin")
    assert [theirs.may_release(one) for one in (citys, own)] == [False, True]
    assert [city.may_release(one) for one in (citys, own)] == [True, True]
    with pytest.raises(Forbidden, match="the city's: only a city admin may release it"):
        theirs.check_may_release(citys)
    theirs.check_may_release(own)


def test_what_an_admin_takes_is_the_departments_and_what_a_city_admin_takes_the_citys(town: HeldTown) -> None:
    assert town.powers("water.admin").own == town.around.water
    assert town.powers("city.admin").own is None
