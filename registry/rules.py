"""Rules: what makes an event on a camera."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.errors import BadInput, NotFound
from core.ids import CameraId
from core.rule import Rule, RuleId, RuleKind, Severity
from core.zone import Zone, ZoneId

from .cameras import get as get_camera
from .chunks import in_chunks
from .names import check_name
from .tables import rule, zone
from .taken import conflict_if_taken
from .version import raise_version
from .zones import get as get_zone
from .zones import zone_of

_UNSAVED: Final = RuleId(0)
_MILLISECOND: Final = timedelta(milliseconds=1)


def add(
    connection: Connection,
    camera: CameraId,
    *,
    name: str,
    labels: Iterable[str],
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE,
    zone: ZoneId | None = None,
    min_duration: timedelta = timedelta(seconds=1),
    min_score: float = 0.4,
    severity: Severity = Severity.LOW,
    enabled: bool = True,
) -> Rule:
    """A new rule; without a zone it looks at the whole picture. `min_duration` is cut to milliseconds.

    Raises `NotFound` for an unknown camera or zone, `BadInput` for a zone of another camera or nonsense in a field,
    `Conflict` for a name that the camera's rules have taken.
    """
    get_camera(connection, camera)
    place = _zone_on(connection, camera, zone)
    cleaned = frozenset(check_name(label, "a label", field="labels") for label in labels)
    draft = Rule(
        id=_UNSAVED,
        camera=camera,
        name=check_name(name, "a rule"),
        labels=cleaned,
        kind=kind,
        zone=place,
        min_duration=min_duration,
        min_score=min_score,
        severity=severity,
        enabled=enabled,
    )
    with conflict_if_taken(connection, f"camera {camera} has a rule {draft.name!r} already"):
        number = connection.execute(insert(rule).values(values_of(draft)).returning(rule.c.id)).scalar_one()
    raise_version(connection)
    return get(connection, RuleId(number))


def get(connection: Connection, number: RuleId) -> Rule:
    """The rule of that number. Raises `NotFound`."""
    row = connection.execute(select(rule).where(rule.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no rule {number}")
    return rule_of(row, {row.zone: get_zone(connection, ZoneId(row.zone))} if row.zone else {})


def change(connection: Connection, changed: Rule) -> Rule:
    """Make the rule of that number what `changed` says; it stays with its camera. Errors as for `add`."""
    before = get(connection, changed.id)
    name = check_name(changed.name, "a rule")
    _zone_on(connection, before.camera, changed.zone.id if changed.zone else None)
    with conflict_if_taken(connection, f"camera {before.camera} has a rule {name!r} already"):
        values = {**values_of(changed), "camera": before.camera, "name": name}
        connection.execute(update(rule).where(rule.c.id == changed.id).values(values))
    raise_version(connection)
    return get(connection, changed.id)


def remove(connection: Connection, number: RuleId) -> None:
    """Remove a rule. Its events stay. Raises `NotFound`."""
    get(connection, number)
    connection.execute(delete(rule).where(rule.c.id == number))
    raise_version(connection)


def of_camera(connection: Connection, camera: CameraId) -> list[Rule]:
    """The rules of a camera. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    return of_cameras(connection, [camera])


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> list[Rule]:
    """The rules of these cameras, by number."""
    found: list[Rule] = []
    for chunk in in_chunks(cameras):
        rows = connection.execute(select(rule).where(rule.c.camera.in_(chunk)).order_by(rule.c.id)).all()
        looked_at = select(zone).where(zone.c.id.in_(select(rule.c.zone).where(rule.c.camera.in_(chunk))))
        zones = {row.id: zone_of(row) for row in connection.execute(looked_at)}
        found += [rule_of(row, zones) for row in rows]
    return found


def rule_of(row: Row[tuple[object, ...]], zones: Mapping[int, Zone]) -> Rule:
    """The rule in a row of the rule table; `zones` holds its zone, by number."""
    return Rule(
        id=RuleId(row.id),
        camera=CameraId(row.camera),
        name=row.name,
        labels=_labels(row.labels),
        kind=RuleKind(row.kind),
        zone=zones[row.zone] if row.zone else None,
        min_duration=row.min_duration_ms * _MILLISECOND,
        min_score=row.min_score,
        severity=Severity(row.severity),
        enabled=row.enabled,
    )


def values_of(some: Rule) -> dict[str, Any]:
    """The columns of the rule table, but for its number."""
    return {
        "camera": some.camera,
        "name": some.name,
        "kind": some.kind.value,
        "labels": json.dumps(sorted(some.labels), ensure_ascii=False),
        "zone": some.zone.id if some.zone else None,
        "min_duration_ms": some.min_duration // _MILLISECOND,
        "min_score": some.min_score,
        "severity": some.severity.value,
        "enabled": some.enabled,
        "direction": some.direction.value if some.direction else None,
        "min_size": some.min_size,
        "min_path": some.min_path,
        "min_speed": some.min_speed,
        "min_count": some.min_count,
        "hours": "[]",
        "cool_down_ms": some.cool_down // _MILLISECOND,
        "once_per_track": some.once_per_track,
    }


@lru_cache(maxsize=1_000)
def _labels(text: str) -> frozenset[str]:
    """Most rules of a city have the labels of some other one."""
    return frozenset(json.loads(text))


def _zone_on(connection: Connection, camera: CameraId, number: ZoneId | None) -> Zone | None:
    if number is None:
        return None
    found = get_zone(connection, number)
    if found.camera != camera:
        raise BadInput(f"zone {number} belongs to camera {found.camera}, not to camera {camera}", field="zone")
    return found
