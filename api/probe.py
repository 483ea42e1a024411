"""`/cameras:probe` and `/cameras/{id}:probe`: look at a stream for some seconds, and say what it is."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from core.attention import Attention
from core.camera import Stream, StreamId, StreamRole
from core.errors import NotFound, Unavailable
from core.ids import CameraId
from registry import attention, stream_secrets, streams

from .answers import CameraInPath
from .fields import Body
from .probe_words import ProbeOrder, ProbeView
from .problems import Kind, documented
from .services import Services, StreamProber, Use
from .streams import Fingerprint, Role, Url

router = APIRouter(prefix="/api/v1", tags=["cameras"])

_NOBODYS: Final = CameraId(1)
"""A stream that is not registered needs some number; it is told to nobody."""


class ProbeAsked(Body):
    """Which stream is to be looked at."""

    url: Url
    pinned_certificate: Fingerprint | None = None


class RoleAsked(Body):
    """Which stream of a camera is to be looked at."""

    role: Role = StreamRole.DETECT


@router.post("/cameras:probe", responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def probe_address(use: Use, body: ProbeAsked) -> ProbeView:
    """Look at a stream that need not be registered, for 6 to 15 s: how it is encoded, whether a browser plays it, how
    much of it will be decoded, what could be better, and one masked picture. Nothing is stored.

    A stream that cannot be opened is told by `state` and `reason`. Two are looked at at once; 503 while more are.
    """
    url, login = use.check_address(body.url)
    stream = Stream(StreamId(1), _NOBODYS, StreamRole.DETECT, url, body.pinned_certificate)
    return _prober(use).probe(ProbeOrder(stream=stream, login=login, attention=Attention()))


@router.post("/cameras/{camera}:probe", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def probe_camera(use: Use, camera: CameraInPath, asked: Annotated[RoleAsked, Query()]) -> ProbeView:
    """Look at a stream of the camera, with its login and its attention, as `/cameras:probe` does.

    Many cameras serve few viewers at a time: this is one more.
    """
    with use.database.read() as connection:
        found = next((one for one in streams.of_camera(connection, camera) if one.role is asked.role), None)
        if found is None:
            raise NotFound(f"camera {camera} has no stream for {asked.role.value}")
        login = stream_secrets.get(connection, use.sealing_key, found)
        closely = attention.get(connection, camera)
    return _prober(use).probe(ProbeOrder(stream=found, login=login, attention=closely))


def _prober(use: Services) -> StreamProber:
    if use.prober is None:
        raise Unavailable("this server looks at no streams")
    return use.prober
