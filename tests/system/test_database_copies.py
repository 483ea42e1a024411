"""Backups and how the database is got back from them: a drill on SQLite and on PostgreSQL, while somebody writes."""

import os
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, table, text
from typer.testing import CliRunner

from core.camera import DepartmentId
from core.errors import BadInput, Conflict, Unavailable
from registry import cameras, departments, key_ring
from registry.catalogue.filter import CameraFilter
from registry.catalogue.search import camera_ids
from registry.db import Engines, open_database
from sharp_eyes.cli import app
from sharp_eyes.database import postgres
from sharp_eyes.database.archive import Archive, Manifest
from sharp_eyes.database.aside import moved_aside
from sharp_eyes.database.backup import back_up
from sharp_eyes.database.restore import restore
from sharp_eyes.database.rows import table_names
from sharp_eyes.migrate import pending
from sharp_eyes.settings import Settings
from sharp_eyes.simulate import City, fill
from tests.support.builders import an_event
from tests.support.happenings import write
from tests.support.postgres import PostgresServer, client_programs

TOWN = City(cameras=30, departments=12, events=1_500, days=5, seed=7)
UNTIL = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)


@dataclass
class Places:
    """Databases of one engine."""

    kind: Engines
    folder: Path
    server: PostgresServer | None
    made: list[str] = field(default_factory=list)

    def new(self) -> Settings:
        """Settings of a database that is empty, or not there yet."""
        data = self.folder / f"data{len(self.made)}"
        data.mkdir(mode=0o700)
        if self.server is None:
            self.made.append(str(data))
            return Settings(data=data)
        self.made.append(self.server.make_database())
        return Settings(data=data, database=self.made[-1])


@dataclass(frozen=True)
class Drill:
    """A filled city, and the backup that was made of it while somebody wrote."""

    places: Places
    settings: Settings
    file: Path
    manifest: Manifest
    before: dict[str, list[tuple[object, ...]]]
    """What stood in it before anybody wrote."""


