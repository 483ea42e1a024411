"""What a clever one who may write the database tries on the record, beyond plain changes: it is found as well."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from registry.audit.checkpoints import Checkpoint, CheckpointKeys, make_checkpoint
from registry.audit.entry import UNKNOWN, Act, Entry
from registry.audit.prune import prunable, prune
from registry.audit.pruned import Pruned, signed_pruning
from registry.audit.seals import Sealing
from registry.audit.tables import (
    audit_checkpoint,
    audit_department,
    audit_pruned,
    audit_row,
    audit_seal,
    audit_unsealed,
)
from registry.audit.verify import verify
from registry.db import Database
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from tests.support.recording import RECORD_BEGAN_AT, RECORD_KEYS, an_entry, clear_record, record, sealed_record

ROWS = 12
NOW = RECORD_BEGAN_AT + timedelta(hours=1)
_COMPOSED, _DECOMPOSED = "Jos\u00e9", "Jose\u0301"


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """A database whose record is empty."""
    yield shared_database
    clear_record(shared_database)


@pytest.fixture
def rows(database: Database) -> list[int]:
    """The rows of a whole record, by their places."""
    return sealed_record(database, ROWS)


def found(database: Database, *given: Checkpoint) -> set[tuple[str, int | None, int | None]]:
    """Kind, place and row of each fault."""
    faults = verify(database, RECORD_KEYS, NOW, given=given).faults
    return {(fault.kind.value, fault.place, fault.row) for fault in faults}


def change(database: Database, row: int, **values: Any) -> None:
    with database.write() as connection:
        connection.execute(update(audit_row).where(audit_row.c.id == row).values(values))


def put_in(database: Database, number: int, like: int, **other: Any) -> None:
    """A row of that number, which is `like` another one."""
    with database.write() as connection:
        values = dict(connection.execute(select(audit_row).where(audit_row.c.id == like)).one()._mapping)
        connection.execute(insert(audit_row).values(values | {"id": number} | other))


def checkpoint(database: Database) -> Checkpoint:
    made = make_checkpoint(database, RECORD_KEYS, NOW)
    assert made is not None
    return made


def test_departments_that_were_exchanged_are_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        for row, department in ((rows[4], 2), (rows[5], 1)):
            connection.execute(
                update(audit_department).where(audit_department.c.row == row).values(department=department)
            )
    assert found(database) == {("changed", 5, rows[4]), ("changed", 6, rows[5])}


def test_times_that_were_exchanged_are_found(database: Database, rows: list[int]) -> None:
    change(database, rows[4], at=RECORD_BEGAN_AT + timedelta(seconds=5))
    change(database, rows[5], at=RECORD_BEGAN_AT + timedelta(seconds=4))
    assert found(database) == {("changed", 5, rows[4]), ("changed", 6, rows[5])}


@pytest.mark.parametrize(
    ("entry", "other"),
    [
        pytest.param(an_entry(detail={"a": 1, "b": 2}), {"detail": '{"b": 2, "a": 1}'}, id="the order of keys"),
        pytest.param(an_entry(detail={"a": 1}), {"detail": '{"a": 1.0}'}, id="the form of a number"),
        pytest.param(an_entry(detail={"a": 1}), {"detail": '{"a":1}'}, id="a space"),
        pytest.param(an_entry(purpose=_COMPOSED), {"purpose": _DECOMPOSED}, id="the form of a letter"),
        pytest.param(an_entry(actor=UNKNOWN), {"actor_role": ""}, id="an empty text for none"),
        pytest.param(an_entry(camera=None), {"camera": 0}, id="a number for none"),
        pytest.param(an_entry(), {"purpose": "what for "}, id="a space at the end"),
    ],
)
def test_what_looks_alike_is_not_the_same(database: Database, entry: Entry, other: dict[str, Any]) -> None:
    (row,) = record(database, [entry])
    Sealing(database).seal_all()
    change(database, row, **other)
    assert found(database) == {("changed", 1, row)}


def test_the_hash_of_another_place_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        copied = connection.execute(select(audit_seal.c.hash).where(audit_seal.c.place == 3)).scalar_one()
        connection.execute(update(audit_seal).where(audit_seal.c.place == 6).values(hash=copied))
    assert ("link", 6, rows[5]) in found(database)


def test_a_checkpoint_that_another_key_signed_in_place_of_ours_is_found(database: Database, rows: list[int]) -> None:
    made = checkpoint(database)
    forged = CheckpointKeys(ring_of(SealingKey(b"x" * 32))).sign(made.place, made.hash, made.at)
    for number in (forged.key_id, made.key_id):
        with database.write() as connection:
            connection.execute(update(audit_checkpoint).values(signature=forged.signature, key_id=number))
        assert found(database) == {("checkpoint", ROWS, None)}


def test_a_row_that_was_kept_from_its_seal_is_found(database: Database, rows: list[int]) -> None:
    (row,) = record(database, [an_entry(20, at=NOW)])
    with database.write() as connection:
        connection.execute(delete(audit_unsealed))
    Sealing(database).seal_all()
    assert found(database) == {("inserted", None, row)}


@pytest.mark.parametrize("number", [0, -5, -(2**63)])
def test_a_row_before_the_first_number_is_found(database: Database, rows: list[int], number: int) -> None:
    put_in(database, number, like=rows[5])
    assert found(database) == {("inserted", None, number)}


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("place", [0, -5])
def test_a_seal_before_the_first_place_seals_nothing(
    database: Database, rows: list[int], place: int, waits: bool
) -> None:
    number = rows[-1] + 1000
    put_in(database, number, like=rows[5], at=NOW + timedelta(days=1))
    with database.write() as connection:
        connection.execute(insert(audit_seal).values(place=place, row=number, hash=b"h" * 32))
        if waits:
            connection.execute(insert(audit_unsealed).values(row=number))
    Sealing(database).seal_all()
    assert found(database) == {("inserted", place, number)}


def test_a_seal_before_where_was_pruned_to_seals_nothing(database: Database, rows: list[int]) -> None:
    made = checkpoint(database)
    with database.read() as connection:
        order = prunable(connection, RECORD_KEYS, NOW)
    assert order is not None
    prune(database, RECORD_KEYS, order, NOW)
    Sealing(database).seal_all()
    assert found(database) == set()
    with database.read() as connection:
        told = connection.execute(select(audit_row.c.id)).scalar_one()
    put_in(database, told + 1000, like=told)
    with database.write() as connection:
        connection.execute(insert(audit_seal).values(place=ROWS, row=told + 1000, hash=made.hash))
    assert found(database) == {("pruned", ROWS, None)}


def test_a_row_that_tells_of_a_pruning_is_nothing_without_the_key(database: Database, rows: list[int]) -> None:
    made = checkpoint(database)
    strange = CheckpointKeys(ring_of(SealingKey(b"x" * 32)))
    told = {"place": made.place, "hash": made.hash.hex(), "rows": ROWS}
    signed = told | signed_pruning(Pruned(made.place, made.hash), strange)
    record(database, [an_entry(act=Act.RECORD_PRUNED, detail=detail, at=NOW) for detail in (told, signed)])
    record(database, [an_entry(act=Act.RECORD_PRUNED, detail={"place": [1]}, at=NOW)])
    Sealing(database).seal_all()
    with database.write() as connection:
        for table, column in ((audit_department, "row"), (audit_row, "id"), (audit_seal, "row")):
            connection.execute(delete(table).where(table.c[column].in_(rows)))
        connection.execute(insert(audit_pruned).values(id=1, place=made.place, hash=made.hash))
    assert found(database, made) == {("pruned", ROWS, None)}


def test_another_beginning_beside_the_one_there_is_changes_nothing(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        connection.execute(insert(audit_pruned).values(id=2, place=6, hash=b"h" * 32))
    assert found(database) == set()
    record(database, [an_entry(20)])
    assert Sealing(database).seal_all() == 1


def test_the_log_tells_of_an_end_that_was_removed_while_the_sealer_ran(
    database: Database, rows: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    record(database, [an_entry(20)])
    sealing = Sealing(database)
    sealing.seal_all()
    with database.write() as connection:
        connection.execute(delete(audit_row).where(audit_row.c.id >= rows[-1]))
        connection.execute(delete(audit_seal).where(audit_seal.c.place >= ROWS))
    sealing.seal_all()
    sealing.seal_all()
    (said,) = [message for message in caplog.messages if "rows were removed from its end" in message]
    assert f"ended at place {ROWS + 1} " in said
    assert f"place {ROWS - 1} now" in said
