"""`/cameras:probe` and `/cameras/{id}:probe`: look at a stream for some seconds, and say what it is."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from core.access import Right
from core.attention import Attention
from core.camera import Stream, StreamId, StreamRole
from core.errors import Forbidden, NothingToShow, Unavailable
from core.ids import CameraId
from registry import attention, privacy_areas, stream_secrets, streams
from registry.audit.entry import Act

from .answers import CameraInPath
from .caller import Who
from .changing import check_change
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
def probe_address(use: Use, who: Who, body: ProbeAsked) -> ProbeView:
    """Look at a stream that need not be registered, for 6 to 15 s: how it is encoded, whether a browser plays it, how
    much of it will be decoded, what could be better, and one masked picture. Nothing is stored.

    Where a camera has this address, its privacy areas are black. A stream that cannot be opened is told by `state` and
    `reason`. Two are looked at at once; 503 while more are.
    """
    with use.database.read() as connection:
        reach = who.reach(connection, Right.MANAGE)
    if not (reach.is_all or reach.departments or reach.cameras_now):
        raise Forbidden("you may not look at streams: there is no camera that you may change")
    url, login = use.check_address(body.url)
    with use.database.read() as connection:
        areas = privacy_areas.polygons_at(connection, url)
    stream = Stream(StreamId(1), _NOBODYS, StreamRole.DETECT, url, body.pinned_certificate)
    prober = _prober(use)
    who.looks(Act.PROBE, "address", detail={"url": use.hide_secrets(url)})
    return prober.probe(ProbeOrder(stream=stream, login=login, attention=Attention(), areas=areas))


@router.post("/cameras/{camera}:probe", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def probe_camera(use: Use, who: Who, camera: CameraInPath, asked: Annotated[RoleAsked, Query()]) -> ProbeView:
    """Look at a stream of the camera, with its login and its attention, as `/cameras:probe` does.

    Many cameras serve few viewers at a time: this is one more. The picture is for those alone who may see the camera's
    live picture.
    """
    with use.database.read() as connection:
        owner = check_change(connection, who, camera)
        may_see = who.reach(connection, Right.LIVE).has_camera(camera, owner)
        found = next((one for one in streams.of_camera(connection, camera) if one.role is asked.role), None)
        if found is None:
            raise NothingToShow(f"camera {camera} has no stream for {asked.role.value}")
        login = stream_secrets.get(connection, use.sealing_key, found)
        closely = attention.get(connection, camera)
        areas = privacy_areas.polygons_of(connection, camera)
    prober = _prober(use)
    who.looks(Act.PROBE, "camera", camera, camera=camera, departments={owner}, detail={"role": asked.role.value})
    answer = prober.probe(ProbeOrder(stream=found, login=login, attention=closely, areas=areas))
    if may_see:
        return answer
    return answer.model_copy(update={"picture": None, "no_picture": "you may not see the camera's live picture"})


def _prober(use: Services) -> StreamProber:
    if use.prober is None:
        raise Unavailable("this server looks at no streams")
    return use.prober
