"""The desk: claims what is due, hands it out to be sent, and writes what became of it, many at a time."""

import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import SystemRandom
from threading import Condition, Lock, Thread
from typing import Final, Protocol

from sqlalchemy import Connection

from core.clock import Clock
from core.errors import SharpEyesError
from registry.db import Database

from .circuits import UNTRIED, Circuit, begin_trial, read_circuits
from .claiming import Claimed, claim, waiting_among
from .deliveries import DeliveryId
from .living import Living
from .outcomes import Fate, Outcome, write_outcomes
from .preparing import Letter, Prepared, Preparing
from .settings import AlertSettings
from .subscription import Subscription, SubscriptionId, SubscriptionState

_log = logging.getLogger(__name__)

_EVERY_S: Final = 0.25
"""What others have made, and what is to be tried again, is looked for so often."""
_LEAST_PAUSE_S: Final = 0.02
"""Outcomes are collected for so long, so that many are written in one transaction."""
_AFTER_A_FAULT_S: Final = 1.0
_AHEAD: Final = 4
"""Of a receiver that works, so many times as many are claimed as are sent to it at once: it need not wait for us."""
_SLOW_MS: Final = 1_000
"""One that takes longer for an answer waits for nobody: no more are claimed of it than are sent to it at once."""
_KEPT_FREE: Final = 4
"""This part of what may be on its way is for receivers that have nothing on theirs: slow ones must not have it all."""
_MOST_WORKING: Final = 10_000
_LUCK: Final = SystemRandom()


class Sends(Protocol):
    """Sends letters, and tells the desk what became of each by `Desk.put`."""

    def send(self, letters: list[Letter]) -> None:
        """Take these to be sent. Any thread."""


