"""Opening streams: cameras over RTSP, and files."""

from pathlib import Path

import av
import av.error
from av.container import InputContainer

from core.camera import Login, Stream
from core.stream_state import StreamState

from .address import file_path
from .faults import StreamFault
from .rtsp import Camera
from .settings import ReaderSettings
from .source import CODECS, Source, source_of

FILE_FORMATS = ("mov", "mp4", "avi", "matroska", "webm", "mpegts", "h264", "hevc", "m4v")
"""Containers that hold pictures themselves: no playlists, no `concat`, nothing that names other files."""


def open_source(
    stream: Stream, login: Login | None, settings: ReaderSettings, connection: int, *, with_sound: bool = False
) -> Source:
    """Open `stream`, whose address was checked. Raises `StreamFault`, which says what is wrong.

    `with_sound` lets a camera send its sound too, to see that there is some; packets are those of the video alone.
    """
    path = file_path(stream.url)
    if path is not None:
        container, tunnel = open_file(path, settings), None
    else:
        container, tunnel = Camera(stream, login, settings).open(with_sound=with_sound)
    try:
        return source_of(container, connection, settings, tunnel)
    except BaseException:
        container.close()
        if tunnel is not None:
            tunnel.close()
        raise


def open_file(path: Path, settings: ReaderSettings) -> InputContainer:
    """A file's container. Raises `StreamFault` where it is missing or none of the containers that are read."""
    if not path.is_file():
        raise StreamFault(StreamState.NOT_FOUND, f"there is no file {path}")
    try:
        return av.open(
            f"file:{path}",
            options={
                "protocol_whitelist": "file",
                "format_whitelist": ",".join(FILE_FORMATS),
                "codec_whitelist": ",".join(CODECS),
                "max_pixels": str(settings.largest_picture_px),
            },
        )
    except (av.error.FFmpegError, ValueError):
        raise StreamFault(
            StreamState.UNREADABLE, f"{path} is no video that can be read, or is cut off before its pictures begin"
        ) from None
