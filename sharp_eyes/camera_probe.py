"""A stream looked at from the command line."""

import base64
from pathlib import Path

from api.probe_words import ProbeOrder, ProbeView
from core.attention import Attention
from core.camera import Stream, StreamId, StreamRole
from core.errors import Unavailable
from core.ids import CameraId
from ingest.address import check_address

from .probes import ChildProber
from .settings import Settings


def probe_address(settings: Settings, url: str, certificate: str | None) -> ProbeView:
    """What is found of the stream at `url`. Raises `BadInput` for an address that no reader would open."""
    address, login = check_address(url, files=settings.streams.files)
    stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, address, certificate)
    return ChildProber(settings).probe(ProbeOrder(stream=stream, login=login, attention=Attention()))


def write_picture(found: ProbeView, path: Path) -> None:
    """Write the masked picture to `path`, where there is one. Raises `Unavailable` where it cannot be written."""
    if found.picture is None:
        return
    try:
        path.write_bytes(base64.b64decode(found.picture.jpeg))
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from None
