"""Fits retention together for a worker: what goes, by whom, and who is told."""

import fcntl
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from prometheus_client import Counter

from core.clock import Clock
from core.errors import Unavailable
from events.media.blobs import Blobs
from events.notices.notice import NoticeKind
from events.notices.notices import close_notice, open_notice
from events.retention.caution import Caution
from events.retention.disk_room import DiskRoom
from events.retention.passes import Passes
from events.retention.quota_room import QuotaRoom
from events.retention.trouble import Tell, Trouble
from registry import workers
from registry.db import Database, Engines
from registry.workers import WorkerId

from ..settings import Settings
from .measures import Measures
from .retention_keeper import RemovedCounts, RetentionKeeper


def make_retention(
    settings: Settings,
    database: Database,
    blobs: Blobs,
    clock: Clock,
    worker: Callable[[], WorkerId],
    measures: Measures,
    stack: ExitStack,
) -> RetentionKeeper:
    """The keeper of this worker, not started yet. `worker` is its number now; `stack` closes what it opens."""
    counts = RemovedCounts()
    passes = Passes(database, blobs, clock, settings.retention, settings.tracks.track_log_h, counts.add)
    tell = tell_by(database)
    caution = Caution(database, clock, settings.retention, passes.policy, tell)
    quota = QuotaRoom(database, passes.media, clock, settings.retention, tell)
    disk = None
    if settings.blobs.s3_endpoint is None:
        disk = DiskRoom(database, passes.media, clock, settings.retention, settings.data, tell)
    if database.kind is Engines.SQLITE:
        # Not by the lease, which nobody can renew on a full disk.
        is_mine = turn_on_this_machine(settings.data, stack)
    else:
        is_mine = _eldest(database, worker)
    keeper = RetentionKeeper(database, clock, passes, caution, quota, disk, is_mine)
    _measure(measures, keeper, counts)
    return keeper


def tell_by(database: Database) -> Tell:
    """Tells of troubles by notices."""

    def tell(trouble: Trouble, subject: str, detail: str | None) -> None:
        kind = NoticeKind(trouble.value)
        with database.write() as connection:
            if detail is None:
                close_notice(connection, kind, subject)
            else:
                open_notice(connection, kind, subject, detail)

    return tell


def turn_on_this_machine(data: Path, stack: ExitStack) -> Callable[[], bool]:
    """Whether this process has the turn among those that work on `data`; the system passes it on when it ends."""
    path = data / "retention.lock"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise Unavailable(f"{path} cannot be made: {error.strerror}") from error
    stack.callback(os.close, descriptor)

    def is_mine() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    return is_mine


def _eldest(database: Database, worker: Callable[[], WorkerId]) -> Callable[[], bool]:
    """Whether this worker is the eldest that is alive. Two may think so for a moment, and then do the same twice."""

    def is_mine() -> bool:
        with database.read() as connection:
            alive = workers.live(connection)
        return bool(alive) and alive[0].id == worker()

    return is_mine


def _measure(measures: Measures, keeper: RetentionKeeper, counts: RemovedCounts) -> None:
    name = "sharp_eyes_retention_removed"
    measures.by_label(name, "Things removed, by what they were", "medium", counts.by_medium, Counter)
    name = "sharp_eyes_retention_removed_because"
    measures.by_label(name, "Things removed, by reason", "reason", counts.by_reason, Counter)
    measures.gauge("sharp_eyes_retention_bytes_freed", "Bytes of media that were removed", lambda: counts.bytes)
    measures.gauge("sharp_eyes_retention_marked", "Media that are marked, and still there", lambda: keeper.marked)
    measures.gauge(
        "sharp_eyes_retention_last_pass_seconds",
        "When the last pass was over, since 1970; 0: none was",
        lambda: keeper.last_pass_at,
    )
