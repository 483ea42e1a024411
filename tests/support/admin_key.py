"""An API key of a city admin, straight from the database: how tests of the whole program sign in."""

from core.access import Role
from core.clock import SystemClock
from registry.access import api_keys
from registry.db import open_database


def admin_key(database_url: str) -> str:
    """A new key. Raises as the database does where it is away, or has no tables yet."""
    database = open_database(database_url)
    try:
        with database.write() as connection:
            _, text = api_keys.add(
                connection,
                name="tests",
                role=Role.CITY_ADMIN,
                department=None,
                made_by=None,
                at=SystemClock().now(),
            )
    finally:
        database.close()
    return text
