"""Holds: whom they concern, what they cover, what they exclude, and what they keep of the record."""

from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, Conflict, Forbidden, Hidden, NotFound
from core.event import Event
from core.ids import EventId
from events.index.tables import event as event_table
from events.media import records
from events.media.records import StoredBlob
from events.media.table import MediaKind, event_media
from events.retention import coverage, holds
from events.retention.coverage import Coverage
from events.retention.held import held, is_held, lock_holds
from events.retention.hold import (
    Hold,
    HoldCamera,
    HoldDepartment,
    HoldEvent,
    HoldId,
    Holding,
    HoldSpan,
    in_words,
)
from events.retention.hold_names import hold_names
from events.retention.hold_powers import HoldPowers, hold_powers_of
from events.retention.holds import MOST_IN_FORCE, MOST_OF_A_DEPARTMENT, HoldFilter
from events.retention.marks import put as put_mark
from events.retention.medium import Medium
from events.retention.tables import legal_hold, retention_mark
from registry import cameras, departments
from registry.db import Database
from registry.visibility import EventFacts, Visibility
from tests.support.builders import START, FakeClock, after, an_event
from tests.support.happenings import put_events
from tests.support.sharing import Neighbours, neighbours

NEVER = EventId(1 << 40)


@dataclass
class Town:
    """Two departments with people, and events on their cameras."""

    connection: Connection
    around: Neighbours
    visibility: Visibility

    def take(self, on: Holding, owner: DepartmentId | None = None, **more: Any) -> Hold:
        terms: dict[str, Any] = {"name": "case 7", "reason": "the court asked", "by": "Chen Jie", "at": START} | more
        return holds.take(self.connection, on, owner=owner, **terms)

    def release(self, hold: Hold, **more: Any) -> Hold:
        terms: dict[str, Any] = {"why": "the case is closed", "by": "Li Wei", "at": after(60)} | more
        return holds.release(self.connection, hold.id, **terms)

    def happen(self, *events: Event) -> list[EventId]:
        return put_events(self.connection, events)

    def powers(self, login: str) -> HoldPowers:
        return hold_powers_of(self.connection, self.around[login])

    def seen_by(self, login: str) -> list[HoldId]:
        found = holds.list_holds(self.connection, seen_by=self.powers(login).concerned)
        return [one.id for one in found.items]

    def may_hold(self, login: str, on: Holding) -> None:
        who = self.around[login]
        scope = self.visibility.scope(self.connection, who)
        self.powers(login).check_may_hold(self.connection, scope, on)

    def keep(self, event: EventId, kind: MediaKind, size: int) -> None:
        records.mark_ready(self.connection, event, kind, StoredBlob(f"{event}/{kind.value}", size), START)


@pytest.fixture
def town(connection: Connection) -> Town:
    return Town(connection, neighbours(connection), Visibility(EventFacts.GRANT, FakeClock()))


def on_weir(town: Town, n: int = 1, *, at: datetime = START, **more: Any) -> Event:
    return an_event(n, camera=town.around.weir, at=at, **more)


def test_a_hold_is_read_as_it_was_taken(town: Town) -> None:
    span = HoldSpan(after(0), after(60))
    taken = town.take(HoldCamera(town.around.weir, span), town.around.water, name="  case 8 ")
    assert taken == holds.get(town.connection, taken.id)
    assert (taken.name, taken.reason, taken.owner) == ("case 8", "the court asked", town.around.water)
    assert (taken.on, taken.made_by, taken.made_at, taken.release) == (
        HoldCamera(town.around.weir, span),
        "Chen Jie",
        START,
        None,
    )


@pytest.mark.parametrize("reason", ["", "no", "x" * 501, "hid\u200bden"])
def test_a_reason_that_is_none_is_refused(town: Town, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        town.take(HoldCamera(town.around.weir), reason=reason)
    assert caught.value.field == "reason"
    assert held(town.connection).is_nothing


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadInput, match="`from` is not before `until`"):
        HoldSpan(after(60), after(60))


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (HoldEvent(NEVER), f"there is no event {NEVER}"),
        (HoldCamera(4_000_000), "there is no camera 4000000"),  # type: ignore[arg-type]
        (HoldDepartment(DepartmentId(9_999)), "there is no department 9999"),
    ],
)
def test_what_never_was_cannot_be_held(town: Town, on: Holding, told: str) -> None:
    with pytest.raises(NotFound, match=told):
        town.take(on)


