"""Slots: a folder of its own for each worker that works on a data folder.

It holds what must outlive a worker that dies: which cameras it was decoding, and the events that the database has not
taken yet. A worker takes the first slot that nobody holds, and with it what its dead holder left there.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import Conflict, Unavailable
from events.media.outbox import OUTBOX, OUTBOX_ROWS

_MOST: Final = 1_000
_OWN: Final = 0o700


@dataclass(frozen=True, slots=True)
class Slot:
    """A worker's own folder."""

    number: int
    folder: Path

    @property
    def marks(self) -> Path:
        """Which cameras it is decoding."""
        return self.folder / "decoding.marks"

    @property
    def spool(self) -> Path:
        """Events that the database has not taken yet."""
        return self.folder / "spool.db"

    @property
    def outbox(self) -> Path:
        """Media that the store has not got yet."""
        return self.folder / OUTBOX

    @property
    def outbox_rows(self) -> Path:
        """What they are."""
        return self.folder / OUTBOX_ROWS

    @property
    def registration(self) -> Path:
        """Which worker of the database it is, so that the next holder knows who died."""
        return self.folder / "worker.json"


@contextmanager
def take_slot(data: Path) -> Iterator[Slot]:
    """The first free slot below `data`, for as long as the context lasts; the system lets it go however the process
    ends.

    Raises `Conflict` where somebody wants `data` for himself (`alone_in`), as workers did before there were slots, and
    `Unavailable` where the folder cannot be made.
    """
    with _held(_common_lock(data), fcntl.LOCK_SH) as common:
        if not common:
            raise _taken(f"process {_holder(data)} works on {data}, and lets no other worker in")
        for number in range(1, _MOST + 1):
            folder = data / "workers" / str(number)
            with _explained(folder):
                folder.mkdir(mode=_OWN, parents=True, exist_ok=True)
            with _held(folder / "lock", fcntl.LOCK_EX) as mine:
                if mine:
                    yield Slot(number, folder)
                    return
    raise Conflict(
        f"{_MOST} workers run on {data} already", hint="stop some, or give this one a data folder of its own"
    )


@contextmanager
def alone_in(data: Path) -> Iterator[None]:
    """Let no worker start on `data` for as long as the context lasts. Raises `Conflict` where one runs there."""
    with _held(_common_lock(data), fcntl.LOCK_EX) as alone:
        if not alone:
            raise _taken(f"another worker, process {_holder(data)}, works on {data}")
        yield


@contextmanager
def abandoned(data: Path, wanted: Callable[[Slot], bool] = lambda _: True) -> Iterator[list[Slot]]:
    """The slots that nobody holds: their workers ended or died. Nobody takes them for as long as the context lasts;
    those that are not `wanted` are left alone."""
    with ExitStack() as stack:
        free = []
        for folder in sorted((data / "workers").glob("*")):
            if not folder.name.isdigit() or not wanted(slot := Slot(int(folder.name), folder)):
                continue
            if stack.enter_context(_held(folder / "lock", fcntl.LOCK_EX)):
                free.append(slot)
        yield free


@contextmanager
def _held(lock: Path, kind: int) -> Iterator[bool]:
    """Whether `lock` was had; it is held until the context ends."""
    with _explained(lock):
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        with suppress(OSError):  # A full disk has no room for the number, which is only told to people.
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield True
    finally:
        os.close(descriptor)


def _common_lock(data: Path) -> Path:
    """Workers from before there were slots hold it alone, ours together: so neither starts beside the other."""
    return data / "worker.lock"


def _taken(message: str) -> Conflict:
    return Conflict(message, hint="stop it first, or give this one a data folder of its own")


def _holder(data: Path) -> str:
    try:
        return _common_lock(data).read_text(errors="replace").strip() or "unknown"
    except OSError:
        return "unknown"


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the worker's {path} cannot be made: {error.strerror}") from error
