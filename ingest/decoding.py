"""How much of a stream to decode: all of it, or key frames alone while nothing happens.

A key frame costs a decoder a tenth of what its whole group of pictures does, but in between nobody looks. So that is
done only where key frames come often enough, and whoever wakes up goes back to the key frame before the one that woke
them: the packets are in the ring.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from core.attention import Attention, IdleDecoding, Sensitivity

_STAYS_AWAKE: Final = timedelta(seconds=3)
"""For so long after the last motion everything is decoded."""
_GROUPS_SEEN: Final = 3
"""So many groups of pictures in a row must have been short enough."""
_JUMP: Final = timedelta(seconds=2)
"""Packets that go back by more than that are of a clock that was set."""
_TOLERANCE: Final = 1.1
"""Key frames come with jitter."""


def key_frames_suffice(attention: Attention, longest_group: timedelta) -> bool:
    """Whether key frames alone are decoded while nothing moves, where the next one always comes within
    `longest_group`."""
    if attention.sensitivity is Sensitivity.OFF or attention.idle is not IdleDecoding.AUTO:
        return False
    return longest_group <= timedelta(seconds=attention.idle_look_s * _TOLERANCE)


class Decoding:
    """Whether one connection's stream needs decoding in full. `attend` may come from any thread, all else from one."""

    def __init__(self, attention: Attention) -> None:
        self._has_gate = attention.sensitivity is not Sensitivity.OFF
        self._can_sleep = self._has_gate and attention.idle is IdleDecoding.AUTO
        self._longest = timedelta(seconds=attention.idle_look_s * _TOLERANCE)
        self._groups: deque[timedelta] = deque(maxlen=_GROUPS_SEEN)
        self._last_key_at: datetime | None = None
        self._last_at: datetime | None = None
        self._awake_until: datetime | None = None
        self.is_asleep = False
        """Whether key frames alone are to be decoded now."""

    def attend(self, until: datetime) -> None:
        """Decode everything until then at least: something moves, or an object lives that may move."""
        if self._awake_until is None or until > self._awake_until:
            self._awake_until = until

    def moved(self, at: datetime) -> None:
        """Something moved in the picture of the moment `at`."""
        self.attend(at + _STAYS_AWAKE)

    def heed(self, at: datetime, *, is_key: bool) -> bool:
        """Take in that a packet has come. True where this one wakes the decoder up."""
        if self._last_at is not None and self._last_at - at > _JUMP:
            self._awake_until = self._last_key_at = None
            self._groups.clear()
        self._last_at = at
        if self._awake_until is None:
            self.moved(at)
        if is_key:
            if self._last_key_at is not None:
                self._groups.append(at - self._last_key_at)
            self._last_key_at = at
        must_wake = self._is_wanted(at) or not self._key_frames_suffice(at)
        if self.is_asleep:
            self.is_asleep = not must_wake
            return must_wake
        # It falls asleep with a key frame, so that nothing undecoded lies between the last picture and the next.
        self.is_asleep = is_key and not must_wake
        return False

    @property
    def longest_group(self) -> timedelta:
        """How soon the next key frame comes, at the latest, where it has come in time so far."""
        return max(self._groups, default=self._longest) * _TOLERANCE

    def is_calm(self, at: datetime) -> bool:
        """Whether nothing moves, and nobody asked to look closely: then it is enough to look now and then."""
        return self._has_gate and not self._is_wanted(at)

    def wake(self) -> None:
        """Decode everything from now on."""
        self.is_asleep = False

    def _is_wanted(self, at: datetime) -> bool:
        return self._awake_until is not None and at < self._awake_until

    def _key_frames_suffice(self, at: datetime) -> bool:
        if not self._can_sleep or self._last_key_at is None or len(self._groups) < _GROUPS_SEEN:
            return False
        return max(self._groups) <= self._longest and at - self._last_key_at <= self._longest
