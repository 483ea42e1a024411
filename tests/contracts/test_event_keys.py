"""Many keys are asked for a part of what they have at a time, and none of it is passed over."""

import numpy as np
import pytest

from core.ids import LAST_EVENT, EventId
from events.index import keyed
from events.index.event_filter import Order
from events.index.keyed import walk_keys
from events.index.reach_keys import keys_of_cameras
from events.index.seek import Asked
from events.index.stretch import Stretch
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write
from tests.support.statements import said


@pytest.mark.parametrize("order", list(Order))
def test_a_busy_camera_among_quiet_ones_loses_nothing(database: Database, order: Order) -> None:
    with database.write() as connection:
        busy, *quiet = add_cameras(connection, 10)
    events = [an_event(n, camera=busy, at=after(n)) for n in range(600)]
    events += [an_event(n, camera=quiet[n % 9], at=after(0.4 * n + 0.05)) for n in range(1_500)]
    ids = sorted(write(database, events), reverse=order is Order.NEWEST)
    found: list[int] = []
    left: Stretch | None = Stretch(EventId(0), LAST_EVENT)
    steps = 0
    keys = [keys_of_cameras(np.array([busy, *quiet], np.int64))[0]]
    with database.read() as connection:
        while left is not None:
            told = walk_keys(connection, keys, None, (), Asked(left, 20, order, with_departments=False))
            found, steps = [*found, *told.ids.tolist()], steps + 1
            left = None if told.until is None else left.after(told.until, order)
    assert found == ids
    assert steps > 1


@pytest.mark.parametrize("order", list(Order))
def test_all_keys_are_asked_in_several_stretches_at_once(database: Database, order: Order) -> None:
    with database.write() as connection:
        cameras = add_cameras(connection, 3)
    ids = write(database, [an_event(n, camera=cameras[n % 3], at=after(n)) for n in range(300)])
    parts = [Stretch(ids[begin], ids[begin + 9]) for begin in (20, 100, 250)]
    parts = parts[::-1] if order is Order.NEWEST else parts
    whole = Stretch(ids[20], ids[259])
    expected = sorted(
        (one for one in ids if any(part.lowest <= one <= part.highest for part in parts) and one % 2**22 != cameras[0]),
        reverse=order is Order.NEWEST,
    )
    keys = keys_of_cameras(np.array(cameras[1:], np.int64))
    with database.read() as connection:
        asked = Asked(whole, 100, order, with_departments=True, parts=tuple(parts))
        told = walk_keys(connection, keys, None, (), asked)
    assert told.ids.tolist() == expected
    assert told.departments is not None
    assert (len(told.departments), told.number, told.until) == (len(expected), len(expected), None)


@pytest.mark.parametrize("order", list(Order))
def test_of_too_many_the_first_stretches_are_told_and_how_far(
    database: Database, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyed, "_MOST", 0)
    with database.write() as connection:
        cameras = add_cameras(connection, 3)
    ids = write(database, [an_event(n, camera=cameras[n % 3], at=after(n)) for n in range(300)])
    parts = [Stretch(ids[begin], ids[begin + 49]) for begin in (0, 100, 200)]
    parts = parts[::-1] if order is Order.NEWEST else parts
    whole = Stretch(ids[0], ids[249])
    with database.read() as connection:
        asked = Asked(whole, 20, order, with_departments=False, parts=tuple(parts))
        told = walk_keys(connection, keys_of_cameras(np.array(cameras, np.int64)), None, (), asked)
    first = [one for one in ids if parts[0].lowest <= one <= parts[0].highest]
    assert told.until == parts[0].last(order)
    assert told.ids.tolist() == (first[::-1] if order is Order.NEWEST else first)


@pytest.mark.parametrize("order", list(Order))
def test_many_events_of_one_millisecond_are_told_though_they_are_too_many(
    database: Database, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyed, "_MOST", 0)
    with database.write() as connection:
        cameras = add_cameras(connection, 30)
    at_once = write(database, [an_event(n, camera=one, at=after(100)) for n, one in enumerate(cameras)])
    others = write(database, [an_event(40 + n, camera=cameras[n], at=after(10 * n)) for n in range(20) if n != 10])
    found: list[int] = []
    left: Stretch | None = Stretch(EventId(0), LAST_EVENT)
    keys = keys_of_cameras(np.array(cameras, np.int64))
    steps = 0
    with database.read() as connection:
        while left is not None and steps < 100:
            told = walk_keys(connection, keys, None, (), Asked(left, 2, order, with_departments=False))
            found, steps = [*found, *told.ids.tolist()], steps + 1
            left = None if told.until is None else left.after(told.until, order)
    assert left is None
    assert found == sorted([*at_once, *others], reverse=order is Order.NEWEST)


@pytest.mark.parametrize("order", list(Order))
def test_a_stretch_with_far_too_many_is_cut_to_an_eighth_each_time(
    database: Database, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyed, "_MOST", 0)
    with database.write() as connection:
        cameras = add_cameras(connection, 2)
    write(database, [an_event(n, camera=cameras[n % 2], at=after(n)) for n in range(2_000)])
    asked = Asked(Stretch(EventId(0), LAST_EVENT), 5, order, with_departments=False)
    with database.read() as connection, said() as statements:
        told = walk_keys(connection, keys_of_cameras(np.array(cameras, np.int64)), None, (), asked)
    assert 0 < told.number < 20
    assert len(statements) < 10  # two a time: 2,000, 250, 32, 4
