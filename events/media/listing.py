"""What a store of blobs holds, in the order of keys."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A blob, as a listing has it."""

    key: str
    bytes: int
    changed_at: datetime
    """When it was written, by the store's clock; UTC."""


def list_folder(folder: Path, prefix: str, after: str, is_key: Callable[[str], bool]) -> Iterator[StoredKey]:
    """The files below `folder` whose names from there on are keys, as `Blobs.keys` has them. Raises `OSError`."""
    yield from _walk(folder, "", prefix, after, is_key)


def _walk(folder: Path, above: str, prefix: str, after: str, is_key: Callable[[str], bool]) -> Iterator[StoredKey]:
    # What lies in `a/` stands behind `a-b` and `a.b`, so folders are sorted with their `/`.
    try:
        names = sorted(entry.name + "/" * entry.is_dir(follow_symlinks=False) for entry in os.scandir(folder))
    except FileNotFoundError:  # Nobody writes into the folder of a day that is gone.
        return
    for name in names:
        key = above + name
        if name.endswith("/"):
            if _may_hold(key, prefix, after):
                yield from _walk(folder / name, key, prefix, after, is_key)
        elif key.startswith(prefix) and key > after and is_key(key):
            with suppress(FileNotFoundError):  # Deleted meanwhile.
                status = (folder / name).stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    yield StoredKey(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))


def _may_hold(beginning: str, prefix: str, after: str) -> bool:
    """Whether keys that begin with `beginning` can be among those that are asked for."""
    fits = beginning.startswith(prefix) or prefix.startswith(beginning)
    return fits and (beginning > after or after.startswith(beginning))
