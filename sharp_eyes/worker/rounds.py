"""What the worker does twice a second: follow the registry and the leases, and look after what it watches."""

import logging
from threading import Event as Flag

from core.clock import Clock
from core.errors import SharpEyesError
from registry import leases
from registry.db import Database
from registry.leases import Glance
from registry.snapshot import snapshot
from registry.workers import WorkerId

from .city import City
from .heart import Heart

_log = logging.getLogger(__name__)

_ROUND_S = 0.5


class Rounds:
    """Goes round twice a second, in the thread that calls `run`. While the database is away, watching goes on."""

    def __init__(self, database: Database, heart: Heart, city: City, clock: Clock) -> None:
        self._database = database
        self._heart = heart
        self._city = city
        self._clock = clock
        self._followed: tuple[WorkerId, int, int | None] | None = None
        """The worker, the registry's version and the count of deals that the city was made to follow last."""
        self._faults: set[str] = set()
        """What went wrong in the last round: told once, not each second."""

    def run(self, stop: Flag) -> None:
        """Go round until `stop` is set."""
        while not stop.is_set():
            self._go_round()
            self._clock.sleep(_ROUND_S, stop)

    def _go_round(self) -> None:
        """Each step on its own: a fault in following the registry must not keep the city from being looked after."""
        faults: set[str] = set()
        for step in (self._city.look_after, self._follow):
            try:
                step()
            except Exception as error:
                fault = str(error)
                if fault not in self._faults:
                    # What we raise on purpose says all in its message.
                    is_ours = isinstance(error, SharpEyesError)
                    _log.warning("this second's round failed: %s", fault, exc_info=not is_ours)
                faults.add(fault)
        self._faults = faults

    def _follow(self) -> None:
        worker = self._heart.worker
        watched = self._city.cameras
        with self._database.read() as connection:
            seen = leases.glance(connection, worker)
            if self._followed == _state(worker, seen):
                return
            held = leases.held(connection, worker)
            wanted = snapshot(connection, [*held, *watched])
        self._city.apply(wanted.cameras, {number: lease.epoch for number, lease in held.items()})
        self._followed = _state(worker, seen)


def _state(worker: WorkerId, seen: Glance) -> tuple[WorkerId, int, int | None]:
    return worker, seen.version, seen.dealt
