"""Writing down outcomes while the database comes and goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from core.errors import NotFound, Unavailable
from core.ids import EventId
from events.media import records
from events.media.ledger import MediaLedger
from events.media.records import StoredBlob
from events.media.table import MediaKind, MediaState
from registry.db import Database
from tests.support.builders import FakeClock

CLIP = MediaKind.ORIGINAL
BLOB = StoredBlob("a/b", 10, seconds=3.0)


class ComesAndGoes(Database):
    """A database that cannot be written to the next `away` times."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self.away = 0

    @contextmanager
    def write(self, *, hasty: bool = False) -> Iterator[Connection]:
        if self.away:
            self.away -= 1
            raise Unavailable("the database is away")
        with self._real.write(hasty=hasty) as connection:
            yield connection


@pytest.fixture
def database(sqlite_database: Database) -> ComesAndGoes:
    return ComesAndGoes(sqlite_database)


@pytest.fixture
def ledger(database: ComesAndGoes, clock: FakeClock) -> MediaLedger:
    return MediaLedger(database, clock)


def _state(database: Database, event: EventId) -> MediaState | None:
    with database.read() as connection:
        row = records.find(connection, event, CLIP)
    return row.state if row else None


def test_a_short_outage_is_waited_out(
    ledger: MediaLedger, database: ComesAndGoes, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    database.away = 2
    ledger.keep(event, CLIP, BLOB)
    assert _state(sqlite_database, event) is MediaState.READY


def test_a_long_outage_is_not_waited_out(
    ledger: MediaLedger, database: ComesAndGoes, clock: FakeClock, store_event: Callable[[], EventId]
) -> None:
    event, began = store_event(), clock.monotonic()
    database.away = 100

    with pytest.raises(Unavailable):
        ledger.keep(event, CLIP, BLOB)
    assert ledger.give_up(event, CLIP, "no") is False
    assert clock.monotonic() - began < 10


def test_what_could_not_be_written_down_is_logged(
    ledger: MediaLedger, database: ComesAndGoes, caplog: pytest.LogCaptureFixture
) -> None:
    database.away = 100
    ledger.give_up(EventId(5), CLIP, "the disk is full")
    assert "event 5 has no original (the disk is full); that is not written down: the database is away" in caplog.text


def test_announcing_does_not_wait_for_a_database_that_is_away(
    ledger: MediaLedger, database: ComesAndGoes, sqlite_database: Database, store_event: Callable[[], EventId]
) -> None:
    event = store_event()
    database.away = 1
    ledger.announce([event], CLIP)
    assert _state(sqlite_database, event) is None


def test_keeping_what_belongs_to_no_event_is_an_error(ledger: MediaLedger) -> None:
    with pytest.raises(NotFound):
        ledger.keep(EventId(5), CLIP, BLOB)
