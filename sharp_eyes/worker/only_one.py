"""One worker to a data folder: two would fight over cameras, ids and half-written files."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Conflict


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold `lock` for as long as the context lasts; the system lets it go however the process ends.

    Raises `Conflict` where another process holds it.
    """
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Conflict(
                f"another worker (process {file.read().strip() or 'unknown'}) runs on {lock.parent}",
                hint="stop it first, or give this one a data folder of its own",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
