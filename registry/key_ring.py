"""The sealing key in force and those that were before it: what one of them sealed can be opened."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

from core.errors import SharpEyesError

from . import sealing_key
from .sealing_key import SealingKey

_log = logging.getLogger(__name__)


class Keys(Protocol):
    """Where keys come from. Any thread may call it."""

    def mark(self) -> object:
        """Something cheap that is another when the keys may be others. Raises nothing."""

    def read(self) -> Sequence[SealingKey]:
        """The keys, the one in force first. Raises `BadInput` or `Unavailable`."""


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """The key in the file at `path`; former ones in the folder `former` beside it."""

    path: Path

    @property
    def former(self) -> Path:
        return self.path.parent / "former"

    def mark(self) -> object:
        """See `Keys.mark`."""
        return _stamp(self.path), _stamp(self.former)

    def read(self) -> Sequence[SealingKey]:
        """See `Keys.read`. A former one that cannot be read is logged and left out."""
        found = [sealing_key.load_existing(self.path)]
        for path in sorted(self.former.glob("*.key")):
            try:
                found.append(sealing_key.load_existing(path))
            except SharpEyesError as error:
                _log.error("a former sealing key is left out: %s", error.message)
        return found


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """Keys that were handed over with the process, and stay as they are; the one in force first."""

    keys: tuple[SealingKey, ...]

    def mark(self) -> object:
        """See `Keys.mark`."""
        return None

    def read(self) -> Sequence[SealingKey]:
        """See `Keys.read`."""
        return self.keys


class KeyRing:
    """All sealing keys of this site. It notices when the files change. Any thread may call it."""

    def __init__(self, source: Keys) -> None:
        """Raises what `source.read` does."""
        self._source = source
        self._lock = Lock()
        self._mark = source.mark()
        self._keys = _each_once(source.read())

    def __repr__(self) -> str:
        return "KeyRing(hidden)"

    @property
    def keys(self) -> tuple[SealingKey, ...]:
        """All keys, the one in force first. Keys that cannot be read just now stay as they were."""
        with self._lock:
            mark = self._source.mark()
            if mark != self._mark:
                try:
                    self._keys = _each_once(self._source.read())
                    self._mark = mark
                except SharpEyesError as error:
                    _log.error("the sealing keys stay as they were: %s", error.message)
            return self._keys

    @property
    def current(self) -> SealingKey:
        """The key in force: what is sealed now is sealed with it."""
        return self.keys[0]

    def derive(self, purpose: str) -> bytes:
        """32 bytes for this purpose alone, from the key in force."""
        return self.current.derive(purpose)

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """What opens anything that was sealed for this purpose; what seals now comes first."""
        return tuple(key.derive(purpose) for key in self.keys)


def open_files(path: Path) -> KeyRing:
    """The ring of the key file at `path`, which is made where it is missing. Raises as `load_or_create` does."""
    sealing_key.load_or_create(path)
    return KeyRing(KeyFiles(path))


def ring_of(*keys: SealingKey) -> KeyRing:
    """A ring of these keys, the one in force first."""
    return KeyRing(GivenKeys(keys))


def _each_once(keys: Sequence[SealingKey]) -> tuple[SealingKey, ...]:
    return tuple({key.id: key for key in keys}.values())


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
