"""Holds: whom they concern, what they cover, what they exclude, and what they keep of the record."""

from dataclasses import replace
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound
from core.ids import EventId
from events.index.tables import event as event_table
from events.media import records
from events.media.records import StoredBlob
from events.media.table import MediaKind, event_media
from events.retention import coverage, holds
from events.retention.coverage import Coverage
from events.retention.held import held, lock_holds
from events.retention.hold import (
    HoldCamera,
    HoldDepartment,
    HoldEvent,
    HoldId,
    Holding,
    HoldSpan,
    in_words,
)
from events.retention.hold_names import hold_names
from events.retention.holds import MOST_IN_FORCE, MOST_OF_A_DEPARTMENT, HoldFilter
from events.retention.marks import put as put_mark
from events.retention.medium import Medium
from events.retention.moving import staying_held
from events.retention.tables import legal_hold, retention_mark
from registry import cameras, departments
from registry.db import Database
from tests.support.builders import START, after, an_event
from tests.support.happenings import put_events
from tests.support.holding import HeldTown, a_held_town, is_kept, on_weir

NEVER = EventId(1 << 40)


@pytest.fixture
def town(connection: Connection) -> HeldTown:
    return a_held_town(connection)


def test_a_hold_is_read_as_it_was_taken(town: HeldTown) -> None:
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
def test_a_reason_that_is_none_is_refused(town: HeldTown, reason: str) -> None:
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
def test_what_never_was_cannot_be_held(town: HeldTown, on: Holding, told: str) -> None:
    with pytest.raises(NotFound, match=told):
        town.take(on)


def test_an_event_that_is_held_is_kept_until_the_hold_is_released(town: HeldTown) -> None:
    one, other = town.happen(on_weir(town, 1), on_weir(town, 2, at=after(10)))
    taken = town.take(HoldEvent(one))
    assert is_kept(town, one, other) == [True, False]
    released = town.release(taken)
    assert is_kept(town, one, other) == [False, False]
    assert released.release is not None
    assert (released.release.by, released.release.why) == ("Li Wei", "the case is closed")


def test_a_camera_is_held_for_a_time_and_events_that_went_on_in_it(town: HeldTown) -> None:
    before, into, within, later = town.happen(
        on_weir(town, 1),
        on_weir(town, 2, at=after(50), lasted_s=20),
        on_weir(town, 3, at=after(70)),
        on_weir(town, 4, at=after(120)),
    )
    [elsewhere] = town.happen(an_event(5, camera=town.around.platform, at=after(70)))
    town.take(HoldCamera(town.around.weir, HoldSpan(after(60), after(120))))
    assert is_kept(town, before, into, within, later, elsewhere) == [False, True, True, False, False]


def test_a_department_is_held_with_what_lies_below_it(town: HeldTown) -> None:
    ours, theirs = town.happen(on_weir(town), an_event(2, camera=town.around.platform))
    town.take(HoldDepartment(town.around.water))
    assert is_kept(town, ours, theirs) == [True, False]


def test_one_that_was_released_cannot_be_released_again(town: HeldTown) -> None:
    taken = town.take(HoldCamera(town.around.weir))
    town.release(taken)
    with pytest.raises(Conflict, match=f"hold {taken.id} was released already by Li Wei"):
        town.release(taken, by="somebody else")


def test_a_release_says_why(town: HeldTown) -> None:
    taken = town.take(HoldCamera(town.around.weir))
    with pytest.raises(BadInput) as caught:
        town.release(taken, why="ok")
    assert caught.value.field == "why"
    assert not held(town.connection).is_nothing


def test_a_release_takes_back_how_far_the_removal_has_come(town: HeldTown) -> None:
    [one] = town.happen(on_weir(town))
    taken = town.take(HoldEvent(one))
    put_mark(town.connection, (town.around.rivers, 0, Medium.EVENT), EventId(one + 1_000))
    town.release(taken)
    assert town.connection.scalars(select(retention_mark.c.upto)).all() == [one - 1]


def test_a_removed_camera_can_be_held_and_stays_held(town: HeldTown) -> None:
    [one] = town.happen(on_weir(town))
    town.take(HoldCamera(town.around.weir))
    cameras.remove(town.connection, town.around.weir, START)
    assert is_kept(town, one) == [True]
    assert town.connection.scalars(select(event_table.c.id)).all() == [one]
    second = town.take(HoldCamera(town.around.weir), name="another")
    assert hold_names(town.connection, [second]).camera(town.around.weir, None) == "weir"


def test_a_department_that_is_held_cannot_be_removed(town: HeldTown) -> None:
    number = departments.add(town.connection, name="Lakes").id
    town.release(town.take(HoldDepartment(number)))
    with pytest.raises(Conflict, match=f"names department {number}, or did once"):
        departments.remove(town.connection, number)


def test_holds_are_found_by_what_they_are_on_and_whether_they_are_in_force(town: HeldTown) -> None:
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


def test_there_are_not_more_than_there_may_be(town: HeldTown) -> None:
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


def have(town: HeldTown, owner: DepartmentId | None, count: int) -> None:
    """So many holds of `owner` more."""
    row = {"name": "a", "reason": "because", "department": owner, "event": NEVER, "made_by": "x", "made_at": START}
    town.connection.execute(insert(legal_hold), [row] * count)


def test_a_hold_says_what_it_covers(town: HeldTown) -> None:
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


def test_counting_what_is_covered_ends_somewhere(town: HeldTown) -> None:
    numbers = town.happen(*(on_weir(town, n, at=after(n)) for n in range(1, 4)))
    for number in numbers:
        town.keep(number, MediaKind.SNAPSHOT, 10)
    assert coverage.covered(town.connection, HoldCamera(town.around.weir), most=2) == Coverage(2, 2, 20, True)


def test_it_says_how_much_was_being_removed_already(town: HeldTown) -> None:
    one, other = town.happen(on_weir(town, 1), on_weir(town, 2, at=after(10)))
    for number in (one, other):
        town.keep(number, MediaKind.SNAPSHOT, 10)
        town.keep(number, MediaKind.ORIGINAL, 10)
    town.connection.execute(update(event_media).where(event_media.c.event == one).values(doomed_at=START))
    assert coverage.leaving(town.connection, HoldCamera(town.around.weir)) == 2
    assert coverage.leaving(town.connection, HoldEvent(other)) == 0
    assert coverage.covered(town.connection, HoldEvent(one)) == Coverage(1, 0, 0, False)


def test_the_words_of_a_hold_name_what_and_when(town: HeldTown) -> None:
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


def test_a_department_does_not_slip_out_of_a_hold_on_one_above_it(town: HeldTown) -> None:
    around, connection = town.around, town.connection
    [number] = town.happen(on_weir(town))
    span = HoldSpan(START, after(3_600))
    taken = town.take(HoldDepartment(around.water, span))

    def move(parent: DepartmentId | None) -> None:
        with connection.begin_nested(), staying_held(connection, around.rivers):
            departments.change(connection, replace(departments.get(connection, around.rivers), parent=parent))

    with pytest.raises(Conflict, match=f"department {around.rivers} would not be under a hold any more"):
        move(None)
    move(around.water)
    assert is_kept(town, number) == [True]
    own = town.take(HoldDepartment(around.rivers, HoldSpan(START, after(1_800))))
    with pytest.raises(Conflict, match="would not be under a hold any more"):
        move(around.rail)
    move(around.water)
    town.release(own)
    town.take(HoldDepartment(around.rivers))
    move(None)
    assert is_kept(town, number) == [True]
    town.release(taken)
    move(around.water)
