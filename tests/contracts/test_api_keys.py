"""API keys: what they open, for how long, and what may not be made."""

import pytest
from sqlalchemy import Connection, select

from core.access import ApiKeyId, Principal, PrincipalKind, Role
from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound
from registry import departments
from registry.access import api_keys
from registry.access.api_keys import ApiKey
from registry.access.tables import api_key
from tests.support.builders import START, after
from tests.support.people import a_person

SCHOOLS = departments.DEFAULT


def a_key(
    connection: Connection,
    name: str = "import",
    *,
    role: Role = Role.OPERATOR,
    department: DepartmentId | None = None,
    lasts_s: float | None = None,
) -> tuple[ApiKey, str]:
    expires_at = None if lasts_s is None else after(lasts_s)
    return api_keys.add(
        connection, name=name, role=role, department=department, made_by=None, at=START, expires_at=expires_at
    )


def test_a_key_is_found_by_its_text_until_its_time_is_over(connection: Connection) -> None:
    made, text = a_key(connection, lasts_s=60)
    assert text.startswith(made.beginning)
    assert api_keys.find(connection, text, after(59)) == made
    assert api_keys.find(connection, text, after(60)) is None
    for wrong in ("", text[:-1], text.swapcase(), "\ud800"):
        assert api_keys.find(connection, wrong, START) is None


def test_the_text_is_not_kept(connection: Connection) -> None:
    made, text = a_key(connection)
    row = connection.execute(select(api_key)).one()
    assert text not in repr((made, row))
    assert len(made.beginning) < len(text) / 4


def test_a_key_says_who_asks(connection: Connection) -> None:
    made, _ = a_key(connection, role=Role.DEPARTMENT_ADMIN, department=SCHOOLS)
    assert made.principal == Principal(PrincipalKind.KEY, made.id, "import", Role.DEPARTMENT_ADMIN, SCHOOLS)


def test_a_revoked_key_opens_nothing(connection: Connection) -> None:
    made, text = a_key(connection)
    assert api_keys.revoke(connection, made.id, after(1)).revoked_at == after(1)
    assert api_keys.revoke(connection, made.id, after(2)).revoked_at == after(1)
    assert api_keys.find(connection, text, START) is None
    with pytest.raises(NotFound, match="there is no API key 99"):
        api_keys.revoke(connection, ApiKeyId(99), START)


@pytest.mark.parametrize(
    ("role", "department", "reason"),
    [
        (Role.CITY_ADMIN, SCHOOLS, "of no department"),
        (Role.DEPARTMENT_ADMIN, None, "needs a department"),
        (Role.VIEWER, DepartmentId(99), "there is no department 99"),
    ],
)
def test_a_department_that_does_not_go_with_the_role_is_refused(
    connection: Connection, role: Role, department: DepartmentId | None, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        a_key(connection, role=role, department=department)
    assert caught.value.field == "department"


@pytest.mark.parametrize("lasts_s", [0, -1, -1e9])
def test_a_key_that_would_be_over_already_is_refused(connection: Connection, lasts_s: float) -> None:
    with pytest.raises(BadInput, match="over before it began") as caught:
        a_key(connection, lasts_s=lasts_s)
    assert caught.value.field == "expires_at"


def test_a_use_is_noted_once_a_minute(connection: Connection) -> None:
    made, text = a_key(connection)
    assert api_keys.is_due(made, START)
    api_keys.note_use(connection, made.id, START)
    seen = api_keys.find(connection, text, START)
    assert seen is not None
    assert [api_keys.is_due(seen, after(seconds)) for seconds in (0, 59, 60, -59, -60)] == [
        False,
        False,
        True,
        False,
        True,
    ]


class TestListing:
    @pytest.fixture
    def some(self, connection: Connection) -> list[ApiKey]:
        made = [
            a_key(connection, f"key {number}", department=SCHOOLS if number % 2 else None)[0] for number in range(4)
        ]
        made[1] = api_keys.revoke(connection, made[1].id, START)
        return made

    def test_pages_hold_each_once_in_order(self, connection: Connection, some: list[ApiKey]) -> None:
        first = api_keys.list_keys(connection, limit=3)
        assert first.next is not None
        second = api_keys.list_keys(connection, limit=3, cursor=first.next)
        assert [*first.items, *second.items] == some
        assert second.next is None

    def test_those_of_a_department_and_revoked_ones_are_found(self, connection: Connection, some: list[ApiKey]) -> None:
        assert api_keys.list_keys(connection, departments=[SCHOOLS]).items == (some[1], some[3])
        assert api_keys.list_keys(connection, departments=[]).items == ()
        assert api_keys.list_keys(connection, revoked=True).items == (some[1],)
        assert api_keys.list_keys(connection, revoked=False).items == (some[0], some[2], some[3])


def test_a_department_of_a_key_stays(connection: Connection) -> None:
    water = departments.add(connection, name="Water")
    made, _ = a_key(connection, department=water.id)
    api_keys.revoke(connection, made.id, START)
    with pytest.raises(Conflict, match=rf"API key {made.id} \('import'\)"):
        departments.remove(connection, water.id)


def test_who_made_it_is_kept(connection: Connection) -> None:
    some = a_person(connection)
    made, _ = api_keys.add(
        connection, name="x", role=Role.VIEWER, department=None, made_by=some.id, at=START, expires_at=None
    )
    assert api_keys.get(connection, made.id).made_by == some.id
