"""Dealing: the eldest live worker gives cameras to the workers, and takes them from those that are silent."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Final, Protocol

from core.clock import Clock
from core.errors import SharpEyesError
from events.takeover import hold_events, take_over
from registry import leases, stream_states
from registry.db import Database, Engines
from registry.deal import Dealt, deal
from registry.deal_plan import Move, Standing, plan, standing
from registry.server_clock import server_time, server_up_for
from registry.workers import LEASE, WorkerId

from .steadiness import CLOCK_WAS_SET

_log = logging.getLogger(__name__)

_ROUND_S: Final = 0.5
_OTHERS_DEAL_S: Final = 1.5
_AGAIN_S: Final = 30.0
"""So often the loads are compared though nothing has changed: streams turn out to be heavier than was thought."""
_AT_ONCE: Final = {Engines.SQLITE: 200, Engines.POSTGRESQL: 2_000}
"""Moves of one transaction: while it lasts nobody writes events."""
_STOP_S: Final = 2.0
_SILENT: Final = "its worker did not answer any more"
_HANDED_OVER: Final = "another worker takes it over"


class Beating(Protocol):
    """What dealing has to know of the worker's heart. Any thread may ask."""

    @property
    def worker(self) -> WorkerId:
        """The worker's number now."""

    @property
    def steady_s(self) -> float:
        """For how long its lease has been renewed without a gap as long as a lease, in seconds; 0 where it is over."""


class Dealing:
    """Looks twice a second whether there is anything to deal, in a thread of its own, from `start` to `stop`."""

    def __init__(self, database: Database, heart: Beating, clock: Clock) -> None:
        self._database = database
        self._heart = heart
        self._clock = clock
        self._settled: tuple[Standing, bool] | None = None
        """As of when there was nothing left to deal, and whether cameras of silent workers were dealt, too."""
        self._settled_at = 0.0
        self._fault: str | None = None
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="dealing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Deal no more."""
        self._stopping.set()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                is_mine = self._look()
            except Exception as error:
                is_mine = True
                if str(error) != self._fault:
                    is_ours = isinstance(error, SharpEyesError)
                    _log.warning("cameras cannot be dealt now: %s", error, exc_info=not is_ours)
                self._fault = str(error)
            else:
                self._fault = None
            self._clock.sleep(_ROUND_S if is_mine else _OTHERS_DEAL_S, self._stopping)

    def _look(self) -> bool:
        """Deal what there is to deal. Whether that is this worker's business."""
        with self._database.read() as connection:
            glance = leases.glance(connection, self._heart.worker)
            if glance.eldest != self._heart.worker:
                return False
            may_take_over = self._may_take_over(server_up_for(connection), server_time(connection))
            now = (standing(connection), may_take_over)
            if now == self._settled and self._clock.monotonic() - self._settled_at < _AGAIN_S:
                return True
            planned = plan(connection, may_take_over=may_take_over)
        at_once = _AT_ONCE[self._database.kind]
        for begin in range(0, max(1, len(planned.moves)), at_once):
            if self._stopping.is_set():
                return True
            self._deal(planned.moves[begin : begin + at_once], may_take_over=may_take_over)
        if planned.is_last:
            self._settled, self._settled_at = now, self._clock.monotonic()
        return True

    def _may_take_over(self, up_for: timedelta | None, told: datetime) -> bool:
        """Everybody must have had the chance to renew: since this worker can, since the database's server is up, and
        since its clock, which told `told` just now, was set."""
        if up_for is not None and timedelta(0) <= up_for < LEASE:  # Less than nothing: the clock was set back since.
            return False
        # In this order: the heart is not steady any more before it follows a clock that was set.
        return abs(told - self._clock.now()) <= CLOCK_WAS_SET and self._heart.steady_s >= LEASE.total_seconds()

    def _deal(self, moves: Sequence[Move], *, may_take_over: bool) -> None:
        with self._database.write() as connection:
            hold_events(connection)
            may_take_over = may_take_over and self._may_take_over(server_up_for(connection), server_time(connection))
            dealt = deal(connection, self._heart.worker, moves, may_take_over=may_take_over)
            for lost in dealt.silenced:
                stream_states.unwatch(connection, lost.cameras, min(lost.heard_at, dealt.at), _SILENT)
            stream_states.unwatch(connection, dealt.handed_over, dealt.at, _HANDED_OVER)
            stream_states.forget(connection, dealt.ended, dealt.at)
            after = {number: epoch + 1 for number, epoch in dealt.left.items()}
            left = take_over(connection, {**dealt.epochs, **after}, dealt.at)
        _tell(dealt, len(left.closed), len(left.without_media))


def _tell(dealt: Dealt, closed: int, given_up: int) -> None:
    for lost in dealt.silenced:
        _log.warning(
            "worker %d has not been heard of since %s; its %d cameras are taken over",
            *(lost.worker, lost.heard_at.isoformat(timespec="seconds"), len(lost.cameras)),
        )
    if closed or given_up:
        _log.warning(
            "%d events were left open and are closed as interrupted, %d events go without their media",
            *(closed, given_up),
        )
    if dealt.epochs or dealt.ended:
        _log.info(
            "dealt %d cameras, of these %d from one worker to another; %d are not watched any more",
            *(len(dealt.epochs), len(dealt.handed_over), len(dealt.ended)),
        )
