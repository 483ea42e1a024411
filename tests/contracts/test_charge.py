"""Whose people and keys somebody looks after."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from core.access import Role
from core.errors import Forbidden
from registry import departments
from registry.access import people
from registry.access.charge import charge_of
from registry.access.people import Person
from tests.support.builders import START
from tests.support.people import a_person


def lowered(some: Person) -> Person:
    return replace(some, role=Role.VIEWER)


def disabled(some: Person) -> Person:
    return replace(some, disabled_at=START)


def test_an_admin_looks_after_the_department_and_what_lies_below(connection: Connection) -> None:
    water = departments.add(connection, name="Water").id
    pipes = departments.add(connection, name="Pipes", parent=water).id
    departments.add(connection, name="Rail")
    admin = a_person(connection, role=Role.DEPARTMENT_ADMIN, department=water)
    assert charge_of(connection, people.principal_of(admin)).departments == frozenset({water, pipes})


@pytest.mark.parametrize("changed", [lowered, disabled])
def test_who_is_no_admin_any_more_looks_after_nobody_in_what_was_asked_before(
    connection: Connection, changed: Callable[[Person], Person]
) -> None:
    a_person(connection, "first", role=Role.CITY_ADMIN)
    admin = a_person(connection, role=Role.CITY_ADMIN)
    asking = people.principal_of(admin)
    assert charge_of(connection, asking).departments is None
    people.change(connection, changed(admin))
    with pytest.raises(Forbidden):
        charge_of(connection, asking)
