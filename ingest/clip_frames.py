"""A clip, picture by picture, in its own time: what `analyze` looks at."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import av
import av.error

from core.errors import BadInput
from core.frame import Frame
from core.ids import EVENT_EPOCH, CameraId

from .decoder import Decoder
from .faults import StreamFault
from .frames import frame_of
from .media_time import MediaTime
from .opening import open_file
from .settings import ReaderSettings
from .source import Source, source_of


class NoMark:
    """A file is decoded for the one who asked for it: if it crashes the decoder, they will notice."""

    def begin(self) -> None: ...

    def end(self) -> None: ...


def clip_frames(path: Path, camera: CameraId) -> Iterator[Frame]:
    """Every picture of a clip, in the order they are shown, as frames of `camera`.

    `at` is `core.ids.EVENT_EPOCH` plus the time since the first picture, `arrived` that time in seconds: two runs over
    one file give equal frames. Times never run backwards. What is damaged is left out until the next key frame.
    Raises `BadInput`, naming the file: missing, a folder, empty, no video, cut off before its first picture.
    """
    source = open_clip(path)
    frame = None
    try:
        for frame in frames_of(source, camera):
            yield frame
    finally:
        source.close()
    if frame is None:
        raise BadInput(f"{path} holds no picture that can be decoded: it is cut off or damaged", field="path")


def open_clip(path: Path) -> Source:
    """The video of a file. Raises `BadInput`, naming the file: missing, a folder, empty, no video."""
    _check(path)
    settings = ReaderSettings()
    try:
        container = open_file(path, settings)
        try:
            return source_of(container, 1, settings)
        except StreamFault as fault:
            container.close()
            raise BadInput(f"{path}: {fault.message}", field="path") from None
    except StreamFault as fault:
        raise BadInput(_explain(path, fault), field="path") from None


def _check(path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise BadInput(f"there is no file {path}", field="path") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", field="path") from None
    if stat.S_ISDIR(status.st_mode):
        raise BadInput(f"{path} is a folder; expected a video", field="path")
    if not stat.S_ISREG(status.st_mode):
        raise BadInput(f"{path} is no file of a disk; expected a video", field="path")
    if status.st_size == 0:
        raise BadInput(f"{path} is empty", field="path")


def _explain(path: Path, fault: StreamFault) -> str:
    try:
        with path.open("rb") as file:
            begins_like_mp4 = file.read(8)[4:] == b"ftyp"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    if begins_like_mp4:
        return f"{path} is an MP4 file that was cut off: the index of its pictures is missing"
    return fault.message


def frames_of(source: Source, camera: CameraId) -> Iterator[Frame]:
    """The pictures of an open file, as `clip_frames` says; none at all where nothing can be decoded."""
    time_base = source.parameters.time_base
    media = MediaTime(time_base, source.declared_fps)
    for picture in _pictures(source):
        at_s = media.seconds(picture)
        yield frame_of(
            picture,
            camera,
            at=EVENT_EPOCH + timedelta(seconds=at_s),
            arrived=at_s,
            pts=media.ticks,
            time_base=time_base,
        )


def _pictures(source: Source) -> Iterator[av.VideoFrame]:
    decoder = Decoder(source.decoder, NoMark())
    try:
        for packet in source.packets():
            yield from decoder.decode(packet)
    except av.error.FFmpegError:
        # The file ends in the midst of something: what came before is good.
        pass
    yield from decoder.drain()
