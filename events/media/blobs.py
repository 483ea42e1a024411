"""Where media lie: a store of blobs, and the folder that is the default store.

A blob is written once, whole or not at all, and found by its key: parts of lower-case letters, digits, `.`, `_`, `-`,
joined by `/`.
"""

import errno
import fcntl
import io
import logging
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from core.errors import BadInput, NotFound, Unavailable

from .listing import StoredKey, list_folder

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_log = logging.getLogger(__name__)

_KEY = re.compile(r"(?!tmp/)[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_LONGEST_KEY = 200


class Blobs(Protocol):
    """A store of blobs. Any thread and any process may call it; one writer or reader belongs to one thread at a time.

    An implementation can be pickled, so that another process can open the same store. Every method raises `BadInput`
    for a key that cannot be one, and `Unavailable` where the store cannot do its work now.
    """

    def writer(self, key: str) -> AbstractContextManager[BinaryIO]:
        """A sink that becomes the blob when the context ends well (replacing an older one), and vanishes otherwise."""

    def put(self, key: str, source: BinaryIO) -> None:
        """Make all that `source`, which is seekable, holds the blob. As `writer`, and no disk is needed on the way."""

    def open(self, key: str) -> BinaryIO:
        """A seekable reader, to be closed by the caller. Raises `NotFound`."""

    def size(self, key: str) -> int:
        """Length in bytes. Raises `NotFound`."""

    def delete(self, key: str) -> None:
        """Remove the blob; one that is not there is no error."""

    def keys(self, prefix: str = "", after: str = "") -> Iterator[StoredKey]:
        """All blobs whose key begins with `prefix` and comes after `after`, in the order of their keys (as bytes).

        They are read as they are taken; one that is written or deleted meanwhile may be told or not. What lies in the
        store under a name that cannot be a key is passed over. Raises `Unavailable` where the listing breaks off.
        """

    def sweep_unfinished(self) -> int:
        """Remove what writers left that died half-way, and say how many; those still at work are spared."""


def is_key(key: str) -> bool:
    """Whether `key` can be one."""
    return len(key) <= _LONGEST_KEY and _KEY.fullmatch(key) is not None


def check_key(key: str) -> None:
    """Raises `BadInput` where `key` cannot be one."""
    if not is_key(key):
        raise BadInput(
            f"a blob's key has parts of a-z, 0-9, '.', '_', '-' joined by '/', at most {_LONGEST_KEY} "
            f"characters, and does not begin with 'tmp/'; found {key[:_LONGEST_KEY]!r}",
            field="key",
        )


class _Deletes(Protocol):
    def delete(self, key: str) -> None: ...


class NoBlob(NotFound):
    """There is no blob of that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"there is no blob {key}")

    @property
    def outside(self) -> str:
        """How blobs are named is no matter of those who ask over the network."""
        return "what was stored is gone"


def without_key(problem: str) -> str:
    """`problem` of a blob, in words that may be told over the network."""
    return re.sub(r"^(the size of )?blob \S+ ", "it ", problem)


def delete_quietly(blobs: _Deletes, key: str) -> None:
    """Remove what no row names, as part of giving up; a store that does not even do that is logged."""
    try:
        blobs.delete(key)
    except Unavailable as error:
        _log.warning("%s; no row names it, the sweep of orphans will find it", error.message)


@dataclass(frozen=True, slots=True)
class FolderBlobs:
    """Blobs as files below `folder`, readable by this user alone; unfinished ones lie in `folder`/tmp.

    A blob is on the disk, not only in its cache, when its writer's context has ended.
    """

    folder: Path

    def __post_init__(self) -> None:
        with explained("the folder of blobs cannot be made"):
            _make_folder(self._unfinished)

    @contextmanager
    def writer(self, key: str) -> Iterator[BinaryIO]:
        """See `Blobs.writer`. The sink raises `Unavailable` as soon as the disk takes no more."""
        target = self._path(key)
        problem = f"blob {key} cannot be written"
        with explained(problem):
            path, file = self._open_unfinished(problem)
        sink = io.BufferedWriter(file)
        try:
            yield sink
            with explained(problem):
                sink.flush()
                os.fsync(file.fileno())
                _make_folder(target.parent)
                path.replace(target)
                _sync_folder(target.parent)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            # Closed below `sink`, which would else try once more to write what the disk has just refused.
            file.close()

    def put(self, key: str, source: BinaryIO) -> None:
        """See `Blobs.put`."""
        source.seek(0)
        with self.writer(key) as sink:
            shutil.copyfileobj(source, sink, 1 << 20)

    def open(self, key: str) -> BinaryIO:
        """See `Blobs.open`."""
        path = self._path(key)
        with explained(f"blob {key} cannot be read"), _found(key):
            return path.open("rb")

    def size(self, key: str) -> int:
        """See `Blobs.size`."""
        path = self._path(key)
        with explained(f"the size of blob {key} cannot be read"), _found(key):
            status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise NoBlob(key)
        return status.st_size

    def delete(self, key: str) -> None:
        """See `Blobs.delete`."""
        path = self._path(key)
        with explained(f"blob {key} cannot be deleted"), suppress(FileNotFoundError):
            path.unlink()

    def keys(self, prefix: str = "", after: str = "") -> Iterator[StoredKey]:
        """See `Blobs.keys`."""
        with explained("the folder of blobs cannot be listed"):
            yield from list_folder(self.folder, prefix, after, is_key)

    def sweep_unfinished(self) -> int:
        """See `Blobs.sweep_unfinished`."""
        with explained("unfinished blobs cannot be removed"):
            return sum(_remove_if_nobody_writes(path) for path in self._unfinished.iterdir())

    @property
    def _unfinished(self) -> Path:
        return self.folder / "tmp"

    def _path(self, key: str) -> Path:
        check_key(key)
        return self.folder / key

    def _open_unfinished(self, problem: str) -> tuple[Path, "_UnfinishedFile"]:
        while True:
            path = self._unfinished / secrets.token_hex(16)
            file = _UnfinishedFile(path, problem)
            # Locked as long as it is open: a sweep by any process sees that somebody is at work here.
            fcntl.flock(file, fcntl.LOCK_EX)
            # A sweep may have come between the making of the file and its lock: then it has no name any more.
            if os.fstat(file.fileno()).st_nlink:
                return path, file
            file.close()


class _UnfinishedFile(io.FileIO):
    """A new file of mode 0600. Its writes raise `Unavailable`: nobody takes a full disk for a fault of his own."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))
        self._problem = problem

    def write(self, data: "ReadableBuffer") -> int:
        with explained(self._problem):
            return super().write(data)


def _make_folder(folder: Path) -> None:
    """Make `folder` and its parents with mode 0700, each name safely on the disk."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_if_nobody_writes(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except (BlockingIOError, FileNotFoundError):
        return False
    return True


@contextmanager
def _found(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NoBlob(key) from error


@contextmanager
def explained(problem: str) -> Iterator[None]:
    """Turn the operating system's errors into `Unavailable`: `problem`, and why."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable(
                f"{problem}: the disk is full",
                hint="free space on the disk of the data folder, or shorten how long media are kept",
                told=f"{without_key(problem)}: the disk is full",
            ) from error
        hint = "check that the data folder's disk is there and that this user may write to it"
        told = f"{without_key(problem)}: the disk fails"
        raise Unavailable(f"{problem}: {error.strerror or error}", hint=hint, told=told) from error
