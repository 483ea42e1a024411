"""Opening streams: cameras over RTSP, and files."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import av.error
from av.container import InputContainer

from core.camera import Login, Stream
from core.stream_state import StreamState

from .address import file_path, host_and_port, with_login
from .diagnosis import connection_fault, look_at
from .faults import StreamFault
from .settings import ReaderSettings
from .source import CODECS, Source, source_of
from .tunnel import TlsTunnel, connect_tls

FILE_FORMATS = "mov,mp4,avi,matroska,webm,mpegts,h264,hevc,m4v"
"""Containers that hold pictures themselves: no playlists, no `concat`, nothing that names other files."""


_SOUND_CODECS = ("aac", "pcm_alaw", "pcm_mulaw")


def open_source(stream: Stream, login: Login | None, settings: ReaderSettings, connection: int) -> Source:
    """Open `stream`, whose address was checked. Raises `StreamFault`, which says what is wrong."""
    path = file_path(stream.url)
    if path is not None:
        return source_of(open_file(path, settings), connection, settings)
    if stream.url.startswith("rtsps://"):
        return _open_rtsps(stream, login, settings, connection)
    host, port = host_and_port(stream.url)
    connect = partial(socket.create_connection, (host, port), settings.open_timeout_s)
    container = _open_rtsp(stream.url, login, settings, connect, f"{host}:{port}")
    return _checked(container, connection, settings, None)


def open_file(path: Path, settings: ReaderSettings) -> InputContainer:
    """A file's container. Raises `StreamFault` where it is missing or none of the containers that are read."""
    if not path.is_file():
        raise StreamFault(StreamState.NOT_FOUND, f"there is no file {path}")
    try:
        return av.open(
            f"file:{path}",
            options={
                "protocol_whitelist": "file",
                "format_whitelist": FILE_FORMATS,
                "codec_whitelist": ",".join(CODECS),
                "max_pixels": str(settings.largest_picture_px),
            },
        )
    except (av.error.FFmpegError, ValueError):
        raise StreamFault(
            StreamState.UNREADABLE, f"{path} is no video that can be read, or is cut off before its pictures begin"
        ) from None


def _open_rtsps(stream: Stream, login: Login | None, settings: ReaderSettings, connection: int) -> Source:
    host, port = host_and_port(stream.url)
    where = f"{host}:{port}"
    connect = partial(connect_tls, host, port, stream.pinned_certificate, settings.open_timeout_s)
    try:
        remote = connect()
    except OSError as error:
        raise connection_fault(error, where) from None
    tunnel = TlsTunnel(remote, settings.open_timeout_s)
    try:
        after_host = stream.url.partition("://")[2].partition("/")
        local = f"rtsp://127.0.0.1:{tunnel.port}{after_host[1]}{after_host[2]}"
        return _checked(_open_rtsp(local, login, settings, connect, where), connection, settings, tunnel)
    except BaseException:
        tunnel.close()
        raise


def _checked(container: InputContainer, connection: int, settings: ReaderSettings, tunnel: TlsTunnel | None) -> Source:
    try:
        return source_of(container, connection, settings, tunnel)
    except BaseException:
        container.close()
        raise


def _open_rtsp(
    url: str, login: Login | None, settings: ReaderSettings, connect: Callable[[], socket.socket], where: str
) -> InputContainer:
    try:
        # Sound is not even asked for: it would cost bandwidth, and hide that the pictures have stopped.
        return _call_ffmpeg(url, login, settings, only="video")
    except av.error.HTTPUnauthorizedError:
        raise _unauthorised(login, where) from None
    except av.error.HTTPForbiddenError:
        raise StreamFault(StreamState.UNAUTHORISED, f"{where} forbids this stream to this user") from None
    except av.error.HTTPNotFoundError:
        raise StreamFault(
            StreamState.NOT_FOUND,
            f"{where} has no stream of this path",
            hint="the path is in the camera's manual; upper and lower case differ",
        ) from None
    except av.error.ConnectionRefusedError as error:
        raise connection_fault(error, where) from None
    except av.error.HTTPServerError:
        raise StreamFault(
            StreamState.REFUSED,
            f"{where} answers that it cannot serve the stream now",
            hint="many cameras serve few streams at a time: close other viewers",
        ) from None
    except (av.error.FFmpegError, ValueError):
        raise _no_video(url, login, settings, where) or look_at(connect, where, settings.read_timeout_s) from None


def _unauthorised(login: Login | None, where: str) -> StreamFault:
    if login is None:
        return StreamFault(StreamState.UNAUTHORISED, f"{where} asks for a user name and a password; none is set")
    return StreamFault(StreamState.UNAUTHORISED, f"{where} does not accept this user name and password")


def _no_video(url: str, login: Login | None, settings: ReaderSettings, where: str) -> StreamFault | None:
    """Whether the camera offers something, but no video: a server may refuse to play nothing."""
    try:
        with _call_ffmpeg(url, login, settings, only="audio+data+subtitle") as container:
            if container.streams.video:
                return None
            kinds = ", ".join(sorted({stream.type for stream in container.streams}))
    except (av.error.FFmpegError, ValueError):
        return None
    return StreamFault(StreamState.NO_VIDEO, f"{where} offers no video on this path, only: {kinds}") if kinds else None


def _call_ffmpeg(url: str, login: Login | None, settings: ReaderSettings, *, only: str) -> InputContainer:
    return av.open(
        with_login(url, login),
        format="rtsp",
        options={
            "rtsp_transport": "tcp",
            "allowed_media_types": only,
            "protocol_whitelist": "rtsp,rtp,tcp",
            "codec_whitelist": ",".join(CODECS if only == "video" else (*CODECS, *_SOUND_CODECS)),
            "analyzeduration": str(settings.analyze_ms * 1000),
            "probesize": str(settings.probe_bytes),
            "max_pixels": str(settings.largest_picture_px),
            "user_agent": "sharp-eyes",
        },
        timeout=(settings.open_timeout_s, settings.read_timeout_s),
    )
