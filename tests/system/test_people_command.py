"""`sharp-eyes people` and `sharp-eyes keys`: what they do, what they print, and what goes on record."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from core.access import Role
from core.clock import SystemClock
from core.errors import BadInput, Conflict, NotFound
from registry import departments
from registry.access import api_keys, invitations, people
from registry.access.api_keys import ApiKey
from registry.access.invitations import Invitation
from registry.audit.tables import audit_department, audit_row
from registry.db import Database, open_database
from sharp_eyes.cli import app
from sharp_eyes.migrate import upgrade

PAGE = "http://127.0.0.1:8080/#/welcome?token="


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/sharp-eyes.db")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def data(tmp_path: Path, database: Database) -> Path:
    return tmp_path


def do(data: Path, *words: str, **environment: str) -> Result:
    """What `sharp-eyes WORDS` did."""
    done = CliRunner().invoke(app, words, env={"SHARP_EYES_DATA": str(data), **environment})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def said(data: Path, *words: str, **environment: str) -> str:
    """What it says on standard output, where it did what was asked."""
    done = do(data, *words, **environment)
    assert done.exit_code == 0, done.output
    return done.stdout


def add(data: Path, login: str, *more: str) -> str:
    """The link that is printed."""
    return said(data, "people", "add", login, "--name", login.title(), *more)


def invited(database: Database, link: str, page: str = PAGE) -> Invitation | None:
    """The invitation behind a printed link."""
    assert link.startswith(page)
    assert link.endswith("\n")
    with database.read() as connection:
        return invitations.look(connection, link.removeprefix(page).strip(), SystemClock().now())


def acts(database: Database) -> list[tuple[str, str, str]]:
    """What is on record: act and object."""
    with database.read() as connection:
        rows = connection.execute(select(audit_row).order_by(audit_row.c.id)).all()
    assert {(row.actor_kind, row.actor_name, row.address, row.outcome) for row in rows} <= {
        ("program", "this machine", "", "done")
    }
    return [(row.act, row.object_kind, row.object) for row in rows]


def key_of(database: Database, text: str) -> ApiKey | None:
    with database.read() as connection:
        return api_keys.find(connection, text, SystemClock().now())


class TestPeople:
    def test_somebody_is_added_with_a_link_to_choose_a_password(self, data: Path, database: Database) -> None:
        link = add(data, "Li.Wei", "--role", "operator", "--department", "1")
        found = invited(database, link)
        assert found is not None
        assert found.person is not None
        assert (found.person.login, found.person.name) == ("li.wei", "Li.Wei")
        assert (found.person.role, found.person.department) == (Role.OPERATOR, departments.DEFAULT)
        assert acts(database) == [("add", "person", "1"), ("invite", "person", "1")]
        with database.read() as connection:
            assert connection.scalars(select(audit_department.c.department)).all() == [1, 1]

    def test_what_cannot_be_adds_nobody(self, data: Path, database: Database) -> None:
        with pytest.raises(BadInput, match="of no department"):
            add(data, "ann", "--role", "city_admin", "--department", "1")
        with pytest.raises(BadInput, match="there is no department 7"):
            add(data, "ann", "--role", "viewer", "--department", "7")
        for url in ("eyes", "ftp://eyes", "https://a:b@eyes", "http://eyes/#b", "http://eyes b"):
            with pytest.raises(BadInput, match="begin with http"):
                add(data, "ann", "--role", "viewer", "--url", url)
        assert do(data, "people", "add", "ann", "--name", "Ann", "--role", "king").exit_code == 2
        assert acts(database) == []
        assert said(data, "people", "list") == ""

    @pytest.mark.parametrize(
        ("words", "environment", "page"),
        [
            (("--url", "https://eyes.example/"), {}, "https://eyes.example/#/welcome?token="),
            ((), {"SHARP_EYES_API__PORT": "9000"}, "http://127.0.0.1:9000/#/welcome?token="),
            ((), {"SHARP_EYES_API__HOST": "::1"}, "http://[::1]:8080/#/welcome?token="),
            ((), {"SHARP_EYES_ACCESS__CONSOLE_URL": "https://eyes/city/"}, "https://eyes/city/#/welcome?token="),
        ],
    )
    def test_the_link_leads_to_the_console(
        self, data: Path, database: Database, words: tuple[str, ...], environment: dict[str, str], page: str
    ) -> None:
        assert invited(database, said(data, "people", "setup-link", *words, **environment), page) is not None

    @pytest.mark.parametrize("url", ["eyes.example", "https://a:b@eyes.example", "https://eyes.example/?a"])
    def test_a_setting_that_is_no_address_is_refused(self, data: Path, database: Database, url: str) -> None:
        with pytest.raises(BadInput) as caught:
            said(data, "people", "setup-link", SHARP_EYES_ACCESS__CONSOLE_URL=url)
        assert "begins with http" in str(caught.value)
        assert acts(database) == []

    def test_another_invitation_ends_the_first(self, data: Path, database: Database) -> None:
        first = add(data, "ann", "--role", "viewer")
        second = said(data, "people", "invite", "ANN")
        assert invited(database, first) is None
        assert invited(database, second) is not None
        with pytest.raises(NotFound, match="nobody signs in as 'bob'"):
            said(data, "people", "invite", "bob")

    def test_somebody_is_disabled_and_let_in_again(self, data: Path, database: Database) -> None:
        link = add(data, "ann", "--role", "viewer")
        assert said(data, "people", "disable", "ann") == "ann (Ann) is disabled\n"
        assert said(data, "people", "disable", "ann") == "ann (Ann) is disabled\n"
        assert invited(database, link) is None
        assert "disabled: Ann" in said(data, "people", "list")
        assert said(data, "people", "enable", "ann") == "ann (Ann) may sign in\n"
        assert acts(database)[2:] == [("change", "person", "1"), ("change", "person", "1")]

    def test_the_last_city_admin_stays(self, data: Path) -> None:
        add(data, "ann", "--role", "city_admin")
        with pytest.raises(Conflict, match="last city admin"):
            said(data, "people", "disable", "ann")

    def test_everybody_is_listed(self, data: Path) -> None:
        add(data, "ann", "--role", "city_admin")
        add(data, "bob", "--role", "viewer", "--department", "1")
        assert said(data, "people", "list").splitlines() == [
            "ann  city_admin of the city, invited: Ann",
            "bob  viewer of department 1, invited: Bob",
        ]
        [_, bob] = map(json.loads, said(data, "people", "list", "--json").splitlines())
        facts = {"login": "bob", "name": "Bob", "role": "viewer", "department": 1, "state": "invited"}
        assert bob == {"id": 2, **facts}

    def test_the_set_up_link_is_made_while_there_is_nobody(self, data: Path, database: Database) -> None:
        first, second = (said(data, "people", "setup-link") for _ in range(2))
        assert invited(database, first) is None
        found = invited(database, second)
        assert found is not None
        assert found.is_first
        add(data, "ann", "--role", "viewer")
        assert invited(database, second) is None
        with pytest.raises(Conflict, match="set up"):
            said(data, "people", "setup-link")


class TestKeys:
    def test_a_key_is_made_and_printed_once(self, data: Path, database: Database) -> None:
        text = said(data, "keys", "add", "import", "--role", "department_admin", "--department", "1").strip()
        found = key_of(database, text)
        assert found is not None
        assert (found.name, found.role, found.department) == ("import", Role.DEPARTMENT_ADMIN, departments.DEFAULT)
        assert (found.made_by, found.expires_at) == (None, None)
        assert text not in said(data, "keys", "list") + said(data, "keys", "list", "--json")
        assert acts(database) == [("key_made", "api_key", "1")]

    def test_a_key_lasts_as_many_days_as_were_asked_for(self, data: Path, database: Database) -> None:
        made = json.loads(said(data, "keys", "add", "import", "--role", "viewer", "--days", "3", "--json"))
        found = key_of(database, made["text"])
        assert found is not None
        assert found.expires_at is not None
        assert (found.expires_at - found.made_at).days == 3
        assert (made["expires_at"], made["id"]) == (found.expires_at.isoformat(), found.id)
        assert "viewer of the city, in force until" in said(data, "keys", "list")

    def test_a_revoked_key_opens_nothing(self, data: Path, database: Database) -> None:
        text = said(data, "keys", "add", "import", "--role", "viewer").strip()
        for _ in range(2):
            assert said(data, "keys", "revoke", "1").startswith("key 1 (import) is revoked at ")
        assert key_of(database, text) is None
        assert acts(database) == [("key_made", "api_key", "1"), ("key_revoked", "api_key", "1")]
        with pytest.raises(NotFound, match="there is no API key 2"):
            said(data, "keys", "revoke", "2")

    @pytest.mark.parametrize("days", ["0", "-1", "3661", "x"])
    def test_a_number_of_days_that_cannot_be_is_refused(self, data: Path, database: Database, days: str) -> None:
        assert do(data, "keys", "add", "import", "--role", "viewer", "--days", days).exit_code == 2
        assert acts(database) == []


def test_no_token_stands_in_the_record(data: Path, database: Database) -> None:
    secrets = [add(data, "ann", "--role", "viewer"), said(data, "people", "invite", "ann")]
    secrets.append(said(data, "keys", "add", "import", "--role", "viewer"))
    with database.read() as connection:
        kept = repr(connection.execute(select(audit_row)).all()) + repr(people.list_people(connection))
    assert not [secret for secret in secrets if secret.strip().removeprefix(PAGE) in kept]
