"""The sealer: chains committed rows once a second, and signs where the chain has come to."""

import logging
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Final

from core.clock import Clock
from core.errors import SharpEyesError

from ..db import Database
from .checkpoints import CheckpointKeys, make_checkpoint, newest
from .seals import Sealing, end_of_chain

_log = logging.getLogger(__name__)

_EVERY_S: Final = 1.0
_CHECKPOINT_EVERY: Final = timedelta(hours=1)
_CHECKPOINT_ROWS: Final = 10_000


class Sealer:
    """Seals in a thread of its own. Several may run on one database: what one has sealed is sealed for all."""

    def __init__(self, database: Database, keys: CheckpointKeys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._sealing = Sealing(database)
        self._stop = Flag()
        self._is_failing = False
        self._thread = Thread(target=self._run, name="sealer", daemon=True)

    def start(self) -> None:
        """Begin to seal."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Seal what waits, sign the end, and be over; wait for that up to `timeout_s` seconds."""
        self._stop.set()
        self._thread.join(timeout_s)

    def seal(self) -> None:
        """Seal all that waits, with a checkpoint wherever one is due. Raises `Unavailable`."""
        some: int | None = None
        while some != 0:
            some = self._sealing.seal_some()
            now = self._clock.now()
            if self._is_due(now):
                make_checkpoint(self._database, self._keys, now)

    def _run(self) -> None:
        while True:
            is_last = self._stop.is_set()
            self._turn(is_last=is_last)
            if is_last:
                return
            self._clock.sleep(_EVERY_S, self._stop)

    def _turn(self, *, is_last: bool) -> None:
        try:
            self.seal()
            if is_last:
                make_checkpoint(self._database, self._keys, self._clock.now())
        except SharpEyesError as error:
            if not self._is_failing:
                _log.error("the record is not sealed: %s", error.message)
            self._is_failing = True
        except Exception:
            if not self._is_failing:
                _log.exception("the record is not sealed")
            self._is_failing = True
        else:
            self._is_failing = False

    def _is_due(self, now: datetime) -> bool:
        with self._database.read() as connection:
            end, last = end_of_chain(connection), newest(connection)
        if last is None:
            return end.place > 0
        if end.place <= last.place:
            return False
        return now - last.at >= _CHECKPOINT_EVERY or end.place - last.place >= _CHECKPOINT_ROWS
