"""`sharp-eyes media`, in this process: what it prints, what it changes, its exit codes."""

import json
from contextlib import closing
from datetime import timedelta
from os import utime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from core.clock import SystemClock
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.checksums import sha256_of
from events.media.keys import blob_key
from events.media.records import StoredBlob
from events.media.table import MediaKind
from registry import cameras
from registry.db import open_database
from sharp_eyes.cli import app
from sharp_eyes.migrate import upgrade
from sharp_eyes.settings import Settings
from tests.support.builders import after, an_event
from tests.support.happenings import put_events

SNAPSHOT = MediaKind.SNAPSHOT


class Machine:
    """A data folder with three events: one with its snapshot, one without, and one whose blob has no row."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data=folder)
        self.blobs = FolderBlobs(self.settings.blobs_folder)
        old = SystemClock().now() - timedelta(days=3)
        with closing(open_database(self.settings.database_url)) as database:
            upgrade(database)
            with database.write() as connection:
                camera = cameras.add(connection, name="gate").id
                self.events = put_events(connection, [an_event(n, camera=camera, at=after(n)) for n in (1, 2, 3)])
            self.keys = [blob_key(event, 1, SNAPSHOT) for event in self.events]
            for event, key in zip(self.events, self.keys, strict=True):
                with self.blobs.writer(key) as sink:
                    sink.write(b"picture")
                utime(self.blobs.folder / key, (old.timestamp(), old.timestamp()))
                if event != self.events[2]:
                    blob = StoredBlob(key, 7, sha256=sha256_of(self.blobs, key))
                    with database.write() as connection:
                        records.mark_ready(connection, event, SNAPSHOT, blob, old)
        self.blobs.delete(self.keys[1])

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["media", *words], env={"SHARP_EYES_DATA": str(self.settings.data)})


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_sweep_says_what_it_would_do_and_then_does_it(machine: Machine) -> None:
    dry = machine.run("sweep", "--dry-run")
    assert dry.exit_code == 0
    assert "1 belong to nothing (0.0 MB): would be removed" in dry.output
    assert "2 media on record, 1 of them gone from the store: would be said at their events" in dry.output
    done = json.loads(machine.run("sweep", "--json").output)
    assert (done["orphans"], done["vanished"], done["is_dry_run"]) == (1, 1, False)
    assert [one.key for one in machine.blobs.keys("")] == [machine.keys[0]]
    again = json.loads(machine.run("sweep", "--json").output)
    assert (again["orphans"], again["vanished"]) == (0, 0)


def test_verifying_names_what_differs_or_is_gone_and_ends_with_1(machine: Machine) -> None:
    found = machine.run("verify")
    assert found.exit_code == 1
    assert f"event {machine.events[1]}, snapshot: {machine.keys[1]} is not in the store" in found.output
    machine.run("sweep")
    assert machine.run("verify").output == "1 read: 1 as written, 0 without a checksum, 0 differ, 0 gone\n"
    assert machine.run("verify", "--sample", "5").exit_code == 0
    (machine.blobs.folder / machine.keys[0]).write_bytes(b"PICTURE")
    differs = machine.run("verify", "--sample", "5", "--json")
    told = [json.loads(line) for line in differs.output.splitlines()]
    assert differs.exit_code == 1
    assert (told[0]["event"], told[0]["verdict"], told[1]["other"]) == (str(machine.events[0]), "other", 1)


def test_an_empty_outbox_is_said(machine: Machine) -> None:
    assert machine.run("outbox").output == "nothing waits for the store\n"
    assert machine.run("outbox", "--json").output == ""
