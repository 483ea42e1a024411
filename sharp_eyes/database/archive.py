"""A backup: one ZIP file with a manifest, the database's own copy, and the sealing keys if they were asked for."""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import BadInput, Conflict, Unavailable
from registry.db import Engines

LAYOUT: Final = 1
_MANIFEST: Final = "manifest.json"
_DATABASE: Final = "database"
_KEYS: Final = "keys/"
_LONGEST_MANIFEST: Final = 1 << 20
_CHUNK_BYTES: Final = 1 << 20

Report = Callable[[str, float | None], None]
"""Told what is being done, and the share that is done (0 to 1), where that is known."""


class Manifest(BaseModel):
    """What a backup holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    layout: int = LAYOUT
    engine: Engines
    form: str
    """Of the tables: the number of their last step."""
    program: str
    """The version of Sharp Eyes that made it."""
    tools: int | None = None
    """The major version of PostgreSQL's programs that made it."""
    made_at: datetime
    """UTC."""
    bytes: int
    sha256: str
    """Of the database's copy."""
    rows: dict[str, int]
    """How many rows each table has."""
    not_in_it: tuple[str, ...]


class Copied:
    """A sink that passes on, and counts and digests on the way."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> None:
        self._sink.write(data)
        self._digest.update(data)
        self.bytes += len(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def new_archive(target: Path) -> Iterator[zipfile.ZipFile]:
    """An archive that is at `target`, whole and on the disk, when the context ends well, and nowhere otherwise.

    Raises `Conflict` where something is there already, `Unavailable` where it cannot be written.
    """
    if target.exists():
        raise Conflict(f"{target} is there already", hint="a backup is never written over another: name a new file")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        _put(draft, target)
    except OSError as error:
        hint = "name a folder that is there, with room for the whole database"
        raise Unavailable(f"the backup {target} cannot be written: {error.strerror or error}", hint=hint) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def database_member(archive: zipfile.ZipFile, *, compressed: bool) -> Iterator[Copied]:
    """Where the database's copy is written to; `compressed` says that it is so already."""
    member = zipfile.ZipInfo(_DATABASE, date_time=(2024, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_STORED if compressed else zipfile.ZIP_DEFLATED
    with archive.open(member, "w", force_zip64=True) as sink:
        yield Copied(sink)


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    archive.writestr(_MANIFEST, manifest.model_dump_json(indent=2))


def write_key(archive: zipfile.ZipFile, name: str, key: bytes) -> None:
    archive.writestr(_KEYS + name, key)


class Archive:
    """A backup that is read."""

    def __init__(self, path: Path) -> None:
        """Raises `BadInput` for what is no backup of ours, `Unavailable` where it cannot be read."""
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            size = self._zip.getinfo(_MANIFEST).file_size
            if size > _LONGEST_MANIFEST:
                raise BadInput(f"{path} is no backup of Sharp Eyes: its manifest has {size} bytes")
            self.manifest = Manifest.model_validate_json(self._zip.read(_MANIFEST))
        except OSError as error:
            raise Unavailable(f"the backup {path} cannot be read: {error.strerror or error}") from error
        except (zipfile.BadZipFile, KeyError, ValidationError, EOFError, NotImplementedError) as error:
            hint = "name a file that `sharp-eyes db backup` has made, whole"
            raise BadInput(f"{path} is no backup of Sharp Eyes, or is cut off", hint=hint) from error
        if self.manifest.layout != LAYOUT:
            raise BadInput(
                f"the backup {path} has layout {self.manifest.layout}; this version reads {LAYOUT}",
                hint="restore it with the version that made it, or a newer one",
            )

    def copy_database(self, sink: IO[bytes], report: Report, what: str) -> None:
        """Write the database's copy to `sink`. Raises `BadInput` where it is not, to the bit, what was backed up."""
        copied = Copied(sink)
        damaged = f"the backup {self.path} is damaged"
        try:
            with self._zip.open(_DATABASE) as source:
                while chunk := source.read(_CHUNK_BYTES):
                    copied.write(chunk)
                    report(what, copied.bytes / max(self.manifest.bytes, 1))
        except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
            raise BadInput(f"{damaged}: {error}", hint="take another one") from error
        if copied.sha256 != self.manifest.sha256:
            raise BadInput(
                f"{damaged}: its SHA-256 is {copied.sha256}, expected {self.manifest.sha256}", hint="take another one"
            )

    def verify(self, report: Report) -> None:
        """Raises `BadInput` where the database's copy is not what was backed up."""
        with Path(os.devnull).open("wb") as sink:
            self.copy_database(sink, report, "checking the backup")

    def keys(self) -> dict[str, bytes]:
        """The sealing keys in it, by the names of their files below `keys/`."""
        names = [name for name in self._zip.namelist() if name.startswith(_KEYS)]
        return {name.removeprefix(_KEYS): self._zip.read(name) for name in names}

    def close(self) -> None:
        self._zip.close()


def _put(draft: Path, target: Path) -> None:
    """Give the draft its name, unless somebody has taken that meanwhile."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise Conflict(f"{target} is there already", hint="name a new file") from None
    except OSError:  # A share that knows no links.
        draft.rename(target)
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
