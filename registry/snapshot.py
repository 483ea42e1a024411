"""What a worker needs to know of the registry, read at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, and_, select

from core.attention import Attention
from core.camera import Camera, DepartmentId, Stream, StreamRole
from core.ids import CameraId
from core.rule import Rule
from core.zone import Polygon

from . import version
from .attention import USUAL, attention_of
from .camera_rows import camera_of
from .department_rules import DepartmentRule
from .privacy_areas import privacy_area_of
from .rule_rows import NO_PLACES, places_of, rule_of
from .streams import stream_of
from .tables import camera, camera_attention, camera_crash, privacy_area, rule, stream, stream_secret


@dataclass(frozen=True, slots=True)
class WatchedCamera:
    """A camera to be watched: enabled, with a stream to detect on."""

    camera: Camera
    stream: Stream
    """The detect stream."""
    sealed_login: bytes | None = field(repr=False)
    """For `stream_secrets.unseal`."""
    rules: tuple[Rule, ...]
    """The enabled ones, with their zones and lines; those of its department too, as of this camera."""
    quarantine: str | None
    """Why it must not be opened, if so."""
    attention: Attention = USUAL
    """How closely it is watched."""
    privacy: tuple[Polygon, ...] = ()
    """What is black in every masked rendition of it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Cameras to be watched, as of one version of the registry."""

    version: int
    cameras: tuple[WatchedCamera, ...]


def snapshot(connection: Connection, cameras: Collection[CameraId] | None = None) -> Snapshot:
    """The enabled cameras that have a detect stream, by number: all, or those of `cameras`, which are no more than one
    worker watches. Nine queries, however many there are.

    `connection` must see one state throughout, as `Database.read()` gives it.
    """
    watched = and_(camera.c.enabled, camera.c.deleted_at.is_(None))
    attended = select(camera_attention)
    if cameras is not None:
        watched = and_(watched, camera.c.id.in_(cameras))
        attended = attended.where(camera_attention.c.camera.in_(cameras))
    feeds = (
        select(stream, stream_secret.c.sealed, camera_crash.c.reason, camera_crash.c.quarantined_at)
        .join(camera, camera.c.id == stream.c.camera)
        .outerjoin(stream_secret, stream_secret.c.stream == stream.c.id)
        .outerjoin(camera_crash, camera_crash.c.camera == stream.c.camera)
        .where(watched, stream.c.role == StreamRole.DETECT.value)
        .order_by(stream.c.camera)
    )
    known = {row.id: camera_of(row) for row in connection.execute(select(camera).where(watched))}
    rules = _rules(connection, known.values(), watched)
    privacy = _privacy(connection, watched)
    attentions = {row.camera: attention_of(row) for row in connection.execute(attended)}
    return Snapshot(
        version=version.current(connection),
        cameras=tuple(
            WatchedCamera(
                camera=known[row.camera],
                stream=stream_of(row),
                sealed_login=row.sealed,
                rules=tuple(rules[row.camera]),
                quarantine=row.reason if row.quarantined_at is not None else None,
                attention=attentions.get(row.camera, USUAL),
                privacy=tuple(privacy[row.camera]),
            )
            for row in connection.execute(feeds)
        ),
    )


def _privacy(connection: Connection, watched: ColumnElement[bool]) -> defaultdict[CameraId, list[Polygon]]:
    """The privacy areas of the cameras that are `watched`, by number."""
    living = select(privacy_area).join(camera, camera.c.id == privacy_area.c.camera)
    areas: defaultdict[CameraId, list[Polygon]] = defaultdict(list)
    for row in connection.execute(
        living.where(privacy_area.c.deleted_at.is_(None), watched).order_by(privacy_area.c.id)
    ):
        area = privacy_area_of(row)
        areas[area.camera].append(area.polygon)
    return areas


def _rules(
    connection: Connection, cameras: Iterable[Camera], watched: ColumnElement[bool]
) -> defaultdict[CameraId, list[Rule]]:
    """The enabled rules of these cameras, which are those that are `watched`, and of their departments; by number."""
    applied = select(rule).join(camera, camera.c.id == rule.c.camera).where(rule.c.enabled, watched)
    places = places_of(connection, applied)
    rules: defaultdict[CameraId, list[Rule]] = defaultdict(list)
    for row in connection.execute(applied):
        rules[CameraId(row.camera)].append(rule_of(row, places))
    standing: defaultdict[DepartmentId, list[DepartmentRule]] = defaultdict(list)
    for row in connection.execute(select(rule).where(rule.c.enabled, rule.c.department.is_not(None))):
        owner = DepartmentId(row.department)
        standing[owner].append(DepartmentRule(owner, rule_of(row, NO_PLACES)))
    for one in cameras:
        rules[one.id] += [each.on(one.id) for each in standing[one.department]]
        rules[one.id].sort(key=lambda some: some.id)
    return rules
