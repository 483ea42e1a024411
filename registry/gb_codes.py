"""Giving out codes of GB/T 28181: the next serial of a beginning, each at most once."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.camera import Camera, DepartmentId
from core.errors import BadInput, Conflict
from core.gb_code import LAST_SERIAL, GbCode, check_industry
from core.gb_tables import GbEdition

from .camera_rows import camera_of
from .db import is_sqlite
from .departments import get as get_department
from .regions import Region, find
from .regions import get as get_region
from .tables import camera, gb_counter

_LOOKED_AT: Final = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What the registry knows of a code."""

    region: Region | None
    """That of its first digits."""
    camera: Camera | None
    """The one that has it."""


def known(connection: Connection, code: GbCode) -> Known:
    """What the registry knows of `code`."""
    asked = sorted({code.division, code.centre[:6], code.centre}, key=len, reverse=True)
    area = next((found for one in asked if (found := find(connection, one)) is not None), None)
    having = select(camera).where(camera.c.gb_code == code.text, camera.c.deleted_at.is_(None))
    row = connection.execute(having).one_or_none()
    return Known(area, None if row is None else camera_of(row))


def centre_of(connection: Connection, region: str) -> str:
    """Digits 1 to 8 for cameras of a region: its code filled up with 0; of a township, that of its county.

    Raises `NotFound` for an unknown region.
    """
    code = get_region(connection, region).code
    return (code[:6] if len(code) > 8 else code).ljust(8, "0")


def industry_of(connection: Connection, department: DepartmentId, edition: GbEdition) -> str:
    """Digits 9 and 10 for a department's cameras. Raises `NotFound`, and `BadInput` where it has none so."""
    owner = get_department(connection, department)
    code = owner.gb_industry.get(edition)
    if code is None:
        raise BadInput(
            f"department {department} ({owner.name!r}) has no industry code of the edition of {edition.value}",
            field="industry",
            hint="give one here, or set the department's gb_industry",
        )
    return code


def give_out(
    connection: Connection, *, centre: str, industry: str, kind: str, network: str, edition: GbEdition
) -> GbCode:
    """A code that nobody has, and that is not given out again.

    `kind` is 131 or 132. Raises `BadInput` where the parts make no code of a camera, `Conflict` where all 999,999
    serials are used up.
    """
    check_industry(industry, edition, field="industry", where="the digits")
    prefix = f"{centre}{industry}{kind}{network}"
    GbCode.parse(f"{prefix}000000", edition).check_camera()
    serial = _advance(connection, prefix, 1)
    while True:
        candidates = range(serial, min(serial + _LOOKED_AT, LAST_SERIAL + 1))
        codes = [f"{prefix}{number:06}" for number in candidates]
        taken = set(connection.scalars(select(camera.c.gb_code).where(camera.c.gb_code.in_(codes))))
        free = next((code for code in codes if code not in taken), None)
        if free is not None:
            _set(connection, prefix, int(free[-6:]))
            return GbCode.parse(free, edition)
        if not codes or candidates[-1] >= LAST_SERIAL:
            raise Conflict(f"all serials of codes that begin with {prefix} are used up")
        serial = candidates[-1] + 1


def _advance(connection: Connection, prefix: str, by: int) -> int:
    """The counter after `by` more. Its row is the lock: two who ask at once get two codes."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(gb_counter).values(prefix=prefix, last=by)
    changed = statement.on_conflict_do_update(index_elements=["prefix"], set_={"last": gb_counter.c.last + by})
    return int(connection.execute(changed.returning(gb_counter.c.last)).scalar_one())


def _set(connection: Connection, prefix: str, last: int) -> None:
    connection.execute(update(gb_counter).where(gb_counter.c.prefix == prefix).values(last=last))
