"""What a worker puts on record before it begins and when it ends."""

import json
import logging
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Final

from core.errors import SharpEyesError
from events.index.outcome import Fate
from events.media.blobs import Blobs
from events.spool import Spool, has_waiting
from events.storing import drain
from events.takeover import hold_events, take_over
from registry import leases, stream_states, workers
from registry.db import Database
from registry.server_clock import server_time
from registry.workers import Worker, WorkerId

from .slots import Slot, abandoned

_log = logging.getLogger(__name__)

_PATIENCE_S: Final = 2.0
_DIED: Final = "its worker died"
_STOPPED: Final = "its worker was stopped"


@dataclass(frozen=True, slots=True)
class Registration:
    """Which worker had a slot: its number, and when it registered, since another database counts anew."""

    worker: WorkerId
    started_at: datetime


def clear_up(database: Database, blobs: Blobs, slot: Slot) -> None:
    """Bring to an end what this slot's last worker left half-done, if it died: so its cameras need not wait until its
    lease is over.

    To be called with the slot held: that says that it is dead.
    """
    swept = blobs.sweep_unfinished()
    if swept:
        _log.warning("an earlier worker left %d unfinished files", swept)
    before = _registered(slot)
    if before is None:
        return
    with database.write() as connection:
        hold_events(connection)
        dead = next((one for one in workers.list_workers(connection) if _is_of(before, one)), None)
        if dead is None:
            return
        held = leases.held(connection, dead.id)
        leases.release(connection, dead.id)
        now = server_time(connection)
        stream_states.unwatch(connection, sorted(held), min(dead.heartbeat_at, now), _DIED)
        left = take_over(connection, {number: lease.epoch + 1 for number, lease in held.items()}, now)
    _log.warning(
        "the last worker of this slot died: it left %d cameras, %d events without their media, and %d events open, "
        "which are closed as interrupted now",
        *(len(held), len(left.without_media), len(left.closed)),
    )


def drain_left_behind(database: Database, data: Path) -> Counter[Fate]:
    """Hand over what waits in slots that nobody has taken since their workers died, say because fewer are started now.
    How many events met which fate."""
    fates: Counter[Fate] = Counter()
    with abandoned(data, lambda slot: has_waiting(slot.spool)) as slots:
        for slot in slots:
            with closing(Spool(slot.spool)) as spool:
                fates += drain(spool, database)
    return fates


def note_registration(slot: Slot, worker: Worker) -> None:
    """Remember in the slot which worker has it. Where that fails, the next one waits for the lease to end."""
    text = json.dumps({"worker": worker.id, "started_at": worker.started_at.isoformat()})
    try:
        slot.registration.write_text(text)
    except OSError as error:
        _log.warning("%s cannot be written: %s", slot.registration, error.strerror)


def say_farewell(database: Database, worker: WorkerId) -> None:
    """Let go of all cameras, so that others take them at once. Where that fails, they do when the lease is over.

    It takes two seconds at most: what follows at the stop, events above all, must not wait for a silent database.
    """
    thread = Thread(target=_let_go, args=(database, worker), name="farewell", daemon=True)
    thread.start()
    thread.join(_PATIENCE_S)


def _let_go(database: Database, worker: WorkerId) -> None:
    try:
        with database.write() as connection:
            hold_events(connection)
            let_go = leases.release(connection, worker)
            stream_states.unwatch(connection, let_go, server_time(connection), _STOPPED)
    except SharpEyesError as error:
        _log.warning("that the cameras are not watched any more could not be put on record: %s", error.message)


def _registered(slot: Slot) -> Registration | None:
    try:
        said = json.loads(slot.registration.read_text())
        return Registration(WorkerId(said["worker"]), datetime.fromisoformat(said["started_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        # None yet; or cut off by a full disk, or by the machine's fall: then the lease ends by itself.
        return None


def _is_of(before: Registration, worker: Worker) -> bool:
    return (worker.id, worker.started_at) == (before.worker, before.started_at)
