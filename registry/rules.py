"""Rules: what makes an event on a camera. Those of departments stand in `department_rules`."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar, Unpack

from sqlalchemy import Connection, delete, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, NotFound
from core.ids import CameraId
from core.line import Line, LineId
from core.rule import Rule, RuleId
from core.zone import Zone, ZoneId

from .cameras import get as get_camera
from .chunks import in_chunks
from .department_rules import DepartmentRule
from .lines import get as get_line
from .names import check_name
from .rule_rows import places_of, rule_of, values_of
from .rule_terms import Terms, checked_labels, completed
from .tables import camera as camera_table
from .tables import rule
from .taken import conflict_if_taken
from .version import raise_version
from .zones import get as get_zone

Number = TypeVar("Number")
Place = TypeVar("Place", Zone, Line)

_UNSAVED: Final = RuleId(0)


def add(
    connection: Connection,
    camera: CameraId,
    *,
    name: str,
    labels: Iterable[str] = (),
    zone: ZoneId | None = None,
    line: LineId | None = None,
    **terms: Unpack[Terms],
) -> Rule:
    """A new rule; without a zone it looks at the whole picture. Durations are cut to milliseconds.

    Raises `NotFound` for an unknown camera, `BadInput` in the same words for a zone or line that is unknown or of
    another camera, and for what `core.rule.Rule` refuses, `Conflict` for a name that the camera's rules have taken.
    """
    wanted = draft(connection, camera, name=name, labels=labels, zone=zone, line=line, **terms)
    with conflict_if_taken(connection, f"camera {camera} has a rule {wanted.name!r} already"):
        statement = insert(rule).values(camera=camera, **values_of(wanted)).returning(rule.c.id)
        number = RuleId(connection.execute(statement).scalar_one())
    raise_version(connection)
    return _get(connection, number)


def draft(
    connection: Connection,
    camera: CameraId,
    *,
    name: str,
    labels: Iterable[str] = (),
    zone: ZoneId | None = None,
    line: LineId | None = None,
    **terms: Unpack[Terms],
) -> Rule:
    """The rule that `add` would make, under the number 0; errors as there, but for the name."""
    get_camera(connection, camera)
    wanted = Rule(
        _UNSAVED,
        camera,
        check_name(name, "a rule"),
        checked_labels(labels),
        zone=place_of("zone", get_zone, connection, camera, zone),
        line=place_of("line", get_line, connection, camera, line),
        **completed(terms),
    )
    _check_places(wanted, camera)
    return wanted


def get(connection: Connection, number: RuleId) -> Rule | DepartmentRule:
    """The rule of that number, be it of a camera or of a department. Raises `NotFound`, also when its camera was
    removed."""
    statement = select(rule).outerjoin(camera_table, camera_table.c.id == rule.c.camera)
    row = connection.execute(statement.where(rule.c.id == number, camera_table.c.deleted_at.is_(None))).one_or_none()
    if row is None:
        raise NotFound(f"there is no rule {number}")
    found = rule_of(row, places_of(connection, select(rule).where(rule.c.id == number)))
    return found if row.department is None else DepartmentRule(DepartmentId(row.department), found)


def change(connection: Connection, changed: Rule) -> Rule:
    """Make the rule of that number what `changed` says; it stays with its camera. Errors as for `add`."""
    before = _get(connection, changed.id)
    name = check_name(changed.name, "a rule")
    _check_places(changed, before.camera)
    with conflict_if_taken(connection, f"camera {before.camera} has a rule {name!r} already"):
        values = {**values_of(changed), "name": name}
        connection.execute(update(rule).where(rule.c.id == changed.id).values(values))
    raise_version(connection)
    return _get(connection, changed.id)


def remove(connection: Connection, number: RuleId) -> None:
    """Remove a rule of a camera or of a department. Its events stay. Raises `NotFound`."""
    get(connection, number)
    connection.execute(delete(rule).where(rule.c.id == number))
    raise_version(connection)


def place_of(
    field: str,
    find: Callable[[Connection, Number], Place],
    connection: Connection,
    camera: CameraId,
    number: Number | None,
) -> Place | None:
    """The zone or line that a rule of `camera` names, if it does. Raises `BadInput` where the camera has none of that
    number: whether another one has is not for who may not see that one."""
    if number is None:
        return None
    try:
        found = find(connection, number)
    except NotFound:
        raise _no_place(field, camera, number) from None
    if found.camera != camera:
        raise _no_place(field, camera, number)
    return found


def of_camera(connection: Connection, camera: CameraId) -> list[Rule]:
    """The rules of a camera alone, not those of its department. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    return of_cameras(connection, [camera])


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> list[Rule]:
    """The rules of these cameras alone, by number."""
    found: list[Rule] = []
    for chunk in in_chunks(cameras):
        chosen = select(rule).where(rule.c.camera.in_(chunk))
        places = places_of(connection, chosen)
        found += [rule_of(row, places) for row in connection.execute(chosen.order_by(rule.c.id))]
    return found


def _get(connection: Connection, number: RuleId) -> Rule:
    found = get(connection, number)
    if isinstance(found, DepartmentRule):
        raise NotFound(f"there is no rule {number} of a camera: it is of department {found.department}")
    return found


def _check_places(said: Rule, camera: CameraId) -> None:
    for field, place in (("zone", said.zone), ("line", said.line)):
        if place is not None and place.camera != camera:
            raise _no_place(field, camera, place.id)


def _no_place(field: str, camera: CameraId, number: object) -> BadInput:
    return BadInput(f"camera {camera} has no {field} {number}", field=field)
