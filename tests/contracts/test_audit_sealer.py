"""The sealer seals what was committed, within seconds, and signs where the chain has come to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.clock import Clock, SystemClock
from registry.audit import checkpoints
from registry.audit.sealer import Sealer
from registry.audit.seals import Sealing
from registry.audit.status import record_status
from registry.audit.tables import audit_seal
from registry.audit.verify import verify
from registry.db import Database, Engines
from tests.support.builders import FakeClock
from tests.support.recording import RECORD_BEGAN_AT, RECORD_KEYS, an_entry, clear_record, record
from tests.support.waiting import wait_for


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """A database whose record is empty."""
    yield shared_database
    clear_record(shared_database)


@contextmanager
def a_sealer(database: Database, clock: Clock) -> Iterator[Sealer]:
    sealer = Sealer(database, RECORD_KEYS, clock)
    sealer.start()
    try:
        yield sealer
    finally:
        sealer.stop(20)


def signed(database: Database) -> list[int]:
    """The places that were signed."""
    with database.read() as connection:
        return [one.place for one in checkpoints.all_of(connection)]


def sealed(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(audit_seal)).scalar_one()


def test_rows_are_sealed_soon_and_signed_at_the_end(database: Database) -> None:
    with a_sealer(database, SystemClock()):
        record(database, map(an_entry, range(5)))
        wait_for(lambda: sealed(database) == 5, "five rows are sealed", 10)
        record(database, [an_entry(6)])
    assert sealed(database) == 6
    assert signed(database)[-1] == 6
    assert verify(database, RECORD_KEYS, RECORD_BEGAN_AT).is_whole


def test_a_place_is_signed_every_hour(database: Database) -> None:
    clock = FakeClock(RECORD_BEGAN_AT)
    turn = Sealer(database, RECORD_KEYS, clock)
    for minutes, places in ((0, [1]), (30, [1]), (60, [1, 3]), (200, [1, 3, 4])):
        clock.set(RECORD_BEGAN_AT + timedelta(minutes=minutes))
        record(database, [an_entry(minutes)])
        turn.seal()
        assert signed(database) == places
    clock.set(RECORD_BEGAN_AT + timedelta(days=1))
    turn.seal()
    assert signed(database) == [1, 3, 4], "nothing came, so there is nothing to sign"


def test_a_place_is_signed_every_ten_thousand_rows(database: Database) -> None:
    sealer = Sealer(database, RECORD_KEYS, FakeClock(RECORD_BEGAN_AT))
    record(database, [an_entry(0)])
    sealer.seal()
    record(database, map(an_entry, range(11_000)))
    sealer.seal()
    first, second = signed(database)
    assert first == 1
    assert 10_001 <= second <= 11_001
    with database.read() as connection:
        status = record_status(connection)
    assert (status.sealed, status.unsealed) == (11_001, 0)


def test_sealers_of_two_processes_make_one_chain(database: Database) -> None:
    with a_sealer(database, SystemClock()), a_sealer(database, SystemClock()):
        for first in range(0, 600, 50):
            record(database, map(an_entry, range(first, first + 50)))
        wait_for(lambda: sealed(database) == 600, "all rows are sealed", 15)
    assert verify(database, RECORD_KEYS, RECORD_BEGAN_AT).is_whole


def test_transactions_stay_short_while_a_sealer_catches_up(database: Database) -> None:
    record(database, map(an_entry, range(5_000)))
    sealing = Sealing(database)
    assert sealing.seal_all() == 5_000
    # Nobody waits for a sealer on PostgreSQL.
    assert sealing.typical_s < (0.05 if database.kind is Engines.SQLITE else 0.25)
