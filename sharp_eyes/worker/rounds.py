"""What the worker does each second: follow the registry, put states on record, show that it is alive."""

import logging
from threading import Event as Flag

from core.clock import Clock
from core.errors import SharpEyesError
from core.ids import CameraId
from events.index.write import close_interrupted
from registry import epochs, stream_states, version, workers
from registry.db import Database
from registry.snapshot import Snapshot, snapshot
from registry.workers import WorkerId

from .city import City
from .status_board import StatusBoard

_log = logging.getLogger(__name__)

_ROUND_S = 1.0


class Rounds:
    """Goes round once a second, in the thread that calls `run`. While the database is away, watching goes on."""

    def __init__(self, database: Database, worker: WorkerId, city: City, board: StatusBoard, clock: Clock) -> None:
        self._database = database
        self._worker = worker
        self._city = city
        self._board = board
        self._clock = clock
        self._version: int | None = None
        self._failing: str | None = None

    def run(self, stop: Flag) -> None:
        """Go round until `stop` is set, then put on record that nobody watches any more."""
        while not stop.is_set():
            self._go_round()
            self._clock.sleep(_ROUND_S, stop)
        try:
            with self._database.write() as connection:
                stream_states.forget(connection, self._city.cameras)
                epochs.end(connection, self._city.cameras, self._clock.now())
        except SharpEyesError as error:
            _log.warning("that the cameras are not watched any more could not be put on record: %s", error.message)

    def _go_round(self) -> None:
        try:
            self._city.look_after()
            self._follow_registry()
            self._put_on_record()
        except SharpEyesError as error:
            if error.message != self._failing:
                _log.warning("this second's round failed: %s", error.message)
            self._failing = error.message
        except Exception:
            # The loop goes on whatever befalls its bookkeeping; the next round tries again.
            _log.exception("this second's round failed")
        else:
            self._failing = None

    def _follow_registry(self) -> None:
        with self._database.read() as connection:
            if version.current(connection) == self._version:
                return
            now_wanted = snapshot(connection)
        self._city.apply(now_wanted.cameras, self._take_epochs(now_wanted))
        self._version = now_wanted.version

    def _take_epochs(self, wanted: Snapshot) -> dict[CameraId, int]:
        """An epoch for each camera that is new here. What earlier epochs left open ends where it was last seen."""
        new = self._city.missing(wanted.cameras)
        if not new:
            return {}
        with self._database.write() as connection:
            taken = epochs.take(connection, self._worker, new, self._clock.now())
            closed = close_interrupted(connection, taken)
        if closed:
            _log.warning("%d events that an earlier worker left open were closed as interrupted", len(closed))
        return taken

    def _put_on_record(self) -> None:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        due = self._board.due(monotonic)
        with self._database.write() as connection:
            workers.beat(connection, self._worker, now)
            stream_states.put(connection, due, now)
        self._board.wrote(due, monotonic)
