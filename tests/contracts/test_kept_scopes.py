"""Scopes are kept until something changes, and never as a change saw them that was not committed."""

from dataclasses import replace
from datetime import UTC, datetime

from core.access import Principal, PrincipalKind, Right, Role
from core.ids import EventId
from registry import cameras, departments
from registry.db import Database
from registry.visibility import EventFacts, Visibility
from tests.support.builders import FakeClock

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


class GivenUp(Exception):
    """Ends a transaction."""


def test_what_a_change_saw_of_itself_is_not_kept_where_it_is_rolled_back(database: Database) -> None:
    visibility = Visibility(EventFacts.GRANT, FakeClock(NOW))
    with database.write() as connection:
        above = departments.add(connection, name="Above")
        below = departments.add(connection, name="Below")
        camera = cameras.add(connection, name="gate", department=below.id).id
    admin = Principal(PrincipalKind.KEY, 1, "above", Role.DEPARTMENT_ADMIN, above.id)

    def sees() -> bool:
        with database.read() as connection:
            return visibility.scope(connection, admin)[Right.LIST].has_event(EventId(camera), camera, below.id)

    assert not sees()
    try:
        with database.write() as connection:
            departments.change(connection, replace(departments.get(connection, below.id), parent=above.id))
            assert visibility.scope(connection, admin)[Right.LIST].departments.keys() == {above.id, below.id}
            raise GivenUp
    except GivenUp:
        pass
    with database.write() as connection:  # gives the same version to something else
        departments.add(connection, name="Aside", parent=above.id)
    assert not sees()
