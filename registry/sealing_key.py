"""The key that seals what must not be readable on the disk: logins of streams, original clips."""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import BadInput, Unavailable

KEY_BYTES: Final = 32


class SealingKey:
    """The master key. It never seals anything itself: each purpose gets a key of its own. Its text form hides it."""

    __slots__ = ("_master",)

    def __init__(self, master: bytes) -> None:
        """Raises `BadInput` unless `master` has 32 bytes."""
        if len(master) != KEY_BYTES:
            raise BadInput(f"a sealing key has {KEY_BYTES} bytes, not {len(master)}")
        self._master = master

    def __repr__(self) -> str:
        return "SealingKey(hidden)"

    def derive(self, purpose: str) -> bytes:
        """32 bytes for this purpose alone (HKDF-SHA-256, RFC 5869, with the purpose as its info)."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sharp-eyes " + purpose.encode()).derive(
            self._master
        )


def load_or_create(path: Path) -> SealingKey:
    """The key in the file at `path`, which is made, readable by its owner only, where it is missing.

    Two processes that start at once get the same key. Raises `BadInput` for a file of another length or one that
    others may read, `Unavailable` where it cannot be read or made.
    """
    try:
        if not path.exists():
            _create(path)
        return _load(path)
    except OSError as error:
        raise Unavailable(
            f"the sealing key {path} cannot be read or made: {error.strerror}",
            hint="its folder must belong to the user that runs Sharp Eyes",
        ) from error


def _load(path: Path) -> SealingKey:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        master = file.read(KEY_BYTES + 1)
        found = os.fstat(file.fileno()).st_size
    if mode & 0o077:
        raise BadInput(
            f"the sealing key {path} may be read by others (mode {mode:04o}, expected 0600)", hint=f"chmod 600 {path}"
        )
    if found != KEY_BYTES:
        raise BadInput(
            f"the sealing key {path} has {found} bytes, expected {KEY_BYTES}",
            hint="restore it from a backup: without it, logins and original clips cannot be opened",
        )
    return SealingKey(master)


def _create(path: Path) -> None:
    """Write the whole key beside its place, then link it there: nobody ever sees half a key, and the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    file = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        try:
            os.write(file, secrets.token_bytes(KEY_BYTES))
            os.fsync(file)
        finally:
            os.close(file)
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