def test_an_event_that_is_held_is_kept_until_the_hold_is_released(town: Town) -> None:
    one, other = town.happen(on_weir(town, 1), on_weir(town, 2, at=after(10)))
    taken = town.take(HoldEvent(one))
    assert is_kept(town, one, other) == [True, False]
    released = town.release(taken)
    assert is_kept(town, one, other) == [False, False]
    assert released.release is not None
    assert (released.release.by, released.release.why) == ("Li Wei", "the case is closed")


def test_a_camera_is_held_for_a_time_and_events_that_went_on_in_it(town: Town) -> None:
    before, into, within, later = town.happen(
        on_weir(town, 1),
        on_weir(town, 2, at=after(50), lasted_s=20),
        on_weir(town, 3, at=after(70)),
        on_weir(town, 4, at=after(120)),
    )
    [elsewhere] = town.happen(an_event(5, camera=town.around.platform, at=after(70)))
    town.take(HoldCamera(town.around.weir, HoldSpan(after(60), after(120))))
    assert is_kept(town, before, into, within, later, elsewhere) == [False, True, True, False, False]


def test_a_department_is_held_with_what_lies_below_it(town: Town) -> None:
    ours, theirs = town.happen(on_weir(town), an_event(2, camera=town.around.platform))
    town.take(HoldDepartment(town.around.water))
    assert is_kept(town, ours, theirs) == [True, False]


def test_one_that_was_released_cannot_be_released_again(town: Town) -> None:
    taken = town.take(HoldCamera(town.around.weir))
    town.release(taken)
    with pytest.raises(Conflict, match=f"hold {taken.id} was released already by Li Wei"):
        town.release(taken, by="somebody else")


def test_a_release_says_why(town: Town) -> None:
    taken = town.take(HoldCamera(town.around.weir))
    with pytest.raises(BadInput) as caught:
        town.release(taken, why="ok")
    assert caught.value.field == "why"
    assert not held(town.connection).is_nothing


def test_a_release_takes_back_how_far_the_removal_has_come(town: Town) -> None:
    [one] = town.happen(on_weir(town))
    taken = town.take(HoldEvent(one))
    put_mark(town.connection, (town.around.rivers, 0, Medium.EVENT), EventId(one + 1_000))
    town.release(taken)
    assert town.connection.scalars(select(retention_mark.c.upto)).all() == [one - 1]


def test_a_removed_camera_can_be_held_and_stays_held(town: Town) -> None:
    [one] = town.happen(on_weir(town))
    town.take(HoldCamera(town.around.weir))
    cameras.remove(town.connection, town.around.weir, START)
    assert is_kept(town, one) == [True]
    assert town.connection.scalars(select(event_table.c.id)).all() == [one]
    second = town.take(HoldCamera(town.around.weir), name="another")
    assert hold_names(town.connection, [second]).camera(town.around.weir, None) == "weir"


def test_a_department_that_is_held_cannot_be_removed(town: Town) -> None:
    number = departments.add(town.connection, name="Lakes").id
    town.release(town.take(HoldDepartment(number)))
    with pytest.raises(Conflict, match=f"names department {number}, or did once"):
        departments.remove(town.connection, number)


def test_a_department_sees_its_own_and_those_on_what_is_or_was_its(town: Town) -> None:
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


def test_one_on_the_department_above_concerns_those_below(town: Town) -> None:
    below = town.around.join("rivers.admin", town.around["water.admin"].role, town.around.rivers)
    taken = town.take(HoldDepartment(town.around.water))
    found = holds.list_holds(town.connection, seen_by=hold_powers_of(town.connection, below).concerned)
    assert [one.id for one in found.items] == [taken.id]


def test_one_on_a_camera_that_moved_concerns_its_former_owner_who_is_not_told_its_name(town: Town) -> None:
    weir = cameras.get(town.connection, town.around.weir)
    cameras.change(town.connection, replace(weir, department=town.around.rail), after(5))
    taken = town.take(HoldCamera(town.around.weir))
    assert town.seen_by("water.admin") == [taken.id]
    home = town.powers("water.admin").concerned
    assert home is not None
    assert hold_names(town.connection, [taken]).camera(town.around.weir, home.departments) == ""


