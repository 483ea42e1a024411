"""A camera that shows a clip: its ring, filled as if the packets arrived now, and a clock that goes along."""

from pathlib import Path

from core.packet import Packet
from ingest.opening import open_file
from ingest.ring import Ring
from ingest.settings import ReaderSettings
from ingest.source import source_of

from .builders import CAMERA, FakeClock, after


class FilmedCamera:
    """A ring, filled with the packets of a clip as if they arrived now, and a clock that goes along."""

    def __init__(self, clip: Path, *, keep_dts: bool = False) -> None:
        self.clock = FakeClock()
        self.ring = Ring()
        settings = ReaderSettings()
        source = source_of(open_file(clip, settings), 1, settings)
        self.parameters = source.parameters
        # What a packet's time is worth comes from its place: files have B-frames and odd starts too.
        self.packets = [
            Packet(
                CAMERA,
                1,
                after(n * 0.04),
                packet.pts,
                packet.dts if keep_dts else None,
                packet.time_base,
                packet.is_keyframe,
                bytes(packet),
            )
            for n, packet in enumerate(source.packets())
        ]
        for _ in source.decoder.decode(None):
            pass
        source.close()

    def play(self, first: int = 0, last: int | None = None) -> None:
        for packet in self.packets[first:last]:
            self.ring.put(packet)
            self.clock.set(packet.at)
