"""People: who may sign in, what they are here, and that somebody always looks after the city."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from core.access import PersonId, Principal, PrincipalKind, Role
from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound
from registry import departments
from registry.access import invitations, people, sessions
from registry.access.people import PersonState
from registry.access.settings import AccessSettings
from registry.access.version import access_now
from registry.db import Database
from tests.support.builders import START, after
from tests.support.people import a_person

SCHOOLS = departments.DEFAULT


def version(connection: Connection) -> int:
    return access_now(connection).version


class TestAdding:
    def test_somebody_is_found_as_they_were_added(self, connection: Connection) -> None:
        added = people.add(
            connection, login="Li.Wei@Water", name=" 李伟 ", role=Role.OPERATOR, department=SCHOOLS, at=START
        )
        assert people.get(connection, added.id) == added
        assert (added.login, added.name, added.department) == ("li.wei@water", "李伟", SCHOOLS)
        assert (added.made_at, added.disabled_at, added.revision) == (START, None, 1)
        assert (added.has_password, added.state) == (False, PersonState.INVITED)

    @pytest.mark.parametrize("written", ["li.wei", "LI.WEI", "ｌｉ．ｗｅｉ", " Li.wei "])
    def test_a_login_is_one_however_it_is_written(self, connection: Connection, written: str) -> None:
        added = a_person(connection, "li.wei")
        assert people.find_by_login(connection, written) == added
        with pytest.raises(Conflict, match=r"'li\.wei' already"):
            a_person(connection, written)

    @pytest.mark.parametrize("login", ["李伟", "straße", "a1", "x" * 64, "li_wei-2@water.example"])
    def test_letters_of_any_script_make_a_login(self, connection: Connection, login: str) -> None:
        added = a_person(connection, login)
        assert people.find_by_login(connection, login) == added

    @pytest.mark.parametrize(
        "login", ["", "a", " a ", "x" * 65, "li wei", "li/wei", "li\x00wei", "li\u200bwei", "a½", "a:b", "a\ud800"]
    )
    def test_other_logins_are_refused(self, connection: Connection, login: str) -> None:
        with pytest.raises(BadInput) as caught:
            a_person(connection, login)
        assert caught.value.field == "login"
        assert people.find_by_login(connection, login) is None

    @pytest.mark.parametrize(
        ("role", "department", "reason"),
        [
            (Role.CITY_ADMIN, SCHOOLS, "of no department"),
            (Role.DEPARTMENT_ADMIN, None, "needs a department"),
            (Role.VIEWER, DepartmentId(99), "there is no department 99"),
        ],
    )
    def test_a_department_that_does_not_go_with_the_role_is_refused(
        self, connection: Connection, role: Role, department: DepartmentId | None, reason: str
    ) -> None:
        with pytest.raises(BadInput, match=reason) as caught:
            a_person(connection, role=role, department=department)
        assert caught.value.field == "department"

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.AUDITOR])
    def test_the_others_go_with_one_and_without(self, connection: Connection, role: Role) -> None:
        assert a_person(connection, "one", role=role).department is None
        assert a_person(connection, "two", role=role, department=SCHOOLS).department == SCHOOLS

    def test_an_empty_name_is_refused(self, connection: Connection) -> None:
        with pytest.raises(BadInput, match="the name of a person is empty"):
            a_person(connection, name=" ")

    def test_nobody_is_there_at_first(self, connection: Connection) -> None:
        assert not people.is_anybody(connection)
        with pytest.raises(NotFound, match="there is no person 1"):
            people.get(connection, PersonId(1))
        a_person(connection)
        assert people.is_anybody(connection)

    def test_who_asks_is_said_as_a_principal(self, connection: Connection) -> None:
        some = a_person(connection, name="Li Wei", role=Role.VIEWER, department=SCHOOLS)
        assert people.principal_of(some) == Principal(PrincipalKind.PERSON, some.id, "Li Wei", Role.VIEWER, SCHOOLS)


class TestPasswords:
    def test_a_chosen_password_makes_somebody_active(self, connection: Connection) -> None:
        invited = a_person(connection, kept=None)
        assert people.kept_password(connection, invited.id) is None
        active = people.set_password(connection, invited.id, "$argon2id$...")
        assert (active.state, active.revision) == (PersonState.ACTIVE, 2)
        assert people.kept_password(connection, invited.id) == "$argon2id$..."
        assert people.kept_password(connection, PersonId(99)) is None
        with pytest.raises(NotFound):
            people.set_password(connection, PersonId(99), "x")

    def test_a_hash_made_anew_does_not_undo_a_new_password(self, connection: Connection) -> None:
        some = a_person(connection, kept="old")
        people.rehash_password(connection, some.id, "old", "the same, stronger")
        assert people.kept_password(connection, some.id) == "the same, stronger"
        assert people.get(connection, some.id) == some
        people.rehash_password(connection, some.id, "old", "too late")
        assert people.kept_password(connection, some.id) == "the same, stronger"

    def test_the_hash_is_no_part_of_a_person(self, connection: Connection) -> None:
        assert "secret hash" not in repr(a_person(connection, kept="secret hash"))


class TestChanging:
    def test_name_role_and_department_change_and_the_rest_stays(self, connection: Connection) -> None:
        before = a_person(connection, role=Role.VIEWER)
        wanted = replace(
            before, name="Li Wei", role=Role.DEPARTMENT_ADMIN, department=SCHOOLS, login="other", made_at=after(9)
        )
        changed = people.change(connection, wanted)
        assert changed == replace(
            before, name="Li Wei", role=Role.DEPARTMENT_ADMIN, department=SCHOOLS, revision=before.revision + 1
        )
        assert people.get(connection, before.id) == changed

    def test_where_nothing_is_different_nothing_happens(self, connection: Connection) -> None:
        some = a_person(connection)
        known = version(connection)
        assert people.change(connection, some) == some
        assert version(connection) == known

    @pytest.mark.parametrize(
        "change", [{"role": Role.VIEWER}, {"department": SCHOOLS}, {"disabled_at": START}, {"name": "Li"}]
    )
    def test_a_change_raises_the_version_of_access(self, connection: Connection, change: dict[str, object]) -> None:
        some = a_person(connection)
        known = version(connection)
        people.change(connection, replace(some, **change))  # type: ignore[arg-type]
        assert version(connection) > known

    def test_what_does_not_go_together_is_refused(self, connection: Connection) -> None:
        some = a_person(connection, department=SCHOOLS)
        with pytest.raises(BadInput, match="of no department"):
            people.change(connection, replace(some, role=Role.CITY_ADMIN))
        with pytest.raises(NotFound):
            people.change(connection, replace(some, id=PersonId(99)))

    def test_who_is_disabled_is_signed_out_for_good(self, connection: Connection) -> None:
        some, settings = a_person(connection), AccessSettings()
        _, token = sessions.begin(connection, some, START, address="10.0.0.1", agent="", settings=settings)
        _, link = invitations.make(connection, some, START, timedelta(hours=1))
        off = people.change(connection, replace(some, disabled_at=after(5)))
        assert off.state is PersonState.DISABLED
        assert sessions.find(connection, token, after(6), settings) is None
        on = people.change(connection, replace(off, disabled_at=None))
        assert on.state is PersonState.ACTIVE
        assert sessions.find(connection, token, after(6), settings) is None
        assert invitations.look(connection, link, after(6)) is None


class TestTheLastCityAdmin:
    @pytest.mark.parametrize("change", [{"role": Role.AUDITOR}, {"disabled_at": START}])
    def test_the_last_one_is_neither_disabled_nor_lowered(
        self, connection: Connection, change: dict[str, object]
    ) -> None:
        first = a_person(connection, "ann", role=Role.CITY_ADMIN)
        a_person(connection, "bob", role=Role.DEPARTMENT_ADMIN, department=SCHOOLS)
        gone = a_person(connection, "eve", role=Role.CITY_ADMIN)
        people.change(connection, replace(gone, disabled_at=START))
        with pytest.raises(Conflict, match="'ann' is the last city admin"):
            people.change(connection, replace(first, **change))  # type: ignore[arg-type]
        a_person(connection, "new", role=Role.CITY_ADMIN, kept=None)
        assert people.change(connection, replace(first, **change)).revision == first.revision + 1  # type: ignore[arg-type]

    def test_the_last_one_may_change_the_name(self, connection: Connection) -> None:
        some = a_person(connection, role=Role.CITY_ADMIN)
        assert people.change(connection, replace(some, name="Ann")).name == "Ann"

    def test_of_two_who_disable_each_other_at_once_one_stays(self, database: Database) -> None:
        with database.write() as connection:
            both = [a_person(connection, login, role=Role.CITY_ADMIN) for login in ("ann", "bob")]

        def disable(some: people.Person) -> bool:
            try:
                with database.write() as connection:
                    people.change(connection, replace(some, disabled_at=START))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(disable, both)) == [False, True]
        with database.read() as connection:
            states = [people.get(connection, one.id).state for one in both]
        assert sorted(states) == [PersonState.ACTIVE, PersonState.DISABLED]


class TestListing:
    @pytest.fixture
    def some(self, connection: Connection) -> list[people.Person]:
        water = departments.add(connection, name="Water").id
        found = [
            a_person(connection, "ann", name="Ann Lee", department=SCHOOLS),
            a_person(connection, "bob", name="Bob 100%"),
            a_person(connection, "li.wei", name="李伟", department=water, kept=None),
            a_person(connection, "eve", name="Eve", department=water),
        ]
        found[3] = people.change(connection, replace(found[3], disabled_at=START))
        return found

    def test_pages_hold_each_once_in_order(self, connection: Connection, some: list[people.Person]) -> None:
        first = people.list_people(connection, limit=3)
        assert first.next is not None
        second = people.list_people(connection, limit=3, cursor=first.next)
        assert [*first.items, *second.items] == some
        assert second.next is None

    def test_departments_are_those_that_were_asked_for(self, connection: Connection, some: list[people.Person]) -> None:
        assert people.list_people(connection, departments=[SCHOOLS]).items == (some[0],)
        water = some[2].department
        assert water is not None
        assert people.list_people(connection, departments={SCHOOLS, water}).items == (some[0], some[2], some[3])
        assert people.list_people(connection, departments=()).items == ()

    @pytest.mark.parametrize(
        ("q", "found"),
        [("lee", [0]), ("LI.W", [2]), ("伟", [2]), ("b", [1]), ("%", [1]), ("_", []), (" ", [0, 1, 2, 3])],
    )
    def test_words_are_looked_for_in_name_and_login(
        self, connection: Connection, some: list[people.Person], q: str, found: list[int]
    ) -> None:
        assert people.list_people(connection, q=q).items == tuple(some[number] for number in found)

    @pytest.mark.parametrize(
        ("state", "found"), [(PersonState.ACTIVE, [0, 1]), (PersonState.INVITED, [2]), (PersonState.DISABLED, [3])]
    )
    def test_those_of_a_state_are_found(
        self, connection: Connection, some: list[people.Person], state: PersonState, found: list[int]
    ) -> None:
        assert people.list_people(connection, state=state).items == tuple(some[number] for number in found)
        assert all(some[number].state is state for number in found)

    def test_names_are_told_by_number(self, connection: Connection, some: list[people.Person]) -> None:
        assert people.names_of(connection, [some[2].id, PersonId(99)]) == {some[2].id: "李伟"}


def test_a_department_of_somebody_stays(connection: Connection) -> None:
    water = departments.add(connection, name="Water")
    some = a_person(connection, name="Ann", department=water.id)
    with pytest.raises(Conflict, match=rf"person {some.id} \('Ann'\) belongs to it"):
        departments.remove(connection, water.id)
