"""One connection to a stream, from its first packet to whatever ends it."""

import threading
from collections.abc import Callable
from dataclasses import replace

import av
import av.error
from av.video.stream import VideoStream

from core.clock import Clock
from core.frame import Frame
from core.ids import CameraId
from core.packet import Packet
from core.stream_state import StreamState

from .arrival import ArrivalTimes
from .decoder import DecodeMark, Decoder
from .faults import StreamFault
from .frames import frame_of
from .parameters import parameter_sets, sequence_headers
from .report import Report
from .ring import Ring
from .settings import ReaderSettings
from .source import Source, check_size


class Connection:
    """Moves packets from a source to the ring and, decoded, to `on_frame`. For the reader's thread."""

    def __init__(
        self,
        camera: CameraId,
        source: Source,
        settings: ReaderSettings,
        clock: Clock,
        ring: Ring,
        report: Report,
        on_frame: Callable[[Frame], None],
        mark: DecodeMark,
        stop: threading.Event,
        *,
        is_file: bool,
    ) -> None:
        self._camera = camera
        self._source = source
        self._settings = settings
        self._clock = clock
        self._ring = ring
        self._report = report
        self._on_frame = on_frame
        self._stop = stop
        self._is_file = is_file
        self._parameters = source.parameters
        self._sequence = b""
        self._decoder = Decoder(source.decoder, mark)
        self._times = ArrivalTimes()
        self._first_pts: int | None = None
        self._last_pts = 0
        self._opened_at = clock.monotonic()
        self._packet_at = self._waits_since = self._opened_at
        self._live_since: float | None = None

    @property
    def number(self) -> int:
        """The number of the connection; a change of the encoding counts as a new one."""
        return self._parameters.connection

    @property
    def live_s(self) -> float:
        """For how long it brought pictures."""
        return 0.0 if self._live_since is None else self._clock.monotonic() - self._live_since

    def read(self) -> None:
        """Read until the stop flag is set or a file is over. Raises `StreamFault` for whatever else ends it."""
        self._packet_at = self._opened_at = self._waits_since = self._clock.monotonic()
        self._report.opened(self._parameters, self._source.declared_fps)
        self._ring.begin(self._parameters)
        try:
            for packet in self._source.packets():
                if self._stop.is_set():
                    return
                self._take(packet)
        except av.error.FFmpegError as error:
            raise self._break_off(error) from None
        if not self._is_file:
            raise self._break_off(None)
        for picture in self._decoder.drain():
            self._hand_out(picture)

    def _take(self, packet: "av.Packet[VideoStream]") -> None:
        if self._is_file:
            self._pace(packet)
            if self._stop.is_set():
                return
        now = self._clock.monotonic()
        if not self._is_file and now - self._waits_since >= self._settings.read_timeout_s:
            # No read lasts that long: FFmpeg was interrupted, and hands out what it still had before it says so.
            raise self._break_off(None)
        self._packet_at = now
        self._report.packet(packet.size)
        self._keep(packet)
        broken = self._decoder.broken
        pictures = self._decoder.decode(packet)
        self._report.broken(self._decoder.broken - broken)
        for picture in pictures:
            self._hand_out(picture)
        self._check_pictures_come()
        self._report.tell_if_due()
        self._waits_since = self._clock.monotonic()

    def _keep(self, packet: "av.Packet[VideoStream]") -> None:
        """Put the packet into the ring; new sequence headers (codec settings, resolution) begin a new connection."""
        data = self._source.encoded(packet)
        if packet.is_keyframe:
            sequence = sequence_headers(self._parameters.codec, data)
            if sequence and self._sequence and sequence != self._sequence:
                self._parameters = replace(
                    self._parameters,
                    connection=self._parameters.connection + 1,
                    headers=parameter_sets(self._parameters.codec, data),
                    width=0,
                    height=0,
                )
                self._ring.begin(self._parameters)
            self._sequence = sequence or self._sequence
        pts = packet.pts if packet.pts is not None else packet.dts
        if self._first_pts is None:
            self._first_pts = pts
        self._ring.put(
            Packet(
                camera=self._camera,
                connection=self._parameters.connection,
                at=self._times.of_packet(pts, self._parameters.time_base, self._clock.now()),
                pts=packet.pts,
                dts=packet.dts,
                time_base=self._parameters.time_base,
                is_key=packet.is_keyframe,
                data=data,
            )
        )

    def _hand_out(self, picture: av.VideoFrame) -> None:
        check_size(picture.width, picture.height, self._settings)
        self._describe(picture)
        self._report.frame(picture.width, picture.height)
        if self._live_since is None:
            self._live_since = self._clock.monotonic()
            self._report.enter(StreamState.LIVE, "pictures arrive")
        if picture.pts is not None:
            self._last_pts = picture.pts - (self._first_pts or 0)
        time_base = self._parameters.time_base
        frame = frame_of(
            picture,
            self._camera,
            at=self._times.of_frame(picture.pts, time_base, self._clock.now()),
            arrived=self._packet_at,
            pts=self._last_pts,
            time_base=time_base,
        )
        if not self._stop.is_set():
            self._on_frame(frame)

    def _describe(self, picture: av.VideoFrame) -> None:
        """What only the decoder knows for sure, and clips need."""
        known = self._parameters
        reorder = self._source.decoder.reorder_depth
        if (known.width, known.height, known.reorder) != (picture.width, picture.height, reorder):
            self._parameters = replace(known, width=picture.width, height=picture.height, reorder=reorder)
            self._ring.describe(self._parameters)

    def _pace(self, packet: "av.Packet[VideoStream]") -> None:
        """A file has all its packets at once; hand them out in the time they were recorded in."""
        stamp = packet.dts if packet.dts is not None else packet.pts
        if stamp is None or self._first_pts is None:
            return
        media_s = float((stamp - self._first_pts) * self._parameters.time_base)
        wait_s = media_s - (self._clock.monotonic() - self._opened_at)
        if wait_s > 0:
            self._clock.sleep(min(wait_s, self._settings.read_timeout_s), self._stop)

    def _check_pictures_come(self) -> None:
        if self._decoder.broken_in_a_row >= self._settings.most_broken_in_a_row:
            raise StreamFault(
                StreamState.UNREADABLE,
                f"{self._decoder.broken_in_a_row} packets in a row could not be decoded as {self._parameters.codec}",
                hint="the connection loses data, or the camera's encoder is at fault",
            )
        waited_s = self._packet_at - self._opened_at
        if self._live_since is None and waited_s > self._settings.first_picture_timeout_s:
            raise StreamFault(
                StreamState.UNREADABLE,
                f"packets arrive, but within {waited_s:.0f} s not one whole picture",
                hint="let the camera send a key frame every few seconds",
            )

    def _break_off(self, error: av.error.FFmpegError | None) -> StreamFault:
        """Why the packets ceased. FFmpeg reports a time limit, a dead server and an end of stream much alike."""
        silent_s = self._clock.monotonic() - self._waits_since
        if silent_s >= 0.9 * self._settings.read_timeout_s:
            return StreamFault(
                StreamState.STALLED, f"nothing has arrived for {silent_s:.0f} s, though the connection stands"
            )
        if isinstance(error, av.error.InvalidDataError):
            return StreamFault(StreamState.UNREADABLE, "what arrives is no stream any more")
        if error is None or isinstance(error, av.error.EOFError):
            return StreamFault(
                StreamState.DISCONNECTED, "the stream ended: the camera or the network closed the connection"
            )
        return StreamFault(StreamState.DISCONNECTED, "the connection broke off")
