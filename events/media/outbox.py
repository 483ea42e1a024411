"""The outbox: media lie on the worker's own disk until the store has them and the database says so."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum, StrEnum, auto
from pathlib import Path
from threading import Condition
from typing import BinaryIO, Final, cast

from core.clock import Clock
from core.errors import NotFound, SharpEyesError, Unavailable
from core.ids import EventId
from registry.chunks import in_chunks

from ..retention.ballast import Disk, disk_of
from ..retention.disk_room import LARGEST_SHARE
from .absence import Absence
from .blobs import Blobs, FolderBlobs, delete_quietly, explained, without_key
from .checksums import sha256_of
from .keys import last_part, name_of
from .ledger import MediaLedger
from .listing import StoredKey
from .metered import Metered
from .outbox_file import OutboxFile, Total, Waiting
from .records import StoredBlob
from .table import MediaKind

_log = logging.getLogger(__name__)

OUTBOX: Final = "outbox"
OUTBOX_ROWS: Final = "outbox.db"
"""What lies in the folder of an outbox."""
FULL: Final = "too many pictures and clips wait for the store already"
DISK_NEARLY_FULL: Final = "the worker's disk is nearly full, and what is left of it is for events"
DAMAGED: Final = "it was damaged on the worker's disk before the store had it"
_TOLD_AT_ONCE: Final = 200
"""Rows of one transaction: SQLite's writer is not held for longer than others can wait for it."""
_AT_WORK: Final = 8
"""More than threads that send at once."""


class Sending(Enum):
    """What became of one attempt to send."""

    DONE = auto()
    """One medium less waits."""
    FAILED = auto()
    """The store or the database is away."""
    NOTHING = auto()
    """Nothing is due."""


class OutboxFault(StrEnum):
    """Why a medium was not taken, or not sent."""

    FULL = "outbox_full"
    DISK = "disk"
    STORE = "store_away"
    DATABASE = "database_away"
    DAMAGED = "damaged"
    NO_EVENT = "no_event"
    """Its event was removed meanwhile."""


