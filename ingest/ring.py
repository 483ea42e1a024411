"""The newest packets of a stream, kept so that a clip can begin before its event."""

import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from core.packet import Packet

from .parameters import StreamParameters

_KEEP = timedelta(seconds=15)
_FOLLOWER_LIMIT_BYTES = 4_000_000


class Following:
    """Packets of one connection, in order: first those the ring held, then each as it arrives.

    For one consumer thread. A consumer that is slow loses packets, and goes on at a key frame, so that what it has can
    be decoded; `lost` counts what it missed.
    """

    def __init__(self, ring: "Ring", held: list[Packet], parameters: StreamParameters | None) -> None:
        self._ring = ring
        self._packets = deque(held)
        self._arrived = threading.Condition()
        self._waiting_bytes = 0
        self._backlog = len(held)
        self._needs_key = not held
        self._ended = False
        self.parameters = parameters
        """How the packets are encoded; None until the first packet where the ring was empty."""
        self.lost = 0

    def next(self, timeout_s: float) -> Packet | None:
        """The next packet; None if none came within `timeout_s`, or the connection has ended and all were read."""
        with self._arrived:
            if not self._packets and not self._ended:
                self._arrived.wait(timeout_s)
            if not self._packets:
                return None
            if self._backlog:
                self._backlog -= 1
            else:
                self._waiting_bytes -= len(self._packets[0].data)
            return self._packets.popleft()

    @property
    def has_ended(self) -> bool:
        """Whether no packet will come any more: the connection ended, and all were read."""
        with self._arrived:
            return self._ended and not self._packets

    def close(self) -> None:
        """Follow no longer."""
        self._ring.forget(self)
        self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def end(self) -> None:
        """Called by the ring: no more packets will come."""
        with self._arrived:
            self._ended = True
            self._arrived.notify_all()

    def offer(self, packet: Packet, parameters: StreamParameters | None) -> None:
        """Called by the ring for each new packet."""
        with self._arrived:
            if self._needs_key and not packet.is_key:
                # Before the first packet nothing is missed: there is nothing yet that could go on.
                self.lost += self.parameters is not None
                return
            if self._waiting_bytes + len(packet.data) > _FOLLOWER_LIMIT_BYTES:
                self._needs_key = True
                self.lost += 1
                return
            self._needs_key = False
            self.parameters = parameters
            self._packets.append(packet)
            self._waiting_bytes += len(packet.data)
            self._arrived.notify_all()


class Ring:
    """The newest groups of pictures of a stream's connection: two at least, 15 s where there is room.

    Never more than `limit_bytes`: the oldest groups go first; one group that is larger than that alone is dropped
    whole, since its tail cannot be decoded, and the ring stays empty until the next key frame. One thread writes; any
    thread follows.
    """

    def __init__(self, limit_bytes: int = 8_000_000) -> None:
        self._limit_bytes = limit_bytes
        self._groups: deque[list[Packet]] = deque()
        self._bytes = 0
        self._parameters: StreamParameters | None = None
        self._followers: list[Following] = []
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """Bytes held now."""
        return self._bytes

    @property
    def parameters(self) -> StreamParameters | None:
        """How the current connection is encoded; None where there is none."""
        return self._parameters

    def begin(self, parameters: StreamParameters) -> None:
        """A connection begins, or its encoding changed: what the ring holds is dropped, and followers end."""
        with self._lock:
            self._clear()
            self._parameters = parameters

    def describe(self, parameters: StreamParameters) -> None:
        """More is known about the current connection now: the size of its pictures, say."""
        with self._lock:
            self._parameters = parameters

    def end(self) -> None:
        """The connection is over."""
        with self._lock:
            self._clear()
            self._parameters = None

    def put(self, packet: Packet) -> None:
        """Add the next packet of the current connection."""
        with self._lock:
            if packet.is_key:
                self._groups.append([])
            if self._groups:
                self._groups[-1].append(packet)
                self._bytes += len(packet.data)
                self._shrink(packet.at)
            for follower in self._followers:
                follower.offer(packet, self._parameters)

    def back_to_key(self, keys: int) -> list[Packet]:
        """The packets of the current connection, from the last key frame but `keys - 1` on; all, if it has fewer."""
        with self._lock:
            return [packet for group in list(self._groups)[-keys:] for packet in group]

    def follow(self, since: datetime) -> Following:
        """The packets of the current connection, from the newest key frame at or before `since`, then the live ones.

        Where all are newer than `since` it begins with the oldest; where the ring is empty, with the next key frame.
        """
        with self._lock:
            following = Following(self, list(self._held(since)), self._parameters if self._groups else None)
            self._followers.append(following)
            return following

    def forget(self, following: Following) -> None:
        """Called by a `Following` that is closed."""
        with self._lock:
            if following in self._followers:
                self._followers.remove(following)

    def _held(self, since: datetime) -> Iterator[Packet]:
        first = 0
        for index, group in enumerate(self._groups):
            if group[0].at <= since:
                first = index
        for index, group in enumerate(self._groups):
            if index >= first:
                yield from group

    def _shrink(self, now: datetime) -> None:
        while len(self._groups) > 2 and (self._bytes > self._limit_bytes or now - self._groups[1][0].at >= _KEEP):
            self._drop_oldest()
        while self._groups and self._bytes > self._limit_bytes:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        self._bytes -= sum(len(packet.data) for packet in self._groups.popleft())

    def _clear(self) -> None:
        self._groups.clear()
        self._bytes = 0
        for follower in self._followers:
            follower.end()
        self._followers.clear()
