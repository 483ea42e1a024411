"""One connection to a stream, from its first packet to whatever ends it."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

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
from .decoding import Decoding
from .faults import StreamFault
from .frames import frame_of
from .lookout import HandOut, Lookout, See, Watching
from .parameters import parameter_sets, sequence_headers
from .report import Report
from .ring import Ring
from .settings import ReaderSettings
from .source import Source, check_size

_SHORTEST_REST_S: Final = 0.02
_LONGEST_REST_S: Final = 1.0
_REST_BYTES: Final = 64_000
"""No more than this may pile up while the reader rests: a socket's buffer that is full makes a camera drop pictures."""
_PATIENCE_S: Final = 2.0
"""For so long one that catches up waits for those who look, all in all: meanwhile the stream goes on."""
_MEASURED_S: Final = 4.0
_FRESH: Final = timedelta(seconds=0.25)
"""A packet that took longer from the camera's clock to here was held up, and others wait behind it."""


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
        watching: Watching,
        on_frame: HandOut,
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
        self._lookout = Lookout(
            watching, self._decoder, ring, make_frame=self._frame_of, hand_out=self._hand_out, pass_over=self._pass_over
        )
        self._times = ArrivalTimes()
        self._rate = 0.0
        self._bytes_since = (clock.now(), report.bytes)
        self._first_pts: int | None = None
        self._last_pts = 0
        self._opened_at = clock.monotonic()
        self._packet_at = self._waits_since = self._opened_at
        self._live_since: float | None = None
        self._patience_s = _PATIENCE_S

    @property
    def number(self) -> int:
        """The number of the connection; a change of the encoding counts as a new one."""
        return self._parameters.connection

    @property
    def decoding(self) -> Decoding:
        """How much of it is decoded."""
        return self._lookout.decoding

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
        self._lookout.finish()

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
        at = self._keep(packet)
        broken = self._decoder.broken
        self._lookout.take(packet, at)
        self._report.broken(self._decoder.broken - broken)
        self._check_pictures_come()
        self._report.tell_if_due()
        self._rest(at)
        self._waits_since = self._clock.monotonic()

    def _rest(self, at: datetime) -> None:
        """Leave what comes in to the system's buffers until it is needed: to be woken for each packet costs a thread
        more than to read five at once. Who is behind does not rest."""
        next_at = self._lookout.next_at
        if next_at is None:
            return
        now = self._clock.now()
        rest_s = (next_at - now).total_seconds()
        # (A packet from the future is one from before our clock was set back.)
        if rest_s >= _SHORTEST_REST_S and timedelta(0) <= now - at <= _FRESH:
            rest_s = min(rest_s, _LONGEST_REST_S, _REST_BYTES / max(self._bytes_a_second(now), 1.0))
            self._clock.sleep(rest_s, self._stop)

    def _bytes_a_second(self, now: datetime) -> float:
        """How much the stream brings, measured over some seconds each time."""
        since, before = self._bytes_since
        passed_s = (now - since).total_seconds()
        bytes_now = self._report.bytes
        if not 0 <= passed_s <= _MEASURED_S:
            self._rate = (bytes_now - before) / max(passed_s, 1.0)
            self._bytes_since = (now, bytes_now)
        return self._rate

    def _keep(self, packet: "av.Packet[VideoStream]") -> datetime:
        """Put the packet into the ring; new sequence headers (codec settings, resolution) begin a new connection.

        The packet's moment.
        """
        data = bytes(packet)
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
        at = self._times.of_packet(pts, self._parameters.time_base, self._clock.now())
        self._ring.put(
            Packet(
                camera=self._camera,
                connection=self._parameters.connection,
                at=at,
                pts=packet.pts,
                dts=packet.dts,
                time_base=self._parameters.time_base,
                is_key=packet.is_keyframe,
                data=data,
            )
        )
        return at

    def _pass_over(self, picture: av.VideoFrame) -> None:
        """Count a picture that nobody needs to look at."""
        self._take_note(picture)
        self._report.frame()
        self._report.not_due()

    def _take_note(self, picture: av.VideoFrame) -> None:
        check_size(picture.width, picture.height, self._settings)
        self._describe(picture)
        self._report.size(picture.width, picture.height)
        if self._live_since is None:
            self._live_since = self._clock.monotonic()
            self._report.enter(StreamState.LIVE, "pictures arrive")

    def _frame_of(self, picture: av.VideoFrame, at: datetime, see: See | None) -> Frame:
        self._take_note(picture)
        if picture.pts is not None:
            self._last_pts = picture.pts - (self._first_pts or 0)
        time_base = self._parameters.time_base
        # It may have waited to be decoded: its packet came that much earlier.
        arrived = self._packet_at - max(0.0, (self._clock.now() - at).total_seconds())
        return frame_of(picture, self._camera, at=at, arrived=arrived, pts=self._last_pts, time_base=time_base, see=see)

    def _hand_out(self, frame: Frame, waits: bool) -> None:
        self._report.frame()
        if self._stop.is_set():
            return
        if not waits:
            self._patience_s = _PATIENCE_S
        began = self._clock.monotonic()
        self._on_frame(frame, waits and self._patience_s > 0)
        if waits:
            self._patience_s -= self._clock.monotonic() - began

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
