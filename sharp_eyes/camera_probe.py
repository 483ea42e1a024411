"""A stream looked at from the command line."""

import base64
from pathlib import Path

from api.probe_words import ProbeOrder, ProbeView
from core.attention import Attention
from core.camera import Stream, StreamId, StreamRole
from core.errors import Unavailable
from core.ids import CameraId
from core.zone import Polygon
from ingest.address import check_address
from registry import privacy_areas

from .preparation import prepare
from .probes import ChildProber
from .settings import Settings


def probe_address(settings: Settings, url: str, certificate: str | None, *, is_shown: bool) -> ProbeView:
    """What is found of the stream at `url`; its picture may be shown where `is_shown`.

    Raises `BadInput` for an address that no reader would open, and `Unavailable` where the registry is away, which says
    what must be black in a picture.
    """
    address, login = check_address(url, files=settings.streams.files)
    stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, address, certificate)
    areas = _areas_at(settings, address) if is_shown else ()
    return ChildProber(settings).probe(ProbeOrder(stream=stream, login=login, attention=Attention(), areas=areas))


def _areas_at(settings: Settings, url: str) -> tuple[Polygon, ...]:
    """The privacy areas of cameras with that address. A machine may look at streams before it has a registry."""
    if settings.database is None and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        return ()
    database = prepare(settings)
    try:
        with database.read() as connection:
            return privacy_areas.polygons_at(connection, url)
    finally:
        database.close()


def write_picture(found: ProbeView, path: Path) -> None:
    """Write the masked picture to `path`, where there is one. Raises `Unavailable` where it cannot be written."""
    if found.picture is None:
        return
    try:
        path.write_bytes(base64.b64decode(found.picture.jpeg))
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from None
