"""Cameras in a list are written by hand, and no otherwise than the model of one camera is."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from api.camera_bodies import CameraView
from api.camera_json import camera_json
from api.cameras import view
from core.attention import Attention, IdleDecoding, Sensitivity
from core.box import Point
from core.camera import Camera, CameraRecord, DepartmentId, Stream, StreamId, StreamRole
from core.camera_facts import CameraFacts, PointClass, PtzType, RoomType
from core.gb_tables import GbEdition
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus
from core.zone import Polygon
from ingest.address import hide_secrets
from registry.listing import ListedCamera
from registry.stream_states import SeenStatus
from tests.support.builders import START, after

USE: Any = SimpleNamespace(hide_secrets=hide_secrets)
"""All that is asked of the services."""
ODD_NAME = 'a "gate" \\ \u2028 \n 大门'
FACTS = CameraFacts(
    gb_code="31010400111320000017",
    gb_edition=GbEdition.E2022,
    own_id=ODD_NAME,
    region="310104",
    manufacturer="M",
    model="X",
    address=ODD_NAME,
    longitude=121.44,
    latitude=31.0,
    point_class=PointClass.FIRST,
    ptz_type=PtzType.DOME,
    room_type=RoomType.OUTDOOR,
    look_direction=359.5,
    field_of_view=90.0,
    installed_on=date(2024, 2, 29),
    management_unit="U",
    contact="C",
    recording_days=30,
    resolution="1920x1080",
    uplink="NVR 3",
    extra={"a": [1, 2.5, None, True, {"b": ODD_NAME}]},
)
STREAMS = (
    Stream(StreamId(5), CameraId(17), StreamRole.DETECT, "rtsp://10.0.0.1/a?token=secret", None),
    Stream(StreamId(6), CameraId(17), StreamRole.LIVE, "rtsps://10.0.0.1/b", "ab" * 32),
)
STATUS = StreamStatus(
    CameraId(17),
    StreamId(5),
    StreamState.LIVE,
    START,
    'it was "opened"',
    StreamCounters(1, 2, 3, 4, 5, 6, {"late": 7}),
    codec="h264",
    width=640,
    height=360,
    fps=25.0,
    next_try_at=after(9),
)
BARE = ListedCamera(
    CameraRecord(Camera(CameraId(17), ODD_NAME, DepartmentId(3), True), CameraFacts(), 1),
    ODD_NAME,
    (),
    frozenset(),
    None,
    Attention(),
)
WATCHED = Attention(
    Sensitivity.HIGH, (Polygon((Point(0, 0), Point(0.3, 0), Point(0.3, 0.1))),), IdleDecoding.ALL, idle_look_s=2
)


@pytest.mark.parametrize("manages", [True, False])
@pytest.mark.parametrize(
    "found",
    [
        BARE,
        replace(BARE, record=replace(BARE.record, facts=FACTS, revision=7)),
        replace(BARE, streams=STREAMS, with_login=frozenset({StreamId(6)})),
        replace(BARE, status=SeenStatus(STATUS, after(2.5))),
        replace(BARE, status=SeenStatus(replace(STATUS, fps=None, next_try_at=None, codec=None), START)),
        replace(BARE, attention=WATCHED),
    ],
    ids=["bare", "facts", "streams", "status", "unknown", "attention"],
)
def test_a_camera_is_written_as_its_model_writes_it(found: ListedCamera, manages: bool) -> None:
    written = camera_json(USE, found, manages=manages)
    assert written == view(USE, found, manages=manages).model_dump_json().encode()
    assert CameraView.model_validate_json(written).model_dump_json().encode() == written
