"""A city admin's session, straight from the database: how tests of the whole program open the console."""

from core.access import Role
from core.clock import SystemClock
from registry.access import people, sessions
from registry.access.settings import AccessSettings
from registry.db import open_database


def admin_session(database_url: str) -> str:
    """The token of a new session of a new city admin, for the cookie. Once for each database."""
    database, at = open_database(database_url), SystemClock().now()
    try:
        with database.write() as connection:
            admin = people.add(
                connection, login="city.admin", name="City Admin", role=Role.CITY_ADMIN, department=None, at=at
            )
            settings = AccessSettings()
            return sessions.begin(connection, admin, at, address="127.0.0.1", agent="a test", settings=settings)[1]
    finally:
        database.close()
