"""A stream that is watched packet by packet, by its packets' own times: no thread, no waiting."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
from av.video.stream import VideoStream

from core.attention import Attention
from core.frame import Frame
from core.packet import Packet
from ingest.arrival import ArrivalTimes
from ingest.decoder import Decoder
from ingest.frames import frame_of
from ingest.lookout import Lookout, See, Watching
from ingest.opening import open_file
from ingest.ring import Ring
from ingest.settings import ReaderSettings
from ingest.source import source_of

from .builders import CAMERA, START, after

AvPacket: TypeAlias = "av.Packet[VideoStream]"


class CountingMark:
    """How often the decoder was called."""

    def __init__(self) -> None:
        self.calls = 0

    def begin(self) -> None:
        self.calls += 1

    def end(self) -> None: ...


class CountingDecoder(Decoder):
    """Counts the pictures that it gives."""

    pictures = 0

    def decode(self, packet: AvPacket) -> list[av.VideoFrame]:
        pictures = super().decode(packet)
        self.pictures += len(pictures)
        return pictures

    def drain(self) -> list[av.VideoFrame]:
        pictures = super().drain()
        self.pictures += len(pictures)
        return pictures


class Watched:
    """The way of a clip's packets through ring and lookout, and all that came of them."""

    def __init__(self, clip: Path, watching: Watching | None = None, *, keep: bool = True) -> None:
        """`keep`: hold on to the frames handed out; else they are only given to `on_frame`."""
        self.source = source_of(open_file(clip, ReaderSettings()), 1, ReaderSettings())
        self.ring = Ring()
        self.mark = CountingMark()
        self.decoder = CountingDecoder(self.source.decoder, self.mark)
        self.frames: list[Frame] = []
        self.waits: list[bool] = []
        self.handed_out = self.passed_over = self.packets = 0
        self.on_frame: Callable[[Frame], None] = self.frames.append if keep else lambda frame: None
        self.lookout = Lookout(
            watching or Watching(5.0, Attention()),
            self.decoder,
            self.ring,
            make_frame=self._make_frame,
            hand_out=self._hand_out,
            pass_over=self._pass_over,
        )
        self.late_s = 0.0
        """So much later than they were taken packets come: a change is a clock that was set."""
        self._times = ArrivalTimes()
        self._packets = self.source.packets()
        self._begun_at: int | None = None

    def run(
        self, until_s: float = float("inf"), change: "Callable[[AvPacket], AvPacket | None]" = lambda packet: packet
    ) -> "Watched":
        """Take the packets that come before `until_s`, each as `change` makes it; all, and the stream is over."""
        for packet, second in self._arriving():
            changed = change(packet)
            if changed is not None:
                self.take(changed, second)
            if second >= until_s:
                return self
        self.lookout.finish()
        self.source.close()
        return self

    def take(self, packet: AvPacket, second: float) -> None:
        """`packet` comes at that second of the clip."""
        time_base = self.source.parameters.time_base
        at = self._times.of_packet(packet.pts, time_base, after(second + self.late_s))
        self.ring.put(Packet(CAMERA, 1, at, packet.pts, packet.dts, time_base, packet.is_keyframe, bytes(packet)))
        self.packets += 1
        self.lookout.take(packet, at)

    @property
    def seconds(self) -> list[float]:
        """The moments of the frames that were handed out, after the first packet came."""
        return [round((frame.at - START) / timedelta(seconds=1), 3) for frame in self.frames]

    def _arriving(self) -> Iterator[tuple[AvPacket, float]]:
        time_base = self.source.parameters.time_base
        for packet in self._packets:
            stamp = packet.dts if packet.dts is not None else packet.pts
            assert stamp is not None
            if self._begun_at is None:
                self._begun_at = stamp
            yield packet, float((stamp - self._begun_at) * time_base)

    def _make_frame(self, picture: av.VideoFrame, at: datetime, see: See | None) -> Frame:
        return frame_of(picture, CAMERA, at=at, arrived=0.0, pts=picture.pts or 0, time_base=Fraction(1, 1000), see=see)

    def _hand_out(self, frame: Frame, waits: bool) -> None:
        self.handed_out += 1
        self.waits.append(waits)
        self.on_frame(frame)

    def _pass_over(self, picture: av.VideoFrame) -> None:
        self.passed_over += 1