def test_holds_are_found_by_what_they_are_on_and_whether_they_are_in_force(town: Town) -> None:
    [one] = town.happen(on_weir(town))
    numbers = [
        town.take(on).id
        for on in (HoldEvent(one), HoldCamera(town.around.weir), HoldDepartment(town.around.water), HoldEvent(one))
    ]
    town.release(holds.get(town.connection, numbers[0]))

    def found(**asked: Any) -> list[HoldId]:
        return [hold.id for hold in holds.list_holds(town.connection, asked=HoldFilter(**asked)).items]

    assert found() == [numbers[3], numbers[2], numbers[1]]
    assert found(in_force=False) == [numbers[0]]
    assert found(in_force=None, event=one) == [numbers[3], numbers[0]]
    assert found(camera=town.around.weir) == [numbers[1]]
    assert found(department=town.around.water) == [numbers[2]]
    first = holds.list_holds(town.connection, limit=2)
    second = holds.list_holds(town.connection, limit=2, cursor=first.next)
    assert ([one.id for one in second.items], second.next) == ([numbers[1]], None)


@pytest.mark.parametrize("login", ["water.operator", "rail.viewer"])
def test_who_is_no_admin_or_auditor_sees_no_holds(town: Town, login: str) -> None:
    with pytest.raises(Forbidden, match="only admins and auditors look at holds"):
        town.powers(login)


def test_an_auditor_takes_and_releases_none(town: Town) -> None:
    taken = town.take(HoldCamera(town.around.weir))
    auditor = town.powers("city.auditor")
    with pytest.raises(Forbidden, match="only an admin may take or release holds"):
        auditor.check_may_take()
    with pytest.raises(Forbidden, match="only an admin may take or release holds"):
        auditor.check_may_release(taken)


def test_an_admin_holds_what_is_the_departments_own(town: Town) -> None:
    [one] = town.happen(on_weir(town))
    for on in (HoldEvent(one), HoldCamera(town.around.weir), HoldDepartment(town.around.rivers)):
        town.may_hold("water.admin", on)
        town.may_hold("city.admin", on)


def test_an_admin_does_not_hold_what_is_shared_and_hears_nothing_of_what_is_hidden(town: Town) -> None:
    [one] = town.happen(on_weir(town))
    hidden: dict[str, Holding] = {f"no event {one}": HoldEvent(one), "no camera": HoldCamera(town.around.weir)}
    for told, on in hidden.items():
        with pytest.raises(Hidden, match=told):
            town.may_hold("rail.admin", on)
    town.around.granted(history=True)
    for on in (HoldEvent(one), HoldCamera(town.around.weir), HoldDepartment(town.around.water)):
        with pytest.raises(Forbidden, match="is another department's"):
            town.may_hold("rail.admin", on)


def test_a_department_does_not_release_what_the_city_holds(town: Town) -> None:
    citys, own = town.take(HoldCamera(town.around.weir)), town.take(HoldCamera(town.around.weir), town.around.rivers)
    theirs, city = town.powers("water.admin"), town.powers("city.admin")
    assert [theirs.may_release(one) for one in (citys, own)] == [False, True]
    assert [city.may_release(one) for one in (citys, own)] == [True, True]
    with pytest.raises(Forbidden, match="the city's: only a city admin may release it"):
        theirs.check_may_release(citys)
    theirs.check_may_release(own)


def test_what_an_admin_takes_is_the_departments_and_what_a_city_admin_takes_the_citys(town: Town) -> None:
    assert town.powers("water.admin").own == town.around.water
    assert town.powers("city.admin").own is None


def test_there_are_not_more_than_there_may_be(town: Town) -> None:
    on, water = HoldCamera(town.around.weir), town.around.water
    first = town.take(on, water)
    have(town, water, MOST_OF_A_DEPARTMENT - 1)
    with pytest.raises(Conflict, match=f"department {water} has 500 holds in force already"):
        town.take(on, water)
    town.release(first)
    town.take(on, water)
    have(town, None, MOST_IN_FORCE - MOST_OF_A_DEPARTMENT)
    with pytest.raises(Conflict, match="2000 holds are in force already"):
        town.take(on)


def have(town: Town, owner: DepartmentId | None, count: int) -> None:
    """So many holds of `owner` more."""
    row = {"name": "a", "reason": "because", "department": owner, "event": NEVER, "made_by": "x", "made_at": START}
    town.connection.execute(insert(legal_hold), [row] * count)


