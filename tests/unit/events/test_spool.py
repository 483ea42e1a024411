"""The spool keeps what it has taken: in order, in the newest version, through kill -9, a full disk, a damaged file."""

import multiprocessing
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from core.errors import Unavailable
from core.event import EndReason, Event
from core.ids import CameraId
from events.spool import Spool
from tests.support.builders import CAMERA, after, an_event


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


@pytest.fixture
def spool(path: Path) -> Iterator[Spool]:
    spool = Spool(path)
    yield spool
    spool.close()


def some(*numbers: int, version: int = 1) -> list[Event]:
    return [an_event(n, at=after(n), version=version) for n in numbers]


def waiting(spool: Spool) -> list[tuple[int, int]]:
    """Number and version of each event in it."""
    return [(event.origin.n, event.version) for event in spool.next(1_000)]


def set_aside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.set-aside-*") if not path.name.endswith(("-wal", "-shm")))


def test_events_come_out_in_the_order_in_which_they_came_first(spool: Spool) -> None:
    spool.put(some(3, 1))
    spool.put([*some(2), *some(3, version=2)])
    assert waiting(spool) == [(3, 2), (1, 1), (2, 1)]
    assert [event.origin.n for event in spool.next(2)] == [3, 1]


def test_a_newer_version_takes_the_place_of_an_older_one_and_not_the_other_way_round(spool: Spool) -> None:
    spool.put([*some(1, version=4), *some(1, version=6), *some(1, version=5)])
    spool.put(some(1, version=3))
    assert waiting(spool) == [(1, 6)]
    assert len(spool) == 1


def test_the_same_number_of_another_camera_or_epoch_is_another_event(spool: Spool) -> None:
    event = an_event(1)
    spool.put([event, an_event(1, camera=CameraId(8)), an_event(1, epoch=2)])
    assert len(spool) == 3


def test_what_is_removed_is_gone_and_what_came_meanwhile_stays(spool: Spool) -> None:
    spool.put(some(1, 2, 3))
    taken = spool.next(2)
    spool.put(some(2, version=2))
    spool.remove(taken)
    assert waiting(spool) == [(2, 2), (3, 1)]
    assert len(spool) == 2


def test_what_the_database_has_in_an_older_version_is_not_counted_as_new(spool: Spool) -> None:
    spool.put([*some(3, version=2), *some(1, 2)], is_known=lambda event: event.version > 1)
    assert (len(spool), spool.new) == (3, 2)
    spool.put(some(4, version=2), is_known=lambda _: True)
    spool.remove(some(1))
    spool.remove(some(3, version=2))
    assert (len(spool), spool.new) == (2, 1)


def test_the_next_process_finds_it_all(path: Path) -> None:
    first = Spool(path)
    events = [an_event(1, at=after(1), version=3, end_reason=EndReason.LEFT), *some(2)]
    first.put([*events, *some(3)], is_known=lambda event: event.origin.n == 3)
    first.close()
    second = Spool(path)
    assert second.next(10) == [*events, *some(3)]
    assert (len(second), second.new) == (3, 2)
    second.close()


def test_only_its_owner_may_read_it(spool: Spool, path: Path) -> None:
    spool.put(some(1))
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_it_gives_the_disk_back_what_a_long_outage_took(spool: Spool, path: Path) -> None:
    events = [replace(event, rule_name="x" * 1_000) for event in some(*range(1, 1_001))]
    spool.put(events)
    spool.remove(events)
    spool.close()
    assert path.stat().st_size < 100_000


