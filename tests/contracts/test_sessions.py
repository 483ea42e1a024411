"""Sessions: what a token opens, for how long, and how it is ended."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, event, func, insert, select, update

from core.access import Role
from core.errors import NotFound
from registry.access import people, sessions
from registry.access.people import Person
from registry.access.sessions import Session, SessionId
from registry.access.settings import AccessSettings
from registry.access.tables import person, session
from tests.support.builders import START
from tests.support.people import a_person

SETTINGS = AccessSettings(session_hours=24, session_idle_hours=8)


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


def begin(connection: Connection, some: Person, at: datetime = START, agent: str = "Firefox") -> tuple[Session, str]:
    return sessions.begin(connection, some, at, address="10.0.0.1", agent=agent, settings=SETTINGS)


def is_open(connection: Connection, token: str, at: datetime) -> bool:
    return sessions.find(connection, token, at, SETTINGS) is not None


def test_a_token_finds_its_session_and_who_it_is(connection: Connection) -> None:
    some = a_person(connection)
    begun, token = begin(connection, some)
    assert sessions.find(connection, token, START, SETTINGS) == (begun, some)
    assert sessions.get(connection, begun.id) == begun
    assert (begun.made_at, begun.seen_at, begun.expires_at) == (START, START, hours(24))
    assert (begun.person, begun.address, begun.agent) == (some.id, "10.0.0.1", "Firefox")


@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "x" * 5_000])
def test_another_token_finds_none(connection: Connection, wrong: str) -> None:
    _, token = begin(connection, a_person(connection))
    for one in (wrong, token[:-1], token + "A", token.swapcase()):
        assert not is_open(connection, one, START)


def test_the_token_is_not_kept(connection: Connection) -> None:
    begun, token = begin(connection, a_person(connection))
    row = connection.execute(select(session).where(session.c.id == begun.id)).one()
    assert token.encode() not in bytes(row.token_hash)
    assert token not in repr((begun, row))


def test_finding_one_is_a_single_statement(connection: Connection) -> None:
    _, token = begin(connection, a_person(connection))
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(connection, "before_cursor_execute", note)
    try:
        assert is_open(connection, token, START)
    finally:
        event.remove(connection, "before_cursor_execute", note)
    assert len(asked) == 1


def test_a_session_is_over_when_its_time_is(connection: Connection) -> None:
    begun, token = begin(connection, a_person(connection))
    for hour in (7, 14, 21):
        sessions.note_use(connection, begun.id, hours(hour))
    assert is_open(connection, token, hours(23.99))
    assert not is_open(connection, token, hours(24))


def test_an_idle_session_is_over_sooner(connection: Connection) -> None:
    begun, token = begin(connection, a_person(connection))
    assert is_open(connection, token, hours(7.99))
    assert not is_open(connection, token, hours(8))
    sessions.note_use(connection, begun.id, hours(7))
    assert is_open(connection, token, hours(14.99))


def test_a_shorter_setting_ends_sessions_that_are_there(connection: Connection) -> None:
    _, token = begin(connection, a_person(connection))
    assert sessions.find(connection, token, hours(2), AccessSettings(session_idle_hours=1)) is None


def test_a_use_is_noted_once_a_minute(connection: Connection) -> None:
    begun, _ = begin(connection, a_person(connection))
    assert not sessions.is_due(begun, START + timedelta(seconds=59))
    assert sessions.is_due(begun, START + timedelta(seconds=60))
    sessions.note_use(connection, begun.id, hours(1))
    assert sessions.get(connection, begun.id).seen_at == hours(1)


def test_a_clock_that_was_set_back_a_little_is_followed(connection: Connection) -> None:
    begun, token = begin(connection, a_person(connection))
    before = START - timedelta(minutes=4)
    assert is_open(connection, token, before)
    assert sessions.is_due(begun, before)
    sessions.note_use(connection, begun.id, before)
    assert not is_open(connection, token, hours(8) - timedelta(minutes=4))


def test_by_a_clock_that_was_set_back_no_session_lasts_longer_or_begins_again(connection: Connection) -> None:
    some = a_person(connection)
    begun, token = begin(connection, some)
    sessions.note_use(connection, begun.id, hours(7))
    sessions.note_use(connection, begun.id, hours(14))
    assert is_open(connection, token, hours(14))
    assert not is_open(connection, token, hours(23))
    assert not is_open(connection, token, hours(1))
    assert not is_open(connection, token, hours(-1000))
    assert sessions.list_of(connection, some.id, hours(1), SETTINGS) == []


def test_an_ended_session_opens_nothing(connection: Connection) -> None:
    begun, token = begin(connection, a_person(connection))
    sessions.end(connection, begun.id, hours(1))
    sessions.end(connection, begun.id, hours(2))
    assert not is_open(connection, token, START)
    sessions.note_use(connection, begun.id, hours(3))
    assert sessions.get(connection, begun.id).seen_at == START


def test_all_of_somebodys_end_but_for_one(connection: Connection) -> None:
    ann, bob = a_person(connection, "ann"), a_person(connection, "bob")
    mine, others = begin(connection, ann), [begin(connection, ann) for _ in range(2)]
    _, of_bob = begin(connection, bob)
    assert sessions.end_all(connection, ann.id, START, but=mine[0].id) == 2
    assert [is_open(connection, token, START) for _, token in (mine, *others)] == [True, False, False]
    assert sessions.end_all(connection, ann.id, START) == 1
    assert not is_open(connection, mine[1], START)
    assert is_open(connection, of_bob, START)


def test_a_disabled_persons_session_opens_nothing(connection: Connection) -> None:
    some = a_person(connection)
    _, token = begin(connection, some)
    connection.execute(update(person).values(disabled_at=START))  # and whatever has become of the session itself
    assert not is_open(connection, token, START)


def test_a_session_follows_what_somebody_is_now(connection: Connection) -> None:
    some = a_person(connection, role=Role.VIEWER)
    _, token = begin(connection, some)
    changed = people.change(connection, replace(some, role=Role.AUDITOR))
    found = sessions.find(connection, token, START, SETTINGS)
    assert found is not None
    assert found[1] == changed


def test_the_list_has_those_in_force_newest_first(connection: Connection) -> None:
    some = a_person(connection)
    old, ended, idle, new = (begin(connection, some, hours(hour))[0] for hour in (-24, 0, -8, 0))
    sessions.end(connection, ended.id, START)
    begin(connection, a_person(connection, "bob"))
    late = begin(connection, some)[0]
    assert sessions.list_of(connection, some.id, START, SETTINGS) == [late, new]
    assert old.id < idle.id


def test_when_people_were_last_seen(connection: Connection) -> None:
    ann, bob, eve = (a_person(connection, login) for login in ("ann", "bob", "eve"))
    for hour in (0, 5, 3):
        begin(connection, ann, hours(hour))
    begin(connection, bob, hours(1))
    assert sessions.last_seen(connection, [ann.id, bob.id, eve.id]) == {ann.id: hours(5), bob.id: hours(1)}


def test_what_a_browser_calls_itself_is_cut_and_cleaned(connection: Connection) -> None:
    begun, _ = begin(connection, a_person(connection), agent="Fire\x00fox\n" + "x" * 1_000)
    assert begun.agent.startswith("Firefoxxx")
    assert len(begun.agent) == 256


def test_a_session_that_never_was_is_told(connection: Connection) -> None:
    with pytest.raises(NotFound, match="there is no session 99"):
        sessions.get(connection, SessionId(99))


def test_old_ones_are_forgotten_a_few_at_a_time(connection: Connection) -> None:
    some = a_person(connection)
    old = {"person": some.id, "made_at": START, "seen_at": START, "expires_at": hours(24), "address": "", "agent": ""}
    connection.execute(insert(session), [old | {"token_hash": bytes([number]) * 32} for number in range(120)])
    left = []
    for day in (30, 31, 31, 31):
        begin(connection, some, hours(24) + timedelta(days=day))
        left.append(connection.execute(select(func.count()).where(session.c.expires_at == hours(24))).scalar_one())
    assert left == [120, 70, 20, 0]
