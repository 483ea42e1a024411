"""Outboxes of the slots: a worker's own, and those that dead workers left behind."""

import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Final

from core.clock import Clock
from core.errors import SharpEyesError
from events.media.absence import Absence
from events.media.blobs import Blobs
from events.media.ledger import MediaLedger
from events.media.outbox import Outbox, Sending
from events.media.outbox_file import Total, total_in

from ..settings import Settings
from .slots import Slot, abandoned

_log = logging.getLogger(__name__)

_AGAIN_S: Final = 30.0


def open_outbox(
    settings: Settings, slot: Slot, blobs: Blobs, ledger: MediaLedger, clock: Clock, absence: Absence
) -> Outbox:
    """The outbox of `slot`, which is held. Raises `Unavailable` where its folder cannot be made."""
    return Outbox(
        slot.folder,
        blobs,
        ledger,
        clock,
        limit_bytes=settings.blobs.outbox_bytes,
        least_free_bytes=settings.retention.free_bytes,
        is_straight=settings.blobs.s3_endpoint is None,
        absence=absence,
    )


def has_media(slot: Slot) -> bool:
    """Whether media wait in the outbox of `slot`, as far as can be seen from outside."""
    if total_in(slot.outbox_rows).media:
        return True
    return slot.outbox.is_dir() and any(path.is_file() for path in slot.outbox.iterdir())


def outboxes(data: Path) -> dict[int, Total]:
    """What waits in the outbox of each slot, by the slot's number, as far as can be seen from outside."""
    slots = sorted(int(folder.name) for folder in (data / "workers").glob("*") if folder.name.isdigit())
    return {number: total_in(Slot(number, data / "workers" / str(number)).outbox_rows) for number in slots}


class LeftBehind:
    """Sends what waits in slots that nobody has taken since their workers died; looks for it twice a minute."""

    def __init__(self, settings: Settings, open_one: Callable[[Slot], Outbox], clock: Clock) -> None:
        self._settings = settings
        self._open = open_one
        self._clock = clock
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="left-behind", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the medium that is being sent; the rest is sent by whoever starts next."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def send_all(self) -> int:
        """Send what there is, until the store or the database fails. How many media."""
        sent = 0
        with abandoned(self._settings.data, has_media) as slots:
            for slot in slots:
                with closing(self._open(slot)) as outbox:
                    outbox.tell_waiting()
                    while not self._stopping.is_set() and outbox.send_next() is Sending.DONE:
                        sent += 1
        if sent:
            _log.warning("earlier workers left %d media that the store had not got; they are there now", sent)
        return sent

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.send_all()
            except SharpEyesError as error:
                _log.warning("what earlier workers left cannot be sent: %s", error.message)
            except Exception:
                _log.exception("what earlier workers left cannot be sent")
            self._clock.sleep(_AGAIN_S, self._stopping)
