"""Makes room on a disk that is full: the oldest media go that nobody holds."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Final

from core.clock import Clock
from core.errors import Unavailable
from core.ids import EventId
from registry.db import Database

from ..media.table import MediaKind
from .ballast import Ballast, Disk, disk_of
from .held import releases
from .media_removal import MediaRemoval, Reason, Removed
from .oldest import OldestFirst
from .settings import RetentionSettings
from .trouble import Tell, Trouble, megabytes

_log = logging.getLogger(__name__)

LARGEST_SHARE: Final = 20
"""No more than a 20th of a disk is kept free."""
_EASE: Final = 1.25
"""So many times the room that must be free is enough to say that the trouble is over."""
_QUIET: Final = timedelta(minutes=10)
"""So is less, where it lasts."""
_PAUSE_S: Final = 0.02
_NOTHING: Final = 8 << 20
"""A disk with less has no room for a transaction, or may have none."""


class DiskRoom:
    """Watches the disk of the folder of media. For one thread."""

    def __init__(
        self,
        database: Database,
        removal: MediaRemoval,
        clock: Clock,
        settings: RetentionSettings,
        data: Path,
        tell: Tell,
        disk: Callable[[Path], Disk] = disk_of,
    ) -> None:
        """`data`: the data folder, with the folder of media in it."""
        self._database = database
        self._removal = removal
        self._clock = clock
        self._settings = settings
        self._data = data
        self._tell = tell
        self._disk = disk
        self._ballast = Ballast(data, settings.ballast_bytes if settings.free_bytes else 0, disk)
        self._walk: tuple[int, OldestFirst] | None = None
        self._enough_since: float | None = None
        self._is_told = True
        """Whether somebody may have been told of a trouble: at first what an earlier process said."""

    def look(self, stop: Flag) -> Removed:
        """Make room where there is too little; what has gone. It costs next to nothing where there is enough.

        Raises `Unavailable` where nothing can be removed now, and `OSError` where the disk cannot be looked at.
        """
        if not self._settings.free_bytes:
            self._ballast.make(0)
            return Removed()
        disk = self._disk(self._data)
        wanted = self._wanted(disk)
        if self._lacking(disk) <= 0:
            self._enough(disk, wanted)
            return Removed()
        self._enough_since = None
        return self._relieve(wanted, stop)

    def _wanted(self, disk: Disk) -> int:
        return min(self._settings.free_bytes, disk.total // LARGEST_SHARE)

    def _lacking(self, disk: Disk) -> int:
        """How many bytes; the ballast, once it was given up, is to be made again, too."""
        return self._wanted(disk) + self._ballast.missing(disk.total) - disk.free

    def _enough(self, disk: Disk, wanted: int) -> None:
        self._walk = None
        # What the ballast takes is not free: else it would be over and begin again, and everybody told each time.
        free = disk.free - self._ballast.missing(disk.total)
        self._ballast.make(wanted)
        if not self._is_told:
            return
        now = self._clock.monotonic()
        if self._enough_since is None:
            self._enough_since = now
        if free >= wanted * _EASE or now - self._enough_since >= _QUIET.total_seconds():
            for trouble in (Trouble.ALL_HELD, Trouble.DISK_FULL):
                self._tell(trouble, self._subject, None)
            self._is_told = False

    def _relieve(self, wanted: int, stop: Flag) -> Removed:
        removed = Removed()
        full = f"less than {megabytes(wanted)} are free"
        is_told = self._say(Trouble.DISK_FULL, full)
        while not stop.is_set() and (lacking := self._lacking(self._disk(self._data))) > 0:
            walk = self._walked()
            some = walk.next(lacking)
            if not some:
                why = "holds keep all that is left" if walk.held_back else "there is nothing left that could go"
                self._say(Trouble.ALL_HELD, f"room is needed, and {why}")
                break
            removed += self._remove([(one.event, one.kind) for one in some])
            is_told = is_told or self._say(Trouble.DISK_FULL, full)
            self._clock.sleep(_PAUSE_S, stop)
        if removed.count:
            _log.warning(
                "the disk of %s was full: %d media of %s went", self._data, removed.count, megabytes(removed.bytes)
            )
        return removed

    def _remove(self, media: Sequence[tuple[EventId, MediaKind]]) -> Removed:
        try:
            return self._removed(media)
        except Unavailable:
            if self._disk(self._data).free >= _NOTHING:
                raise  # it is something else that the database lacks: nothing goes without a mark
            if self._ballast.give_up():
                with suppress(Unavailable):  # others may have taken the room that it had
                    return self._removed(media)
        # A last resort: without a byte for a mark the blobs go first. Nobody can take a hold on such a disk either.
        self._removal.drop(media)
        return self._removed(media)

    def _removed(self, media: Sequence[tuple[EventId, MediaKind]]) -> Removed:
        # And what had been marked before the disk failed.
        return self._removal.remove(media, Reason.ROOM) + self._removal.finish()

    def _walked(self) -> OldestFirst:
        """The walk that is going on, or a new one where a hold was released since it began."""
        with self._database.read() as connection:
            released = releases(connection)
        if self._walk is None or self._walk[0] != released:
            self._walk = released, OldestFirst(self._database)
        return self._walk[1]

    def _say(self, trouble: Trouble, detail: str) -> bool:
        """False where it could not be told now: as long as it lasts it is told again."""
        self._is_told = True
        try:
            self._tell(trouble, self._subject, detail)
        except Unavailable:
            return False
        return True

    @property
    def _subject(self) -> str:
        return f"the disk of {self._data}"
