"""Tracks go by the time of their camera's department, and stay where a hold is on their time."""

from datetime import timedelta
from pathlib import Path
from threading import Event as Flag

import pytest
from sqlalchemy import insert, select

from core.ids import CameraId
from events.retention import holds, rules
from events.retention.hold import HoldId
from events.retention.medium import Medium
from events.tracks.table import track_chunk
from registry import departments
from registry.db import Database
from tests.support.happenings import add_cameras
from tests.support.keeping import NEVER, NOW, Kept

HOUR = timedelta(hours=1)


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    return Kept(database, tmp_path / "blobs", track_log_h=72)


def log(kept: Kept, camera: CameraId, *hours: float) -> None:
    """Minutes of so many hours ago."""
    with kept.database.write() as connection:
        rows = [{"camera": camera, "minute": NOW - ago * HOUR, "looks": 1, "data": b"tracks"} for ago in hours]
        connection.execute(insert(track_chunk), rows)


def logged(kept: Kept, camera: CameraId) -> list[float]:
    """How many hours ago the minutes are of which there are tracks."""
    with kept.database.read() as connection:
        minutes = connection.scalars(select(track_chunk.c.minute).where(track_chunk.c.camera == camera))
        return sorted((NOW - minute) / HOUR for minute in minutes)


def prune(kept: Kept) -> None:
    passes = kept.passes()
    passes.prune_tracks(NEVER)
    passes.run(NEVER)


def test_they_go_by_the_settings_by_rules_and_by_holds(kept: Kept) -> None:
    with kept.database.write() as connection:
        water, rail, schools = (departments.add(connection, name=name).id for name in ("Water", "Rail", "Schools"))
        usual, held = add_cameras(connection, 2, department=water)
        (brief,) = add_cameras(connection, 1, department=rail)
        (long,) = add_cameras(connection, 1, department=schools)
    kept.rule(Medium.TRACK, 1, rail)
    kept.rule(Medium.TRACK, 10, schools)
    kept.hold(camera=held, from_at=NOW - 90 * HOUR, until_at=NOW - 80 * HOUR)
    for camera in (usual, held, brief, long):
        log(kept, camera, *(n * 12 + 1 for n in range(30)))
    prune(kept)
    assert logged(kept, usual) == [n * 12 + 1 for n in range(6)]
    assert logged(kept, held) == [*(n * 12 + 1 for n in range(6)), 85]
    assert logged(kept, brief) == [1, 13]
    assert logged(kept, long) == [n * 12 + 1 for n in range(20)]


def test_those_of_an_event_that_is_held_stay_while_it_went_on(kept: Kept) -> None:
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    event = kept.add(camera, NOW - 100 * HOUR, [], lasted_s=7_200)
    log(kept, camera, 97, 98, 98.5, 99, 100, 101)
    kept.hold(event=event)
    prune(kept)
    assert logged(kept, camera) == [98, 98.5, 99, 100]


def test_many_go_a_few_at_a_time_and_late_ones_are_found(kept: Kept) -> None:
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    log(kept, camera, *(100 + n / 60 for n in range(450)), 1)
    passes = kept.passes()
    stopped = Flag()
    stopped.set()
    passes.prune_tracks(stopped)
    assert len(logged(kept, camera)) == 451
    passes.prune_tracks(NEVER)
    assert logged(kept, camera) == [1]
    log(kept, camera, 90)
    passes.prune_tracks(NEVER)
    assert logged(kept, camera) == [1]


def test_for_ever_is_for_ever(kept: Kept) -> None:
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    kept.rule(Medium.TRACK, None)
    log(kept, camera, 10_000)
    prune(kept)
    assert len(logged(kept, camera)) == 1


def test_without_a_log_what_is_there_goes(database: Database, tmp_path: Path) -> None:
    kept = Kept(database, tmp_path / "blobs", track_log_h=0)
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    log(kept, camera, 1, 2)
    prune(kept)
    assert logged(kept, camera) == []


def test_those_that_a_released_hold_kept_go_when_it_is_over(kept: Kept) -> None:
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    number = kept.hold(camera=camera)
    log(kept, camera, 1, 100)
    passes = kept.passes()
    passes.prune_tracks(NEVER)
    assert logged(kept, camera) == [1, 100]
    with kept.database.write() as connection:
        holds.release(connection, HoldId(number), why="the case is over", by="a judge", at=NOW)
    passes.prune_tracks(NEVER)
    passes.run(NEVER)
    assert logged(kept, camera) == [1]


def test_those_that_a_rule_kept_for_longer_go_when_it_is_gone(kept: Kept) -> None:
    with kept.database.write() as connection:
        water = departments.add(connection, name="Water").id
        (camera,) = add_cameras(connection, 1, department=water)
    kept.rule(Medium.TRACK, 10, water)
    log(kept, camera, 1, 150)
    passes = kept.passes()
    passes.prune_tracks(NEVER)
    passes.run(NEVER)
    assert logged(kept, camera) == [1, 150]
    with kept.database.write() as connection:
        rules.remove(connection, rules.list_rules(connection)[0].id)
    passes.prune_tracks(NEVER)
    passes.run(NEVER)
    assert logged(kept, camera) == [1]
