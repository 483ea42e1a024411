"""Cameras as their table keeps them."""

import json
from typing import Any

from sqlalchemy import Row

from core.camera import Camera, CameraRecord, DepartmentId
from core.camera_facts import CameraFacts, PointClass, PtzType, RoomType
from core.extra import extra_text
from core.gb_tables import GbEdition
from core.ids import CameraId

from .search_text import search_text


def camera_of(row: Row[tuple[object, ...]]) -> Camera:
    """The camera in a row of the camera table."""
    return Camera(CameraId(row.id), row.name, DepartmentId(row.department), row.enabled)


def record_of(row: Row[tuple[object, ...]]) -> CameraRecord:
    """The camera in a row of the camera table, with its facts."""
    return CameraRecord(camera_of(row), _facts_of(row), row.revision)


def values_of(name: str, facts: CameraFacts) -> dict[str, Any]:
    """The columns of a name and checked facts, and the text by which the camera is searched."""
    return {
        "name": name,
        "gb_code": facts.gb_code,
        "gb_edition": facts.gb_edition,
        "own_id": facts.own_id,
        "region": facts.region,
        "manufacturer": facts.manufacturer,
        "model": facts.model,
        "address": facts.address,
        "longitude": facts.longitude,
        "latitude": facts.latitude,
        "point_class": facts.point_class,
        "ptz_type": facts.ptz_type,
        "room_type": facts.room_type,
        "look_direction": facts.look_direction,
        "field_of_view": facts.field_of_view,
        "installed_on": facts.installed_on,
        "management_unit": facts.management_unit,
        "contact": facts.contact,
        "recording_days": facts.recording_days,
        "resolution": facts.resolution,
        "uplink": facts.uplink,
        "extra": extra_text(facts.extra),
        "search_text": search_text(name, facts),
    }


def _facts_of(row: Row[tuple[object, ...]]) -> CameraFacts:
    return CameraFacts(
        gb_code=row.gb_code,
        gb_edition=None if row.gb_edition is None else GbEdition(row.gb_edition),
        own_id=row.own_id,
        region=row.region,
        manufacturer=row.manufacturer,
        model=row.model,
        address=row.address,
        longitude=row.longitude,
        latitude=row.latitude,
        point_class=None if row.point_class is None else PointClass(row.point_class),
        ptz_type=None if row.ptz_type is None else PtzType(row.ptz_type),
        room_type=None if row.room_type is None else RoomType(row.room_type),
        look_direction=row.look_direction,
        field_of_view=row.field_of_view,
        installed_on=row.installed_on,
        management_unit=row.management_unit,
        contact=row.contact,
        recording_days=row.recording_days,
        resolution=row.resolution,
        uplink=row.uplink,
        extra=json.loads(row.extra),
    )
