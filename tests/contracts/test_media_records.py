"""The media rows, on every database."""

from dataclasses import replace

import pytest

from core.errors import NotFound
from core.ids import EventId
from events.index import changes
from events.media import records
from events.media.records import MediaRecord, StoredBlob
from events.media.table import MediaKind, MediaState
from registry import cameras
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.databases import database, migrated_template, postgres_server
from tests.support.happenings import put_events

__all__ = ["database", "migrated_template", "postgres_server"]

SNAPSHOT = MediaKind.SNAPSHOT
SUMMED = StoredBlob("2026/03/01/1/5-1-snapshot.jpg", 1234, sha256="ab" * 32)
BLOB = StoredBlob("2026/03/01/1/5-1-original.mp4.sealed", 1234, seconds=12.5, width=640, height=360)


def _store_event(database: Database, n: int = 1, version: int = 1) -> EventId:
    with database.write() as connection:
        camera = cameras.add(connection, name=f"gate {n}").id
        event = an_event(n, camera=camera, at=after(n), version=version)
        return put_events(connection, [event])[0]


def _find(database: Database, event: EventId, kind: MediaKind = SNAPSHOT) -> MediaRecord | None:
    with database.read() as connection:
        return records.find(connection, event, kind)


def _told(database: Database, after_seq: int) -> list[tuple[EventId, int]]:
    with database.read() as connection:
        return [(change.event, change.version) for change in changes.since(connection, after_seq, 100)]


def _seq(database: Database) -> int:
    with database.read() as connection:
        return changes.latest(connection)


def test_what_was_never_tried_has_no_row(database: Database) -> None:
    assert _find(database, _store_event(database)) is None


def test_a_row_says_where_a_medium_lies_and_what_it_shows(database: Database) -> None:
    event = _store_event(database)
    with database.write() as connection:
        records.mark_ready(connection, event, MediaKind.ORIGINAL, BLOB, after(9))

    assert _find(database, event, MediaKind.ORIGINAL) == MediaRecord(
        event, MediaKind.ORIGINAL, MediaState.READY, None, BLOB, after(9)
    )
    assert _find(database, event) is None


def test_a_failure_says_why(database: Database) -> None:
    event = _store_event(database)
    with database.write() as connection:
        records.mark_failed(connection, event, SNAPSHOT, "the masker failed", after(9))

    assert _find(database, event) == MediaRecord(
        event, SNAPSHOT, MediaState.FAILED, "the masker failed", None, after(9)
    )


def test_followers_of_the_event_are_told_in_its_version_now(database: Database) -> None:
    event = _store_event(database, version=4)
    before = _seq(database)
    with database.write() as connection:
        records.mark_pending(connection, [event], SNAPSHOT, after(1))
    assert _told(database, before) == []

    with database.write() as connection:
        records.mark_failed(connection, event, SNAPSHOT, "no", after(2))
        records.mark_ready(connection, event, SNAPSHOT, BLOB, after(3))
    assert _told(database, before) == [(event, 4), (event, 4)]


def test_a_later_success_forgets_the_failure(database: Database) -> None:
    event = _store_event(database)
    with database.write() as connection:
        records.mark_failed(connection, event, SNAPSHOT, "no", after(1))
        records.mark_ready(connection, event, SNAPSHOT, BLOB, after(2))

    found = _find(database, event)
    assert found is not None
    assert (found.state, found.reason, found.blob) == (MediaState.READY, None, BLOB)


def test_what_is_ready_does_not_become_pending_again(database: Database) -> None:
    event = _store_event(database)
    with database.write() as connection:
        records.mark_ready(connection, event, SNAPSHOT, BLOB, after(1))
        records.mark_pending(connection, [event], SNAPSHOT, after(2))

    found = _find(database, event)
    assert found is not None
    assert found.state is MediaState.READY


def test_an_event_that_does_not_exist_gets_no_media(database: Database) -> None:
    with pytest.raises(NotFound, match="there is no event 12345"), database.write() as connection:
        records.mark_ready(connection, EventId(12345), SNAPSHOT, BLOB, after(1))
    assert _find(database, EventId(12345)) is None


def test_a_long_reason_is_cut_and_not_refused(database: Database) -> None:
    event = _store_event(database)
    with database.write() as connection:
        records.mark_failed(connection, event, SNAPSHOT, "because " * 1000, after(1))

    found = _find(database, event)
    assert found is not None
    assert found.reason is not None
    assert len(found.reason) == 500


def test_what_is_made_and_waits_for_the_store_says_since_when_until_it_is_there(database: Database) -> None:
    event = _store_event(database)
    before = _seq(database)
    with database.write() as connection:
        records.mark_pending(connection, [event], SNAPSHOT, after(1))
        records.mark_spooled(connection, [(event, SNAPSHOT), (EventId(12345), SNAPSHOT)], after(2))
        records.mark_spooled(connection, [(event, SNAPSHOT)], after(3))
    found = _find(database, event)
    assert found is not None
    assert (found.state, found.spooled_at) == (MediaState.PENDING, after(2))
    assert _find(database, EventId(12345)) is None
    assert _told(database, before) == []

    with database.write() as connection:
        records.mark_ready(connection, event, SNAPSHOT, SUMMED, after(4))
        records.mark_spooled(connection, [(event, SNAPSHOT)], after(5))
    found = _find(database, event)
    assert found is not None
    assert (found.state, found.spooled_at, found.blob) == (MediaState.READY, None, SUMMED)


def test_what_was_not_announced_may_wait_all_the_same(database: Database) -> None:
    event = _store_event(database)
    with database.write() as connection:
        records.mark_spooled(connection, [(event, SNAPSHOT)], after(2))
    found = _find(database, event)
    assert found is not None
    assert (found.state, found.spooled_at) == (MediaState.PENDING, after(2))


def test_the_same_blob_said_twice_is_told_once_and_another_one_again(database: Database) -> None:
    event = _store_event(database)
    before = _seq(database)
    with database.write() as connection:
        records.mark_ready(connection, event, SNAPSHOT, SUMMED, after(1))
        records.mark_ready(connection, event, SNAPSHOT, SUMMED, after(2))
    found = _find(database, event)
    assert found is not None
    assert (found.made_at, len(_told(database, before))) == (after(1), 1)
    with database.write() as connection:
        records.mark_ready(connection, event, SNAPSHOT, replace(SUMMED, sha256="cd" * 32), after(3))
    assert len(_told(database, before)) == 2
