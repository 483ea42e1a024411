"""Pruning the record: up to a checkpoint alone, on record itself, and the chain goes on from there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.errors import Conflict
from registry.audit.checkpoints import Checkpoint, make_checkpoint
from registry.audit.entry import Act
from registry.audit.faults import FaultKind
from registry.audit.prune import PruneOrder, finish_pruning, prunable, prune
from registry.audit.seals import Sealing
from registry.audit.tables import audit_department, audit_row, audit_seal
from registry.audit.verify import verify
from registry.db import Database
from tests.support.recording import RECORD_BEGAN_AT, RECORD_KEYS, an_entry, clear_record, record, sealed_record

SIGNED_AT = RECORD_BEGAN_AT + timedelta(hours=1)
NOW = RECORD_BEGAN_AT + timedelta(days=400)


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """A database whose record is empty."""
    yield shared_database
    clear_record(shared_database)


@pytest.fixture
def checkpoint(database: Database) -> Checkpoint:
    """Of the first 300 rows of 350."""
    sealed_record(database, 300)
    made = make_checkpoint(database, RECORD_KEYS, SIGNED_AT)
    assert made is not None
    record(database, map(an_entry, range(300, 350)))
    Sealing(database).seal_all()
    return made


def order(database: Database) -> PruneOrder | None:
    with database.read() as connection:
        return prunable(connection, RECORD_KEYS, NOW)


def pruned(database: Database) -> None:
    found = order(database)
    assert found is not None
    prune(database, RECORD_KEYS, found, NOW)


def count(database: Database) -> list[int]:
    with database.read() as connection:
        tables = (audit_row, audit_seal, audit_department)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_rows_up_to_the_checkpoint_go_and_the_rest_is_whole(database: Database, checkpoint: Checkpoint) -> None:
    pruned(database)
    assert count(database) == [51, 50, 50]
    Sealing(database).seal_all()
    verdict = verify(database, RECORD_KEYS, NOW, given=[checkpoint])
    assert (verdict.is_whole, verdict.begins_after, verdict.rows) == (True, 300, 51)


def test_pruning_is_on_record(database: Database, checkpoint: Checkpoint) -> None:
    pruned(database)
    with database.read() as connection:
        row = connection.execute(select(audit_row).where(audit_row.c.act == Act.RECORD_PRUNED.value)).one()
    assert row.actor_kind == "program"
    assert '"place": 300' in row.detail
    assert '"rows": 300' in row.detail


def test_nothing_younger_than_the_checkpoint_may_go(database: Database, checkpoint: Checkpoint) -> None:
    with database.read() as connection:
        assert prunable(connection, RECORD_KEYS, SIGNED_AT - timedelta(seconds=1)) is None


def test_what_shows_a_fault_does_not_go(database: Database, checkpoint: Checkpoint) -> None:
    with database.write() as connection:
        connection.execute(update(audit_row).values(purpose="another"))
    found = order(database)
    assert found is not None
    with pytest.raises(Conflict, match="not whole"):
        prune(database, RECORD_KEYS, found, NOW)
    assert count(database) == [350, 350, 350]


def test_a_fault_beyond_the_checkpoint_keeps_nobody_from_pruning(database: Database, checkpoint: Checkpoint) -> None:
    with database.write() as connection:
        last = connection.execute(select(func.max(audit_row.c.id))).scalar_one()
        connection.execute(update(audit_row).where(audit_row.c.id == last).values(purpose="another"))
    pruned(database)
    assert count(database)[0] == 51


def test_pruning_that_was_interrupted_is_finished(database: Database, checkpoint: Checkpoint) -> None:
    def interrupt(done: int, of: int) -> None:
        raise KeyboardInterrupt

    found = order(database)
    assert found is not None
    with pytest.raises(KeyboardInterrupt):
        prune(database, RECORD_KEYS, found, NOW, interrupt)
    assert 51 < count(database)[0] < 351
    (left,) = verify(database, RECORD_KEYS, SIGNED_AT).faults
    assert (left.kind, left.place) == (FaultKind.PRUNED, 300), "nothing proves what is left of it"
    assert finish_pruning(database) > 0
    Sealing(database).seal_all()
    assert verify(database, RECORD_KEYS, NOW).is_whole
    assert count(database)[0] == 51
    assert order(database) is None


def test_two_who_prune_at_once_do_it_once(database: Database, checkpoint: Checkpoint) -> None:
    found = order(database)
    assert found is not None
    prune(database, RECORD_KEYS, found, NOW)
    with pytest.raises(Conflict):
        prune(database, RECORD_KEYS, found, NOW)


def test_a_record_that_was_pruned_to_its_end_goes_on(database: Database) -> None:
    sealed_record(database, 20)
    make_checkpoint(database, RECORD_KEYS, SIGNED_AT)
    pruned(database)
    Sealing(database).seal_all()
    record(database, [an_entry(21)])
    Sealing(database).seal_all()
    verdict = verify(database, RECORD_KEYS, NOW)
    assert (verdict.is_whole, verdict.place, verdict.rows) == (True, 22, 2)
