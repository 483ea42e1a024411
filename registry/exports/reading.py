"""The cameras of an export, a piece at a time, so that no read of the database lasts long."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import Connection, select

from core.camera import CameraRecord, StreamRole
from core.ids import CameraId

from ..camera_rows import record_of
from ..catalogue.filter import CameraFilter
from ..catalogue.search import BEFORE_ALL, camera_ids
from ..db import Database
from ..imports.checking import URL_COLUMNS, HideSecrets
from ..imports.columns import Column
from ..reach import EVERYTHING, Reach
from ..streams import of_cameras
from ..tables import camera, department

PIECE: Final = 500


@dataclass(frozen=True, slots=True)
class ExportedCamera:
    """A camera as it leaves: no secret of its streams is in it."""

    record: CameraRecord
    department: str
    urls: dict[StreamRole, str]
    """Without login; *** stands where a token was."""

    def values(self) -> dict[Column, Any]:
        """What stands in each column; None and {} where nothing does. As the import takes it again."""
        facts, own = self.record.facts, self.record.camera
        found: dict[Column, Any] = {
            column: getattr(facts, column.value) for column in Column if hasattr(facts, column.value)
        }
        found |= {Column.NAME: own.name, Column.DEPARTMENT: self.department, Column.ENABLED: own.enabled}
        found |= {column: self.urls.get(role) for column, role in URL_COLUMNS.items()}
        return {column: _plain(found[column]) for column in Column if column in found}


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may leave."""

    cameras: Reach
    addresses: Reach
    """Of whose cameras the addresses may leave too: they name what is inside the networks."""


def everything(_: Connection) -> Allowed:
    """All there is, for who runs commands on the machine."""
    return Allowed(EVERYTHING, EVERYTHING)


def exported(
    database: Database,
    asked: CameraFilter,
    hide_secrets: HideSecrets,
    allowed: Callable[[Connection], Allowed] = everything,
) -> Iterator[list[ExportedCamera]]:
    """The cameras that fit `asked`, by number, in pieces. Each piece sees the database, and what is allowed, as it is
    then."""
    after = BEFORE_ALL
    while True:
        with database.read() as connection:
            may = allowed(connection)
            numbers = camera_ids(connection, replace(asked, reach=may.cameras), after=after, limit=PIECE)
            piece = _read(connection, numbers, hide_secrets, may.addresses)
        if piece:
            yield piece
        if len(numbers) < PIECE:
            return
        after = numbers[-1]


def _read(
    connection: Connection, numbers: Sequence[CameraId], hide_secrets: HideSecrets, addresses: Reach
) -> list[ExportedCamera]:
    urls: dict[CameraId, dict[StreamRole, str]] = {}
    for stream in of_cameras(connection, numbers):
        urls.setdefault(stream.camera, {})[stream.role] = hide_secrets(stream.url)
    statement = (
        select(camera, department.c.name.label("department_name"))
        .join(department, department.c.id == camera.c.department)
        .where(camera.c.id.in_(numbers))
        .order_by(camera.c.id)
    )
    return [
        ExportedCamera(
            record_of(row),
            row.department_name,
            urls.get(CameraId(row.id), {}) if addresses.has_camera(row.id, row.department) else {},
        )
        for row in connection.execute(statement)
    ]


def _plain(value: Any) -> Any:
    """`value` as JSON knows it."""
    match value:
        case IntEnum():
            return value.value
        case date():
            return value.isoformat()
        case _:
            return value
