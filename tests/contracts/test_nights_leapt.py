"""From one night to the next is leapt only where what lies between costs more than to ask all keys again."""

from datetime import time
from typing import Any

import pytest
from sqlalchemy import Connection

from core.hours import ALL_DAYS, Hours
from core.ids import CAMERA_BITS, EventId
from events.index import walking, ways
from events.index.event_filter import EventFilter
from events.index.keyed import walk_keys
from events.index.search import search
from events.index.seek import Asked, Walked
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.expecting import a_city
from tests.support.happenings import add_cameras, write

DAY_S = 86_400
LATE = Hours(ALL_DAYS, time(23), time(1), "UTC")


@pytest.mark.parametrize(("a_day", "leaps"), [(340_000.0, False), (3_400_000.0, True)])
def test_forty_cameras_are_asked_in_many_nights_only_where_days_are_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch, a_day: float, leaps: bool
) -> None:
    with database.write() as connection:
        cameras = add_cameras(connection, 40)
    at = [after(day * DAY_S + hour * 3_600) for day in range(20) for hour in (0, 12)]
    ids = write(database, [an_event(n, camera=cameras[n % 40], at=moment) for n, moment in enumerate(at)])
    city = a_city(EventId(ids[0] >> CAMERA_BITS << CAMERA_BITS), ids[-1], a_day=a_day, cameras=20_000)
    monkeypatch.setattr(walking, "densities", lambda _: city)
    heard: list[Asked] = []

    def hear(connection: Connection, groups: Any, labels: Any, fitting: Any, asked: Asked) -> Walked:
        heard.append(asked)
        return walk_keys(connection, groups, labels, fitting, asked)

    monkeypatch.setattr(ways, "walk_keys", hear)
    with database.read() as connection:
        found = search(connection, EventFilter(cameras=frozenset(cameras), hours=LATE), limit=1_000).items
    late = [number for number, moment in zip(ids, at, strict=True) if LATE.hold(moment)]
    assert [one.event.id for one in found] == late[::-1]
    assert any(len(asked.parts) > 1 for asked in heard) == leaps
