"""Failed attempts to sign in: what they cost, whom, and for how long."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, insert, select

from core.errors import TooMany
from registry.access import sign_in
from registry.access.tables import sign_in_failure
from registry.db import Database
from tests.support.builders import START, after

HERE = "10.0.0.1"


def fail(connection: Connection, times: int, at: datetime = START, login: str = "ann", address: str = HERE) -> None:
    for _ in range(times):
        sign_in.note_failure(connection, login, address, at)


def waits_s(connection: Connection, at: datetime = START, login: str = "ann", address: str = HERE) -> float:
    """For how long it is too early; 0: it is not."""
    try:
        sign_in.check_allowed(connection, login, address, at)
    except TooMany as early:
        return early.again_s
    return 0


@pytest.mark.parametrize(
    ("failures", "waits"), [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (12, 256), (13, 512), (14, 900), (40, 900)]
)
def test_each_failure_after_the_fifth_doubles_the_wait(connection: Connection, failures: int, waits: float) -> None:
    fail(connection, failures)
    assert waits_s(connection) == waits
    assert waits_s(connection, after(waits)) == 0


def test_the_rest_of_the_wait_is_told(connection: Connection) -> None:
    fail(connection, 8)
    assert waits_s(connection, after(5)) == 11


def test_the_right_password_forgets_them(connection: Connection) -> None:
    fail(connection, 9)
    sign_in.forget(connection, "ann", HERE)
    assert waits_s(connection) == 0
    fail(connection, 4)
    assert waits_s(connection) == 0


def test_one_that_is_taken_back_does_not_count(connection: Connection) -> None:
    sign_in.take_back(connection, "ann", HERE)
    fail(connection, 6)
    sign_in.take_back(connection, "ann", HERE)
    assert waits_s(connection) == 2
    for _ in range(9):
        sign_in.take_back(connection, "ann", HERE)
    fail(connection, 5)
    assert waits_s(connection) == 2


def test_others_and_other_places_do_not_wait(connection: Connection) -> None:
    fail(connection, 9)
    assert waits_s(connection, login="bob") == 0
    assert waits_s(connection, address="10.0.0.2") == 0


@pytest.mark.parametrize("written", ["ANN", " ann", "ａｎｎ"])
def test_an_account_is_one_however_it_is_written(connection: Connection, written: str) -> None:
    fail(connection, 9, login=written)
    assert waits_s(connection) > 0


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "", True),
        ("unix", "10.0.0.1", False),
    ],
)
def test_a_network_of_ipv6_is_one_place(connection: Connection, first: str, second: str, same: bool) -> None:
    fail(connection, 9, address=first)
    assert (waits_s(connection, address=second) > 0) is same


def test_failures_of_yesterday_are_forgotten(connection: Connection) -> None:
    fail(connection, 9)
    fail(connection, 1, START + timedelta(hours=25))
    assert waits_s(connection, START + timedelta(hours=25)) == 0


def test_a_clock_set_back_locks_nobody_out_and_opens_nothing(connection: Connection) -> None:
    fail(connection, 14, START + timedelta(days=365))
    assert waits_s(connection, START) == 0
    fail(connection, 1, START)
    assert waits_s(connection, START) == 900
    assert waits_s(connection, after(900)) == 0


def test_what_was_typed_is_not_kept(connection: Connection) -> None:
    fail(connection, 1, login="my password by mistake")
    assert "mistake" not in repr(connection.execute(select(sign_in_failure)).all())


@pytest.mark.parametrize("login", ["", "\ud800", "x" * 10_000, "a\x00b"])
def test_whatever_was_typed_counts(connection: Connection, login: str) -> None:
    fail(connection, 6, login=login)
    assert waits_s(connection, login=login) == 4


def test_it_is_looked_at_without_writing(database: Database) -> None:
    with database.write() as connection:
        fail(connection, 9)
    with database.read() as connection:
        assert waits_s(connection) == 32


def test_old_ones_are_pruned_a_few_at_a_time(connection: Connection) -> None:
    old = {"address": HERE, "failures": 1, "last_at": START}
    connection.execute(insert(sign_in_failure), [old | {"login_hash": bytes([n]) * 32} for n in range(120)])
    left = []
    for hour in (24, 25, 25, 25):
        fail(connection, 1, START + timedelta(hours=hour), login="bob")
        left.append(connection.execute(select(func.count()).where(sign_in_failure.c.last_at == START)).scalar_one())
    assert left == [120, 70, 20, 0]
