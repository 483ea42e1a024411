"""Calling a camera over RTSP, in the open or through TLS, and saying why it does not answer."""

import socket

import av
import av.error
from av.container import InputContainer

from core.camera import Login, Stream
from core.stream_state import StreamState

from .address import host_and_port, with_login
from .diagnosis import connection_fault, look_at
from .faults import StreamFault
from .settings import ReaderSettings
from .source import CODECS
from .tunnel import TlsTunnel, connect_tls

_SOUND_CODECS = ("aac", "pcm_alaw", "pcm_mulaw")


class Camera:
    """One camera's stream, to be opened once. For one thread."""

    def __init__(self, stream: Stream, login: Login | None, settings: ReaderSettings) -> None:
        self._stream = stream
        self._login = login
        self._settings = settings
        self._host, self._port = host_and_port(stream.url)
        self._where = f"{self._host}:{self._port}"
        self._is_tls = stream.url.startswith("rtsps://")

    def open(self, *, with_sound: bool = False) -> tuple[InputContainer, TlsTunnel | None]:
        """The stream's container, and the tunnel it runs through, to be closed with it. Raises `StreamFault`."""
        try:
            if with_sound:
                return self._call("video+audio", *CODECS, *_SOUND_CODECS)
            # Sound is not even asked for: it would cost bandwidth, and hide that the pictures have stopped.
            return self._call("video", *CODECS)
        except av.error.FFmpegError as error:
            raise self._explain(error) from None
        except ValueError:
            raise self._look() from None

    def _explain(self, error: av.error.FFmpegError) -> StreamFault:
        match error:
            case av.error.HTTPUnauthorizedError():
                return self._unauthorised()
            case av.error.HTTPForbiddenError():
                return StreamFault(StreamState.UNAUTHORISED, f"{self._where} forbids this stream to this user")
            case av.error.HTTPNotFoundError():
                return StreamFault(
                    StreamState.NOT_FOUND,
                    f"{self._where} has no stream of this path",
                    hint="the path is in the camera's manual; upper and lower case differ",
                )
            case av.error.HTTPServerError():
                return StreamFault(
                    StreamState.REFUSED,
                    f"{self._where} answers that it cannot serve the stream now",
                    hint="many cameras serve few streams at a time: close other viewers",
                )
            case _:
                return self._look()

    def _unauthorised(self) -> StreamFault:
        if self._login is None or not self._login.names_user:
            message = f"{self._where} asks for a user name and a password; none is set"
        else:
            message = f"{self._where} does not accept this user name and password"
        return StreamFault(StreamState.UNAUTHORISED, message)

    def _look(self) -> StreamFault:
        """FFmpeg says "invalid data" of nearly everything: look what it is."""
        fault = look_at(self._connect, self._where, self._settings.read_timeout_s) or self._offers_no_video()
        return fault or StreamFault(
            StreamState.UNREADABLE,
            f"{self._where} speaks RTSP, but what it says about this stream cannot be understood",
        )

    def _offers_no_video(self) -> StreamFault | None:
        """Whether the camera offers something, but no video: a server may refuse to play nothing."""
        try:
            container, tunnel = self._call("audio+data+subtitle", *_SOUND_CODECS)
        except (av.error.FFmpegError, ValueError, StreamFault):
            return None
        kinds = sorted({stream.type for stream in container.streams})
        container.close()
        if tunnel is not None:
            tunnel.close()
        if not kinds or "video" in kinds:
            return None
        return StreamFault(
            StreamState.NO_VIDEO, f"{self._where} offers no video on this path, only: {', '.join(kinds)}"
        )

    def _connect(self) -> socket.socket:
        limit_s = self._settings.open_timeout_s
        if self._is_tls:
            return connect_tls(self._host, self._port, self._stream.pinned_certificate, limit_s)
        return socket.create_connection((self._host, self._port), limit_s)

    def _call(self, kinds: str, *codecs: str) -> tuple[InputContainer, TlsTunnel | None]:
        if not self._is_tls:
            return self._call_ffmpeg(self._stream.url, kinds, codecs), None
        try:
            remote = connect_tls(self._host, self._port, self._stream.pinned_certificate, self._settings.open_timeout_s)
        except OSError as error:
            raise connection_fault(error, self._where) from None
        tunnel = TlsTunnel(remote, self._settings.open_timeout_s)
        try:
            _, slash, path = self._stream.url.partition("://")[2].partition("/")
            container = self._call_ffmpeg(f"rtsp://127.0.0.1:{tunnel.port}{slash}{path}", kinds, codecs)
        except BaseException:
            tunnel.close()
            raise
        if tunnel.ended:
            # FFmpeg has left the tunnel and yet has a stream: it was sent elsewhere, and followed without TLS.
            container.close()
            raise StreamFault(
                StreamState.UNTRUSTED, f"{self._where} sends its viewers to another address, away from TLS"
            )
        return container, tunnel

    def _call_ffmpeg(self, url: str, kinds: str, codecs: tuple[str, ...]) -> InputContainer:
        return av.open(
            with_login(url, self._login),
            format="rtsp",
            options={
                "rtsp_transport": "tcp",
                "allowed_media_types": kinds,
                "protocol_whitelist": "rtsp,rtp,tcp",
                "codec_whitelist": ",".join(codecs),
                "analyzeduration": str(self._settings.analyze_ms * 1000),
                "probesize": str(self._settings.probe_bytes),
                "max_pixels": str(self._settings.largest_picture_px),
                "user_agent": "sharp-eyes",
            },
            timeout=(self._settings.open_timeout_s, self._settings.read_timeout_s),
        )
