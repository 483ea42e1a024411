"""Tampering with the record: whatever somebody does past the program is found and named."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, ColumnElement, bindparam, delete, insert, literal, select, type_coerce, update
from sqlalchemy.sql.dml import ReturningInsert

from registry.audit.chain import COLUMNS, ROOT, canonical, link
from registry.audit.checkpoints import Checkpoint, CheckpointKeys, make_checkpoint, read, written
from registry.audit.entry import Act
from registry.audit.faults import FaultKind
from registry.audit.seals import Sealing
from registry.audit.tables import (
    audit_checkpoint,
    audit_department,
    audit_pruned,
    audit_row,
    audit_seal,
    audit_unsealed,
)
from registry.audit.verify import Verdict, verify
from registry.db import Database
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from tests.support.recording import RECORD_BEGAN_AT, RECORD_KEYS, an_entry, clear_record, record, sealed_record

ROWS = 12
NOW = RECORD_BEGAN_AT + timedelta(hours=1)
_AS_KEPT = [type_coerce(audit_row.c[name], BigInteger) if name == "at" else audit_row.c[name] for name in COLUMNS]


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
    return {(fault.kind.value, fault.place, fault.row) for fault in checked(database, *given).faults}


def checked(database: Database, *given: Checkpoint) -> Verdict:
    return verify(database, RECORD_KEYS, NOW, given=given)


def checkpoint(database: Database) -> Checkpoint:
    made = make_checkpoint(database, RECORD_KEYS, NOW)
    assert made is not None
    return made


def seal_anew(database: Database, place: int) -> None:
    """What somebody does who may write the database and knows the program: all seals from `place` on, made anew."""
    with database.write() as connection:
        before = connection.execute(select(audit_seal.c.hash).where(audit_seal.c.place == place - 1)).scalar() or ROOT
        seals = connection.execute(select(audit_seal).where(audit_seal.c.place >= place).order_by("place")).all()
        for seal in seals:
            values = connection.execute(select(*_AS_KEPT).where(audit_row.c.id == seal.row)).one()
            departments = connection.scalars(
                select(audit_department.c.department).where(audit_department.c.row == seal.row).order_by("department")
            ).all()
            before = link(before, seal.place, canonical(tuple(values), departments))
            connection.execute(update(audit_seal).where(audit_seal.c.place == seal.place).values(hash=before))


def remove(database: Database, rows: list[int], *, seals: bool) -> None:
    with database.write() as connection:
        connection.execute(delete(audit_department).where(audit_department.c.row.in_(rows)))
        connection.execute(delete(audit_row).where(audit_row.c.id.in_(rows)))
        if seals:
            connection.execute(delete(audit_seal).where(audit_seal.c.row.in_(rows)))


def test_a_whole_record_has_no_fault(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    verdict = checked(database, kept)
    assert (verdict.is_whole, verdict.rows, verdict.place, verdict.checkpoints) == (True, ROWS, ROWS, 1)


def test_an_empty_record_has_no_fault(database: Database) -> None:
    assert checked(database).is_whole
    assert make_checkpoint(database, RECORD_KEYS, NOW) is None


def test_the_rows_of_many_batches_follow_each_other(database: Database) -> None:
    sealing = Sealing(database)
    for first in range(0, 300, 100):
        record(database, map(an_entry, range(first, first + 100)))
        sealing.seal_all()
    assert checked(database).is_whole


OTHER_VALUES = {
    "at": RECORD_BEGAN_AT - timedelta(days=1),
    "act": "look_at_snapshot",
    "outcome": "refused",
    "actor_kind": "key",
    "actor": 17,
    "actor_name": "Somebody Else",
    "actor_role": None,
    "actor_department": None,
    "address": "192.0.2.8",
    "object_kind": "camera",
    "object": "17",
    "camera": None,
    "purpose": "",
    "detail": '{"n":5}',
}


def test_every_column_is_tried() -> None:
    assert {"id", *OTHER_VALUES} == set(COLUMNS) == {column.name for column in audit_row.c}


@pytest.mark.parametrize("column", list(OTHER_VALUES))
def test_a_changed_column_is_found(database: Database, rows: list[int], column: str) -> None:
    with database.write() as connection:
        connection.execute(update(audit_row).where(audit_row.c.id == rows[5]).values({column: OTHER_VALUES[column]}))
    assert found(database) == {("changed", 6, rows[5])}


def test_a_changed_number_is_a_row_removed_and_one_put_in(database: Database, rows: list[int]) -> None:
    another = rows[-1] + 1000
    with database.write() as connection:
        connection.execute(update(audit_row).where(audit_row.c.id == rows[5]).values(id=another))
    assert found(database) == {("removed", 6, rows[5]), ("inserted", None, another)}


def test_a_department_added_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        connection.execute(insert(audit_department).values(row=rows[5], department=7))
    assert found(database) == {("changed", 6, rows[5])}


def test_a_department_taken_away_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        connection.execute(delete(audit_department).where(audit_department.c.row == rows[5]))
    assert found(database) == {("changed", 6, rows[5])}


@pytest.mark.parametrize("place", [1, 6, ROWS])
def test_a_removed_row_is_found(database: Database, rows: list[int], place: int) -> None:
    remove(database, [rows[place - 1]], seals=False)
    assert found(database) == {("removed", place, rows[place - 1])}


@pytest.mark.parametrize("place", [1, 6])
def test_a_row_removed_with_its_seal_is_found(database: Database, rows: list[int], place: int) -> None:
    remove(database, [rows[place - 1], rows[place]], seals=True)
    assert found(database) == {("removed", place, None)}


def test_an_end_that_was_removed_is_found_by_a_checkpoint_kept_elsewhere(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    remove(database, rows[-2:], seals=True)
    with database.write() as connection:
        connection.execute(delete(audit_checkpoint))
    assert checked(database).is_whole, "nothing here shows it"
    assert found(database, kept) == {("truncated", ROWS, None)}


def test_an_end_that_was_removed_is_found_by_a_checkpoint_in_the_table(database: Database, rows: list[int]) -> None:
    checkpoint(database)
    remove(database, rows[-2:], seals=True)
    assert found(database) == {("truncated", ROWS, None)}


def test_other_rows_in_place_of_a_removed_end_are_found(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    remove(database, rows[-2:], seals=True)
    record(database, [an_entry(90), an_entry(91)])
    Sealing(database).seal_all()
    assert ("checkpoint", ROWS, None) in found(database, kept)


def test_all_that_is_left_of_a_record_may_be_a_checkpoint(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    remove(database, rows, seals=True)
    assert found(database, kept) == {("truncated", ROWS, None)}


def test_a_row_put_in_without_a_seal_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        new = connection.execute(_copy_of(rows[5])).scalar_one()
    assert found(database) == {("inserted", None, new)}
    Sealing(database).seal_all()
    assert found(database) == {("inserted", None, new)}, "the sealer seals what the program put on record alone"


def test_a_row_put_in_with_a_forged_seal_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        new = connection.execute(_copy_of(rows[5])).scalar_one()
        connection.execute(insert(audit_seal).values(place=ROWS + 1, row=new, hash=b"h" * 32))
    assert found(database) == {("changed", ROWS + 1, new)}


def test_a_row_put_in_the_midst_with_all_seals_made_anew_is_found(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    with database.write() as connection:
        new = connection.execute(_copy_of(rows[5])).scalar_one()
        for place in range(ROWS, 5, -1):
            connection.execute(update(audit_seal).where(audit_seal.c.place == place).values(place=place + 1))
        connection.execute(insert(audit_seal).values(place=6, row=new, hash=b""))
    seal_anew(database, 6)
    assert found(database, kept) == {("checkpoint", ROWS, None)}


def test_rows_that_changed_places_are_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        for place, row in ((4, -1), (8, rows[3]), (4, rows[7])):
            connection.execute(update(audit_seal).where(audit_seal.c.place == place).values(row=row))
    assert found(database) == {("reordered", 4, rows[7]), ("reordered", 8, rows[3])}


def test_seals_that_changed_places_are_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        for old, new in ((4, -1), (8, 4), (-1, 8)):
            connection.execute(update(audit_seal).where(audit_seal.c.place == old).values(place=new))
    faults = found(database)
    assert {("reordered", 4, rows[7]), ("reordered", 8, rows[3])} < faults
    assert {place for _, place, _ in faults} == {4, 5, 8, 9}


def test_a_changed_hash_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        connection.execute(update(audit_seal).where(audit_seal.c.place == 6).values(hash=b"h" * 32))
    assert found(database) == {("link", 6, rows[5])}


def test_a_changed_row_with_its_own_seal_made_anew_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        connection.execute(update(audit_row).where(audit_row.c.id == rows[5]).values(purpose="another"))
        later = connection.execute(select(audit_seal).where(audit_seal.c.place > 6)).all()
    seal_anew(database, 6)
    with database.write() as connection:
        statement = update(audit_seal).where(audit_seal.c.place == bindparam("at_place")).values(hash=bindparam("old"))
        connection.execute(statement, [{"at_place": seal.place, "old": seal.hash} for seal in later])
    assert found(database) == {("changed", 7, rows[6])}


def test_a_place_that_stands_twice_is_found(database: Database, rows: list[int]) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_seal RENAME TO real_seal")
        connection.exec_driver_sql("CREATE TABLE audit_seal AS SELECT * FROM real_seal")
        connection.exec_driver_sql("INSERT INTO audit_seal SELECT 6, 0, hash FROM real_seal WHERE place = 6")
    try:
        kinds = {(fault.kind, fault.place) for fault in checked(database).faults}
    finally:
        with database.write() as connection:
            connection.exec_driver_sql("DROP TABLE audit_seal")
            connection.exec_driver_sql("ALTER TABLE real_seal RENAME TO audit_seal")
    assert (FaultKind.TWICE, 6) in kinds


def test_seals_made_anew_are_found_by_a_checkpoint_in_the_table(database: Database, rows: list[int]) -> None:
    checkpoint(database)
    record(database, [an_entry(20)])
    Sealing(database).seal_all()
    with database.write() as connection:
        connection.execute(update(audit_row).where(audit_row.c.id == rows[5]).values(purpose="another"))
    seal_anew(database, 6)
    assert found(database) == {("checkpoint", ROWS, None)}


def test_seals_made_anew_are_found_by_a_checkpoint_kept_elsewhere(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    with database.write() as connection:
        connection.execute(update(audit_row).where(audit_row.c.id == rows[5]).values(purpose="another"))
        connection.execute(delete(audit_checkpoint))
    seal_anew(database, 6)
    assert checked(database).is_whole, "nothing here shows it"
    assert found(database, kept) == {("checkpoint", ROWS, None)}


def test_a_checkpoint_that_nobody_here_signed_is_found(database: Database, rows: list[int]) -> None:
    real = checkpoint(database)
    strange = CheckpointKeys(ring_of(SealingKey(b"x" * 32))).sign(real.place, real.hash, NOW)
    for forged in (strange, replace(real, at=NOW - timedelta(days=1)), replace(real, place=ROWS - 1)):
        assert found(database, forged) == {("checkpoint", forged.place, None)}


def test_a_checkpoint_of_a_former_key_still_counts(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    later = CheckpointKeys(ring_of(SealingKey(b"n" * 32), SealingKey(b"k" * 32)))
    verdict = verify(database, later, NOW, given=[kept])
    assert (verdict.is_whole, verdict.checkpoints) == (True, 1)


def test_a_checkpoint_is_read_as_it_was_written_from_a_file_or_from_the_log(
    database: Database, rows: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        made = checkpoint(database)
    (line,) = [message for message in caplog.messages if message.startswith("checkpoint")]
    text = written(made, RECORD_KEYS.public_key)
    assert read(text, "a file") == read(f"something else\n{line}", "the log") == [made]
    assert RECORD_KEYS.is_genuine(read(text, "a file")[0])


def test_a_row_that_waits_for_longer_than_a_minute_is_named(database: Database, rows: list[int]) -> None:
    late, fresh = record(database, [an_entry(at=NOW - timedelta(seconds=61)), an_entry(at=NOW)])
    assert found(database) == {("unsealed", None, late)}
    assert fresh != late


def test_a_row_removed_before_it_was_sealed_is_named(database: Database, rows: list[int]) -> None:
    (waiting,) = record(database, [an_entry(at=NOW)])
    remove(database, [waiting], seals=False)
    Sealing(database).seal_all()
    assert found(database) == {("removed", None, waiting)}


def test_a_row_that_commits_late_with_a_lower_number_gets_its_seal(database: Database, rows: list[int]) -> None:
    first, late = rows[-1] + 500, rows[-1] + 400
    with database.write() as connection:
        connection.execute(_copy_of(rows[5], number=first))
        connection.execute(insert(audit_unsealed).values(row=first))
    sealing = Sealing(database)
    assert sealing.seal_all() == 1
    with database.write() as connection:
        connection.execute(_copy_of(rows[5], number=late))
        connection.execute(insert(audit_unsealed).values(row=late))
    assert sealing.seal_all() == 1
    with database.read() as connection:
        order = connection.scalars(select(audit_seal.c.row).order_by(audit_seal.c.place.desc()).limit(2)).all()
    assert order == [late, first]
    assert checked(database).is_whole


def test_two_sealers_make_one_chain(database: Database) -> None:
    sealings = [Sealing(database), Sealing(database)]
    record(database, map(an_entry, range(500)))
    while sealings[0].seal_some() != 0:
        sealings.reverse()
    verdict = checked(database)
    assert (verdict.is_whole, verdict.rows) == (True, 500)


def test_a_beginning_that_nobody_says_he_pruned_is_found(database: Database, rows: list[int]) -> None:
    kept = checkpoint(database)
    record(database, [an_entry(20)])
    Sealing(database).seal_all()
    remove(database, rows, seals=True)
    with database.write() as connection:
        connection.execute(insert(audit_pruned).values(id=1, place=kept.place, hash=kept.hash))
    assert found(database) == {("pruned", ROWS, None)}
    with database.write() as connection:
        connection.execute(update(audit_pruned).values(hash=b"h" * 32))
    assert ("checkpoint", ROWS, None) in found(database)


def _copy_of(row: int, number: int | None = None) -> ReturningInsert[int]:
    columns: list[ColumnElement[Any]] = [column for column in audit_row.c if column.name != "id"]
    copied = select(*columns).where(audit_row.c.id == row)
    names = [name for name in COLUMNS if name != "id"]
    if number is not None:
        copied, names = select(literal(number), *columns).where(audit_row.c.id == row), ["id", *names]
    return insert(audit_row).from_select(names, copied).returning(audit_row.c.id)


def test_acts_stand_in_the_record_by_their_words() -> None:
    assert max(len(act.value) for act in Act) <= 32
