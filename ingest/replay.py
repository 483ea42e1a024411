"""A clip through the eyes of a live reader, in media time: which pictures are looked at, and what moves in them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import av
import av.error
from av.video.stream import VideoStream

from core.frame import Frame
from core.ids import EVENT_EPOCH, CameraId
from core.packet import Packet

from .clip_frames import NoMark, open_clip
from .decoder import Decoder
from .frames import frame_of
from .lookout import Lookout, See, Watching
from .ring import Ring


class Replay:
    """The frames of a clip that a reader would hand out, with their motion where there is a gate. To be iterated once.

    `at` is `core.ids.EVENT_EPOCH` plus the time since the first packet. Only for clips whose packets bear times that
    run forward, as those of cameras do. Raises `BadInput`, naming the file, as `clip_frames` does.
    """

    def __init__(self, path: Path, camera: CameraId, watching: Watching) -> None:
        self._camera = camera
        self._source = open_clip(path)
        self._ring = Ring()
        self._ring.begin(self._source.parameters)
        self._shown: list[Frame] = []
        self._first: int | None = None
        self._now = EVENT_EPOCH
        self._lookout = Lookout(
            watching,
            Decoder(self._source.decoder, NoMark()),
            self._ring,
            make_frame=self._frame_of,
            hand_out=self._hand_out,
            pass_over=self._pass_over,
        )
        self.packets = 0
        """Packets read so far."""
        self.pictures = 0
        """Pictures decoded so far."""

    def attend(self, until: datetime) -> None:
        """Decode the whole stream until then at least, as `Reader.attend`."""
        self._lookout.decoding.attend(until)

    def __iter__(self) -> Iterator[Frame]:
        try:
            for packet in self._source.packets():
                self._take(packet)
                yield from self._newly_shown()
        except av.error.FFmpegError:
            # The file ends in the midst of something: what came before is good.
            pass
        finally:
            self._source.close()
        self._lookout.finish()
        yield from self._newly_shown()

    def _take(self, packet: "av.Packet[VideoStream]") -> None:
        time_base = self._source.parameters.time_base
        stamp = packet.pts if packet.pts is not None else packet.dts or 0
        if self._first is None:
            self._first = stamp
        # In decoding order; a picture that is shown before it comes no earlier for that.
        self._now = max(self._now, EVENT_EPOCH + timedelta(seconds=float((stamp - self._first) * time_base)))
        self.packets += 1
        self._ring.put(
            Packet(
                camera=self._camera,
                connection=1,
                at=self._now,
                pts=packet.pts,
                dts=packet.dts,
                time_base=time_base,
                is_key=packet.is_keyframe,
                data=bytes(packet),
            )
        )
        self._lookout.take(packet, self._now)

    def _newly_shown(self) -> Iterator[Frame]:
        frames = list(self._shown)
        self._shown.clear()
        yield from frames

    def _frame_of(self, picture: av.VideoFrame, at: datetime | None, see: See | None) -> Frame:
        moment = at or self._now
        return frame_of(
            picture,
            self._camera,
            at=moment,
            arrived=(moment - EVENT_EPOCH) / timedelta(seconds=1),
            pts=picture.pts or 0,
            time_base=self._source.parameters.time_base,
            see=see,
        )

    def _hand_out(self, frame: Frame, waits: bool) -> None:
        self.pictures += 1
        self._shown.append(frame)

    def _pass_over(self, picture: av.VideoFrame) -> None:
        self.pictures += 1