def content(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    database = open_database(settings.database_url)
    try:
        with database.read() as connection:
            return {
                name: sorted(tuple(row) for row in connection.execute(select(text("*")).select_from(table(name))))
                for name in table_names(connection)
            }
    finally:
        database.close()


@contextmanager
def somebody_writes(settings: Settings) -> Iterator[None]:
    """Departments, each in a transaction with another of the same number, as fast as it goes."""
    database, stop, written = open_database(settings.database_url), threading.Event(), threading.Event()

    def write_on() -> None:
        number = 0
        while not stop.is_set():
            with database.write() as connection:
                departments.add(connection, name=f"left {number}")
                departments.add(connection, name=f"right {number}")
            number += 1
            if number == 5:
                written.set()

    thread = threading.Thread(target=write_on)
    thread.start()
    try:
        assert written.wait(30)
        yield
    finally:
        stop.set()
        thread.join(30)
        database.close()


def backed_up(settings: Settings, file: Path, *, with_key: bool = False) -> Manifest:
    database = open_database(settings.database_url)
    try:
        return back_up(settings, database, file, with_key=with_key, report=lambda *_: None)
    finally:
        database.close()


def got_back(settings: Settings, file: Path, *, replace: bool = False) -> Manifest:
    with closing(Archive(file)) as archive:
        return restore(settings, archive, replace=replace, report=lambda *_: None)


@pytest.fixture(scope="module", params=list(Engines), ids=[kind.value for kind in Engines])
def drill(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    server: PostgresServer | None = None
    path = os.environ["PATH"]
    if request.param is Engines.POSTGRESQL:
        server = request.getfixturevalue("postgres_server")
        os.environ["PATH"] = f"{client_programs()}:{path}"
    places = Places(request.param, tmp_path_factory.mktemp("drill"), server)
    try:
        settings = places.new()
        fill(settings.database_url, TOWN, until=UNTIL)
        before = content(settings)
        file = places.folder / "backup.zip"
        with somebody_writes(settings):
            manifest = backed_up(settings, file)
        yield Drill(places, settings, file, manifest, before)
    finally:
        os.environ["PATH"] = path
        if server is not None:
            for url in places.made:
                server.drop_database(url)


def test_what_is_got_back_elsewhere_is_what_was_there_in_one_moment(drill: Drill) -> None:
    elsewhere = drill.places.new()
    assert got_back(elsewhere, drill.file) == drill.manifest
    after = content(elsewhere)
    assert "restore" in after["audit_row"].pop()
    after["audit_unsealed"].pop()
    assert {name: len(rows) for name, rows in after.items()} == drill.manifest.rows
    names = {str(row[1]) for row in after["department"]} - {str(row[1]) for row in drill.before["department"]}
    assert len([name for name in names if name.startswith("left")]) >= 5
    assert {name.replace("left", "right") for name in names if name.startswith("left")} == {
        name for name in names if name.startswith("right")
    }
    own = {"department", "registry_version", "access_state", "sqlite_sequence"}
    assert {name: rows for name, rows in after.items() if name not in own} == {
        name: rows for name, rows in drill.before.items() if name not in own
    }


def test_it_goes_on_where_it_was(drill: Drill) -> None:
    elsewhere = drill.places.new()
    got_back(elsewhere, drill.file)
    database = open_database(elsewhere.database_url)
    try:
        assert not pending(database)
        with database.write() as connection:
            camera = cameras.add(connection, name="newcomer").id
            assert camera == TOWN.cameras + 1
            department = departments.add(connection, name="new too").id
            assert department > DepartmentId(TOWN.departments)
        write(database, [an_event(1, camera=camera)])
        with database.read() as connection:
            assert camera_ids(connection, CameraFilter(q="newcomer")) == [camera]
    finally:
        database.close()


def test_the_file_is_its_owners_alone_and_says_what_it_is(drill: Drill) -> None:
    assert stat.S_IMODE(drill.file.stat().st_mode) == 0o600
    assert [path.name for path in drill.file.parent.iterdir() if path.name.startswith(".")] == []
    with zipfile.ZipFile(drill.file) as archive:
        assert sorted(archive.namelist()) == ["database", "manifest.json"]
    assert drill.manifest.engine is drill.places.kind
    assert drill.manifest.rows["event"] == TOWN.events
    assert drill.manifest.not_in_it == ("sealing key", "blobs")


def test_a_backup_is_never_written_over_another(drill: Drill) -> None:
    before = drill.file.read_bytes()
    with pytest.raises(Conflict, match="there already"):
        backed_up(drill.settings, drill.file)
    assert drill.file.read_bytes() == before


def test_content_is_replaced_only_if_that_is_said(drill: Drill) -> None:
    settings = drill.places.new()
    fill(settings.database_url, City(cameras=2, departments=1, events=10, days=1, seed=1), until=UNTIL)
    before = content(settings)
    with pytest.raises(Conflict, match="has content") as caught:
        got_back(settings, drill.file)
    assert "--replace" in (caught.value.hint or "")
    assert content(settings) == before
    got_back(settings, drill.file, replace=True)
    assert len(content(settings)["event"]) == TOWN.events


def test_a_database_in_use_is_refused_and_stays_as_it_is(drill: Drill) -> None:
    settings = drill.places.new()
    got_back(settings, drill.file)
    user = open_database(settings.database_url)
    try:
        with user.read() as connection:
            departments.list_departments(connection)
        with pytest.raises(Conflict, match="in use") as caught:
            got_back(settings, drill.file, replace=True)
        assert "stop everything" in (caught.value.hint or "")
        with user.write() as connection:
            departments.add(connection, name="goes on")
    finally:
        user.close()


def test_a_damaged_backup_is_refused_and_nothing_is_changed(drill: Drill, tmp_path: Path) -> None:
    settings = drill.places.new()
    got_back(settings, drill.file)
    before = content(settings)
    damaged = tmp_path / "damaged.zip"
    whole = bytearray(drill.file.read_bytes())
    whole[len(whole) // 3] ^= 1
    damaged.write_bytes(whole)
    with pytest.raises(BadInput, match="is damaged"):
        got_back(settings, damaged, replace=True)
    assert content(settings) == before
    with pytest.raises(BadInput, match="SHA-256 is"):
        got_back(settings, changed(drill.file, damaged, sha256="0" * 64), replace=True)
    assert content(settings) == before
    damaged.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="cut off"):
        got_back(settings, damaged, replace=True)


def test_a_backup_with_other_numbers_of_rows_brings_the_former_content_back(drill: Drill, tmp_path: Path) -> None:
    settings = drill.places.new()
    got_back(settings, drill.file)
    before = content(settings)
    lying = changed(drill.file, tmp_path / "lying.zip", rows=drill.manifest.rows | {"camera": 1})
    with pytest.raises(BadInput, match="rows of camera, expected 1"):
        got_back(settings, lying, replace=True)
    assert content(settings) == before


def test_after_a_restore_that_was_killed_another_one_brings_all_or_the_former_content(
    drill: Drill, tmp_path: Path
) -> None:
    if drill.places.kind is Engines.SQLITE:
        pytest.skip("an SQLite file takes its place at once")
    settings = drill.places.new()
    got_back(settings, drill.file)
    before = content(settings)
    database = open_database(settings.database_url)
    killed = moved_aside(database)
    killed.__enter__()
    database.close()
    assert content(settings) == {}
    lying = changed(drill.file, tmp_path / "lying.zip", rows=drill.manifest.rows | {"camera": 1})
    with pytest.raises(BadInput, match="rows of camera"):
        got_back(settings, lying)
    assert content(settings) == before


def test_a_backup_of_a_newer_program_is_refused(drill: Drill, tmp_path: Path) -> None:
    newer = changed(drill.file, tmp_path / "newer.zip", form="9999", program="9.0")
    with pytest.raises(Conflict, match="form 9999") as caught:
        got_back(drill.settings, newer, replace=True)
    assert "version 9.0" in (caught.value.hint or "")


def test_a_backup_of_the_other_engine_is_refused(drill: Drill, tmp_path: Path) -> None:
    (other,) = set(Engines) - {drill.places.kind}
    with pytest.raises(Conflict, match=f"is of {other}"):
        got_back(drill.settings, changed(drill.file, tmp_path / "other.zip", engine=other), replace=True)


def test_the_key_is_in_it_if_that_is_said_and_comes_beside_the_one_in_force(drill: Drill, tmp_path: Path) -> None:
    own = key_ring.open_files(drill.settings.sealing_key_file).current
    assert backed_up(drill.settings, tmp_path / "with-key.zip", with_key=True).not_in_it == ("blobs",)
    fresh, used = drill.places.new(), drill.places.new()
    in_force = key_ring.open_files(used.sealing_key_file).current
    got_back(fresh, tmp_path / "with-key.zip")
    got_back(used, tmp_path / "with-key.zip")
    assert [key.id for key in key_ring.open_files(fresh.sealing_key_file).keys] == [own.id]
    assert [key.id for key in key_ring.open_files(used.sealing_key_file).keys] == [in_force.id, own.id]


def test_the_commands_tell_what_they_did(drill: Drill, tmp_path: Path) -> None:
    settings = drill.places.new()
    environment = {"SHARP_EYES_DATA": str(settings.data)}
    if settings.database is not None:
        environment["SHARP_EYES_DATABASE"] = settings.database
    file = str(tmp_path / "again.zip")
    done = [
        CliRunner().invoke(app, ["db", *words], env=environment)
        for words in (("restore", str(drill.file)), ("backup", file), ("status",), ("upgrade",))
    ]
    told = "".join(one.output for one in done)
    assert [one.exit_code for one in done] == [0, 0, 0, 0], told
    assert "put back by yourself: sealing key, blobs" in told
    assert "not in it: sealing key, blobs" in told
    assert f"events    {TOWN.events}" in told
    assert ", as before" in told
    if drill.places.server is not None:
        assert drill.places.server.password not in told


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"nothing")
    with pytest.raises(BadInput, match="is no backup"):
        Archive(tmp_path / "no.zip")


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left(sqlite_city: Settings, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be written"):
        backed_up(sqlite_city, tmp_path / "none" / "backup.zip")


def test_a_backup_by_programs_that_are_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(Unavailable, match=r"of PostgreSQL 99 or newer is needed.*version 9"):
        postgres.find_tool("pg_dump", at_least=99)


@pytest.fixture
def sqlite_city(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path)
    fill(settings.database_url, City(cameras=2, departments=1, events=10, days=1, seed=1), until=UNTIL)
    return settings


def test_tallies_that_are_wrong_are_told_and_put_right(sqlite_city: Settings) -> None:
    environment = {"SHARP_EYES_DATA": str(sqlite_city.data)}

    def recount(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["db", "recount", *words], env=environment)
        return done.exit_code, done.stdout

    assert recount("--check") == (0, "the tallies are what the events come to\n")
    with closing(sqlite3.connect(sqlite_city.data / "sharp-eyes.db")) as connection, connection:
        connection.execute("UPDATE event_tally SET count = 99 WHERE (grain, department, label) = (24, 0, 0)")
    code, told = recount("--check")
    assert code == 1
    assert "rows of the tallies differ from the events" in told
    code, told = recount()
    assert code == 0
    assert "are put right" in told
    assert recount("--check") == (0, "the tallies are what the events come to\n")


def test_an_sqlite_file_that_is_damaged_can_be_replaced(sqlite_city: Settings, tmp_path: Path) -> None:
    backed_up(sqlite_city, tmp_path / "backup.zip")
    path = sqlite_city.data / "sharp-eyes.db"
    path.write_bytes(b"what a broken disk leaves" * 1000)
    with pytest.raises(Conflict, match="no readable database"):
        got_back(sqlite_city, tmp_path / "backup.zip")
    got_back(sqlite_city, tmp_path / "backup.zip", replace=True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (10,)


def changed(file: Path, target: Path, **facts: object) -> Path:
    """A copy of a backup with other facts in its manifest."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as made:
        manifest = Manifest.model_validate_json(source.read("manifest.json")).model_copy(update=facts)
        made.writestr("manifest.json", manifest.model_dump_json())
        made.writestr("database", source.read("database"))
    return target
