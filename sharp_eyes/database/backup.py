"""Backing the database up while everything goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, assert_never
from zipfile import ZipFile

from core.errors import Conflict, Unavailable
from registry.db import Database, Engines, sqlite_path
from registry.key_ring import KeyFiles

from ..migrate import form_of
from ..settings import Settings
from . import postgres
from .archive import Copied, Manifest, Report, database_member, new_archive, write_key, write_manifest
from .rows import count_rows, count_sqlite_rows

_FORM: Final = "SELECT version_num FROM alembic_version"
_PAGES: Final = 2048
"""Copied at a time: 8 MB."""
_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stood in the state that was copied."""

    form: str
    rows: dict[str, int]
    tools: int | None = None


def back_up(settings: Settings, database: Database, target: Path, *, with_key: bool, report: Report) -> Manifest:
    """Write one consistent state of `database` to the new file `target` (mode 0600), whole or not at all.

    Writers go on meanwhile. The sealing keys are in it only `with_key`; blobs never are. Raises `Conflict` where
    `target` is there or the database is empty, `Unavailable` where it cannot be read or written.
    """
    if form_of(database) is None:
        raise Conflict(f"the database {database.place} has no tables yet: there is nothing to back up")
    if with_key and settings.key is not None:
        raise Conflict("the sealing key comes from SHARP_EYES_KEY", hint="back the database up without --with-key")
    with new_archive(target) as archive:
        with database_member(archive, compressed=database.kind is Engines.POSTGRESQL) as copied:
            match database.kind:
                case Engines.SQLITE:
                    seen = _copy_sqlite(settings, target, copied, report)
                case Engines.POSTGRESQL:
                    seen = _copy_postgresql(settings, database, copied, report)
                case other:
                    assert_never(other)
        manifest = Manifest(
            engine=database.kind,
            form=seen.form,
            program=version("sharp-eyes"),
            tools=seen.tools,
            made_at=datetime.now(UTC).replace(microsecond=0),
            bytes=copied.bytes,
            sha256=copied.sha256,
            rows=seen.rows,
            not_in_it=("blobs",) if with_key else ("sealing key", "blobs"),
        )
        write_manifest(archive, manifest)
        if with_key:
            _copy_keys(archive, KeyFiles(settings.sealing_key_file))
    return manifest


def _copy_sqlite(settings: Settings, target: Path, copied: Copied, report: Report) -> _Seen:
    """By SQLite's own online copy. It needs a file of its own beside `target` for a while."""
    path = sqlite_path(settings.database_url)
    if path is None:
        raise Conflict("the settings name no SQLite database")
    draft = target.with_name(f".{target.name}.database")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=15)) as source:
            # Within one transaction: else the copy begins anew with each write of another process.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            with closing(sqlite3.connect(draft)) as copy:
                source.backup(
                    copy, pages=_PAGES, progress=lambda _, left, all_: report("copying", 1 - left / max(all_, 1))
                )
                copy.execute("PRAGMA journal_mode=DELETE")
                (form,) = copy.execute(_FORM).fetchone()
                seen = _Seen(form, count_sqlite_rows(copy))
        for chunk in _chunks(draft):
            copied.write(chunk)
            report("packing", copied.bytes / max(draft.stat().st_size, 1))
    except sqlite3.Error as error:
        raise Unavailable(f"the database {path} cannot be copied: {error}") from error
    finally:
        for leftover in (draft, *(Path(f"{draft}{ending}") for ending in ("-journal", "-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
    return seen


def _copy_postgresql(settings: Settings, database: Database, copied: Copied, report: Report) -> _Seen:
    """By pg_dump, in the same snapshot in which the rows are counted."""
    with database.read() as connection:
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
        tool = postgres.find_tool("pg_dump", at_least=postgres.server_version(connection))
        seen = _Seen(connection.exec_driver_sql(_FORM).scalar_one(), count_rows(connection), tool.version)
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        for chunk in postgres.dump(tool, settings.database_url, snapshot):
            copied.write(chunk)
            # A dump is compressed, and has no indexes: its share of the database's size is a guess.
            report("copying", min(1.0, 4 * copied.bytes / max(size, 1)))
    return seen


def _copy_keys(archive: ZipFile, files: KeyFiles) -> None:
    write_key(archive, files.path.name, files.path.read_bytes())
    for former in sorted(files.former.glob("*.key")):
        write_key(archive, f"former/{former.name}", former.read_bytes())


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
