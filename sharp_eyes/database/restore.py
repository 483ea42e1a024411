"""Getting a database back from a backup: all of it, or nothing is changed."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import assert_never

from core.clock import SystemClock
from core.errors import BadInput, Conflict, Unavailable
from registry.audit.entry import Act
from registry.audit.machine import put_by_machine
from registry.db import Database, Engines, open_database, sqlite_path
from registry.key_ring import KeyFiles
from registry.sealing_key import SealingKey

from ..migrate import knows_form, upgrade
from ..settings import Settings
from . import postgres
from .archive import Archive, Manifest, Report
from .aside import moved_aside
from .rows import count_rows, count_sqlite_rows

_STOP = "stop everything that runs on it (sharp-eyes run, api, worker) and repeat this"
_REPLACE = "with --replace its content goes, and that of the backup takes its place"


def restore(settings: Settings, archive: Archive, *, replace: bool, report: Report) -> Manifest:
    """Make the database that the settings name as it was when `archive` was made, then bring it to the newest form.

    What is there stays as it is until the copy was checked and made. Keys in the archive are added to those at hand.
    Raises `BadInput` for a damaged backup, `Conflict` for one of another engine or a newer program, for a database in
    use, and for one with content unless `replace`; `Unavailable` where it cannot be reached or written.
    """
    manifest = archive.manifest
    path = sqlite_path(settings.database_url)
    wanted = Engines.POSTGRESQL if path is None else Engines.SQLITE
    if manifest.engine is not wanted:
        raise Conflict(
            f"the backup {archive.path} is of {manifest.engine}, and the settings name a database of {wanted}",
            hint="name one of the same kind with the setting `database`",
        )
    if not knows_form(manifest.form):
        raise Conflict(
            f"the backup {archive.path} is of form {manifest.form}, which this version of Sharp Eyes does not know",
            hint=f"it was made by version {manifest.program}: use that one, or a newer one",
        )
    match wanted:
        case Engines.SQLITE:
            if path is None:
                raise AssertionError
            _restore_sqlite(path, archive, replace=replace, report=report)
        case Engines.POSTGRESQL:
            _restore_postgresql(settings.database_url, archive, replace=replace, report=report)
        case other:
            assert_never(other)
    if settings.key is None:
        _add_keys(archive, KeyFiles(settings.sealing_key_file))
    return manifest


def _restore_sqlite(path: Path, archive: Archive, *, replace: bool, report: Report) -> None:
    """The copy is checked and brought to its form beside the file, then takes its name."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_with(path, replace=replace):
            pass
        draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        try:
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                archive.copy_database(file, report, "unpacking")
            report("checking", None)
            _check_sqlite(draft, archive)
            report("bringing it to the newest form", None)
            database = open_database(f"sqlite:///{draft}")
            try:
                upgrade(database)
                _note(database, archive.manifest)
            finally:
                database.close()
            _settle(draft)
            with _alone_with(path, replace=replace):
                draft.replace(path)
        finally:
            for leftover in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
                leftover.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"the database {path} cannot be restored: {error}") from error


@contextmanager
def _alone_with(path: Path, *, replace: bool) -> Iterator[None]:
    """Nobody else has the database file at `path` open, if there is one, and it may be replaced."""
    if not path.exists():
        yield
        return
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=1)) as connection:
        try:
            # Leaving the log needs the whole file: it fails while anybody else has it open, and takes the log away.
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise Conflict(f"the database {path} is in use: {error}", hint=_STOP) from error
        except sqlite3.DatabaseError as error:
            # What is no database any more may well be why a backup is needed.
            if not replace:
                raise Conflict(f"{path} is there, and is no readable database: {error}", hint=_REPLACE) from error
            tables = 0
        if tables and not replace:
            raise Conflict(f"the database {path} has content", hint=_REPLACE)
        yield


def _check_sqlite(path: Path, archive: Archive) -> None:
    with closing(sqlite3.connect(path)) as copy:
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise BadInput(f"the database in the backup {archive.path} is damaged: {verdict}", hint="take another one")
        _compare(archive, count_sqlite_rows(copy))


def _settle(path: Path) -> None:
    """All of it in the one file, and on the disk."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _restore_postgresql(url: str, archive: Archive, *, replace: bool, report: Report) -> None:
    database = open_database(url)
    try:
        with database.read() as connection:
            tool = postgres.find_tool("pg_restore", at_least=archive.manifest.tools or 0)
            others = connection.exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND application_name = 'sharp-eyes' AND pid <> pg_backend_pid()"
            ).scalar_one()
            has_content = bool(count_rows(connection))
        if others:
            raise Conflict(f"the database {database.place} is in use by {others} connections of ours", hint=_STOP)
        if has_content and not replace:
            raise Conflict(f"the database {database.place} has content", hint=_REPLACE)
        archive.verify(report)
        with moved_aside(database):
            postgres.restore(tool, url, lambda sink: archive.copy_database(sink, report, "restoring"))
            with database.read() as connection:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                _compare(archive, count_rows(connection))
            report("bringing it to the newest form", None)
            upgrade(database)
            _note(database, archive.manifest)
    finally:
        database.close()


def _note(database: Database, manifest: Manifest) -> None:
    """Put on record, in the database that was restored, what it was restored from."""
    detail = {"made_at": manifest.made_at.isoformat(), "form": manifest.form, "sha256": manifest.sha256}
    with database.write() as connection:
        put_by_machine(connection, SystemClock().now(), Act.RESTORE, "database", detail=detail)


def _compare(archive: Archive, found: dict[str, int]) -> None:
    """Raises `BadInput` where the tables have other numbers of rows than were counted when they were copied."""
    wanted = archive.manifest.rows
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            raise BadInput(
                f"the backup {archive.path} holds {found.get(name, 'no')} rows of {name}, expected {wanted.get(name)}",
                hint="take another one",
            )


def _add_keys(archive: Archive, files: KeyFiles) -> None:
    """A key that is not at hand yet is put where it opens what it sealed; one that is in force stays so."""
    for name, key in archive.keys().items():
        own = SealingKey(key)  # Whatever the archive says, a key has 32 bytes.
        in_force = name == files.path.name or name == "sealing.key"
        target = files.path if in_force and not files.path.exists() else files.former / f"{own.id}.key"
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(key)
        except FileExistsError:
            continue
        except OSError as error:
            raise Unavailable(f"the sealing key {target} cannot be written: {error.strerror}") from error
