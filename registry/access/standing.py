"""Whether who began something long may still go on with it."""

from datetime import datetime

from sqlalchemy import Connection, select

from core.access import Principal, PrincipalKind

from .tables import api_key, person


def is_in_standing(connection: Connection, principal: Principal, at: datetime) -> bool:
    """Whether `principal` is still let in, with the role and the department that it had. A person may have signed out:
    what somebody began goes on then."""
    if principal.kind is PrincipalKind.PROGRAM:
        return True
    table = person if principal.kind is PrincipalKind.PERSON else api_key
    row = connection.execute(select(table).where(table.c.id == principal.id)).one_or_none()
    if row is None or (row.role, row.department) != (principal.role.value, principal.department):
        return False
    if principal.kind is PrincipalKind.PERSON:
        return row.disabled_at is None
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > at)
