"""One worker to a data folder: two would fight over cameras, ids and half-written files."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import Conflict, Unavailable


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold `lock` for as long as the context lasts; the system lets it go however the process ends.

    Raises `Conflict` where another process holds it, `Unavailable` where it cannot be made.
    """
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise Unavailable(f"the lock of the worker {lock} cannot be made: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise Conflict(
                f"another worker (process {holder}) runs on {lock.parent}",
                hint="stop it first, or give this one a data folder of its own",
            ) from None
        with suppress(OSError):  # A full disk has no room for the number, which is only told to people.
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
