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
from .moments import Moments
from .motion import MotionGate
from .ring import Ring

_MOST_WAITING: Final = 256
_MOST_WAITING_BYTES: Final = 4_000_000
"""Packets that wait to be decoded together: more of them are no stream of pictures that are due now and then."""

See = Callable[[Plane, datetime], Motion]
"""What moves in a picture, by its luma and its moment."""
MakeFrame = Callable[[av.VideoFrame, datetime, See | None], Frame]
"""Makes a frame of a picture and its moment; what tells its motion, where something does."""
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

    @property
    def interval(self) -> timedelta:
        """From one picture that is handed out to the next."""
        return timedelta(0) if self.fps is None else timedelta(seconds=1 / self.fps)


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
        self._waiting_bytes = 0
        self._moments = Moments()
        self._keys_passed = 0
        """Key frames that nobody looked at since the last glance."""
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
                self._forget_waiting()
                if self._can_wait(at):
                    self._keys_passed += 1
                else:
                    self._glance(packet, at)
        else:
            self._waiting.append((packet, at))
            self._waiting_bytes += packet.size
            if self._is_due(at):
                self._decode_waiting()

    def finish(self) -> None:
        """The stream is over: hand out what is still on its way."""
        self._decode_waiting()
        for picture in self._decoder.drain():
            self._show_if_due(picture, waits=False)

    def _is_due(self, at: datetime) -> bool:
        """Whether the packets that wait are to be decoded now, of which the newest is of the moment `at`."""
        if self._pace is None or self._pace.next is None:
            return True
        if len(self._waiting) >= _MOST_WAITING or self._waiting_bytes >= _MOST_WAITING_BYTES:
            return True
        if self.decoding.is_calm(at):
            # Nothing moves: it is enough to find out within `idle_look_s` that something does.
            return at - self._waiting[0][1] >= self._watching.longest_wait
        return self._pace.is_due(at)

    def _can_wait(self, at: datetime) -> bool:
        """Whether a key frame may go unseen while nothing moves, since the next one comes soon enough."""
        if self._last_at is None:
            return False
        return timedelta(0) <= at + self.decoding.longest_group - self._last_at <= self._watching.longest_wait

    def _forget_waiting(self) -> None:
        self._waiting.clear()
        self._waiting_bytes = 0

    def _decode_waiting(self) -> None:
        """Decode the packets that wait, and show the pictures that are due."""
        if not self._waiting:
            return
        last_at = self._waiting[-1][1]
        # Where one picture is due, and not several, it is the newest there is, and waits for nobody.
        waits = last_at - self._waiting[0][1] > self._watching.interval
        for packet, at in self._waiting:
            self._moments.note(packet.pts, packet.time_base, at)
            for picture in self._decoder.decode(packet):
                self._show_if_due(picture, waits=waits)
        self._forget_waiting()
        if self._pace is not None:
            self._next_at = last_at + self._watching.longest_wait if self.decoding.is_calm(last_at) else self._pace.next

    def _show_if_due(self, picture: av.VideoFrame, *, waits: bool) -> None:
        at = self._moments.of(picture.pts)
        if self._pace is not None and not self._pace.takes(at):
            self._pass_over(picture)
            return
        frame = self._make_frame(picture, at, None if self._gate is None else self._gate.see)
        if frame.motion is not None and frame.motion.is_there:
            self.decoding.moved(frame.at)
        self._tell(frame, waits=waits)

    def _glance(self, packet: "av.Packet[VideoStream]", at: datetime) -> None:
        """Look at a key frame alone; where something moves, go back and look at what came before it."""
        assert self._gate is not None  # noqa: S101 - without a gate nobody sleeps
        keys = 2 + self._keys_passed
        self._keys_passed = 0
        for picture in self._decoder.decode_alone(packet):
            frame = self._make_frame(picture, at, self._gate.see)
            if frame.motion is not None and frame.motion.is_there:
                self.decoding.moved(at)
                self.decoding.wake()
                self._pass_over(picture)
                self._catch_up(keys=keys, motion=frame.motion)
            else:
                self._tell(frame, waits=False)

    def _catch_up(self, keys: int, motion: Motion | None) -> None:
        """Decode the ring's packets from its last key frame but `keys - 1` on, up to now, and show what is due.

        `motion` is what the pictures are said to show: the gate has seen later ones already.
        """
        see = None if motion is None else (lambda luma, at: motion)
        self._keys_passed = 0
        self._forget_waiting()
        self._moments.forget()
        self._decoder.restart()
        self._pace = None if self._watching.fps is None else Pace(self._watching.fps)
        for packet in self._ring.back_to_key(keys):
            self._moments.note(packet.pts, packet.time_base, packet.at)
            for picture in self._decoder.decode(packet_of(packet)):
                at = self._moments.of(picture.pts)
                is_new = self._last_at is None or at > self._last_at
                if is_new and (self._pace is None or self._pace.takes(at)):
                    self._tell(self._make_frame(picture, at, see), waits=True)
                else:
                    self._pass_over(picture)
        self._next_at = None if self._pace is None else self._pace.next

    def _tell(self, frame: Frame, *, waits: bool) -> None:
        self._last_at = frame.at
        self._hand_out(frame, waits)
