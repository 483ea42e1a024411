"""`sharp-eyes audit`: what it finds, and how it says it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from typer.testing import CliRunner

from core.errors import BadInput
from registry import key_ring
from registry.audit.checkpoints import CheckpointKeys, make_checkpoint
from registry.audit.seals import Sealing
from registry.audit.tables import audit_checkpoint, audit_row, audit_seal
from registry.db import Database, open_database
from sharp_eyes.cli import app
from sharp_eyes.migrate import upgrade
from tests.support.recording import an_entry, record, sealed_record

NOW = datetime.now(UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def database(data: Path) -> Iterator[Database]:
    """The record of a site, with 20 rows."""
    found = open_database(f"sqlite:///{data}/sharp-eyes.db")
    upgrade(found)
    sealed_record(found, 20)
    yield found
    found.close()


def said(data: Path, *words: str, code: int = 0) -> str:
    """What `sharp-eyes audit` says."""
    done = CliRunner().invoke(app, ["audit", *words], env={"SHARP_EYES_DATA": str(data)})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.stdout  # without what goes to the log


def change(database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(audit_row).where(audit_row.c.object == "5").values(purpose="another"))


def test_a_whole_record_is_said_to_be_whole(data: Path, database: Database) -> None:
    told = said(data, "verify")
    assert "20 rows checked, to place 20" in told
    assert "the record is whole" in told


def test_every_fault_is_named_with_row_and_place_and_the_exit_code_is_1(data: Path, database: Database) -> None:
    change(database)
    with database.write() as connection:
        connection.execute(delete(audit_row).where(audit_row.c.object == "8"))
    told = said(data, "verify", code=1)
    assert "changed: row 6 at place 6 is not what was sealed" in told
    assert "removed: row 9 was sealed at place 9, and is there no more" in told
    assert "NOT WHOLE" in told


def test_faults_come_as_json_for_programs(data: Path, database: Database) -> None:
    change(database)
    told = json.loads(said(data, "verify", "--json", code=1))
    assert told["is_whole"] is False
    assert [(fault["kind"], fault["row"], fault["place"]) for fault in told["faults"]] == [("changed", 6, 6)]


def test_a_checkpoint_kept_elsewhere_shows_an_end_that_was_removed(data: Path, database: Database) -> None:
    elsewhere = data / "elsewhere.jsonl"
    record(database, [an_entry(21)])
    said(data, "checkpoint", "--out", str(elsewhere))
    assert "1 checkpoints fit" in said(data, "verify", "--checkpoint", str(elsewhere)), "the same one, here and there"
    with database.write() as connection:
        connection.execute(delete(audit_row).where(audit_row.c.id > 15))
        connection.execute(delete(audit_seal).where(audit_seal.c.row > 15))
        connection.execute(delete(audit_checkpoint))
    assert "truncated: the chain ends at place 15, and place 21 was signed" in said(
        data, "verify", "--checkpoint", str(elsewhere), code=1
    )


def test_a_checkpoint_is_one_line_of_json(data: Path, database: Database) -> None:
    told = json.loads(said(data, "checkpoint"))
    assert (told["place"], len(told["public_key"]), len(told["signature"])) == (20, 64, 128)


def test_a_file_without_a_checkpoint_is_refused(data: Path, database: Database) -> None:
    (data / "empty").write_text("nothing\n")
    with pytest.raises(BadInput, match="holds no checkpoint"):
        said(data, "verify", "--checkpoint", str(data / "empty"))
    (data / "half").write_text('{"place": 20, "hash": "zz"}\n')
    with pytest.raises(BadInput, match="half, line 1"):
        said(data, "verify", "--checkpoint", str(data / "half"))


def test_pruning_says_first_what_it_would_remove(data: Path, database: Database) -> None:
    keys = CheckpointKeys(key_ring.open_files(data / "keys" / "sealing.key"))
    make_checkpoint(database, keys, NOW - timedelta(days=400))
    record(database, [an_entry(21)])
    Sealing(database).seal_all()
    day = f"{NOW - timedelta(days=365):%Y-%m-%d}"
    assert "would remove 20 rows up to place 20" in said(data, "prune", "--before", day, "--dry-run")
    assert "21 rows checked" in said(data, "verify")
    assert "removed 20 rows up to place 20" in said(data, "prune", "--before", day)
    assert "nothing was signed" in said(data, "prune", "--before", day)
    assert "rows checked after place 20" in said(data, "verify")
    assert "record_pruned" in said(data, "list", "--act", "record_pruned")


def test_rows_are_listed_newest_first_and_filtered(data: Path, database: Database) -> None:
    lines = said(data, "list", "--person", "2", "--act", "look_at_clip").splitlines()
    assert len(lines) == 4
    assert "person Person 2 from 192.0.2.7: look_at_clip event 19 (what for)" in lines[0]
    (read, row) = map(json.loads, said(data, "list", "--limit", "2", "--json").splitlines())
    assert (read["act"], read["actor_kind"]) == ("record_read", "program"), "that it was read is on record itself"
    assert read["detail"] == {"filters": {"act": ["look_at_clip"], "person": 2}, "rows": 4}
    assert (row["object"], row["departments"]) == ("19", [{"id": 2, "name": ""}])
    with pytest.raises(BadInput, match="no act 'seeing'"):
        said(data, "list", "--act", "seeing")


def test_what_a_terminal_would_obey_is_not_shown(data: Path, database: Database) -> None:
    record(database, [an_entry(30, purpose="\x1b[2J\nall is well")])
    told = said(data, "list", "--limit", "1")
    assert "\x1b" not in told
    assert "?[2J?all is well" in told
