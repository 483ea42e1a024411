"""Room is made where there is too little: the oldest go that nobody holds, and somebody is told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from core.camera import DepartmentId
from core.errors import Unavailable
from core.ids import CameraId, EventId
from events.media.table import MediaKind
from events.retention import quotas, usage
from events.retention.ballast import Ballast, Disk, disk_of
from events.retention.disk_room import DiskRoom
from events.retention.media_removal import MediaRemoval, Reason
from events.retention.quota_room import QuotaRoom
from events.retention.settings import RetentionSettings
from events.retention.trouble import Trouble
from registry import departments
from registry.db import Database
from tests.support.happenings import add_cameras
from tests.support.keeping import NEVER, NOW, Kept

DAY = timedelta(days=1)
SIZE = 1_000_000
CLIPS = (MediaKind.ORIGINAL, MediaKind.MASKED_CLIP)


class SmallDisk:
    """A disk of which media take a part, and something else takes `other` bytes."""

    def __init__(self, kept: Kept, total: int) -> None:
        self._kept = kept
        self._total = total
        self.other = 0

    def __call__(self, folder: Path) -> Disk:
        ballast = folder / "ballast"
        taken = sum((self._kept.folder / key).stat().st_size for key in self._kept.files())
        taken += ballast.stat().st_size if ballast.exists() else 0
        return Disk(self._total, max(0, self._total - taken - self.other))


class Told:
    """What was told, and is not over."""

    def __init__(self) -> None:
        self.open: dict[tuple[Trouble, str], str] = {}
        self.ever: list[Trouble] = []

    def __call__(self, trouble: Trouble, subject: str, detail: str | None) -> None:
        if detail is None:
            self.open.pop((trouble, subject), None)
        else:
            self.open[trouble, subject] = detail
            self.ever.append(trouble)

    @property
    def troubles(self) -> set[Trouble]:
        return {trouble for trouble, _ in self.open}


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    (tmp_path / "blobs").mkdir()
    settings = RetentionSettings(free_bytes=3 * SIZE, ballast_bytes=0)
    return Kept(database, tmp_path / "blobs", settings=settings)


@pytest.fixture
def camera(kept: Kept) -> CameraId:
    with kept.database.write() as connection:
        return add_cameras(connection, 1)[0]


@pytest.fixture
def told() -> Told:
    return Told()


def a_disk_room(kept: Kept, disk: Callable[[Path], Disk], told: Told) -> DiskRoom:
    return DiskRoom(kept.database, kept.passes().media, kept.clock, kept.settings, kept.folder.parent, told, disk)


def test_the_oldest_go_and_of_a_day_the_clips_first(kept: Kept, camera: CameraId, told: Told) -> None:
    noon = NOW - 3 * DAY
    first, second = kept.add(camera, noon, size=SIZE), kept.add(camera, noon + timedelta(hours=1), size=SIZE)
    third = kept.add(camera, NOW - DAY, size=SIZE)
    disk = SmallDisk(kept, 100 * SIZE)
    room = a_disk_room(kept, disk, told)
    room.look(NEVER)
    assert (len(kept.media()), told.ever) == (9, [])

    before, disk.other = kept.media(), 90 * SIZE  # a megabyte is free: two more must be
    room.look(NEVER)
    assert before - kept.media() == {(first, kind) for kind in CLIPS}
    disk.other = 92 * SIZE
    room.look(NEVER)
    left = {(first, MediaKind.SNAPSHOT), (second, MediaKind.SNAPSHOT), *((third, kind) for kind in MediaKind)}
    assert kept.media() == left
    assert told.troubles == {Trouble.DISK_FULL}
    assert disk(kept.folder.parent).free >= 3 * SIZE
    assert {reason for _, reason, _, _ in kept.removed} == {Reason.ROOM}

    disk.other = 0
    room.look(NEVER)
    assert told.troubles == set()


def test_what_is_held_stays_on_a_full_disk_and_that_is_told(kept: Kept, camera: CameraId, told: Told) -> None:
    held, free = kept.add(camera, NOW - 5 * DAY, size=SIZE), kept.add(camera, NOW - DAY, size=SIZE)
    kept.hold(event=held)
    disk = SmallDisk(kept, 100 * SIZE)
    disk.other = 100 * SIZE
    room = a_disk_room(kept, disk, told)
    room.look(NEVER)
    room.look(NEVER)
    assert {event for event, _ in kept.media()} == {held} != {free}
    assert told.troubles == {Trouble.DISK_FULL, Trouble.ALL_HELD}
    assert kept.events() == {held, free}
    disk.other = 0
    room.look(NEVER)
    assert told.troubles == set()


def test_that_the_disk_is_full_ends_some_time_after_there_is_just_enough(
    kept: Kept, camera: CameraId, told: Told
) -> None:
    kept.add(camera, NOW - DAY, [MediaKind.SNAPSHOT], size=SIZE)
    disk = SmallDisk(kept, 100 * SIZE)
    disk.other = 97 * SIZE
    room = a_disk_room(kept, disk, told)
    for _ in range(2):
        room.look(NEVER)
        assert told.troubles == {Trouble.DISK_FULL}
    kept.clock.advance(601)
    room.look(NEVER)
    assert told.troubles == set()


def test_no_more_than_a_share_of_a_small_disk_is_kept_free(kept: Kept, camera: CameraId, told: Told) -> None:
    kept.add(camera, NOW - DAY, size=SIZE)
    disk = SmallDisk(kept, 20 * SIZE)
    disk.other = 16 * SIZE
    a_disk_room(kept, disk, told).look(NEVER)
    assert (len(kept.media()), told.ever) == (3, [])


class FullFile:
    """A database on a disk without a free byte: until there is one, nothing can be written."""

    def __init__(self, database: Database, is_full: Callable[[], bool]) -> None:
        self._database = database
        self._is_full = is_full
        self.kind = database.kind

    def read(self) -> AbstractContextManager[Connection]:
        return self._database.read()

    def write(self) -> AbstractContextManager[Connection]:
        if self._is_full():
            raise Unavailable("the disk is full")
        return self._database.write()


@pytest.mark.parametrize("with_ballast", [True, False])
def test_room_is_made_where_nothing_can_be_written(
    kept: Kept, camera: CameraId, tmp_path: Path, told: Told, with_ballast: bool, caplog: pytest.LogCaptureFixture
) -> None:
    for day in range(3):
        kept.add(camera, NOW - (5 - day) * DAY, size=SIZE)
    held = kept.add(camera, NOW - 6 * DAY, size=SIZE)
    kept.hold(event=held)
    kept.settings = RetentionSettings(free_bytes=3 * SIZE, ballast_bytes=SIZE if with_ballast else 0)
    disk, ballast = SmallDisk(kept, 100 * SIZE), tmp_path / "ballast"
    full = FullFile(kept.database, lambda: disk(tmp_path).free == 0)

    def tell(trouble: Trouble, subject: str, detail: str | None) -> None:
        with full.write():
            told(trouble, subject, detail)

    removal = MediaRemoval(full, kept.blobs, kept.clock)  # type: ignore[arg-type]
    room = DiskRoom(kept.database, removal, kept.clock, kept.settings, tmp_path, tell, disk)
    room.look(NEVER)
    assert ballast.exists() == with_ballast
    disk.other = 100 * SIZE - 12 * SIZE - (SIZE if with_ballast else 0)
    room.look(NEVER)
    assert ("the ballast is given up" in caplog.text) == with_ballast
    # Three megabytes are to be free; the ballast gives one, and is to be made again.
    assert len(kept.media()) == 9
    assert {(held, kind) for kind in MediaKind} <= kept.media()
    assert len(kept.files()) == len(kept.media())
    assert told.troubles == {Trouble.DISK_FULL}
    disk.other = 0
    room.look(NEVER)
    assert ballast.exists() == with_ballast
    assert told.troubles == set()


def test_the_trouble_is_not_over_by_the_room_that_the_ballast_is_to_take(
    kept: Kept, camera: CameraId, tmp_path: Path, told: Told
) -> None:
    for day in range(3):
        kept.add(camera, NOW - (5 - day) * DAY, size=SIZE)
    kept.settings = RetentionSettings(free_bytes=3 * SIZE, ballast_bytes=SIZE)
    disk = SmallDisk(kept, 100 * SIZE)
    disk.other = 88 * SIZE  # nine for media, three are free, and there is no ballast
    room = DiskRoom(kept.database, kept.passes().media, kept.clock, kept.settings, tmp_path, told, disk)
    room.look(NEVER)
    assert told.troubles == {Trouble.DISK_FULL}
    room.look(NEVER)
    assert (tmp_path / "ballast").exists()
    assert told.troubles == {Trouble.DISK_FULL}


def test_nothing_goes_without_a_mark_where_the_database_lacks_something_else_than_room(
    kept: Kept, camera: CameraId, tmp_path: Path, told: Told
) -> None:
    kept.add(camera, NOW - 5 * DAY, size=SIZE)
    kept.settings = RetentionSettings(free_bytes=40 * SIZE, ballast_bytes=SIZE)
    disk = SmallDisk(kept, 1_000 * SIZE)
    away = FullFile(kept.database, lambda: True)
    removal = MediaRemoval(away, kept.blobs, kept.clock)  # type: ignore[arg-type]
    room = DiskRoom(kept.database, removal, kept.clock, kept.settings, tmp_path, told, disk)
    room.look(NEVER)
    disk.other = 970 * SIZE
    with pytest.raises(Unavailable):
        room.look(NEVER)
    assert len(kept.files()) == 3
    assert (tmp_path / "ballast").exists()


def test_the_ballast_takes_room_and_no_more_than_its_share(tmp_path: Path) -> None:
    def disk(_: Path) -> Disk:
        return Disk(16 * 4_096, 100_000)

    ballast = Ballast(tmp_path, 1 << 20, disk)
    assert not Ballast(tmp_path, 1 << 20, disk).make(100_000)
    assert ballast.make(0)
    state = (tmp_path / "ballast").stat()
    assert (state.st_size, state.st_mode & 0o777) == (4_096, 0o600)
    assert state.st_blocks * 512 >= 4_096
    assert ballast.give_up()
    assert not ballast.give_up()
    assert disk_of(tmp_path).total > 0


def count(kept: Kept) -> None:
    assert usage.count(kept.database, kept.clock, NEVER)


def bytes_of(kept: Kept, department: DepartmentId) -> tuple[int, int]:
    """What it has, and what of that is held."""
    with kept.database.read() as connection:
        found = [one for one in usage.list_usage(connection) if one.department == department]
    return sum(one.bytes for one in found), sum(one.held_bytes for one in found)


def test_a_department_keeps_to_its_quota_and_others_keep_all(kept: Kept, camera: CameraId, told: Told) -> None:
    with kept.database.write() as connection:
        water = departments.add(connection, name="Water").id
        (weir,) = add_cameras(connection, 1, department=water)
        quotas.put(connection, water, 3 * SIZE, NOW)
    other = kept.add(camera, NOW - 9 * DAY, size=SIZE)
    held = kept.add(weir, NOW - 8 * DAY, [MediaKind.SNAPSHOT], size=SIZE)
    old, new = (kept.add(weir, NOW - age * DAY, CLIPS[:1], size=SIZE) for age in (7, 6))
    newest = kept.add(weir, NOW - 5 * DAY, CLIPS[:1], size=SIZE)
    kept.hold(event=held)
    room = QuotaRoom(kept.database, kept.passes().media, kept.clock, kept.settings, told)
    count(kept)
    assert bytes_of(kept, water) == (4 * SIZE, SIZE)
    room.look(NEVER)
    assert {event for event, _ in kept.media()} == {other, held, new, newest}
    assert bytes_of(kept, water)[0] == 3 * SIZE
    assert told.open == {(Trouble.QUOTA_REACHED, f"department {water}"): "it had 4.0 MB, and may have 3.0 MB"}
    count(kept)
    room.look(NEVER)
    assert told.troubles == set()
    assert old not in {event for event, _ in kept.media()}


def test_where_all_is_held_the_quota_is_passed_and_that_is_told(kept: Kept, camera: CameraId, told: Told) -> None:
    kept.settings = RetentionSettings(quota_bytes=SIZE)
    events: list[EventId] = [kept.add(camera, NOW - n * DAY, CLIPS[:1], size=SIZE) for n in (1, 2)]
    kept.hold(camera=camera)
    count(kept)
    room = QuotaRoom(kept.database, kept.passes().media, kept.clock, kept.settings, told)
    room.look(NEVER)
    assert {event for event, _ in kept.media()} == set(events)
    assert told.troubles == {Trouble.QUOTA_REACHED, Trouble.ALL_HELD}


def test_what_an_earlier_process_said_of_a_department_is_over_also_where_all_its_media_are_gone(
    kept: Kept, told: Told
) -> None:
    with kept.database.write() as connection:
        water = departments.add(connection, name="Water").id
    told(Trouble.QUOTA_REACHED, f"department {water}", "it had too much")
    QuotaRoom(kept.database, kept.passes().media, kept.clock, kept.settings, told).look(NEVER)
    assert told.open == {}
