"""Many keys are asked for a part of what they have at a time, and none of it is passed over."""

import numpy as np
import pytest

from core.ids import LAST_EVENT, EventId
from events.index.event_filter import Order
from events.index.keyed import walk_keys
from events.index.reach_keys import keys_of_cameras
from events.index.seek import Asked
from events.index.stretch import Stretch
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write


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
