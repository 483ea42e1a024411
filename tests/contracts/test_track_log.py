"""The track log over SQLite and PostgreSQL: minutes grow, workers share them, and old ones go."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.ids import CameraId
from events.minutes import minute_of
from events.tracks import log
from events.tracks.codec import Part
from events.tracks.log import PackedPart
from events.tracks.table import track_chunk
from registry.db import Database
from tests.support.builders import CAMERA, START, a_track, after

LATER = after(9_999)


def a_part(*seconds: float, camera: CameraId = CAMERA, run: int = 1, number: int = 1) -> PackedPart:
    """Looks at these seconds after the start, each with a track of that number."""
    part = Part()
    for second in seconds:
        part.add(after(second), [a_track(int(second) + 1)])
    return PackedPart(camera, minute_of(after(seconds[0])), run, number, len(seconds), part.packed())


def write(database: Database, *parts: PackedPart) -> None:
    with database.write() as connection:
        log.write_parts(connection, parts)


def seconds(database: Database, from_at: datetime = START, to_at: datetime = LATER) -> list[float]:
    return [(look.at - START).total_seconds() for look in log.read_looks(database, CAMERA, from_at, to_at)]


def test_looks_are_read_in_order_over_many_minutes(database: Database) -> None:
    write(database, *(a_part(60 * minute, 60 * minute + 30) for minute in range(40)))
    assert seconds(database) == [30 * n for n in range(80)]
    assert seconds(database, after(30), after(90)) == [30, 60]
    with database.read() as connection:
        assert log.count_looks(connection, CAMERA, after(60), after(180)) == 4


def test_a_part_that_has_grown_takes_its_own_place(database: Database) -> None:
    write(database, a_part(1))
    write(database, a_part(1, 2, 3))
    assert seconds(database) == [1, 2, 3]


def test_what_an_earlier_worker_wrote_of_the_minute_stays(database: Database) -> None:
    write(database, a_part(1, 2, run=4))
    write(database, a_part(20, run=5), a_part(30, run=5, number=2))
    looks = list(log.read_looks(database, CAMERA, START, after(60)))
    assert [(look.run, look.tracks[0].number) for look in looks] == [(4, 2), (4, 3), (5, 21), (5, 31)]
    with database.read() as connection:
        assert log.count_looks(connection, CAMERA, START, after(60)) == 4


def test_cameras_are_kept_apart(database: Database) -> None:
    write(database, a_part(1), a_part(2, camera=CameraId(8)))
    assert seconds(database) == [1]


@pytest.mark.parametrize("damage", ["cut", "changed", "nothing left"])
def test_a_damaged_minute_is_left_out_and_the_others_are_read(database: Database, damage: str) -> None:
    write(database, a_part(1), a_part(61), a_part(121))
    at = START + timedelta(minutes=1)
    with database.write() as connection:
        data = connection.execute(select(track_chunk.c.data).where(track_chunk.c.minute == at)).scalar_one()
        broken = {"cut": data[:-5], "changed": data[:20] + bytes(len(data) - 20), "nothing left": b"?"}[damage]
        connection.execute(update(track_chunk).where(track_chunk.c.minute == at).values(data=broken))
    assert seconds(database) == [1, 121]
    write(database, a_part(62, run=2))
    assert 62 in seconds(database)