class Outbox:
    """Fits `Drafts` and `Outcomes`: makers of media write here, and wait for neither the store nor the database.

    What was kept is on the disk when `keep` returns, and survives the death of the process and of the machine: it is
    forgotten only when its media row says that it can be seen. Any thread may call it.
    """

    def __init__(
        self,
        folder: Path,
        blobs: Blobs,
        ledger: MediaLedger,
        clock: Clock,
        *,
        limit_bytes: int,
        least_free_bytes: int = 0,
        is_straight: bool = False,
        absence: Absence | None = None,
        disk: Callable[[Path], Disk] = disk_of,
    ) -> None:
        """The outbox in `folder`, with what an earlier process left there.

        It takes at most `limit_bytes` of media, and leaves `least_free_bytes` of its disk free, but no more than a 20th
        of it: events lie there too, and come first. `is_straight`: blobs are written into the store at once, since it
        is a folder of this machine, and only rows wait. `absence` is told when the store fails, and when it works
        again. Raises `Unavailable` where its own folder cannot be made.
        """
        self._blobs = blobs
        self._ledger = ledger
        self._clock = clock
        self._limit_bytes = limit_bytes
        self._least_free_bytes = least_free_bytes
        self._folder = folder
        self._disk = disk
        self._is_straight = is_straight
        self._absence = absence
        self._files = FolderBlobs(folder / OUTBOX)
        self._rows = OutboxFile(folder / OUTBOX_ROWS)
        self._wake = Condition()
        self._claimed: set[str] = set()
        self._news = 0
        """Media kept of which no thread that waits for work has heard."""
        self._bytes = 0
        self.failures: Counter[OutboxFault] = Counter()
        try:
            self._take_stock()
        except Unavailable as error:
            _log.error("what waits in the outbox %s cannot be seen: %s", folder, error.message)

    @contextmanager
    def writer(self, key: str) -> Iterator[BinaryIO]:
        """See `Drafts.writer`."""
        if self._is_straight:
            with self._blobs.writer(key) as sink:
                yield sink
            return
        is_ours = True
        metered = Metered(self._make_room)
        try:
            with self._files.writer(last_part(key)) as file:
                metered.sink = file
                is_ours = False
                yield cast("BinaryIO", metered)
                is_ours = True
        except BaseException:
            self._give_room_back(metered.taken)
            if metered.is_without_room:
                self.failures[OutboxFault.FULL] += 1
            elif is_ours or metered.is_refused:
                self.failures[OutboxFault.DISK] += 1
            raise

    def size(self, key: str) -> int:
        """See `Drafts.size`."""
        return self._blobs.size(key) if self._is_straight else self._files.size(last_part(key))

    def delete(self, key: str) -> None:
        """See `Drafts.delete`."""
        if self._is_straight:
            self._blobs.delete(key)
        self._drop_file(key)
        self._rows.remove(key)

    def announce(self, events: Collection[EventId], kind: MediaKind) -> None:
        """See `Outcomes.announce`."""
        self._ledger.announce(events, kind)

    def keep(self, event: EventId, kind: MediaKind, blob: StoredBlob) -> None:
        """See `Outcomes.keep`: it is on the disk, and is sent soon. An event that is gone by then has no medium."""
        digest = sha256_of(self._blobs, blob.key) if self._is_straight else sha256_of(self._files, last_part(blob.key))
        self._rows.put([self._waiting(event, kind, blob, digest)])
        with self._wake:
            self._news += 1
            self._wake.notify()

    def give_up(self, event: EventId, kind: MediaKind, reason: str) -> bool:
        """See `Outcomes.give_up`."""
        return self._ledger.give_up(event, kind, reason)

    @property
    def total(self) -> Total:
        """What waits; nothing where the disk does not say."""
        try:
            return self._rows.total()
        except Unavailable:
            return Total()

    def wait_for_work(self, timeout_s: float) -> None:
        """Until something is kept, for `timeout_s` seconds at most. What was kept before the call counts, too."""
        with self._wake:
            if self._wake.wait_for(lambda: self._news > 0, timeout_s):
                self._news -= 1

    def wake(self, waiting: int) -> None:
        """End the waiting for work of so many threads."""
        with self._wake:
            self._news += waiting
            self._wake.notify_all()

    def send_next(self) -> Sending:
        """Send the medium that came first of those that are due. Several threads may do so at once.

        Raises `Unavailable` where the outbox's own disk does not do its part.
        """
        one = self._claim()
        if one is None:
            return Sending.NOTHING
        try:
            return self._send(one)
        except Unavailable:
            raise
        except Exception:
            # It must not stand before all others for ever.
            self._rows.put_off(one.blob.key, self._clock.now())
            raise
        finally:
            with self._wake:
                self._claimed.discard(one.blob.key)

    def tell_waiting(self) -> None:
        """Let the database know what waits here, so that nobody gives it up. Where it is away, another time."""
        try:
            while media := self._rows.untold(_TOLD_AT_ONCE):
                self._ledger.wait_for_store([(one.event, one.kind) for one in media])
                self._rows.mark_told(media)
        except SharpEyesError as error:
            _log.info("that media wait for the store could not be put on record: %s", error.message)

    def close(self) -> None:
        """Close the file. What waits stays."""
        self._rows.close()

    def _take_stock(self) -> None:
        """Count what is there, and put in again what lost its row: by the death of a process, or of the file."""
        self._files.sweep_unfinished()
        for some in in_chunks(self._files.keys(""), _TOLD_AT_ONCE):
            self._bytes += sum(found.bytes for found in some)
            lost = [one for found in some if (one := self._without_row(found)) is not None]
            if lost:
                self._rows.put(lost)
                _log.warning(
                    "%d media lay in the outbox without rows, and are sent; one is %s", len(lost), lost[0].blob.key
                )

    def _without_row(self, found: StoredKey) -> Waiting | None:
        """The medium that this file is, if it has no row."""
        name = name_of(found.key)
        if name is None:
            _log.warning("%s in the outbox is no medium", found.key)
            return None
        if self._rows.has(name.key):
            return None
        return self._waiting(
            name.event, name.kind, StoredBlob(name.key, found.bytes), sha256_of(self._files, found.key)
        )

    def _waiting(self, event: EventId, kind: MediaKind, blob: StoredBlob, digest: str) -> Waiting:
        return Waiting(event, kind, replace(blob, sha256=digest), self._clock.now(), self._is_straight)

    def _claim(self) -> Waiting | None:
        with self._wake:
            for one in self._rows.due(self._clock.now(), _AT_WORK):
                if one.blob.key not in self._claimed:
                    self._claimed.add(one.blob.key)
                    return one
        return None

    def _send(self, one: Waiting) -> Sending:
        try:
            self._hand_over(one)
        except _Damaged:
            self._lose(one)
            return Sending.DONE
        except Unavailable as error:
            return self._fail(one, OutboxFault.STORE, error)
        if self._absence is not None:
            self._absence.is_back()
        try:
            self._ledger.keep(one.event, one.kind, one.blob)
        except NotFound as error:
            _log.warning("%s is not kept: %s", one.blob.key, error.message)
            self.failures[OutboxFault.NO_EVENT] += 1
            delete_quietly(self._blobs, one.blob.key)
        except Unavailable as error:
            return self._fail(one, OutboxFault.DATABASE, error)
        self._forget(one)
        return Sending.DONE

    def _hand_over(self, one: Waiting) -> None:
        """Let the store have it. Raises `Unavailable`, `_Damaged` where it is not any more what was written."""
        if one.is_sent and self._is_stored(one):
            return
        try:
            source = self._files.open(last_part(one.blob.key))
        except NotFound:
            # It is forgotten file first, so as to free a full disk: then the store has it already.
            if self._is_stored(one):
                return
            raise _Damaged from None
        with source:
            if sha256_of(self._files, last_part(one.blob.key)) != one.blob.sha256:
                raise _Damaged
            self._blobs.put(one.blob.key, source)
        try:
            self._rows.mark_sent(one.blob.key)
        except Unavailable as error:
            _log.info("that %s is sent could not be noted: %s", one.blob.key, error.message)

    def _is_stored(self, one: Waiting) -> bool:
        try:
            return self._blobs.size(one.blob.key) == one.blob.bytes
        except NotFound:
            return False

    def _fail(self, one: Waiting, fault: OutboxFault, error: Unavailable) -> Sending:
        self.failures[fault] += 1
        _log.debug("%s waits: %s", one.blob.key, error.message)
        try:
            self._rows.put_off(one.blob.key, self._clock.now())
        except Unavailable as full:
            _log.info("%s waits, and is tried again soon: %s", one.blob.key, full.message)
        if fault is OutboxFault.STORE:
            self.tell_waiting()
            if self._absence is not None:
                self._absence.is_away(without_key(error.message))
        return Sending.FAILED

    def _lose(self, one: Waiting) -> None:
        _log.error("%s: %s", one.blob.key, DAMAGED)
        self.failures[OutboxFault.DAMAGED] += 1
        self._ledger.give_up(one.event, one.kind, DAMAGED)
        self._forget(one)

    def _forget(self, one: Waiting) -> None:
        self._drop_file(one.blob.key)
        self._rows.remove(one.blob.key)

    def _drop_file(self, key: str) -> None:
        name = last_part(key)
        try:
            length = self._files.size(name)
        except NotFound:
            return
        self._files.delete(name)
        self._give_room_back(length)

    def _make_room(self, length: int) -> None:
        with self._wake:
            if self._bytes + length > self._limit_bytes:
                raise Unavailable(FULL, hint="bring the store back, or give the worker more room: blobs.outbox_bytes")
            self._leave_room(length)
            self._bytes += length

    def _leave_room(self, length: int) -> None:
        if not self._least_free_bytes:
            return
        with explained("the disk of the outbox cannot be looked at"):
            disk = self._disk(self._folder)
        if disk.free - length < min(self._least_free_bytes, disk.total // LARGEST_SHARE):
            raise Unavailable(DISK_NEARLY_FULL, hint="bring the store back, or free space: retention.free_bytes")

    def _give_room_back(self, length: int) -> None:
        with self._wake:
            self._bytes -= length


class _Damaged(Exception):
    """The file is not what was written."""
