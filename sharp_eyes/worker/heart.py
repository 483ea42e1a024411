"""The worker's heart: it renews the lease, tells the database how the streams are doing, and takes the time from there.

It beats in a thread of its own: whatever else is slow, the lease is kept.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event as Flag
from threading import Thread
from typing import Final

from core.errors import NotFound, SharpEyesError, Unavailable
from registry import leases, stream_states, worker_reports
from registry.db import Database
from registry.workers import WorkerId

from .database_clock import DatabaseClock
from .status_board import StatusBoard
from .steadiness import CLOCK_WAS_SET, Steadiness

_log = logging.getLogger(__name__)

BEAT_S: Final = 1.5
_RETRY_S: Final = 0.5
_STOP_S: Final = 2.0


class Heart:
    """Beats from `start` to `stop`. While the database is away it tries on, and what is watched is watched on."""

    def __init__(
        self,
        database: Database,
        board: StatusBoard,
        clock: DatabaseClock,
        register: Callable[[], WorkerId],
    ) -> None:
        """`register` makes a new worker known: at the start, and where this one was forgotten meanwhile."""
        self._database = database
        self._board = board
        self._clock = clock
        self._register = register
        self._worker = register()
        self._steadiness = Steadiness(clock)
        self._is_anchored = False
        self._fault: str | None = None
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="heart", daemon=True)

    @property
    def worker(self) -> WorkerId:
        """The worker's number now. It has another one after it was thought dead."""
        return self._worker

    @property
    def steady_s(self) -> float:
        """For how long the lease has been renewed without a gap as long as a lease; 0 where it is not in force."""
        return self._steadiness.seconds

    def start(self) -> None:
        """Beat once, then go on in a thread. Raises `Unavailable` where the database is away."""
        self._renew(with_states=False)
        self._thread.start()

    def stop(self) -> None:
        """Beat no more."""
        self._stopping.set()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            is_well = self._beat()
            self._clock.sleep(BEAT_S if is_well else _RETRY_S, self._stopping)

    def _beat(self) -> bool:
        try:
            self._renew(with_states=True)
        except NotFound:
            return self._begin_anew()
        except Unavailable as error:
            self._tell(f"the lease cannot be renewed now, and watching goes on: {error.message}")
            return False
        except Exception as error:
            # What is wrong with a state must not make this worker seem dead.
            self._tell(f"states could not be put on record: {error}", error)
            return self._beat_alone()
        self._fault = None
        return True

    def _beat_alone(self) -> bool:
        try:
            self._renew(with_states=False)
        except SharpEyesError:
            return False
        return True

    def _begin_anew(self) -> bool:
        if self._stopping.is_set():
            return False
        try:
            former, self._worker = self._worker, self._register()
        except SharpEyesError as error:
            self._tell(f"this worker cannot be made known again: {error.message}")
            return False
        _log.warning(
            "worker %d was silent for so long that others took its cameras; it is %d now", former, self._worker
        )
        self._board.tell_again()
        return True

    def _renew(self, *, with_states: bool) -> None:
        monotonic = self._clock.monotonic()
        news, report = (self._board.due(), self._board.report(monotonic)) if with_states else ([], None)
        with self._database.write() as connection:
            asked = self._clock.monotonic()
            renewed = leases.renew(connection, self._worker)
            answered = self._clock.monotonic()
            stream_states.put(connection, self._worker, news, renewed.now)
            if report is not None:
                worker_reports.put(connection, self._worker, report, renewed.now)
        off = self._clock.off(renewed.now, asked, answered)
        # The first time says how far the machine's own clock is off. And only then follow the database's clock: who
        # finds the two together may rely on this worker being steady or not.
        moved = off if self._is_anchored else timedelta(0)
        self._steadiness.renewed(moved)
        self._clock.anchor(renewed.now, asked, answered)
        self._is_anchored = True
        self._board.wrote(news, report, monotonic)
        if abs(moved) > CLOCK_WAS_SET:
            self._board.tell_again()  # What was told before may seem newer than all that is told now.

    def _tell(self, fault: str, error: Exception | None = None) -> None:
        """Once, and not with each beat."""
        if fault != self._fault:
            # What we raise on purpose says all in its message.
            is_ours = error is None or isinstance(error, SharpEyesError)
            _log.warning("%s", fault, exc_info=None if is_ours else error)
        self._fault = fault
