"""A camera's own packets for one who looks live: from its newest key frame on, never far behind."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from core.clock import Clock
from core.errors import Unavailable
from core.live_part import LiveKind, LivePart
from core.packet import Packet

from .codec_names import LIVE_CODECS
from .fragments import Fragmenter
from .ring import Following, Ring

_LATE: Final = timedelta(seconds=3)
"""A packet that waited longer than that was not fetched: whoever is so slow goes on at a newer key frame."""
_AGAIN_S: Final = 0.2
"""Between two looks for a connection of the stream."""


class LiveOriginal:
    """The fragments of one camera for one viewer. One thread at a time; `close` it at the end.

    It begins with the newest key frame that the ring holds, so that there is a picture at once, and lasts over
    connections of the stream: each begins an MP4 of its own. It has ended when nobody reads the stream any more, or its
    codec cannot be shown.
    """

    def __init__(self, ring_of: Callable[[], Ring | None], clock: Clock, attend: Callable[[], None]) -> None:
        """`ring_of`: the camera's ring; None where it is not read. `attend` is called while somebody looks: the stream
        is to be read as it comes.

        Raises `Unavailable` where the codec cannot be shown.
        """
        self._ring_of = ring_of
        self._clock = clock
        self._attend = attend
        self._following: Following | None = None
        self._fragmenter: Fragmenter | None = None
        self._ready: deque[LivePart] = deque()
        self._joined_at = clock.now()
        self._needs_key = False
        self.lost = 0
        """Packets that came faster than they were fetched."""
        self.has_ended = False
        ring = ring_of()
        if ring is not None and ring.parameters is not None:
            _check(ring.parameters.codec)

    def next(self, timeout_s: float) -> LivePart | None:
        """The next part; None where none came within `timeout_s`, or it has ended."""
        self._attend()
        if not self._ready and not self.has_ended:
            self._read(timeout_s)
        return self._ready.popleft() if self._ready else None

    def close(self) -> None:
        """Follow no longer."""
        self.has_ended = True
        self._leave()

    def _read(self, timeout_s: float) -> None:
        if self._following is None and not self._join():
            if not self.has_ended:
                self._clock.sleep(min(_AGAIN_S, timeout_s))
            return
        following = self._following
        assert following is not None  # noqa: S101 - it was joined
        packet = following.next(timeout_s)
        if packet is not None:
            self._take(packet, following)
        elif following.has_ended:
            self._leave()

    def _join(self) -> bool:
        ring = self._ring_of()
        if ring is None:
            self.has_ended = True
            return False
        if ring.parameters is None:
            return False
        self._joined_at = self._clock.now()
        self._needs_key = False
        self._following = ring.follow(self._joined_at)
        return True

    def _take(self, packet: Packet, following: Following) -> None:
        if self._is_late(packet):
            self._needs_key = True
        elif packet.is_key:
            self._needs_key = False
        if self._needs_key:
            self.lost += 1
            return
        try:
            if self._fragmenter is None:
                parameters = following.parameters
                if parameters is None or not parameters.width:
                    # Its size is known once a picture was decoded: then it begins anew.
                    self._leave()
                    self._clock.sleep(_AGAIN_S)
                    return
                self._fragmenter = Fragmenter(packet, parameters)
            self._ready += self._fragmenter.put(packet)
        except Unavailable as error:
            self._ready.append(LivePart(LiveKind.END, error.message.encode()))
            self.has_ended = True
            self._leave()

    def _is_late(self, packet: Packet) -> bool:
        """Whether it waited too long. What the ring held is as old as its key frame, and is shown all the same."""
        return packet.at > self._joined_at and self._clock.now() - packet.at > _LATE

    def _leave(self) -> None:
        if self._following is not None:
            self.lost += self._following.lost
            self._following.close()
            self._following = None
        if self._fragmenter is not None:
            self._fragmenter.close()
            self._fragmenter = None


def _check(codec: str) -> None:
    if codec not in LIVE_CODECS:
        raise Unavailable(
            f"the camera sends {codec}, which no browser plays as it comes; expected {', '.join(LIVE_CODECS)}",
            hint="the masked live picture shows every codec",
        )