class TestDisk:
    """A disk that does not do its part."""

    def test_one_that_is_full_is_told_and_nothing_has_changed(self, spool: Spool, path: Path) -> None:
        spool.put(some(1))
        pages = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]
        with spool._file.transaction() as connection:
            connection.execute("SELECT 1")
        spool._file._connection.execute(f"PRAGMA max_page_count={pages + 2}")  # type: ignore[union-attr]
        many = [replace(event, rule_name="x" * 10_000) for event in some(1, 2, 3, version=2)]
        with pytest.raises(Unavailable, match="is full"):
            spool.put(many)
        assert waiting(spool) == [(1, 1)]
        assert (len(spool), spool.new) == (1, 1)
        spool.put(some(1, version=3))
        assert waiting(spool) == [(1, 3)]

    def test_there_is_room_for_so_many_and_a_newer_version_needs_none(self, path: Path) -> None:
        small = Spool(path, most=2)
        small.put(some(1, 2))
        with pytest.raises(Unavailable, match="2 events wait for the database"):
            small.put(some(3))
        small.put(some(2, version=2))
        assert waiting(small) == [(1, 1), (2, 2)]
        small.close()

    def test_a_folder_that_is_missing_is_told_when_it_is_used_and_not_before(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        spool = Spool(tmp_path / "not yet" / "spool.db")
        assert "events cannot be kept" in caplog.text
        with pytest.raises(Unavailable, match="No such file"):
            spool.put(some(1))
        (tmp_path / "not yet").mkdir()
        spool.put(some(1))
        assert waiting(spool) == [(1, 1)]
        spool.close()


class TestDamage:
    """A file that cannot be read is kept under another name, and the worker goes on."""

    @pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + bytes(5_000)])
    def test_a_file_that_is_something_else_is_set_aside(
        self, path: Path, content: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        path.write_bytes(content)
        spool = Spool(path)
        spool.put(some(1))
        assert waiting(spool) == [(1, 1)]
        (kept,) = set_aside(path.parent)
        assert kept.read_bytes() == content
        assert str(kept) in caplog.text
        spool.close()

    def test_the_database_of_another_program_is_set_aside(self, path: Path) -> None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE theirs (x)")
        other.close()
        spool = Spool(path)
        spool.put(some(1))
        (kept,) = set_aside(path.parent)
        assert sqlite3.connect(kept).execute("SELECT count(*) FROM theirs").fetchone() == (0,)
        spool.close()

    def test_a_spool_of_a_newer_program_is_set_aside(self, path: Path) -> None:
        Spool(path).close()
        other = sqlite3.connect(path)
        other.execute("PRAGMA user_version=99")
        other.close()
        spool = Spool(path)
        assert len(spool) == 0
        assert len(set_aside(path.parent)) == 1
        spool.close()

    def test_damage_that_is_found_at_the_start_sets_the_file_aside(self, path: Path) -> None:
        self.fill_and_damage(path)
        spool = Spool(path)
        assert len(spool) == 0
        assert len(set_aside(path.parent)) == 1
        spool.close()

    def test_damage_that_is_found_later_does_so_too_and_the_next_call_works(self, path: Path) -> None:
        spool = Spool(path)
        spool.put(some(*range(1, 500)))
        with spool._file.transaction() as connection:
            connection.execute("PRAGMA cache_size=0")
        spool._file._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        self.damage(path)
        with pytest.raises(Unavailable, match="malformed"):
            spool.remove(some(*range(1, 500)))
        spool.put(some(1))
        assert waiting(spool) == [(1, 1)]
        assert len(set_aside(path.parent)) == 1
        spool.close()

    def test_one_event_that_cannot_be_read_holds_up_no_other(self, path: Path) -> None:
        Spool(path).close()
        spool = Spool(path)
        spool.put(some(1, 2, 3))
        with spool._file.transaction() as connection:
            connection.execute("UPDATE waiting SET event = '{' WHERE n = 2")
        assert waiting(spool) == [(1, 1), (3, 1)]
        assert (len(spool), spool.new) == (2, 2)
        assert [camera for camera, _ in spool.refused()] == [CAMERA]
        spool.close()

    def test_of_those_that_are_set_aside_the_newest_are_kept(self, path: Path) -> None:
        spool = Spool(path, most_refused=2)
        for n in range(1, 6):
            spool.set_aside(an_event(n, camera=CAMERA), f"fault {n}")
        assert sorted(reason for _, reason in spool.refused()) == ["fault 4", "fault 5"]
        spool.close()

    def fill_and_damage(self, path: Path) -> None:
        spool = Spool(path)
        spool.put(some(*range(1, 500)))
        spool.close()
        self.damage(path)

    def damage(self, path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(4096 * 2)
            file.write(os.urandom(4096 * 20))


def test_an_event_that_is_set_aside_does_not_wait_any_more(spool: Spool) -> None:
    spool.put(some(1, 2))
    spool.set_aside(some(1)[0], "there is no camera 7")
    assert waiting(spool) == [(2, 1)]
    assert spool.refused() == [(CAMERA, "there is no camera 7")]


def fill(path: Path, n: int, said: Connection) -> None:
    """Put events after number `n` in, and take some out, saying each number and each removal once it is done."""
    spool = Spool(path)
    while True:
        n += 1
        spool.put([*some(n - 1, version=2), *some(n)])
        said.send(n)
        if len(spool) > 5 and n % 3 == 0:
            spool.remove(spool.next(1))
            said.send(None)


def test_what_it_has_taken_survives_kill_9_at_any_moment(path: Path) -> None:
    numbers, removed = [1], 0
    for round_ in range(8):
        hears, says = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(target=fill, args=(path, numbers[-1], says))
        child.start()
        says.close()
        heard = [hears.recv() for _ in range(5 + 7 * round_)]
        child.kill()
        with suppress(EOFError):
            while True:
                heard.append(hears.recv())
        child.join()
        numbers += [number for number in heard if number is not None]
        removed += heard.count(None)

        spool = Spool(path)
        kept = {event.origin.n: event.version for event in spool.next(100_000)}
        spool.close()
        gone = [number for number in numbers if number not in kept]
        # One more than was said may be gone in each round: killed after the removal, and before it was said.
        assert removed <= len(gone) + 1 <= removed + round_ + 2
        assert max(gone, default=0) < min(kept)
        assert all(kept[number] == 2 for number in numbers[:-1] if number in kept)
    assert set_aside(path.parent) == []
    assert len(numbers) > 50
