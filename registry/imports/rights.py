"""What who imports may do to the cameras of a file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from sqlalchemy import Connection

from core.access import Right
from core.camera import CameraRecord, DepartmentId

from ..reach import EVERYTHING, Reach
from ..visibility import Scope
from .checking import Wanted
from .columns import Column
from .known import Known, Owners
from .matching import gb_code_key, name_key, own_id_key
from .verdicts import Refusal

FindScope: TypeAlias = Callable[[Connection], Scope]
"""What who imports may see and change, as a connection sees the registry: asked anew for each batch. What it raises
ends the import."""

_ALL_THERE_IS: Final = Scope(MappingProxyType(dict.fromkeys(Right, EVERYTHING)), 0, None)


def without_limits(_: Connection) -> Scope:
    """`FindScope` of who may do everything."""
    return _ALL_THERE_IS


def seen_by(known: Known, reach: Reach, managed: Reach) -> Known:
    """`known` without the cameras beyond `reach`: of those it has the keys alone, which are taken. By its address a
    camera is known where it is within `managed`: others are not told what stands where in a network."""
    if reach.is_all and managed.is_all:
        return known
    seen = {number for number, one in known.records.items() if reach.has_camera(number, one.camera.department)}
    changed = {one for one in seen if managed.has_camera(one, known.records[one].camera.department)}
    taken = {gb_code_key(code) for code, number in known.by_gb_code.items() if number not in seen}
    taken |= {own_id_key(*pair) for pair, number in known.by_own_id.items() if number not in seen}
    taken |= {name_key(*pair) for pair, number in known.by_name.items() if number not in seen}
    return replace(
        known,
        by_gb_code={code: number for code, number in known.by_gb_code.items() if number in seen},
        by_own_id={pair: number for pair, number in known.by_own_id.items() if number in seen},
        by_name={pair: number for pair, number in known.by_name.items() if number in seen},
        by_url={pair: [one for one in numbers if one in changed] for pair, numbers in known.by_url.items()},
        taken=frozenset(taken),
    )


@dataclass(frozen=True, slots=True)
class Rights:
    """Says which rows may be taken."""

    manage: Reach
    owners: Owners

    def refusal(self, wanted: Wanted, owner: DepartmentId, before: CameraRecord | None) -> Refusal | None:
        """Why a row may not be taken, which means the camera `before` (None: a new one) and names `owner`."""
        if before is None:
            return None if self._has(owner) else self._foreign(owner, "a department whose cameras you may change")
        own = before.camera.department
        if not self.manage.has_camera(before.camera.id, own):
            column, found = _named_by(wanted, before)
            expected = f"a camera that you may change; this is camera {before.camera.id}"
            return Refusal(column, found, expected, "ask the department that owns it for a grant")
        if wanted.department is None or owner == own or (self._has(owner) and self._has(own)):
            return None
        return self._foreign(owner, f"the camera's own department, {self.owners.names[own]}")

    def _has(self, department: DepartmentId) -> bool:
        return self.manage.is_all or department in self.manage.departments

    def _foreign(self, owner: DepartmentId, expected: str) -> Refusal:
        hint = "a camera is added to a department, and moved between two, by who may change all cameras of them"
        return Refusal(Column.DEPARTMENT, self.owners.names[owner], expected, hint)


def _named_by(wanted: Wanted, before: CameraRecord) -> tuple[Column, str | None]:
    """By which column a row means a camera that may not be changed, and what stands there; it is never the address."""
    for column, has in ((Column.GB_CODE, before.facts.gb_code), (Column.OWN_ID, before.facts.own_id)):
        if has is not None and wanted.fields.get(column) == has:
            return column, has
    return Column.NAME, before.camera.name