class Desk:
    """Claims and writes in a thread of its own. Several may run on one database.

    A receiver from which nothing was heard yet, or that failed last, is given one letter at a time. So those that hang
    hold up nobody but themselves.
    """

    def __init__(
        self,
        database: Database,
        preparing: Preparing,
        clock: Clock,
        settings: AlertSettings,
        *,
        luck: Callable[[], float] = _LUCK.random,
    ) -> None:
        self._database = database
        self._preparing = preparing
        self._clock = clock
        self._settings = settings
        self._luck = luck
        self._me = secrets.token_hex(8)
        self._living = Living()
        self._known: Mapping[SubscriptionId, Subscription] = {}
        self._held: dict[DeliveryId, tuple[str, float]] = {}
        """What is claimed and not written yet: the receiver that it was claimed for, and when the claim is over, by the
        monotonic clock."""
        self._working: set[str] = set()
        """Receivers that took what was sent to them last."""
        self._slow: set[str] = set()
        """Of those the ones that needed long for it."""
        self._turn_of = 0
        self._claims_made = 0
        self._claims = True
        self._serving = Lock()
        self._wake = Condition()
        # No longer than what is claimed.
        self._outcomes: deque[Outcome] = deque()
        self._is_woken = False
        self._is_stopping = False
        self._is_failing = False
        self._sends: Sends | None = None
        self._thread = Thread(target=self._run, name="desk", daemon=True)

    @property
    def lease(self) -> timedelta:
        """For how long a claim holds: all that are claimed of one receiver can hang one after the other meanwhile."""
        return timedelta(seconds=max(3.0, (_AHEAD + 2) * self._settings.timeout_s))

    def start(self, sends: Sends) -> None:
        """Begin to hand letters out to `sends`."""
        self._sends = sends
        self._thread.start()

    def claim_no_more(self) -> None:
        """From when this returns on nothing more is claimed, and nothing more handed out."""
        self._claims = False
        with self._serving:
            pass

    def stop(self, timeout_s: float) -> None:
        """Write what became of all that was claimed, and be over; wait for that up to `timeout_s` seconds."""
        self._claims = False
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        self._thread.join(timeout_s)

    def wake(self) -> None:
        """There is something new to send. Any thread."""
        with self._wake:
            self._is_woken = True
            self._wake.notify()

    def put(self, outcome: Outcome) -> None:
        """What became of a letter. Any thread."""
        with self._wake:
            self._outcomes.append(outcome)
            self._wake.notify()

    def turn(self) -> list[Letter]:
        """Write the outcomes that there are, claim what is due, and return what is to be sent. Raises `Unavailable`;
        then the outcomes are still there."""
        with self._wake:
            self._is_woken = False
            outcomes = list(self._outcomes)
        now = self._clock.now()
        self._learn(outcomes)
        with self._database.read() as connection:
            self._known = self._living.refresh(connection)
            rooms = self._rooms(read_circuits(connection), outcomes, now) if self._claims else {}
            due = waiting_among(connection, rooms, now)
        if not outcomes and not due:
            return []
        with self._database.write() as connection:
            give_up_after = self._settings.give_up_after
            write_outcomes(connection, outcomes, now, give_up_after=give_up_after, luck=self._luck)
            claimed = self._claim(connection, self._share(rooms, due), now)
        self._written(outcomes)
        return self._prepare(claimed, now) if claimed else []

    def _prepare(self, claimed: list[Claimed], now: datetime) -> list[Letter]:
        over = self._clock.monotonic() + self.lease.total_seconds()
        self._held |= {one.id: (self._known[one.subscription].origin, over) for one in claimed}
        send_by = over - self._settings.timeout_s - 1.0
        try:
            prepared = self._prepared(claimed, now, send_by)
        except SharpEyesError:
            prepared = Prepared([], [self._not_sent(one, Fate.GIVEN_BACK, now) for one in claimed])
        except Exception:
            # Something is wrong with one of them: the others must not suffer.
            prepared = self._prepare_each(claimed, now, send_by)
        for other in prepared.others:
            self.put(other)
        return prepared.letters

    def _prepared(self, claimed: list[Claimed], now: datetime, send_by: float) -> Prepared:
        with self._database.read() as connection:
            return self._preparing.prepare(connection, claimed, self._living.refresh(connection), now, send_by)

    def _prepare_each(self, claimed: list[Claimed], now: datetime, send_by: float) -> Prepared:
        found = Prepared([], [])
        for one in claimed:
            try:
                prepared = self._prepared([one], now, send_by)
            except Exception:
                _log.exception("delivery %d could not be made ready to be sent", one.id)
                prepared = Prepared([], [self._not_sent(one, Fate.FAILED, now, "it could not be made ready")])
            found.letters.extend(prepared.letters)
            found.others.extend(prepared.others)
        return found

    def _not_sent(self, one: Claimed, fate: Fate, now: datetime, error: str = "") -> Outcome:
        return Outcome(one, self._held[one.id][0], fate, now, error=error)

    def _learn(self, outcomes: Iterable[Outcome]) -> None:
        if len(self._working) > _MOST_WORKING:
            self._working.clear()
            self._slow.clear()
        for one in outcomes:
            if one.fate is Fate.ACKNOWLEDGED:
                self._working.add(one.origin)
                (self._slow.add if one.took_ms > _SLOW_MS else self._slow.discard)(one.origin)
            elif one.fate is Fate.FAILED:
                self._working.discard(one.origin)

    def _written(self, outcomes: Sequence[Outcome]) -> None:
        with self._wake:
            for one in outcomes:
                self._outcomes.popleft()
                self._held.pop(one.claimed.id, None)

    def _rooms(
        self, circuits: Mapping[str, Circuit], outcomes: Iterable[Outcome], now: datetime
    ) -> dict[SubscriptionId, int]:
        """How many each subscription can be given, going by its receiver alone."""
        told, at = {one.claimed.id for one in outcomes}, self._clock.monotonic()
        # What nobody told of until its claim was over is anybody's, and must not keep its receiver from being sent to.
        self._held = {number: held for number, held in self._held.items() if number in told or held[1] > at}
        held_by = Counter(origin for number, (origin, _) in self._held.items() if number not in told)
        rooms: dict[SubscriptionId, int] = {}
        for some in self._known.values():
            if some.state is not SubscriptionState.ACTIVE:
                continue
            circuit = circuits.get(some.origin, UNTRIED)
            held = held_by[some.origin]
            works = some.origin in self._working and not circuit.failures
            room = (0 if circuit.is_shut(now) else self._most_of(some.origin) if works else 1) - held
            if room > 0:
                rooms[some.id] = room
        return rooms

    def _most_of(self, origin: str) -> int:
        """How many are claimed at a time of a receiver that works."""
        return self._settings.most_at_once * (1 if origin in self._slow else _AHEAD)

    def _share(self, rooms: Mapping[SubscriptionId, int], due: Iterable[SubscriptionId]) -> dict[SubscriptionId, int]:
        """What each of those that have something due is given, where several have one receiver, and all together no
        more than may be on their way."""
        by_origin: dict[str, list[SubscriptionId]] = {}
        for number in due:
            by_origin.setdefault(self._known[number].origin, []).append(number)
        left = self._settings.senders - len(self._held)
        for_all = left - self._settings.senders // _KEPT_FREE
        busy = {origin for origin, _ in self._held.values()}
        shares: dict[SubscriptionId, int] = {}
        self._turn_of += 1
        origins = sorted(by_origin)
        begin = self._turn_of % max(1, len(origins))
        for origin in origins[begin:] + origins[:begin]:
            numbers = by_origin[origin]
            room = min(rooms[numbers[0]], max(for_all, 0 if origin in busy else min(1, left)))
            first = self._turn_of % len(numbers)
            for nth, number in enumerate(numbers[first:] + numbers[:first]):
                share = room // (len(numbers) - nth) if room >= len(numbers) - nth else min(1, room)
                shares[number] = share
                room -= share
                left -= share
                for_all -= share
        return shares

    def _claim(self, connection: Connection, shares: Mapping[SubscriptionId, int], now: datetime) -> list[Claimed]:
        circuits = read_circuits(connection)
        until = now + self.lease
        trials: set[str] = set()
        wanted: dict[SubscriptionId, int] = {}
        for number, share in shares.items():
            origin = self._known[number].origin
            circuit = circuits.get(origin, UNTRIED)
            if circuit.is_shut(now) or not share or origin in trials:
                continue
            if circuit.is_broken:
                if not begin_trial(connection, origin, now, until):
                    continue
                trials.add(origin)
                share = 1
            wanted[number] = share
        # Where the clock is set forward, or this process sleeps, we may claim again what we have not told of yet.
        self._claims_made += 1
        claimed = claim(connection, wanted, f"{self._me}.{self._claims_made}", now, until)
        return [one.as_trial() if self._known[one.subscription].origin in trials else one for one in claimed]

    def _run(self) -> None:
        while True:
            with self._wake:
                if not (self._outcomes or self._is_woken or self._is_stopping):
                    self._wake.wait(_EVERY_S)
                is_last = self._is_stopping
            is_done = self._serve()
            if is_last and (is_done or self._is_failing):
                return
            self._clock.sleep(_AFTER_A_FAULT_S if self._is_failing else _LEAST_PAUSE_S)

    def _serve(self) -> bool:
        """Whether nothing is left to be written."""
        try:
            with self._serving:
                letters = self.turn()
                if letters and self._sends is not None:
                    self._sends.send(letters)
        except SharpEyesError as error:
            if not self._is_failing:
                _log.error("deliveries cannot be claimed: %s", error.message)
            self._is_failing = True
            return False
        except Exception:
            if not self._is_failing:
                _log.exception("deliveries cannot be claimed")
            self._is_failing = True
            return False
        self._is_failing = False
        with self._wake:
            return not self._outcomes
