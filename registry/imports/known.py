"""What the registry knows of the cameras that a batch of rows may mean: few statements, however many rows."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from core.camera import CameraRecord, DepartmentId, Login, Stream, StreamId, StreamRole
from core.ids import CameraId

from ..camera_rows import record_of
from ..chunks import in_chunks
from ..departments import list_departments
from ..key_ring import KeyRing
from ..stream_secrets import unseal
from ..streams import of_cameras
from ..tables import camera, stream, stream_secret
from .checking import Wanted
from .columns import Column


@dataclass(frozen=True, slots=True)
class Owners:
    """The departments, as rows name them."""

    by_name: Mapping[str, DepartmentId]
    names: Mapping[DepartmentId, str]

    def find(self, text: str) -> DepartmentId | None:
        """The department of that name, or else of that number."""
        found = self.by_name.get(text)
        if found is None and text.isascii() and text.isdigit() and len(text) < 10:
            number = DepartmentId(int(text))
            found = number if number in self.names else None
        return found


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in the registry of all that a batch names."""

    by_gb_code: Mapping[str, CameraId]
    by_own_id: Mapping[tuple[DepartmentId, str], CameraId]
    by_name: Mapping[tuple[DepartmentId, str], CameraId]
    by_url: Mapping[tuple[DepartmentId, str], Sequence[CameraId]]
    """By the address of the detect stream, without secrets."""
    records: Mapping[CameraId, CameraRecord]
    streams: Mapping[CameraId, Mapping[StreamRole, Stream]]
    logins: Mapping[StreamId, Login] = field(repr=False)
    taken: frozenset[str] = frozenset()
    """Keys (`matching.gb_code_key` and its like) of cameras that who imports may not see; nothing else is known of
    them."""


def owners(connection: Connection) -> Owners:
    """All departments."""
    found = list_departments(connection)
    return Owners({one.name: one.id for one in found}, {one.id: one.name for one in found})


def look_up(connection: Connection, keys: KeyRing, batch: Sequence[tuple[Wanted, DepartmentId]]) -> Known:
    """What the registry has of the cameras, and addresses in `batch` (each row with the department it names, or
    that it belongs to where it names none)."""
    codes = {code for wanted, _ in batch if (code := wanted.fields.get(Column.GB_CODE))}
    own_ids = {(owner, own) for wanted, owner in batch if (own := wanted.fields.get(Column.OWN_ID))}
    names = {(owner, name) for wanted, owner in batch if (name := wanted.fields.get(Column.NAME))}
    urls = {address.url for wanted, _ in batch if (address := wanted.addresses.get(StreamRole.DETECT))}
    by_gb_code: dict[str, CameraId] = {}
    for chunk in in_chunks(sorted(codes)):
        for row in connection.execute(_living(camera.c.id, camera.c.gb_code).where(camera.c.gb_code.in_(chunk))):
            by_gb_code[row.gb_code] = CameraId(row.id)
    by_own_id = _by_pairs(connection, camera.c.own_id, own_ids)
    by_name = _by_pairs(connection, camera.c.name, names)
    by_url = _by_urls(connection, urls)
    by_address = (number for numbers in by_url.values() for number in numbers)
    numbers = sorted({*by_gb_code.values(), *by_own_id.values(), *by_name.values(), *by_address})
    records = {
        CameraId(row.id): record_of(row)
        for chunk in in_chunks(numbers)
        for row in connection.execute(select(camera).where(camera.c.id.in_(chunk)))
    }
    streams: dict[CameraId, dict[StreamRole, Stream]] = {}
    for one in of_cameras(connection, numbers):
        streams.setdefault(one.camera, {})[one.role] = one
    logins = _logins(connection, keys, [one for roles in streams.values() for one in roles.values()])
    return Known(by_gb_code, by_own_id, by_name, by_url, records, streams, logins)


def _living(*columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return select(*columns).where(camera.c.deleted_at.is_(None))


def _by_pairs(
    connection: Connection, column: ColumnElement[str], pairs: Set[tuple[DepartmentId, str]]
) -> dict[tuple[DepartmentId, str], CameraId]:
    """The camera of each pair of department and text. Departments and texts are asked for apart: PostgreSQL finds no
    index for a long list of pairs."""
    owners_named = sorted({owner for owner, _ in pairs})
    found: dict[tuple[DepartmentId, str], CameraId] = {}
    for chunk in in_chunks(sorted({text for _, text in pairs})):
        statement = _living(camera.c.id, camera.c.department, column.label("key"))
        for row in connection.execute(statement.where(camera.c.department.in_(owners_named), column.in_(chunk))):
            found[DepartmentId(row.department), row.key] = CameraId(row.id)
    return found


def _by_urls(connection: Connection, urls: Set[str]) -> dict[tuple[DepartmentId, str], list[CameraId]]:
    """Which cameras of which department have a detect stream at each of these addresses. Two statements: PostgreSQL
    walks whole tables for a join of them before it has counted their rows."""
    cameras = {
        CameraId(row.camera): row.url
        for chunk in in_chunks(sorted(urls))
        for row in connection.execute(
            select(stream.c.camera, stream.c.url).where(
                stream.c.url.in_(chunk), stream.c.role == StreamRole.DETECT.value
            )
        )
    }
    found: dict[tuple[DepartmentId, str], list[CameraId]] = {}
    for chunk in in_chunks(sorted(cameras)):
        for row in connection.execute(_living(camera.c.id, camera.c.department).where(camera.c.id.in_(chunk))):
            number = CameraId(row.id)
            found.setdefault((DepartmentId(row.department), cameras[number]), []).append(number)
    return {key: sorted(numbers) for key, numbers in found.items()}


def _logins(connection: Connection, keys: KeyRing, streams: Sequence[Stream]) -> dict[StreamId, Login]:
    cameras = {one.id: one.camera for one in streams}
    return {
        StreamId(row.stream): unseal(keys, cameras[StreamId(row.stream)], row.sealed)
        for chunk in in_chunks(cameras)
        for row in connection.execute(select(stream_secret).where(stream_secret.c.stream.in_(chunk)))
    }
