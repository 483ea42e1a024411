"""Many keys are asked for a part of what they have at a time, and none of it is passed over."""

import numpy as np
import pytest

from core.ids import LAST_EVENT, EventId
from events.index.event_filter import Order
from events.index.keyed import first_ids
from events.index.reach_keys import keys_of_cameras
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write


@pytest.mark.parametrize("order", list(Order))
def test_a_busy_camera_among_quiet_ones_loses_nothing(database: Database, order: Order) -> None:
    with database.write() as connection:
        busy, *quiet = add_cameras(connection, 10)
    events = [an_event(n, camera=busy, at=after(n)) for n in range(300)]
    events += [an_event(n, camera=quiet[n % 9], at=after(0.4 * n + 0.05)) for n in range(750)]
    ids = sorted(write(database, events), reverse=order is Order.NEWEST)
    found: list[int] = []
    lowest, highest, steps = EventId(0), LAST_EVENT, 0
    with database.read() as connection:
        while True:
            told = first_ids(
                connection,
                [keys_of_cameras(np.array([busy, *quiet], np.int64))[0]],
                labels=None,
                lowest=lowest,
                highest=highest,
                limit=500,
                order=order,
            )
            found, steps = [*found, *told.ids.tolist()], steps + 1
            if told.until is None:
                break
            if order is Order.NEWEST:
                highest = EventId(told.until - 1)
            else:
                lowest = EventId(told.until + 1)
    assert found == ids
    assert steps > 1
