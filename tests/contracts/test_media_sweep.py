"""The sweep of media, both ways, on every database."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from os import utime
from pathlib import Path

import pytest

from core.errors import Conflict, NotFound, Unavailable
from core.ids import EventId
from events.index import changes
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.checksums import sha256_of
from events.media.keys import blob_key
from events.media.reading import MediaRow, rows_at_random, rows_in_order
from events.media.records import StoredBlob
from events.media.table import MediaKind, MediaState
from events.media.vanished import GONE, NEVER_CAME
from events.media.verifying import Verdict, check_blob
from registry import cameras
from registry.audit.reading import RecordFilter, list_record
from registry.db import Database
from sharp_eyes.media_sweep import Swept, sweep
from tests.support.builders import START, after, an_event
from tests.support.databases import database, migrated_template, postgres_server
from tests.support.happenings import put_events

__all__ = ["database", "migrated_template", "postgres_server"]

NOW = START + timedelta(days=30)
OLD = NOW - timedelta(hours=49)
YOUNG = NOW - timedelta(hours=47)
SNAPSHOT, ORIGINAL, MASKED = MediaKind.SNAPSHOT, MediaKind.ORIGINAL, MediaKind.MASKED_CLIP


@dataclass
class Place:
    """A database with events, and a store."""

    database: Database
    blobs: FolderBlobs
    events: list[EventId]

    def store(self, event: EventId, kind: MediaKind, *, at: datetime = OLD, content: bytes = b"content") -> str:
        """A blob without a row."""
        return self.store_as(blob_key(event, 1, kind), at=at, content=content)

    def store_as(self, key: str, *, at: datetime = OLD, content: bytes = b"content") -> str:
        with self.blobs.writer(key) as sink:
            sink.write(content)
        utime(self.blobs.folder / key, (at.timestamp(), at.timestamp()))
        return key

    def keep(self, event: EventId, kind: MediaKind, *, at: datetime = OLD) -> str:
        """A blob with its row."""
        key = self.store(event, kind, at=at)
        blob = StoredBlob(key, 7, sha256=sha256_of(self.blobs, key))
        with self.database.write() as connection:
            records.mark_ready(connection, event, kind, blob, at)
        return key

    def lose(self, event: EventId, kind: MediaKind, *, at: datetime = OLD) -> str:
        """A row without its blob."""
        key = self.keep(event, kind, at=at)
        self.blobs.delete(key)
        return key

    def sweep(self, *, dry_run: bool = False, even_most: bool = False) -> Swept:
        return sweep(self.database, self.blobs, NOW, dry_run=dry_run, even_most=even_most, report=lambda *_: None)

    def keys(self) -> list[str]:
        return [one.key for one in self.blobs.keys("")]

    def row(self, event: EventId, kind: MediaKind) -> tuple[MediaState, str | None] | None:
        with self.database.read() as connection:
            row = records.find(connection, event, kind)
        return None if row is None else (row.state, row.reason)

    def told(self, act: Callable[[], object]) -> list[EventId]:
        with self.database.read() as connection:
            before = changes.latest(connection)
        act()
        with self.database.read() as connection:
            return [change.event for change in changes.since(connection, before, 1000)]


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    with database.write() as connection:
        camera = cameras.add(connection, name="gate").id
        events = put_events(connection, [an_event(n, camera=camera, at=after(n)) for n in range(1, 31)])
    return Place(database, FolderBlobs(tmp_path / "blobs"), events)


def test_blobs_that_no_row_names_go_and_all_others_stay(place: Place) -> None:
    one, two, three, *_ = place.events
    named = [place.keep(one, SNAPSHOT), place.keep(one, ORIGINAL), place.keep(two, SNAPSHOT)]
    orphans = [place.store(two, ORIGINAL), place.store(three, SNAPSHOT), place.store_as(blob_key(one, 2, SNAPSHOT))]
    with_areas = place.store_as(blob_key(one, 1, MASKED).removesuffix(".mp4") + "-0123456789ab.mp4")
    young = place.store(three, ORIGINAL, at=YOUNG)
    foreign = [
        place.store_as(key) for key in ("doctor/1234", "2026/01/31/7/123.jpg", f"elsewhere/{three}-1-snapshot.jpg")
    ]

    assert place.sweep() == Swept(
        is_dry_run=False, blobs=11, foreign=3, young=1, orphans=4, orphan_bytes=28, rows=3, vanished=0
    )
    assert place.keys() == sorted([*named, young, *foreign])
    assert not {*orphans, with_areas} & set(place.keys())


def test_a_dry_run_says_it_and_changes_nothing(place: Place) -> None:
    one, two, three, *_ = place.events
    place.keep(one, SNAPSHOT)
    orphan = place.store(two, SNAPSHOT)
    place.lose(three, SNAPSHOT)
    swept: list[Swept] = []
    assert place.told(lambda: swept.append(place.sweep(dry_run=True))) == []
    assert (swept[0].orphans, swept[0].vanished) == (1, 1)
    assert place.blobs.size(orphan) == 7
    assert place.row(three, SNAPSHOT) == (MediaState.READY, None)


def test_a_blob_whose_medium_is_on_its_way_is_spared(place: Place) -> None:
    one, two, *_ = place.events
    named, key = place.keep(two, SNAPSHOT), place.store(one, ORIGINAL)
    with place.database.write() as connection:
        records.mark_spooled(connection, [(one, ORIGINAL)], NOW - timedelta(days=3))
    assert place.sweep().orphans == 0
    assert place.keys() == [key, named]


def test_what_is_gone_from_the_store_is_said_at_its_event_and_told(place: Place) -> None:
    one, two, three, *_ = place.events
    place.keep(one, SNAPSHOT)
    place.lose(two, SNAPSHOT)
    place.lose(two, ORIGINAL)
    place.lose(three, SNAPSHOT, at=YOUNG)
    assert place.told(place.sweep) == [two]
    assert place.row(two, SNAPSHOT) == place.row(two, ORIGINAL) == (MediaState.FAILED, GONE)
    assert place.row(one, SNAPSHOT) == place.row(three, SNAPSHOT) == (MediaState.READY, None)


def test_the_row_of_a_masked_clip_that_is_gone_goes_so_that_it_is_made_again(place: Place) -> None:
    one = place.events[0]
    place.keep(one, ORIGINAL)
    place.lose(one, MASKED)
    assert place.sweep().vanished == 1
    assert place.row(one, MASKED) is None
    assert place.row(one, ORIGINAL) == (MediaState.READY, None)


def test_what_never_came_from_its_workers_disk_is_given_up_after_a_week(place: Place) -> None:
    late, soon, *_ = place.events
    with place.database.write() as connection:
        records.mark_spooled(connection, [(late, SNAPSHOT)], NOW - timedelta(days=8))
        records.mark_spooled(connection, [(soon, SNAPSHOT)], NOW - timedelta(days=6))
    assert place.sweep(dry_run=True).never_came == 1
    assert place.told(place.sweep) == [late]
    assert place.row(late, SNAPSHOT) == (MediaState.FAILED, NEVER_CAME)
    assert place.row(soon, SNAPSHOT) == (MediaState.PENDING, None)


@pytest.mark.parametrize("which", ["store", "database"])
def test_a_store_or_a_database_that_belongs_to_another_is_not_swept(place: Place, which: str) -> None:
    for event in place.events:
        if which == "store":
            place.lose(event, SNAPSHOT)
        else:
            place.store(event, SNAPSHOT)
    with pytest.raises(Conflict, match=r"30 of 30 .*another store, or another database"):
        place.sweep()
    assert len(place.keys()) == (0 if which == "store" else 30)
    assert place.row(place.events[0], SNAPSHOT) == ((MediaState.READY, None) if which == "store" else None)
    swept = place.sweep(even_most=True)
    assert (swept.vanished, swept.orphans) == ((30, 0) if which == "store" else (0, 30))
    assert place.keys() == []


class BreaksOff(FolderBlobs):
    """Its listing ends in the middle."""

    def keys(self, prefix: str = "", after: str = ""):  # type: ignore[no-untyped-def]
        for number, found in enumerate(FolderBlobs.keys(self, prefix, after)):
            if number == 2:
                raise Unavailable("the store is away")
            yield found


def test_nothing_is_touched_where_the_store_cannot_list_everything(place: Place) -> None:
    one, two, three, *_ = place.events
    place.store(one, SNAPSHOT)
    place.store(two, SNAPSHOT)
    place.store(three, SNAPSHOT)
    place.lose(one, ORIGINAL)
    before = place.keys()
    with pytest.raises(Unavailable):
        sweep(
            place.database,
            BreaksOff(place.blobs.folder),
            NOW,
            dry_run=False,
            even_most=True,
            report=lambda *_: None,
        )
    assert place.keys() == before
    assert place.row(one, ORIGINAL) == (MediaState.READY, None)


def test_a_sweep_that_is_broken_off_is_simply_repeated(place: Place) -> None:
    for event in place.events[:5]:
        place.store(event, SNAPSHOT)

    def stop(what: str, done: int, of: int | None) -> None:
        if what == "removing blobs" and done == 2:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        sweep(place.database, place.blobs, NOW, dry_run=False, even_most=False, report=stop)
    assert len(place.keys()) == 3
    assert place.sweep().orphans == 3
    assert place.keys() == []


def test_a_sweep_that_changes_something_is_on_record(place: Place) -> None:
    place.sweep()
    place.store(place.events[0], SNAPSHOT)
    place.sweep(dry_run=True)
    place.sweep()
    with place.database.read() as connection:
        found = list_record(connection, RecordFilter(), None, cursor=None, limit=10).items
    assert [(row.act, row.object_kind) for row in found] == [("remove", "media")]


def test_rows_are_read_in_order_and_some_at_random(place: Place) -> None:
    for event in place.events:
        for kind in MediaKind:
            place.keep(event, kind)
    with place.database.write() as connection:
        records.mark_failed(connection, place.events[0], SNAPSHOT, "no", NOW)
    rows = [row for stretch in rows_in_order(place.database) for row in stretch]
    assert [(row.event, row.kind.value) for row in rows] == sorted((row.event, row.kind.value) for row in rows)
    assert len(rows) == 3 * 30 - 1
    some = rows_at_random(place.database, 20)
    assert 1 < len(some) <= 20
    assert set(some) <= set(rows)


def test_a_blob_is_compared_with_what_was_written(place: Place) -> None:
    one, two, three, *_ = place.events
    place.keep(one, SNAPSHOT)
    place.store_as(place.keep(two, SNAPSHOT), content=b"CONTENT")
    place.store_as(place.keep(two, ORIGINAL), content=b"longer content")
    place.lose(three, SNAPSHOT)
    key = place.store(three, ORIGINAL)
    with place.database.write() as connection:
        records.mark_ready(connection, three, ORIGINAL, StoredBlob(key, 7), OLD)

    def verdict(row: MediaRow) -> Verdict:
        return check_blob(place.blobs, row).verdict

    found = {(row.event, row.kind): verdict(row) for stretch in rows_in_order(place.database) for row in stretch}
    assert found == {
        (one, SNAPSHOT): Verdict.SAME,
        (two, SNAPSHOT): Verdict.OTHER,
        (two, ORIGINAL): Verdict.OTHER,
        (three, SNAPSHOT): Verdict.GONE,
        (three, ORIGINAL): Verdict.UNSUMMED,
    }
    with pytest.raises(NotFound):
        place.blobs.size(blob_key(three, 1, SNAPSHOT))
