"""The outbox before a real S3 store that goes away, and in a process that is killed again and again."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.ids import EventId
from events.index import changes
from events.media import records
from events.media.checksums import digest_of
from events.media.keys import blob_key
from events.media.ledger import MediaLedger
from events.media.outbox import Outbox, OutboxFault
from events.media.records import MediaRecord, StoredBlob
from events.media.s3_blobs import S3Blobs
from events.media.sending import MediaSender
from events.media.settings import BlobSettings
from events.media.table import MediaKind, MediaState
from registry import cameras
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.databases import sqlite_database
from tests.support.happenings import put_events
from tests.support.object_store import ObjectStore, object_store
from tests.support.relay import relay_to
from tests.support.waiting import wait_for

__all__ = ["object_store", "sqlite_database"]

SNAPSHOT = MediaKind.SNAPSHOT
MANY = 50


@pytest.fixture
def events(sqlite_database: Database) -> list[EventId]:
    with sqlite_database.write() as connection:
        camera = cameras.add(connection, name="gate").id
        return put_events(connection, [an_event(n, camera=camera, at=after(n)) for n in range(1, MANY + 1)])


def content(event: EventId) -> bytes:
    return f"the picture of event {event} ".encode() * 500


def an_outbox(folder: Path, settings: BlobSettings, database: Database) -> Outbox:
    clock = SystemClock()
    blobs = S3Blobs(settings, folder / "drafts")
    return Outbox(folder, blobs, MediaLedger(database, clock), clock, limit_bytes=100_000_000)


def make(outbox: Outbox, event: EventId) -> None:
    key = blob_key(event, 1, SNAPSHOT)
    outbox.announce([event], SNAPSHOT)
    with outbox.writer(key) as sink:
        sink.write(content(event))
    outbox.keep(event, SNAPSHOT, StoredBlob(key, outbox.size(key)))


@contextmanager
def sending(outbox: Outbox) -> Iterator[None]:
    sender = MediaSender(outbox, SystemClock())
    sender.start()
    try:
        yield
    finally:
        sender.stop(10)


def rows(database: Database, events: list[EventId]) -> list[MediaRecord | None]:
    with database.read() as connection:
        return [records.find(connection, event, SNAPSHOT) for event in events]


def is_all_there(database: Database, store: ObjectStore, events: list[EventId], folder: Path) -> bool:
    """Each medium is in the store as it was made, and its row says so."""
    blobs = S3Blobs(store.settings(), folder / "drafts")
    for row, event in zip(rows(database, events), events, strict=True):
        if row is None or row.state is not MediaState.READY or row.blob is None:
            return False
        with blobs.open(row.blob.key) as source:
            assert source.read() == content(event)
            assert row.blob.sha256 == digest_of(source, "sha256")
    return True


def test_what_is_made_while_the_store_is_away_arrives_when_it_is_back(
    sqlite_database: Database, object_store: ObjectStore, events: list[EventId], tmp_path: Path
) -> None:
    object_store.empty()
    with relay_to(object_store.port) as between:
        settings = object_store.settings(s3_endpoint=f"127.0.0.1:{between.port}")
        between.go_down()
        with closing(an_outbox(tmp_path, settings, sqlite_database)) as outbox, sending(outbox):
            for event in events:
                make(outbox, event)
            assert outbox.total.media == MANY
            wait_for(lambda: outbox.failures[OutboxFault.STORE], "the store is asked")
            wait_for(
                lambda: any(row is not None and row.spooled_at is not None for row in rows(sqlite_database, events)),
                "their rows say that they wait",
            )
            assert object_store.keys() == []
            between.come_up()
            wait_for(lambda: outbox.total.media == 0, "all have arrived")
    assert is_all_there(sqlite_database, object_store, events, tmp_path)
    assert len(object_store.keys()) == MANY


def test_whoever_makes_media_never_waits_for_a_store_that_does_not_answer(
    sqlite_database: Database, object_store: ObjectStore, events: list[EventId], tmp_path: Path
) -> None:
    with relay_to(object_store.port) as between:
        settings = object_store.settings(s3_endpoint=f"127.0.0.1:{between.port}")
        between.stall()
        with closing(an_outbox(tmp_path, settings, sqlite_database)) as outbox:
            sender = MediaSender(outbox, SystemClock())
            sender.start()
            done = threading.Event()

            def make_some() -> None:
                for event in events[:10]:
                    make(outbox, event)
                done.set()

            threading.Thread(target=make_some, daemon=True).start()
            assert done.wait(15)
            assert outbox.total.media == 10
            sender.stop(0.1)


@pytest.mark.timeout(120)
def test_a_process_that_is_killed_while_it_sends_loses_nothing_and_sends_nothing_twice(
    sqlite_database: Database, object_store: ObjectStore, events: list[EventId], tmp_path: Path
) -> None:
    object_store.empty()
    with closing(an_outbox(tmp_path, object_store.settings(), sqlite_database)) as outbox:
        for event in events:
            make(outbox, event)
    with sqlite_database.read() as connection:
        before = changes.latest(connection)
    for ready in (10, 30, MANY):
        killed = _send_until_killed(tmp_path, object_store, sqlite_database, events, ready)
        assert killed or ready == MANY
    assert is_all_there(sqlite_database, object_store, events, tmp_path)
    with sqlite_database.read() as connection:
        told = [change.event for change in changes.since(connection, before, 1000)]
    assert sorted(told) == sorted(events)
    assert sorted(object_store.keys()) == sorted(blob_key(event, 1, SNAPSHOT) for event in events)
    with closing(an_outbox(tmp_path, object_store.settings(), sqlite_database)) as outbox:
        assert outbox.total.media == 0


def _send_until_killed(folder: Path, store: ObjectStore, database: Database, events: list[EventId], ready: int) -> bool:
    """Send in a process of its own, which is killed when so many are ready. Whether it had to be."""
    orders = f"{folder}\n{database.place}\n{store.settings().s3_endpoint}\n{store.access_key}\n{store.secret_key}\n"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.contracts.sending_child"], stdin=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        child.stdin.write(orders)
        child.stdin.close()

        def enough() -> bool:
            done = sum(row is not None and row.state is MediaState.READY for row in rows(database, events))
            return done >= ready or child.poll() is not None

        try:
            wait_for(enough, f"{ready} are sent")
            return child.poll() is None
        finally:
            child.kill()
