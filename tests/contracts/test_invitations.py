"""Invitations: links that work once, for one person, for a while."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, insert, select

from core.access import Role
from core.errors import Conflict
from registry.access import invitations, people
from registry.access.invitations import Invitation
from registry.access.tables import invitation
from registry.db import Database
from tests.support.builders import START, after
from tests.support.people import a_person

HOUR = timedelta(hours=1)


def test_a_link_says_whom_it_is_for_until_its_time_is_over(connection: Connection) -> None:
    some = a_person(connection, kept=None)
    made, token = invitations.make(connection, some, START, HOUR)
    assert made == Invitation(some, START + HOUR)
    assert not made.is_first
    assert invitations.look(connection, token, after(3599)) == made
    assert invitations.look(connection, token, after(3600)) is None
    assert invitations.use(connection, token, after(3600)) is None


def test_a_link_works_once(connection: Connection) -> None:
    some = a_person(connection, kept=None)
    made, token = invitations.make(connection, some, START, HOUR)
    assert invitations.use(connection, token, START) == made
    assert invitations.use(connection, token, START) is None
    assert invitations.look(connection, token, START) is None


@pytest.mark.parametrize("wrong", ["", "x", "\ud800"])
def test_another_token_is_none(connection: Connection, wrong: str) -> None:
    _, token = invitations.make(connection, a_person(connection), START, HOUR)
    for one in (wrong, token[:-1], token + "x"):
        assert invitations.look(connection, one, START) is None
        assert invitations.use(connection, one, START) is None


def test_the_token_is_not_kept(connection: Connection) -> None:
    made, token = invitations.make(connection, None, START, HOUR)
    row = connection.execute(select(invitation)).one()
    assert token not in repr((made, row))
    assert token.encode() not in bytes(row.token_hash)


def test_a_newer_link_ends_the_older_ones_of_the_same_person(connection: Connection) -> None:
    ann, bob = a_person(connection, "ann"), a_person(connection, "bob")
    _, first = invitations.make(connection, ann, START, HOUR)
    _, of_bob = invitations.make(connection, bob, START, HOUR)
    _, second = invitations.make(connection, ann, START, HOUR)
    assert invitations.look(connection, first, START) is None
    assert invitations.look(connection, second, START) is not None
    assert invitations.look(connection, of_bob, START) is not None


def test_a_password_that_was_chosen_ends_links_to_choose_one(connection: Connection) -> None:
    some = a_person(connection)
    _, token = invitations.make(connection, some, START, HOUR)
    _, of_another = invitations.make(connection, a_person(connection, "zhang"), START, HOUR)
    people.set_password(connection, some.id, "the hash of another")
    assert invitations.look(connection, token, START) is None
    assert invitations.look(connection, of_another, START) is not None


def test_nobody_who_is_disabled_is_invited(connection: Connection) -> None:
    some = a_person(connection)
    off = people.change(connection, replace(some, disabled_at=START))
    for one in (some, off):
        with pytest.raises(Conflict, match="is disabled"):
            invitations.make(connection, one, START, HOUR)


class TestTheFirstOne:
    def test_it_is_for_nobody_yet(self, connection: Connection) -> None:
        made, token = invitations.make(connection, None, START, HOUR)
        assert made == Invitation(None, START + HOUR)
        assert made.is_first
        assert invitations.look(connection, token, START) == made
        assert invitations.use(connection, token, START) == made
        assert invitations.use(connection, token, START) is None

    def test_a_newer_one_ends_the_older_one(self, connection: Connection) -> None:
        _, older = invitations.make(connection, None, START, HOUR)
        _, newer = invitations.make(connection, None, START, HOUR)
        assert invitations.look(connection, older, START) is None
        assert invitations.look(connection, newer, START) is not None

    def test_it_is_in_force_only_while_there_is_nobody(self, connection: Connection) -> None:
        _, token = invitations.make(connection, None, START, HOUR)
        a_person(connection)
        assert invitations.look(connection, token, START) is None
        assert invitations.use(connection, token, START) is None
        with pytest.raises(Conflict, match="the system is set up"):
            invitations.make(connection, None, START, HOUR)


@pytest.mark.parametrize("is_first", [True, False])
def test_of_many_who_use_it_at_once_one_wins(database: Database, is_first: bool) -> None:
    with database.write() as connection:
        some = None if is_first else a_person(connection, kept=None)
        _, token = invitations.make(connection, some, START, HOUR)

    def use(number: int) -> bool:
        with database.write() as connection:
            if invitations.use(connection, token, START) is None:
                return False
            if is_first:
                a_person(connection, f"admin{number}", role=Role.CITY_ADMIN)
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(use, range(6))) == [False] * 5 + [True]
    with database.read() as connection:
        assert len(people.list_people(connection).items) == 1


def test_links_that_were_over_long_ago_are_forgotten(connection: Connection) -> None:
    some = a_person(connection)
    old = {"person": some.id, "made_at": START, "expires_at": START, "used_at": START}
    connection.execute(insert(invitation), [old | {"token_hash": bytes([number]) * 32} for number in range(60)])
    left = []
    for day in (30, 31, 31):
        invitations.make(connection, some, START + timedelta(days=day), HOUR)
        left.append(connection.execute(select(func.count()).where(invitation.c.expires_at == START)).scalar_one())
    assert left == [60, 10, 0]
