"""The keeper does a pass where it is its turn, goes on after faults, and ends when it is told to."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import Unavailable
from events.media.table import MediaKind
from events.notices.notices import open_notices
from events.retention.ballast import Disk
from events.retention.caution import Caution
from events.retention.disk_room import DiskRoom
from events.retention.quota_room import QuotaRoom
from events.retention.settings import RetentionSettings
from events.retention.trouble import Trouble
from registry.db import Database
from sharp_eyes.worker.retaining import tell_by, turn_on_this_machine
from sharp_eyes.worker.retention_keeper import RemovedCounts, RetentionKeeper
from tests.support.databases import sqlite_database
from tests.support.happenings import add_cameras
from tests.support.keeping import NOW, Kept
from tests.support.waiting import wait_for

__all__ = ["sqlite_database"]


class Turn:
    """Whose turn it is."""

    def __init__(self, *, is_mine: bool) -> None:
        self.is_mine = is_mine
        self.faults = 2
        self.asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        if self.faults:
            self.faults -= 1
            raise Unavailable("the database is away")
        return self.is_mine


@pytest.fixture
def kept(sqlite_database: Database, tmp_path: Path) -> Kept:
    return Kept(sqlite_database, tmp_path / "blobs", settings=RetentionSettings(free_bytes=1_000, caution_h=0))


@contextmanager
def running(kept: Kept, turn: Turn, disk: Disk) -> Iterator[RetentionKeeper]:
    passes = kept.passes()
    tell = tell_by(kept.database)
    room = DiskRoom(kept.database, passes.media, kept.clock, kept.settings, kept.folder.parent, tell, lambda _: disk)
    caution = Caution(kept.database, kept.clock, kept.settings, passes.policy, tell)
    quota = QuotaRoom(kept.database, passes.media, kept.clock, kept.settings, tell)
    keeper = RetentionKeeper(kept.database, kept.clock, passes, caution, quota, room, turn)
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()


def test_it_does_a_pass_counts_and_tells_of_a_full_disk(kept: Kept) -> None:
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    old = kept.add(camera, NOW - timedelta(days=1_200))
    new = kept.add(camera, NOW, [MediaKind.SNAPSHOT])
    kept.hold(event=new)
    with running(kept, Turn(is_mine=True), Disk(10**9, 10)) as keeper:
        wait_for(lambda: keeper.last_pass_at > 0, "a pass", 30)
        assert keeper.marked == 0

        def told() -> set[str]:
            with kept.database.read() as connection:
                return {one.kind.value for one in open_notices(connection)}

        wait_for(lambda: told() == {Trouble.DISK_FULL.value, Trouble.ALL_HELD.value}, "notices", 30)
    assert kept.events() == {new} != {old}


def test_where_it_is_anothers_turn_nothing_happens(kept: Kept) -> None:
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    old = kept.add(camera, NOW - timedelta(days=1_200))
    turn = Turn(is_mine=False)
    with running(kept, turn, Disk(10**9, 10)) as keeper:
        wait_for(lambda: turn.asked > 200, "it asks again and again", 30)
        assert keeper.last_pass_at == 0
    assert kept.events() == {old}


def test_one_process_of_a_data_folder_has_the_turn_and_passes_it_on(tmp_path: Path) -> None:
    with ExitStack() as first, ExitStack() as second:
        mine, theirs = turn_on_this_machine(tmp_path, first), turn_on_this_machine(tmp_path, second)
        assert [mine(), theirs(), mine()] == [True, False, True]
        first.close()
        assert theirs()


def test_what_went_is_counted(kept: Kept) -> None:
    counts = RemovedCounts()
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    kept.add(camera, NOW - timedelta(days=1_200), size=7)
    kept.run()
    for removed in kept.removed:
        counts.add(*removed)
    assert counts.by_medium() == {"masked_clip": 1, "snapshot": 1, "original": 1, "event": 1}
    assert counts.by_reason() == {"age": 4, "quota": 0, "room": 0}
    assert counts.bytes == 21


def test_with_caution_nothing_goes_by_its_age(sqlite_database: Database, tmp_path: Path) -> None:
    settings = RetentionSettings(free_bytes=0, caution_h=720)
    kept = Kept(sqlite_database, tmp_path / "blobs", settings=settings)
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    old = kept.add(camera, NOW - timedelta(days=1_200))
    with running(kept, Turn(is_mine=True), Disk(10**9, 10**9)) as keeper:
        wait_for(lambda: keeper.last_pass_at > 0, "a pass", 30)
    assert kept.events() == {old}
    assert len(kept.media()) == 3
