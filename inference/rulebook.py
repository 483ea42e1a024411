"""The rules of one camera, and the events they make of what it shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.crossing import Crossing
from core.errors import BadInput
from core.event import EndReason, Event
from core.ids import CameraId
from core.motion import Motion
from core.rule import Rule, RuleId
from core.track import Track
from core.unfulfilled import RuleAccount

from .life import LifeSettings
from .numbering import Numbering
from .patience import Patience
from .rules import StreamLost, Watcher, sight_of, watcher_of


class RuleBook:
    """Turns the tracks of one camera into versions of events. One thread at a time may call it.

    A version is told when an event is ripe (what the rule watches for has lasted `min_duration`, and all its other
    conditions hold), every ten seconds while it goes on, and when it ends.
    """

    def __init__(
        self,
        camera: CameraId,
        rules: Sequence[Rule],
        epoch: int,
        *,
        first_n: int = 1,
        settings: LifeSettings | None = None,
        lost_s: float = 3.0,
        stationary_lost_s: float = 60.0,
    ) -> None:
        """A track that has not been shown for `lost_s`, or for `stationary_lost_s` where it stood, is over."""
        self._camera = camera
        self._patience = Patience(
            timedelta(seconds=(settings or LifeSettings()).grace_s),
            timedelta(seconds=lost_s),
            timedelta(seconds=max(lost_s, stationary_lost_s)),
        )
        self._numbering = Numbering(camera, epoch, first_n)
        self._watchers: list[Watcher[Any]] = []
        self._last_at: datetime | None = None
        self._newest_track = 0
        self._shown: dict[int, tuple[datetime, bool]] = {}
        """When each track that is not over was shown last, and whether it stood still then."""
        self.crossings: Sequence[Crossing] = ()
        """What flow rules counted in the newest picture."""
        self.replace(rules)

    @property
    def next_n(self) -> int:
        """The origin number that the next event will bear."""
        return self._numbering.next_n

    @property
    def is_idle(self) -> bool:
        """Whether nothing is going on, and no track is awaited: without a picture, nothing would change."""
        return not self._shown and all(watcher.is_idle for watcher in self._watchers)

    def observe(self, at: datetime, tracks: Sequence[Track], motion: Motion | None = None) -> list[Event]:
        """What is new, now that the picture of the moment `at` shows `tracks`: versions, in order.

        `motion` is the gate's word on the picture; None where no gate looked. When time runs backward by more than the
        grace time, what was going on ends where it was last seen, and begins anew; when it runs backward by less, it
        is taken to stand.
        """
        told: list[Event] = []
        if self._last_at is not None and at < self._last_at:
            if self._last_at - at > self._patience.grace:
                told += self.close(EndReason.STREAM_ENDED)
            else:
                at = self._last_at
        self._last_at = at
        sight = sight_of(at, tracks, self._newest_track, motion)
        for watcher in self._watchers:
            told += watcher.observe(sight)
        self.crossings = [crossing for watcher in self._watchers for crossing in watcher.crossings]
        self._remember(at, tracks)
        return told

    def stream_lost(self, at: datetime) -> list[Event]:
        """No pictures come at `at`; to be called about each second until they do: what is new."""
        return [event for watcher in self._of_streams() for event in watcher.lost(at)]

    def stream_back(self, at: datetime) -> list[Event]:
        """Pictures come again: what is over."""
        return [event for watcher in self._of_streams() for event in watcher.back(at)]

    def accounts(self) -> Mapping[RuleId, RuleAccount]:
        """What became of the tracks that are over, for each enabled rule, since it began to watch."""
        return {watcher.rule.id: watcher.account for watcher in self._watchers}

    def replace(self, rules: Sequence[Rule]) -> list[Event]:
        """Watch for `rules` from now on: the ended events of rules that were changed, disabled or removed.

        Rules that stay as they are go on undisturbed. Raises `BadInput` for a rule of another camera.
        """
        for rule in rules:
            if rule.camera != self._camera:
                raise BadInput(
                    f"rule {rule.name!r} belongs to camera {rule.camera}, not to camera {self._camera}", field="rules"
                )
        enabled = [rule for rule in rules if rule.enabled]
        going_on = {watcher.rule: watcher for watcher in self._watchers}
        told = [
            event
            for watcher in self._watchers
            if watcher.rule not in enabled
            for event in watcher.close(EndReason.RULE_CHANGED)
        ]
        self._watchers = [going_on.get(rule) or self._watch(rule) for rule in enabled]
        return told

    def close(self, reason: EndReason) -> list[Event]:
        """End all that is going on, each where it was last seen: the last versions. The rules stay in force."""
        told = [event for watcher in self._watchers for event in watcher.close(reason)]
        self._forget(list(self._shown))
        return told

    def _watch(self, rule: Rule) -> Watcher[Any]:
        watcher = watcher_of(rule, self._numbering, self._patience)
        watcher.watching_since = self._last_at
        return watcher

    def _of_streams(self) -> list[StreamLost]:
        return [watcher for watcher in self._watchers if isinstance(watcher, StreamLost)]

    def _remember(self, at: datetime, tracks: Sequence[Track]) -> None:
        shown = self._shown
        for track in tracks:
            number = track.number
            shown[number] = at, track.is_stationary
            if number > self._newest_track:
                self._newest_track = number
        if len(shown) > len(tracks):
            lost, stationary = self._patience.lost, self._patience.stationary
            over = [
                number for number, (last_at, stood) in shown.items() if at - last_at > (stationary if stood else lost)
            ]
            self._forget(over)

    def _forget(self, numbers: Sequence[int]) -> None:
        """These tracks are over."""
        for number in numbers:
            last_seen_at, _ = self._shown.pop(number)
            for watcher in self._watchers:
                watcher.forget(number, last_seen_at)
