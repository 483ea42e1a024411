"""The key that seals what must not be readable on the disk: logins of streams, original clips."""

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import BadInput, Unavailable

KEY_BYTES: Final = 32
_ID_BYTES: Final = 4


class SealingKey:
    """The master key. It never seals anything itself: each purpose gets a key of its own. Its text form hides it."""

    __slots__ = ("_master", "id")

    id: str
    """What the key is called: eight hexadecimal digits that tell nothing of it."""

    def __init__(self, master: bytes) -> None:
        """Raises `BadInput` unless `master` has 32 bytes."""
        if len(master) != KEY_BYTES:
            raise BadInput(f"a sealing key has {KEY_BYTES} bytes, not {len(master)}")
        self._master = master
        self.id = self.derive("key id")[:_ID_BYTES].hex()

    def __repr__(self) -> str:
        return "SealingKey(hidden)"

    def derive(self, purpose: str) -> bytes:
        """32 bytes for this purpose alone (HKDF-SHA-256, RFC 5869, with the purpose as its info)."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sharp-eyes " + purpose.encode()).derive(
            self._master
        )


def parse(text: str, field: str) -> SealingKey:
    """The key written as `text`: 32 bytes in base64 (either alphabet) or in hexadecimal digits.

    Raises `BadInput` for `field`, without a word of what was found but its length.
    """
    text = text.strip()
    try:
        if len(text) == 2 * KEY_BYTES:
            return SealingKey(bytes.fromhex(text))
        plain = text.replace("-", "+").replace("_", "/").rstrip("=")
        return SealingKey(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (ValueError, binascii.Error, BadInput):
        raise BadInput(
            f"{field}: {len(text)} characters that are no sealing key; expected {KEY_BYTES} bytes in base64 "
            "(44 characters) or hexadecimal (64)",
            field=field,
            hint="make one with: openssl rand -base64 32",
        ) from None


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
        raise _unusable(path, error) from error


def load_existing(path: Path) -> SealingKey:
    """The key in the file at `path`. Raises as `load_or_create` does, `Unavailable` too where there is none."""
    try:
        return _load(path)
    except OSError as error:
        raise _unusable(path, error) from error


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


def replace(path: Path, former: Path) -> SealingKey:
    """Put a new key in place of the one at `path`, which is kept at `former` first; the new one.

    Killed at any moment, it leaves the one or the other whole at `path`, and no key is lost. Raises `Unavailable` where
    the folders cannot be written.
    """
    try:
        former.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not former.exists():
            os.link(path, former)
            _sync(former.parent)
        draft = _draft(path)
        draft.replace(path)
        _sync(path.parent)
        return _load(path)
    except OSError as error:
        raise _unusable(path, error) from error


def _create(path: Path) -> None:
    """Write the whole key beside its place, then link it there: nobody ever sees half a key, and the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    _sync(path.parent)


def _draft(path: Path) -> Path:
    """A file beside `path` with a new key in it, safely on the disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    file = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(file, secrets.token_bytes(KEY_BYTES))
        os.fsync(file)
    except BaseException:
        draft.unlink()
        raise
    finally:
        os.close(file)
    return draft


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unusable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"the sealing key {path} cannot be read or made: {error.strerror}",
        hint="its folder must belong to the user that runs Sharp Eyes",
    )
