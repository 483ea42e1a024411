"""`sharp-eyes holds`, and what holds and notices do to `audit prune` and `doctor`: one database, no program."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from core.errors import BadInput, Conflict, NotFound, SharpEyesError
from core.ids import EventId
from events.media import records
from events.media.records import StoredBlob
from events.media.table import MediaKind
from events.notices.notice import NoticeKind
from events.notices.notices import open_notice
from registry import cameras
from registry.audit.checkpoints import CheckpointKeys, make_checkpoint
from registry.audit.seals import Sealing
from registry.audit.tables import audit_row
from registry.db import Database
from registry.key_ring import open_files
from sharp_eyes.cli import app
from sharp_eyes.doctor.notices import check_notices
from sharp_eyes.settings import Settings
from tests.support.builders import START, an_event
from tests.support.databases import sqlite_database
from tests.support.happenings import put_events
from tests.support.recording import an_entry, record

__all__ = ["sqlite_database"]


class Town:
    """A camera with an event, in the database of a data folder."""

    def __init__(self, data: Path, database: Database) -> None:
        self.data, self.database = data, database
        with database.write() as connection:
            self.camera = cameras.add(connection, name="gate").id
            [self.event] = put_events(connection, [an_event(1, camera=self.camera)])
            records.mark_ready(connection, self.event, MediaKind.SNAPSHOT, StoredBlob("a", 2_000_000), START)

    def said(self, *words: str) -> str:
        environment = {"SHARP_EYES_DATA": str(self.data), "SHARP_EYES_DATABASE": f"sqlite:///{self.data}/test.db"}
        done = CliRunner().invoke(app, list(words), env=environment)
        if isinstance(done.exception, SharpEyesError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    def take(self, *words: str) -> str:
        return self.said("holds", "take", "case 7", "the court asked", *words)

    def recorded(self) -> list[tuple[str, str]]:
        with self.database.read() as connection:
            rows = connection.execute(select(audit_row).where(audit_row.c.object_kind == "hold"))
            return [(row.act, json.loads(row.detail)["on"]) for row in rows.all()]


@pytest.fixture
def town(tmp_path: Path, sqlite_database: Database) -> Town:
    return Town(tmp_path, sqlite_database)


def test_one_is_taken_listed_shown_and_released(town: Town) -> None:
    taken = town.take("--event", str(town.event))
    assert taken == f"hold 1 (case 7) keeps event {town.event}: now 1 events with 1 media of 2.0 MB\n"
    line = f"1  case 7: event {town.event}, held by the city (this machine): the court asked\n"
    assert town.said("holds", "list") == line
    assert town.said("holds", "show", "1") == f"{line}it covers 1 events with 1 media of 2.0 MB\n"
    assert town.said("holds", "release", "1", "the case is closed") == "hold 1 (case 7) was released\n"
    assert town.said("holds", "list") == ""
    assert "released by this machine (the case is closed)" in town.said("holds", "list", "--all")
    assert town.recorded() == [("hold_taken", f"event {town.event}"), ("hold_released", f"event {town.event}")]
    with pytest.raises(Conflict, match="was released already"):
        town.said("holds", "release", "1", "once more")


def test_one_is_told_as_json(town: Town) -> None:
    words = ("--camera", str(town.camera), "--from", "2026-03-01", "--until", "2026-03-02T06:00:00", "--json")
    found = json.loads(town.take(*words))
    on = f"camera {town.camera} from 2026-03-01T00:00:00.000Z until 2026-03-02T06:00:00.000Z"
    assert (found["on"], found["events"], found["media"], found["leaving"]) == (on, 1, 1, 0)
    [listed] = map(json.loads, town.said("holds", "list", "--json").splitlines())
    assert (listed["id"], listed["owner"], listed["released_at"]) == (found["id"], None, None)
    assert json.loads(town.said("holds", "show", str(found["id"]), "--json"))["bytes"] == 2_000_000


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "name one thing"),
        (("--camera", "1", "--department", "1"), "name one thing"),
        (("--event", "5", "--from", "2026-03-01"), "held as a whole"),
        (("--camera", "1", "--from", "2026-03-02", "--until", "2026-03-01"), "is not before"),
    ],
)
def test_what_is_no_hold_is_refused(town: Town, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        town.take(*words)
    with pytest.raises(NotFound, match="there is no event 5"):
        town.take("--event", "5")
    assert town.recorded() == []


def test_pruning_the_record_ends_before_what_is_held_and_says_so(town: Town) -> None:
    keys = CheckpointKeys(open_files(town.data / "keys" / "sealing.key"))
    for event in (EventId(1), town.event):
        record(town.database, [an_entry(n, camera=town.camera, object=str(event)) for n in range(20)])
        Sealing(town.database).seal_all()
        assert make_checkpoint(town.database, keys, START) is not None
    town.take("--event", str(town.event))
    day = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
    kept = "hold 1 (case 7) keeps the row at place 21 and what comes after it\n"
    told = town.said("audit", "prune", "--before", day, "--dry-run")
    assert told.startswith(f"{kept}would remove 20 rows up to place 20"), told
    assert town.said("audit", "prune", "--before", day).startswith(f"{kept}removed 20 rows up to place 20")
    assert town.said("audit", "prune", "--before", day).startswith(f"{kept}nothing was signed before")
    town.said("holds", "release", "1", "the case is closed")
    assert "removed 20 rows up to place 40" in town.said("audit", "prune", "--before", day)


def test_the_doctor_tells_of_what_is_wrong(town: Town) -> None:
    settings = Settings(data=town.data, database=f"sqlite:///{town.data}/test.db")
    assert list(check_notices(settings)) == []
    with town.database.write() as connection:
        open_notice(connection, NoticeKind.ALL_HELD, "/srv", "nothing may go")
    [found] = check_notices(settings)
    assert (found.check, found.verdict.value) == ("notice", "bad")
    assert found.found.startswith("all_held of /srv since ")
    assert "sharp-eyes holds" in (found.advice or "")
