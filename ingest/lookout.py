"""From the packets of one connection to the pictures that somebody looks at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import av
from av.video.stream import VideoStream

from core.attention import Attention, Sensitivity
from core.frame import Frame, Plane
from core.motion import Motion
from core.pace import Pace

from .decoder import Decoder, packet_of
from .decoding import Decoding
from .motion import MotionGate
from .ring import Ring

_MOST_WAITING: Final = 256
"""Packets that wait to be decoded together: more of them are no stream of pictures that are due now and then."""

See = Callable[[Plane, datetime], Motion]
"""What moves in a picture, by its luma and its moment."""
MakeFrame = Callable[[av.VideoFrame, datetime | None, See | None], Frame]
"""Makes a frame of a picture; its moment where it is known already; what tells its motion, where something does."""
HandOut = Callable[[Frame, bool], None]
"""Takes a frame; whether it is worth waiting a little for those who look, rather than to be overtaken."""


@dataclass(frozen=True, slots=True)
class Watching:
    """How a stream's pictures are watched."""

    fps: float | None = None
    """So many pictures a second are handed out, the newest each time; None: all."""
    attention: Attention = field(default_factory=lambda: Attention(sensitivity=Sensitivity.OFF))

    @property
    def longest_wait(self) -> timedelta:
        """For so long nobody needs to look while nothing moves."""
        return timedelta(seconds=self.attention.idle_look_s)


class Lookout:
    """Decodes what is needed, when it is needed, and hands out the pictures that are due. For the reader's thread.

    Packets wait until a picture is due and are decoded together then: a decoder that is woken for each of them spends
    half of its time on cold caches. While nothing moves they wait for up to `idle_look_s`.
    """

    def __init__(
        self,
        watching: Watching,
        decoder: Decoder,
        ring: Ring,
        *,
        make_frame: MakeFrame,
        hand_out: HandOut,
        pass_over: Callable[[av.VideoFrame], None],
    ) -> None:
        """`pass_over` is told of each decoded picture that is not handed out."""
        self._watching = watching
        self._decoder = decoder
        self._ring = ring
        self._make_frame = make_frame
        self._hand_out = hand_out
        self._pass_over = pass_over
        is_gated = watching.attention.sensitivity is not Sensitivity.OFF
        self._gate = MotionGate(watching.attention) if is_gated else None
        self._pace = None if watching.fps is None else Pace(watching.fps)
        self._waiting: list[tuple[av.Packet[VideoStream], datetime]] = []
        self._last_at: datetime | None = None
        self._next_at: datetime | None = None
        self.decoding = Decoding(watching.attention)

    @property
    def next_at(self) -> datetime | None:
        """Before that moment no packet is needed, so none need be fetched; None: each is needed as it comes."""
        return self._next_at

    def take(self, packet: "av.Packet[VideoStream]", at: datetime) -> None:
        """Take the packet of the moment `at`, which the ring holds already."""
        if self.decoding.heed(at, is_key=packet.is_keyframe):
            self._catch_up(keys=1, motion=None)
        elif self.decoding.is_asleep:
            self._next_at = at + self._watching.longest_wait
            if packet.is_keyframe:
                self._waiting.clear()
                self._glance(packet, at)
        else:
            self._waiting.append((packet, at))
            if self._is_due(at) or len(self._waiting) >= _MOST_WAITING:
                self._decode_waiting()

    def finish(self) -> None:
        """The stream is over: hand out what is still on its way."""
        self._decode_waiting()
        for picture in self._decoder.drain():
            self._show(picture, None, waits=False)

    def _is_due(self, at: datetime) -> bool:
        """Whether the packets that wait are to be decoded now, of which the newest is of the moment `at`."""
        if self._pace is None or self._pace.due is None:
            return True
        if self.decoding.is_calm(at):
            # Nothing moves: it is enough to find out within `idle_look_s` that something does.
            return at - self._waiting[0][1] >= self._watching.longest_wait
        return at >= self._pace.due

    def _decode_waiting(self) -> None:
        """Decode the packets that wait, and show the pictures that are due."""
        waits = len(self._waiting) > 1
        moments = {packet.pts: at for packet, at in self._waiting}
        for packet, _ in self._waiting:
            for picture in self._decoder.decode(packet):
                at = moments.get(picture.pts)
                if self._pace is None or at is None or self._pace.takes(at):
                    self._show(picture, at, waits=waits)
                else:
                    self._pass_over(picture)
        last_at = self._waiting[-1][1] if self._waiting else None
        self._waiting.clear()
        if self._pace is not None and last_at is not None:
            self._next_at = last_at + self._watching.longest_wait if self.decoding.is_calm(last_at) else self._pace.next

    def _show(self, picture: av.VideoFrame, at: datetime | None, *, waits: bool) -> None:
        frame = self._make_frame(picture, at, None if self._gate is None else self._gate.see)
        if frame.motion is not None and frame.motion.is_there:
            self.decoding.moved(frame.at)
        self._tell(frame, waits=waits)

    def _glance(self, packet: "av.Packet[VideoStream]", at: datetime) -> None:
        """Look at a key frame alone; where something moves, go back and look at what came before it."""
        assert self._gate is not None  # noqa: S101 - without a gate nobody sleeps
        for picture in self._decoder.decode_alone(packet):
            frame = self._make_frame(picture, at, self._gate.see)
            if frame.motion is not None and frame.motion.is_there:
                self.decoding.moved(at)
                self.decoding.wake()
                self._pass_over(picture)
                self._catch_up(keys=2, motion=frame.motion)
            else:
                self._tell(frame, waits=False)

    def _catch_up(self, keys: int, motion: Motion | None) -> None:
        """Decode the ring's packets from its last key frame but `keys - 1` on, up to now, and show what is due.

        `motion` is what the pictures are said to show: the gate has seen later ones already.
        """
        see = None if motion is None else (lambda luma, at: motion)
        self._waiting.clear()
        self._decoder.restart()
        self._pace = None if self._watching.fps is None else Pace(self._watching.fps)
        packets = self._ring.back_to_key(keys)
        moments = {packet.pts: packet.at for packet in packets}
        for packet in packets:
            for picture in self._decoder.decode(packet_of(packet)):
                at = moments.get(picture.pts, packet.at)
                is_new = self._last_at is None or at > self._last_at
                if is_new and (self._pace is None or self._pace.takes(at)):
                    self._tell(self._make_frame(picture, at, see), waits=True)
                else:
                    self._pass_over(picture)
        self._next_at = None if self._pace is None else self._pace.next

    def _tell(self, frame: Frame, *, waits: bool) -> None:
        self._last_at = frame.at
        self._hand_out(frame, waits)
