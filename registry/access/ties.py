"""What of access keeps a department or a region from being removed: people, keys, grants and unmaskings
name it for ever."""

from sqlalchemy import Connection, or_, select

from core.camera import DepartmentId

from .tables import access_grant, api_key, person, unmasking


def tie_of_department(connection: Connection, number: DepartmentId) -> str | None:
    """Who or what ties the department down, in words; None: nothing does."""
    of_people = select(person.c.id, person.c.name).where(person.c.department == number)
    if (row := connection.execute(of_people.order_by(person.c.id).limit(1)).first()) is not None:
        return f"person {row.id} ({row.name!r}) belongs to it"
    of_keys = select(api_key.c.id, api_key.c.name).where(api_key.c.department == number)
    if (row := connection.execute(of_keys.order_by(api_key.c.id).limit(1)).first()) is not None:
        return f"API key {row.id} ({row.name!r}) is or was of it"
    named = (access_grant.c.owner, access_grant.c.on_department, access_grant.c.to_department)
    of_grants = select(access_grant.c.id).where(or_(*(column == number for column in named)))
    if (row := connection.execute(of_grants.order_by(access_grant.c.id).limit(1)).first()) is not None:
        return f"grant {row.id} names it"
    of_unmaskings = select(unmasking.c.id).where(unmasking.c.department == number).order_by(unmasking.c.id)
    if (row := connection.execute(of_unmaskings.limit(1)).first()) is not None:
        return f"unmasking {row.id} is of an event of it"
    return None


def tie_of_region(connection: Connection, code: str) -> str | None:
    """Which grant ties the region down, in words; None: none does."""
    of_grants = select(access_grant.c.id).where(access_grant.c.on_region == code).order_by(access_grant.c.id)
    row = connection.execute(of_grants.limit(1)).first()
    return None if row is None else f"grant {row.id} names it"
