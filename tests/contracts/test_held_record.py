"""What holds keep of the record: pruning ends before the first row about what is held."""

import math
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, delete

from core.camera import DepartmentId
from core.errors import Conflict
from core.ids import CameraId
from events.retention import holds
from events.retention.held import lock_holds
from events.retention.held_record import first_held_row, newest_hold
from events.retention.hold import Hold, HoldCamera, HoldDepartment, HoldEvent, Holding, HoldSpan
from events.retention.tables import legal_hold
from registry import cameras, departments
from registry.audit.checkpoints import make_checkpoint
from registry.audit.entry import Act
from registry.audit.prune import PruneOrder, prunable, prune
from registry.audit.seals import Sealing
from registry.db import Database
from tests.support.builders import START, an_event
from tests.support.happenings import put_events
from tests.support.recording import RECORD_BEGAN_AT, RECORD_KEYS, an_entry, clear_record, record

NOW = RECORD_BEGAN_AT + timedelta(days=400)
_TOWNS = count(1)
ROWS = 60
"""Of the record, with a checkpoint after each twenty: act `n` has place `n + 1`."""


class Town:
    """A record of acts at a camera, and what they were about."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as connection:
            self.parent = departments.add(connection, name=f"parent {next(_TOWNS)}").id
            self.department = departments.add(connection, name=f"ours {next(_TOWNS)}", parent=self.parent).id
            self.camera = cameras.add(connection, name="gate", department=self.department).id
            [self.event] = put_events(connection, [an_event(1, camera=self.camera)])

    def acts(self, place: int, *, about_event: bool = False, on_camera: bool = False, shown: object = None) -> None:
        """A record in which the act at `place` alone is about what is ours: a search where it has `shown` something."""
        for begin in range(0, ROWS, 20):
            of_others: dict[str, Any] = {"camera": CameraId(4_000_000), "departments": frozenset()}
            entries = [an_entry(n, **of_others) for n in range(begin, begin + 20)]
            if begin < place <= begin + 20:
                about: dict[str, Any] = {"departments": frozenset({self.department})}
                about |= {"camera": self.camera} if on_camera or about_event else {}
                about |= {"object": str(self.event)} if about_event else {}
                if shown is not None:
                    about = {"departments": frozenset(), "act": Act.SEARCH, "object": "", "detail": {"shown": shown}}
                entries[place - begin - 1] = an_entry(place - 1, **{"camera": None, **about})
            record(self.database, entries)
            Sealing(self.database).seal_all()
            assert make_checkpoint(self.database, RECORD_KEYS, RECORD_BEGAN_AT + timedelta(hours=1 + begin)) is not None

    def take(self, on: Holding) -> Hold:
        with self.database.write() as connection:
            return holds.take(connection, on, name="a", reason="because", owner=None, by="x", at=START)

    def order(self) -> PruneOrder | None:
        held = first_held_row(self.database, ROWS)
        with self.database.read() as connection:
            return prunable(connection, RECORD_KEYS, NOW, keep_from=None if held is None else held.place)

    def goes_up_to(self) -> int:
        """The last place that may be removed; 0 where nothing may."""
        found = self.order()
        return 0 if found is None else found.checkpoint.place


@pytest.fixture
def town(shared_database: Database) -> Iterator[Town]:
    with shared_database.write() as connection:
        connection.execute(delete(legal_hold))
    yield Town(shared_database)
    clear_record(shared_database)
    with shared_database.write() as connection:
        connection.execute(delete(legal_hold))


@pytest.mark.parametrize(("place", "left"), [(1, 0), (20, 0), (21, 20), (60, 40)])
@pytest.mark.parametrize("is_search", [True, False])
def test_it_ends_before_the_first_row_about_a_held_event_or_a_search_that_showed_it(
    town: Town, place: int, left: int, is_search: bool
) -> None:
    if is_search:
        town.acts(place, shown={str(town.department): ["17", str(town.event)]})
    else:
        town.acts(place, about_event=True)
    assert town.goes_up_to() == ROWS
    hold = town.take(HoldEvent(town.event))
    assert town.goes_up_to() == left
    found = first_held_row(town.database, ROWS)
    assert found is not None
    assert (found.place, found.hold.id) == (place, hold.id)
    assert first_held_row(town.database, place - 1) is None, "it is asked for what comes before alone"


def test_once_the_hold_is_released_it_goes_on(town: Town) -> None:
    town.acts(30, about_event=True)
    hold = town.take(HoldEvent(town.event))
    with town.database.write() as connection:
        holds.release(connection, hold.id, why="it is over", by="x", at=START)
    assert town.goes_up_to() == ROWS


@pytest.mark.parametrize("by_camera", [True, False])
def test_it_ends_before_a_row_about_a_held_camera_or_department_of_the_time_held(town: Town, by_camera: bool) -> None:
    town.acts(30, on_camera=by_camera)
    at = RECORD_BEGAN_AT + timedelta(seconds=29)

    def on(span: HoldSpan) -> Holding:
        return HoldCamera(town.camera, span) if by_camera else HoldDepartment(town.parent, span)

    town.take(on(HoldSpan(None, at)))
    town.take(on(HoldSpan(at + timedelta(seconds=1))))
    assert town.goes_up_to() == ROWS
    town.take(on(HoldSpan(at, at + timedelta(seconds=1))))
    assert town.goes_up_to() == 20


def test_it_ends_before_a_search_that_showed_an_event_of_a_held_camera_in_the_time_held(town: Town) -> None:
    town.acts(30, shown={str(town.department): [str(town.event)]})
    at = RECORD_BEGAN_AT + timedelta(seconds=29)
    town.take(HoldCamera(town.camera, HoldSpan(None, at)))
    with town.database.write() as connection:
        other = cameras.add(connection, name="another", department=town.department).id
        [of_other] = put_events(connection, [an_event(1, camera=other)])
    town.take(HoldCamera(other))
    town.take(HoldEvent(of_other))
    assert town.goes_up_to() == ROWS
    hold = town.take(HoldCamera(town.camera, HoldSpan(at, at + timedelta(seconds=1))))
    assert town.goes_up_to() == 20
    with town.database.write() as connection:
        holds.release(connection, hold.id, why="it is over", by="x", at=START)
    assert town.goes_up_to() == ROWS


@pytest.mark.parametrize("search_is_first", [True, False])
def test_of_two_rows_that_are_kept_the_first_one_is_told(town: Town, search_is_first: bool) -> None:
    about_event = an_entry(9, camera=town.camera, object=str(town.event), departments=frozenset())
    search = an_entry(8, act=Act.SEARCH, object="", departments=frozenset(), detail={"shown": {"1": [str(town.event)]}})
    hold = town.take(HoldEvent(town.event))
    other = town.take(HoldDepartment(town.parent))
    record(town.database, [search, about_event] if search_is_first else [about_event, search])
    Sealing(town.database).seal_all()
    found = first_held_row(town.database, 2)
    assert found is not None
    assert (found.place, found.hold.id) == (1, hold.id)
    assert hold.id != other.id


@pytest.mark.parametrize("shown", [[], "none", {"1": 7}, {"1": ["no number"]}, {"1": None}, {"1": [math.inf]}])
def test_a_row_that_says_nothing_of_use_is_passed_over(town: Town, shown: object) -> None:
    town.acts(30, shown=shown)
    town.take(HoldEvent(town.event))
    assert town.goes_up_to() == ROWS


def test_what_is_of_others_goes(town: Town) -> None:
    town.acts(30, on_camera=True)
    with town.database.write() as connection:
        other = cameras.add(connection, name="another", department=town.department).id
        elsewhere = departments.add(connection, name="elsewhere").id
    town.take(HoldCamera(other))
    town.take(HoldDepartment(DepartmentId(elsewhere)))
    assert town.goes_up_to() == ROWS


def test_a_hold_that_is_taken_meanwhile_lets_nothing_go(town: Town) -> None:
    town.acts(30, about_event=True)
    order = town.order()
    assert order is not None
    with town.database.read() as connection:
        newest = newest_hold(connection)
    town.take(HoldEvent(town.event))

    def may_still_go(connection: Connection) -> bool:
        lock_holds(connection)
        return newest_hold(connection) == newest

    with pytest.raises(Conflict, match="a hold was taken meanwhile"):
        prune(town.database, RECORD_KEYS, order, NOW, may_still_go=may_still_go)
    assert town.goes_up_to() == 20
