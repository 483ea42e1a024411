"""`/camera-points`: all cameras of a filter, to be drawn on a map."""

import gzip
import hashlib
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from core.access import Right
from core.stream_state import StreamState
from registry.catalogue.points import STATES, UNITS_A_DEGREE, points

from .caller import Who
from .catalogue import CatalogueFilter
from .encodings import accepts_gzip
from .fields import Body
from .preconditions import Known
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["cameras"])

_QUICK: Final = 1
"""gzip's level: a higher one saves a tenth of the bytes and costs five times as long."""
_WORTH_PACKING: Final = 1_000
"""Bytes."""


class CameraPoints(Body):
    """Columns of the same length, by camera number."""

    units_a_degree: int = Field(default=UNITS_A_DEGREE, description="Positions are whole numbers of this.")
    states: tuple[StreamState | None, ...] = Field(
        default=STATES, description="What the numbers in `state` mean; null: no worker has looked at the camera."
    )
    id: list[int] = Field(description="The cameras' numbers.")
    longitude: list[int] = Field(description="WGS-84, in units of 1e-5 degrees.", examples=[[11430000]])
    latitude: list[int]
    state: list[int] = Field(description="Places in `states`, from 0.")


@router.get(
    "/camera-points",
    response_model=CameraPoints,
    responses={304: {"description": "The client has them already, by `If-None-Match`."}, **documented(Kind.BAD_INPUT)},
)
def read_points(
    request: Request, use: Use, who: Who, asked: Annotated[CatalogueFilter, Query()], known: Known
) -> Response:
    """All cameras that fit and have a place, in one compact answer: a hundred thousand take a megabyte, packed."""
    with use.database.read() as connection:
        found = points(connection, asked.filter(who.reach(connection, Right.LIST)))
    shown = CameraPoints(id=found.ids, longitude=found.longitudes, latitude=found.latitudes, state=found.states)
    body = shown.model_dump_json().encode()
    packs = len(body) >= _WORTH_PACKING and accepts_gzip(request.headers.get("accept-encoding", ""))
    # Weak: packed and not packed it is the same to who reads it.
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    headers = {"ETag": f'W/"{digest}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if known.has(digest):
        return Response(status_code=304, headers=headers)
    if packs:
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, _QUICK, mtime=0)
    return Response(body, headers=headers, media_type="application/json")
