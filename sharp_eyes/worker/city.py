"""The cameras that this worker watches, kept equal to the registry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.camera import Login
from core.clock import Clock
from core.event import EndReason, Event
from core.ids import CameraId
from core.rule import Rule, RuleId, RuleKind
from core.stream_state import StreamState, StreamStatus
from inference.scheduler import Scheduler
from inference.watch import Watch
from registry.key_ring import KeyRing
from registry.snapshot import WatchedCamera
from registry.stream_secrets import same_login, unseal

from .known_areas import KnownAreas
from .readers import Readers
from .status_board import StatusBoard

_OUTAGE_S = 5.0
"""A stream that was not live for so long ends the events that were going on: nobody can say what became of them."""

_NOT_LOST = frozenset({StreamState.LIVE, StreamState.FINISHED, StreamState.STOPPED})
"""A file that was read to its end is not lost. A stream in quarantine is: no pictures come."""

MakeWatch = Callable[[CameraId, Sequence[Rule], int], Watch]


@dataclass(slots=True)
class _Watched:
    """One camera that is being watched."""

    camera: WatchedCamera
    epoch: int
    not_live_since: float | None = None
    outage_told: bool = False
    lost_told: bool = False
    """Whether its rules were told that the stream is away."""
    rules_since: dict[RuleId, datetime] = field(default_factory=dict)
    """Since when each of its rules has been watching."""


class City:
    """Has cameras read, and hands rules to the watches. One thread calls it."""

    def __init__(
        self,
        scheduler: Scheduler,
        readers: Readers,
        board: StatusBoard,
        clock: Clock,
        *,
        make_watch: MakeWatch,
        on_events: Callable[[Sequence[Event]], None],
        on_pictures_gone: Callable[[CameraId], None],
        areas: KnownAreas,
    ) -> None:
        """`on_pictures_gone`: what was seen of a camera so far shows nothing of it any more. `areas` learns what must
        be black."""
        self._scheduler = scheduler
        self._readers = readers
        self._board = board
        self._clock = clock
        self._make_watch = make_watch
        self._on_events = on_events
        self._on_pictures_gone = on_pictures_gone
        self._areas = areas
        self._watched: dict[CameraId, _Watched] = {}

    @property
    def cameras(self) -> list[CameraId]:
        """The cameras that are watched now."""
        return list(self._watched)

    def apply(self, cameras: Sequence[WatchedCamera], epochs: Mapping[CameraId, int]) -> None:
        """Watch those of `cameras` of which this worker has the lease, by its epoch.

        `cameras` has also those of the ones it has watched so far that are to be watched still, by whomever.
        """
        self._areas.learn(cameras)  # before any picture comes
        known = {camera.camera.id: camera for camera in cameras}
        wanted = {number: camera for number, camera in known.items() if number in epochs}
        gone = [number for number in self._watched if number not in wanted]
        turned = [
            number
            for number, watched in self._watched.items()
            if number in wanted and _is_read_otherwise(watched.camera, wanted[number])
        ]
        self._readers.end([self._watched[number].camera for number in gone + turned])
        for number in gone:
            self._close(number, EndReason.STOPPED if number in known else EndReason.RULE_CHANGED)
        for number in turned:
            # What comes from now on may show another place: no event goes on there.
            self._change(number, lambda watch: watch.close(EndReason.RULE_CHANGED))
            self._on_pictures_gone(number)
        for number, camera in wanted.items():
            if number in self._watched and self._watched[number].epoch != epochs[number]:
                # Another worker had it meanwhile: what was going on is over, and what begins is of the new epoch.
                self._close(number, EndReason.STOPPED)
            if number in self._watched:
                self._follow(self._watched[number], camera)
            else:
                self._begin(camera, epochs[number])
            if not self._readers.is_reading(number):
                self._readers.begin(camera)

    def look_after(self) -> None:
        """End the events of streams that have been away for a while. To be called each second."""
        self._readers.tidy()
        self._board.tell_hanging()
        now = self._clock.monotonic()
        for number, watched in self._watched.items():
            status = self._board.of(watched.camera.stream.id)
            self._tell_rules(number, watched, status)
            if status is None or status.state is StreamState.LIVE:
                watched.not_live_since, watched.outage_told = None, False
                continue
            if watched.not_live_since is None:
                watched.not_live_since = now
            lost = now - watched.not_live_since >= _OUTAGE_S or status.state is StreamState.FINISHED
            if lost and not watched.outage_told:
                watched.outage_told = True
                self._change(number, lambda watch: watch.close(EndReason.STREAM_ENDED))

    def watching_for(self, rule: RuleId) -> dict[CameraId, datetime]:
        """The cameras on which somebody watches for `rule`, and since when. Any thread."""
        return {
            number: since
            for number, watched in list(self._watched.items())
            if (since := watched.rules_since.get(rule)) is not None
        }

    def close(self) -> None:
        """End all events, as at a stop in good order, and stop all readers."""
        cameras = [watched.camera for watched in self._watched.values()]
        for number in list(self._watched):
            self._close(number, EndReason.STOPPED)
        self._readers.end(cameras)

    def _begin(self, camera: WatchedCamera, epoch: int) -> None:
        number = camera.camera.id
        watch = self._make_watch(number, camera.rules, epoch)
        self._scheduler.add(number, watch, department=camera.camera.department)
        self._watched[number] = _Watched(camera, epoch, rules_since=self._from_now(camera.rules))

    def _follow(self, watched: _Watched, camera: WatchedCamera) -> None:
        before, watched.camera = watched.camera, camera
        if before.camera.department != camera.camera.department:
            self._scheduler.move(camera.camera.id, camera.camera.department)
        if before.rules != camera.rules:
            stay = set(before.rules)
            anew = self._from_now([rule for rule in camera.rules if rule not in stay])
            kept = {rule.id: watched.rules_since[rule.id] for rule in camera.rules if rule in stay}
            watched.rules_since = kept | anew
            self._change(camera.camera.id, lambda watch: watch.replace(camera.rules))

    def _tell_rules(self, number: CameraId, watched: _Watched, status: StreamStatus | None) -> None:
        """Let rules of the kind stream_lost know whether pictures come."""
        if not any(rule.kind is RuleKind.STREAM_LOST for rule in watched.camera.rules):
            return
        now = self._clock.now()
        if status is not None and status.state not in _NOT_LOST:
            at = now if watched.lost_told else min(status.since, now)
            watched.lost_told = True
            self._change(number, lambda watch: watch.stream_lost(at))
        elif watched.lost_told:
            at = now if status is None else min(status.since, now)
            watched.lost_told = False
            self._change(number, lambda watch: watch.stream_back(at))

    def _from_now(self, rules: Sequence[Rule]) -> dict[RuleId, datetime]:
        now = self._clock.now()
        return {rule.id: now for rule in rules}

    def _change(self, number: CameraId, order: Callable[[Watch], Sequence[Event]]) -> None:
        self._on_events(self._scheduler.change(number, order))

    def _close(self, number: CameraId, reason: EndReason) -> None:
        del self._watched[number]
        self._on_events(self._scheduler.remove(number).close(reason))
        self._on_pictures_gone(number)


def unsealed(keys: KeyRing, camera: WatchedCamera) -> Login | None:
    """The login of the camera's stream. Raises `BadInput` where none of `keys` opens it."""
    return None if camera.sealed_login is None else unseal(keys, camera.camera.id, camera.sealed_login)


def _is_read_otherwise(before: WatchedCamera, now: WatchedCamera) -> bool:
    if not same_login(before.sealed_login, now.sealed_login):
        return True
    return (before.stream, before.quarantine, before.attention) != (now.stream, now.quarantine, now.attention)