def test_a_hold_says_what_it_covers(town: Town) -> None:
    one, into, within, later = town.happen(
        on_weir(town, 1),
        on_weir(town, 2, at=after(50), lasted_s=9_000),  # longer than an hour: found by an index of its own
        on_weir(town, 3, at=after(8_000)),
        on_weir(town, 4, at=after(9_000)),
    )
    town.keep(one, MediaKind.SNAPSHOT, 10)
    town.keep(into, MediaKind.SNAPSHOT, 100)
    town.keep(within, MediaKind.ORIGINAL, 1_000)
    town.keep(within, MediaKind.SNAPSHOT, 10_000)
    records.mark_failed(town.connection, later, MediaKind.SNAPSHOT, "no picture", START)
    span = HoldSpan(after(7_000), after(9_000))
    assert coverage.covered(town.connection, HoldEvent(one)) == Coverage(1, 1, 10, False)
    assert coverage.covered(town.connection, HoldCamera(town.around.weir, span)) == Coverage(2, 3, 11_100, False)
    assert coverage.covered(town.connection, HoldDepartment(town.around.water, span)) == Coverage(2, 3, 11_100, False)
    assert coverage.covered(town.connection, HoldDepartment(town.around.water)) == Coverage(4, 4, 11_110, False)
    assert coverage.covered(town.connection, HoldDepartment(town.around.rail)) == Coverage(0, 0, 0, False)


def test_counting_what_is_covered_ends_somewhere(town: Town) -> None:
    numbers = town.happen(*(on_weir(town, n, at=after(n)) for n in range(1, 4)))
    for number in numbers:
        town.keep(number, MediaKind.SNAPSHOT, 10)
    assert coverage.covered(town.connection, HoldCamera(town.around.weir), most=2) == Coverage(2, 2, 20, True)


def test_it_says_how_much_was_being_removed_already(town: Town) -> None:
    one, other = town.happen(on_weir(town, 1), on_weir(town, 2, at=after(10)))
    for number in (one, other):
        town.keep(number, MediaKind.SNAPSHOT, 10)
        town.keep(number, MediaKind.ORIGINAL, 10)
    town.connection.execute(update(event_media).where(event_media.c.event == one).values(doomed_at=START))
    assert coverage.leaving(town.connection, HoldCamera(town.around.weir)) == 2
    assert coverage.leaving(town.connection, HoldEvent(other)) == 0
    assert coverage.covered(town.connection, HoldEvent(one)) == Coverage(1, 0, 0, False)


def test_the_words_of_a_hold_name_what_and_when(town: Town) -> None:
    span = HoldSpan(after(0), after(60))
    assert in_words(HoldDepartment(DepartmentId(3), span)) == (
        "department 3 from 2026-03-01T12:00:00.000Z until 2026-03-01T12:01:00.000Z"
    )
    assert in_words(HoldEvent(EventId(7))) == "event 7"


@pytest.fixture
def fresh(database: Database) -> Database:
    with database.write() as connection:
        [one] = put_events(connection, [an_event(1, camera=cameras.add(connection, name="gate").id)])
        records.mark_ready(connection, one, MediaKind.SNAPSHOT, StoredBlob("a", 10), START)
    return database


def test_taking_a_hold_and_marking_for_removal_exclude_each_other(fresh: Database) -> None:
    """Whoever removes asks what is held under the lock: a hold that is being taken meanwhile is waited for."""
    with fresh.read() as connection:
        [one] = connection.scalars(select(event_table.c.id))
    is_taken, may_end = Flag(), Flag()

    def take() -> None:
        with fresh.write() as connection:
            holds.take(connection, HoldEvent(one), name="a", reason="because", owner=None, by="x", at=START)
            is_taken.set()
            may_end.wait(10)

    taking = Thread(target=take)
    taking.start()
    assert is_taken.wait(10)
    found: list[bool] = []

    def remove() -> None:
        with fresh.write() as connection:
            lock_holds(connection)
            found.append(held(connection).has(one, an_event(1).camera, DepartmentId(1)))

    removing = Thread(target=remove)
    removing.start()
    removing.join(0.3)
    assert removing.is_alive()  # it waits
    may_end.set()
    taking.join(10)
    removing.join(10)
    assert found == [True]


def is_kept(town: Town, *numbers: EventId) -> list[bool]:
    """Whether each of these events is held: as one is asked for, and as the database counts."""
    now = held(town.connection)
    rows = {
        row.id: row
        for row in town.connection.execute(
            select(
                event_table.c.id,
                event_table.c.camera,
                event_table.c.department,
                event_table.c.last_seen_at,
                is_held(event_table.c).label("is_held"),
            )
        )
    }
    found = [now.has(one, rows[one].camera, rows[one].department, rows[one].last_seen_at) for one in numbers]
    assert found == [bool(rows[one].is_held) for one in numbers]
    return found
