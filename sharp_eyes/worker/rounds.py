"""What the worker does each second: follow the registry, put states on record, show that it is alive."""

import logging
from threading import Event as Flag

from core.clock import Clock
from core.errors import SharpEyesError, Unavailable
from core.ids import CameraId
from registry import epochs, stream_states, version, worker_reports, workers
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
        self._faults: set[str] = set()
        """What went wrong in the last round: told once, not each second."""

    def run(self, stop: Flag) -> None:
        """Go round until `stop` is set."""
        while not stop.is_set():
            self._go_round()
            self._clock.sleep(_ROUND_S, stop)

    def _go_round(self) -> None:
        """Each step on its own: a fault in following the registry must not make this worker seem dead."""
        faults: set[str] = set()
        for step in (self._city.look_after, self._follow_registry, self._put_on_record):
            try:
                step()
            except Exception as error:
                fault = str(error)
                if fault not in self._faults:
                    # What we raise on purpose says all in its message.
                    is_ours = isinstance(error, SharpEyesError)
                    _log.warning("this second's round failed: %s", fault, exc_info=not is_ours)
                faults.add(fault)
                if isinstance(error, Unavailable):
                    break  # The next step would wait for the same database.
        self._faults = faults

    def _follow_registry(self) -> None:
        with self._database.read() as connection:
            if version.current(connection) == self._version:
                return
            wanted = snapshot(connection)
        self._city.apply(wanted.cameras, self._take_and_end_epochs(wanted))
        self._version = wanted.version

    def _take_and_end_epochs(self, wanted: Snapshot) -> dict[CameraId, int]:
        """An epoch for each camera that is watched from now on; those of the ones that are not any more end."""
        watched = set(self._city.cameras)
        now_watched = {camera.camera.id for camera in wanted.cameras}
        gone, new = sorted(watched - now_watched), sorted(now_watched - watched)
        if not gone and not new:
            return {}
        now = self._clock.now()
        with self._database.write() as connection:
            epochs.end(connection, gone, now)
            stream_states.forget(connection, gone, now)
            return epochs.take(connection, self._worker, new, now)

    def _put_on_record(self) -> None:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        due, report = self._board.due(), self._board.report(monotonic)
        with self._database.write() as connection:
            workers.beat(connection, self._worker, now)
            stream_states.put(connection, self._worker, due, now)
            if report is not None:
                worker_reports.put(connection, self._worker, report, now)
        self._board.wrote(due, report, monotonic)
