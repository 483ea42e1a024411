"""Files that appear whole or not at all, and errors of the disk in our words."""

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Conflict, Unavailable


def sha256_of(path: Path) -> str:
    """The file's SHA-256, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def room_beside(target: Path) -> Iterator[Path]:
    """A path on the same disk as `target`, for a file that is gone afterwards unless it was moved there."""
    with on_disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".adding-", dir=target.parent) as room:
            yield Path(room) / target.name


def move(source: Path, target: Path) -> None:
    """`source` becomes `target` at once and for good, also if the power fails right after."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.chmod(0o644)
    source.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """Only one process holds `path` at a time; for the next one, this raises `Conflict` at once."""
    with path.open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(f"{what} by another process", hint="Wait for it to end.") from error
        yield


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Turns what the disk throws into `Unavailable`, which names the file."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            message, hint = f"no room left on the disk for {where}", "Free some space, then run it again."
            raise Unavailable(message, hint=hint) from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise Unavailable(f"{where} cannot be read or written: {reason}") from error
