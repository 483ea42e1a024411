"""What a worker needs to know of the registry, read at once."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from core.camera import Camera, Stream, StreamRole
from core.ids import CameraId
from core.rule import Rule

from . import version
from .cameras import camera_of
from .rules import rule_of
from .streams import stream_of
from .tables import camera, camera_crash, rule, stream, stream_secret, zone
from .zones import zone_of


@dataclass(frozen=True, slots=True)
class WatchedCamera:
    """A camera to be watched: enabled, with a stream to detect on."""

    camera: Camera
    stream: Stream
    """The detect stream."""
    sealed_login: bytes | None = field(repr=False)
    """For `stream_secrets.unseal`."""
    rules: tuple[Rule, ...]
    """The enabled ones, with their zones."""
    quarantine: str | None
    """Why it must not be opened, if so."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All cameras to be watched, as of one version of the registry."""

    version: int
    cameras: tuple[WatchedCamera, ...]


def snapshot(connection: Connection) -> Snapshot:
    """All enabled cameras that have a detect stream, by number. Four queries, however many there are.

    `connection` must see one state throughout, as `Database.read()` gives it.
    """
    watched = camera.c.enabled & camera.c.deleted_at.is_(None)
    feeds = (
        select(stream, stream_secret.c.sealed, camera_crash.c.reason, camera_crash.c.quarantined_at)
        .join(camera, camera.c.id == stream.c.camera)
        .outerjoin(stream_secret, stream_secret.c.stream == stream.c.id)
        .outerjoin(camera_crash, camera_crash.c.camera == stream.c.camera)
        .where(watched, stream.c.role == StreamRole.DETECT.value)
        .order_by(stream.c.camera)
    )
    cameras = {row.id: camera_of(row) for row in connection.execute(select(camera).where(watched))}
    rules = _rules(connection)
    return Snapshot(
        version=version.current(connection),
        cameras=tuple(
            WatchedCamera(
                camera=cameras[row.camera],
                stream=stream_of(row),
                sealed_login=row.sealed,
                rules=tuple(rules[row.camera]),
                quarantine=row.reason if row.quarantined_at is not None else None,
            )
            for row in connection.execute(feeds)
        ),
    )


def _rules(connection: Connection) -> defaultdict[CameraId, list[Rule]]:
    """The enabled rules of the enabled cameras."""
    applied = rule.c.enabled & camera.c.enabled & camera.c.deleted_at.is_(None)
    joined = rule.join(camera, camera.c.id == rule.c.camera)
    looked_at = select(zone).where(zone.c.id.in_(select(rule.c.zone).select_from(joined).where(applied)))
    zones = {row.id: zone_of(row) for row in connection.execute(looked_at)}
    rules: defaultdict[CameraId, list[Rule]] = defaultdict(list)
    for row in connection.execute(select(rule).select_from(joined).where(applied).order_by(rule.c.id)):
        rules[CameraId(row.camera)].append(rule_of(row, zones))
    return rules
