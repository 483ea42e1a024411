"""Rows get to the record as they are said, whatever they say, and each with its own departments."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.camera import DepartmentId
from registry.audit.entry import put_all
from registry.audit.tables import audit_department, audit_row, audit_unsealed
from registry.db import Database
from tests.support.recording import an_entry, clear_record

ODD = [
    "",
    "NULL",
    "null",
    'a "quoted" one',
    "back\\slash \\\\ and \\n",
    "two\nlines\ttab",
    "{1,2,NULL}",
    ", ,",
    "it's",
    " spaces ",
    "城管局 👀",
    "%s %(at)s :at ?",
]


@pytest.fixture(autouse=True)
def _empty(database: Database) -> None:
    clear_record(database)


def test_texts_stay_as_they_are(database: Database) -> None:
    entries = [
        replace(an_entry(n), purpose=one, object=one, actor=replace(an_entry().actor, name=one), detail={"q": one})
        for n, one in enumerate(ODD)
    ]
    with database.write() as connection:
        numbers = put_all(connection, entries)
    with database.read() as connection:
        rows = connection.execute(select(audit_row).order_by(audit_row.c.id)).all()
    assert [row.id for row in rows] == numbers
    assert [(row.purpose, row.object, row.actor_name) for row in rows] == [(one, one, one) for one in ODD]
    assert [row.at for row in rows] == [entry.at for entry in entries]


def test_each_row_has_its_own_departments_and_waits_for_its_seal(database: Database) -> None:
    departments = [frozenset(map(DepartmentId, some)) for some in ((), (3,), (1, 2, 30), (), (2,))]
    entries = [replace(an_entry(n), departments=some, camera=None) for n, some in enumerate(departments)]
    with database.write() as connection:
        before = put_all(connection, entries[:1])
        numbers = before + put_all(connection, entries[1:])
    with database.read() as connection:
        owned = {
            tuple(row) for row in connection.execute(select(audit_department.c.row, audit_department.c.department))
        }
        waiting = set(connection.scalars(select(audit_unsealed.c.row)))
    assert owned == {(number, one) for number, some in zip(numbers, departments, strict=True) for one in some}
    assert waiting == set(numbers)
    assert numbers == sorted(numbers)
