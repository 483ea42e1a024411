"""The outbox: what was kept is on the disk, is sent once, and survives what a store, a database and a kill may do."""

import io
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.errors import NotFound, Unavailable
from core.ids import EventId
from events.media.keys import blob_key
from events.media.outbox import DAMAGED, FULL, Outbox, OutboxFault, Sending
from events.media.table import MediaState
from registry.db import Database
from tests.support.builders import FakeClock

from .making_clips import EPOCH
from .outbox_bench import JPEG, SNAPSHOT, Bench


@pytest.fixture
def bench(tmp_path: Path, sqlite_database: Database, clock: FakeClock) -> Iterator[Bench]:
    bench = Bench(tmp_path, sqlite_database, clock)
    with closing(bench.outbox):
        yield bench


def test_what_is_kept_is_on_the_disk_until_it_is_in_the_store_and_on_record(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    key = bench.make(event)
    assert (bench.files(), bench.store.puts, bench.state(event)) == ([key.split("/")[-1]], [], MediaState.PENDING)
    assert (bench.outbox.total.media, bench.outbox.total.bytes) == (1, len(JPEG))

    assert bench.outbox.send_next() is Sending.DONE
    row = bench.row(event)
    assert row is not None
    assert row.blob is not None
    assert (row.state, row.blob.width, row.blob.bytes) == (MediaState.READY, 320, len(JPEG))
    with bench.store.open(row.blob.key) as stored:
        assert stored.read() == JPEG
    assert (bench.files(), bench.outbox.total.media) == ([], 0)
    assert bench.outbox.send_next() is Sending.NOTHING


def test_the_row_has_the_checksum_of_what_was_written(bench: Bench, store_event: Callable[[], EventId]) -> None:
    event = store_event()
    bench.make(event, b"abc")
    bench.send_all()
    row = bench.row(event)
    assert row is not None
    assert row.blob is not None
    assert row.blob.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_while_the_store_is_away_all_wait_and_afterwards_all_arrive_once(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    bench.store.is_away = True
    events = [store_event() for _ in range(5)]
    keys = [bench.make(event) for event in events]
    assert bench.outbox.send_next() is Sending.FAILED
    assert bench.outbox.failures == {OutboxFault.STORE: 1}
    rows = [bench.row(event) for event in events]
    assert all(row is not None and row.spooled_at is not None for row in rows)

    bench.store.is_away = False
    bench.send_all()
    bench.clock.advance(2)
    bench.send_all()
    assert sorted(bench.store.puts) == sorted(keys)
    assert [bench.state(event) for event in events] == [MediaState.READY] * 5
    assert all((row := bench.row(event)) is not None and row.spooled_at is None for event in events)


def test_one_that_failed_comes_again_later_and_lets_others_go_before(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    first, second = store_event(), store_event()
    bench.store.is_away = True
    bench.make(first)
    assert bench.outbox.send_next() is Sending.FAILED
    bench.store.is_away = False
    bench.make(second)
    assert bench.outbox.send_next() is Sending.DONE
    assert (bench.state(first), bench.state(second)) == (MediaState.PENDING, MediaState.READY)
    assert bench.outbox.send_next() is Sending.NOTHING
    bench.clock.advance(1.5)
    assert bench.outbox.send_next() is Sending.DONE
    assert bench.state(first) is MediaState.READY


def test_a_clock_that_is_set_back_keeps_nothing_waiting(bench: Bench, store_event: Callable[[], EventId]) -> None:
    event = store_event()
    bench.store.is_away = True
    bench.make(event)
    bench.outbox.send_next()
    bench.store.is_away = False
    bench.clock.advance(-7200)
    assert bench.outbox.send_next() is Sending.DONE


def test_while_the_database_is_away_the_blob_is_sent_once_and_its_row_waits(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    key = bench.make(event)
    bench.ledger.is_away = True
    for _ in range(3):
        assert bench.outbox.send_next() is Sending.FAILED
        bench.clock.advance(70)
    assert (bench.store.puts, bench.outbox.failures) == ([key], {OutboxFault.DATABASE: 3})
    assert (bench.outbox.total.media, bench.outbox.total.bytes) == (1, 0)
    bench.ledger.is_away = False
    bench.send_all()
    assert (bench.state(event), bench.store.puts) == (MediaState.READY, [key])


def test_the_next_process_sends_what_the_last_one_kept(bench: Bench, store_event: Callable[[], EventId]) -> None:
    events = [store_event() for _ in range(3)]
    for event in events:
        bench.make(event)
    with closing(bench.opened()) as next_one:
        bench.send_all(next_one)
    assert [bench.state(event) for event in events] == [MediaState.READY] * 3


def test_one_whose_writer_ended_and_whose_row_did_not_come_is_sent_all_the_same(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    with bench.outbox.writer(blob_key(event, EPOCH, SNAPSHOT)) as sink:
        sink.write(JPEG)
    with closing(bench.opened()) as next_one:
        bench.send_all(next_one)
    row = bench.row(event)
    assert row is not None
    assert row.blob is not None
    assert (row.state, row.blob.bytes) == (MediaState.READY, len(JPEG))


def test_one_that_was_killed_before_it_forgot_arrives_once(bench: Bench, store_event: Callable[[], EventId]) -> None:
    event = store_event()
    key = bench.make(event)
    for name in ("outbox.db", "outbox.db-wal"):
        shutil.copy(bench.folder / name, bench.folder / f"{name}.before")
    kept = (bench.folder / "outbox" / key.split("/")[-1]).read_bytes()
    bench.send_all()
    told = bench.seq()
    bench.outbox.close()
    for name in ("outbox.db", "outbox.db-wal"):
        (bench.folder / f"{name}.before").rename(bench.folder / name)
    (bench.folder / "outbox" / key.split("/")[-1]).write_bytes(kept)
    with closing(bench.opened()) as next_one:
        bench.send_all(next_one)
        assert next_one.total.media == 0
    assert (bench.state(event), bench.seq()) == (MediaState.READY, told)


def test_one_whose_file_went_first_is_there_already(bench: Bench, store_event: Callable[[], EventId]) -> None:
    event = store_event()
    key = bench.make(event)
    bench.store.put(key, io.BytesIO(JPEG))
    (bench.folder / "outbox" / key.split("/")[-1]).unlink()
    bench.send_all()
    assert (bench.state(event), bench.outbox.failures) == (MediaState.READY, {})


@pytest.mark.parametrize("fault", ["changed", "gone"])
def test_one_that_was_damaged_on_the_disk_is_given_up_with_the_reason(
    bench: Bench, store_event: Callable[[], EventId], fault: str
) -> None:
    event, sound = store_event(), store_event()
    file = bench.folder / "outbox" / bench.make(event).split("/")[-1]
    bench.make(sound)
    file.write_bytes(b"x" * len(JPEG)) if fault == "changed" else file.unlink()
    bench.send_all()
    row = bench.row(event)
    assert row is not None
    assert (row.state, row.reason) == (MediaState.FAILED, DAMAGED)
    assert bench.state(sound) is MediaState.READY
    assert (bench.outbox.failures, bench.outbox.total.media) == ({OutboxFault.DAMAGED: 1}, 0)


def test_past_its_limit_the_newest_is_refused_and_counted_and_room_comes_back(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    first, second, third = store_event(), store_event(), store_event()
    with closing(bench.opened(limit_bytes=len(JPEG) + 10)) as outbox:
        bench.make(first, outbox=outbox)
        with pytest.raises(Unavailable, match=FULL):
            bench.make(second, outbox=outbox)
        assert (outbox.failures, outbox.total.media) == ({OutboxFault.FULL: 1}, 1)
        bench.send_all(outbox)
        bench.make(third, outbox=outbox)
    with closing(bench.opened(limit_bytes=len(JPEG) + 10)) as outbox, pytest.raises(Unavailable, match=FULL):
        bench.make(second, outbox=outbox)


def test_a_writer_that_fails_leaves_nothing_and_gives_its_room_back(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    with closing(bench.opened(limit_bytes=len(JPEG) + 10)) as outbox:
        with pytest.raises(ValueError, match="no packets"):
            _fail_half_way(outbox, event)
        assert (bench.files(), outbox.failures) == ([], {})
        bench.make(event, outbox=outbox)


def test_what_is_given_up_is_forgotten(bench: Bench, store_event: Callable[[], EventId]) -> None:
    key = bench.make(store_event())
    bench.outbox.delete(key)
    assert (bench.files(), bench.outbox.total.media) == ([], 0)
    assert bench.outbox.send_next() is Sending.NOTHING


def test_a_medium_of_an_event_that_is_gone_is_removed_from_the_store(bench: Bench) -> None:
    key = bench.make(EventId(5 << 22 | 1))
    bench.send_all()
    with pytest.raises(NotFound):
        bench.store.size(key)
    assert (bench.outbox.failures, bench.outbox.total.media) == ({OutboxFault.NO_EVENT: 1}, 0)


def test_a_file_of_rows_that_cannot_be_read_costs_no_medium(bench: Bench, store_event: Callable[[], EventId]) -> None:
    event = store_event()
    bench.make(event)
    bench.outbox.close()
    for name in ("outbox.db-wal", "outbox.db-shm"):
        (bench.folder / name).unlink(missing_ok=True)
    (bench.folder / "outbox.db").write_bytes(b"no database at all" * 1000)
    with closing(bench.opened()) as next_one:
        bench.send_all(next_one)
    assert bench.state(event) is MediaState.READY
    assert list(bench.folder.glob("outbox.db.set-aside-*"))


def test_a_store_that_is_away_for_half_a_minute_is_told_and_so_is_its_return(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    bench.make(store_event())
    bench.store.is_away = True
    for _ in range(3):
        bench.outbox.send_next()
        assert bench.told == []
        bench.clock.advance(9)
    bench.clock.advance(60)
    bench.outbox.send_next()
    assert bench.told == ["the store 10.0.0.9 is away"]
    assert bench.absence.seconds == 87
    bench.store.is_away = False
    bench.clock.advance(70)
    bench.send_all()
    assert bench.told == ["the store 10.0.0.9 is away", None]
    assert bench.absence.seconds == 0


def test_into_a_folder_a_blob_goes_at_once_and_only_its_row_waits(
    bench: Bench, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    with closing(bench.opened(is_straight=True)) as outbox:
        key = bench.make(event, outbox=outbox)
        assert (bench.files(), bench.store.size(key), bench.state(event)) == ([], len(JPEG), MediaState.PENDING)
        assert (outbox.total.media, outbox.total.bytes) == (1, 0)
        bench.send_all(outbox)
    assert (bench.state(event), bench.store.puts) == (MediaState.READY, [])


def test_a_fault_of_ours_over_one_medium_keeps_back_no_other(bench: Bench, store_event: Callable[[], EventId]) -> None:
    bad, good = store_event(), store_event()
    key = bench.make(bad)
    bench.make(good)
    bench.outbox.close()
    with closing(sqlite3.connect(bench.folder / "outbox.db")) as connection, connection:
        connection.execute("UPDATE waiting SET key = '../outside' WHERE key = ?", (key,))
    with closing(bench.opened()) as outbox:
        for _ in range(3):
            with _whatever():
                outbox.send_next()
    assert bench.state(good) is MediaState.READY


def _fail_half_way(outbox: Outbox, event: EventId) -> None:
    with outbox.writer(blob_key(event, EPOCH, SNAPSHOT)) as sink:
        sink.write(JPEG)
        raise ValueError("no packets")


@contextmanager
def _whatever() -> Iterator[None]:
    try:
        yield
    except Exception:
        return
