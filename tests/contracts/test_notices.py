"""Notices: opened once, closed once, and told once to each subscription that asks for them, whatever sends them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from standardwebhooks import Webhook

from core.clock import SystemClock
from core.errors import NotFound
from events.alerts import replays, subscription_secrets, subscriptions
from events.alerts.counts import count_alerts
from events.alerts.deliveries import DeliveryId, DeliveryKind, DeliveryState
from events.alerts.dispatch import Dispatch
from events.alerts.settings import AlertSettings
from events.notices.notice import Notice, NoticeKind
from events.notices.notices import close_notice, list_notices, open_notice, open_notices
from registry.db import Database
from registry.visibility import EventFacts, Visibility
from tests.support.alerting import Office, a_ring, an_office, subscribe
from tests.support.builders import START, after, an_event
from tests.support.racing import race
from tests.support.receiver import Receivers, open_receivers
from tests.support.waiting import wait_for

FULL = NoticeKind.DISK_FULL
DISK = "machine-1: /srv/media"


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with open_receivers() as opened:
        yield opened


@pytest.fixture
def office(database: Database) -> Office:
    return an_office(database, cameras=1)


def begins(office: Office, detail: str = "1 % is free", *, subject: str = DISK) -> None:
    with office.database.write() as connection:
        open_notice(connection, FULL, subject, detail, at=office.clock.now())


def is_over(office: Office, *, subject: str = DISK) -> None:
    with office.database.write() as connection:
        close_notice(connection, FULL, subject, at=office.clock.now())


def going_on(office: Office) -> list[Notice]:
    with office.database.read() as connection:
        return open_notices(connection)


def test_one_that_is_said_again_is_the_same_with_newer_words(office: Office) -> None:
    office.subscribe(notices=True)
    begins(office)
    office.clock.advance(5)
    begins(office, "nothing is free")
    [found] = going_on(office)
    assert (found.detail, found.began_at, found.ended_at) == ("nothing is free", START, None)
    assert len(office.deliveries()) == 1


def test_each_subject_has_its_own(office: Office) -> None:
    begins(office)
    begins(office, subject="machine-2: /srv/media")
    is_over(office)
    assert [one.subject for one in going_on(office)] == ["machine-2: /srv/media"]


def test_what_is_over_and_begins_again_is_another_one(office: Office) -> None:
    begins(office)
    office.clock.advance(5)
    is_over(office)
    is_over(office)  # nobody has it any more: nothing happens
    begins(office)
    with office.database.read() as connection:
        page = list_notices(connection, only_open=False)
    assert [one.ended_at for one in page.items] == [None, after(5)]
    assert page.items[0].id > page.items[1].id


def test_all_are_listed_page_by_page_the_newest_first(office: Office) -> None:
    for number in range(5):
        begins(office, subject=f"machine-{number}")
    is_over(office, subject="machine-4")
    with office.database.read() as connection:
        first = list_notices(connection, only_open=True, limit=3)
        second = list_notices(connection, only_open=True, limit=3, cursor=first.next)
    assert [one.subject for one in (*first.items, *second.items)] == [f"machine-{n}" for n in (3, 2, 1, 0)]
    assert second.next is None


def test_what_is_too_long_or_no_text_for_a_database_is_cut(office: Office) -> None:
    begins(office, "a\0b" + "x" * 1_000)
    [found] = going_on(office)
    assert found.detail == "ab" + "x" * 510


def test_it_is_told_to_those_alone_who_ask_for_notices(office: Office) -> None:
    asks = office.subscribe(name="asks", notices=True)
    office.subscribe(name="does not")
    gone = office.subscribe(name="gone", notices=True)
    with office.database.write() as connection:
        subscriptions.remove(connection, gone.id, START)
    begins(office)
    [made] = office.deliveries()
    assert (made.subscription, made.kind, made.event) == (asks.id, DeliveryKind.NOTICE.value, None)


def test_its_messages_say_what_begins_and_what_is_over(office: Office) -> None:
    some = office.subscribe(name="desk", notices=True)
    begins(office)
    [number] = [one.id for one in going_on(office)]
    [opened] = office.deliver()
    office.clock.advance(60)
    is_over(office)
    [closed] = office.deliver()
    found = [json.loads(letter.body) for letter in (opened, closed)]
    told = {
        "id": str(number),
        "kind": "disk_full",
        "subject": DISK,
        "detail": "1 % is free",
        "began_at": "2026-03-01T12:00:00.000Z",
        "ended_at": None,
    }
    assert found[0] == {
        "specversion": "1.0",
        "id": f"notice.{number}.opened.{some.id}",
        "source": "sharp-eyes",
        "type": "city.sharpeyes.notice.opened",
        "subject": f"notice/{number}",
        "time": "2026-03-01T12:00:00.000Z",
        "datacontenttype": "application/json",
        "data": {"notice": told, "subscription": {"id": some.id, "name": "desk"}},
    }
    ended = told | {"ended_at": "2026-03-01T12:01:00.000Z"}
    assert found[1]["data"]["notice"] == ended
    assert (found[1]["type"], found[1]["id"], found[1]["time"]) == (
        "city.sharpeyes.notice.closed",
        f"notice.{number}.closed.{some.id}",
        ended["ended_at"],
    )


def test_events_go_on_being_told_beside_it(office: Office) -> None:
    office.subscribe(notices=True)
    begins(office)
    office.happen(an_event(1, camera=office.cameras[0]))
    office.match()
    kinds = [json.loads(letter.body)["type"].rsplit(".", 2)[1] for letter in office.deliver()]
    assert sorted(kinds) == ["event", "notice"]


def test_one_that_is_not_asked_for_any_more_is_withheld(office: Office) -> None:
    some = office.subscribe(notices=True)
    begins(office)
    with office.database.write() as connection:
        found = subscriptions.get(connection, some.id)
        subscriptions.change(connection, replace(found, notices=False), START)
    assert office.deliver() == []
    [row] = office.deliveries()
    assert (row.state, row.reason) == ("withheld", "the subscription does not ask for notices any more")


def test_one_that_fails_is_tried_again_then_given_up_and_can_be_repeated(office: Office) -> None:
    some = office.subscribe(notices=True)
    begins(office)
    assert len(office.deliver(lambda _: 500)) == 1
    [row] = office.deliveries()
    assert (row.state, row.attempts) == ("waiting", 1)
    office.clock.advance(timedelta(days=30).total_seconds())
    office.deliver(lambda _: 500)
    [row] = office.deliveries()
    assert row.state == DeliveryState.DEAD.value
    with office.database.write() as connection:
        repeated = replays.replay(connection, DeliveryId(row.id))
    assert (repeated.notice, repeated.message_id) == (row.notice, row.message_id)
    office.clock.set(repeated.due_at)
    [letter] = office.deliver()
    assert json.loads(letter.body)["id"] == f"notice.{row.notice}.opened.{some.id}"


def test_of_many_who_say_it_at_once_one_tells_it(office: Office) -> None:
    office.subscribe(notices=True)
    outcomes = race(office.database, *[lambda it: open_notice(it, FULL, DISK, "full")] * 6)
    assert outcomes == [None] * 6
    outcomes = race(office.database, *[lambda it: close_notice(it, FULL, DISK)] * 6)
    assert outcomes == [None] * 6
    assert [row.moment for row in office.deliveries()] == ["started", "ended"]


def test_one_that_is_taken_back_was_never_told(office: Office) -> None:
    office.subscribe(notices=True)

    def fail(connection: Connection) -> None:
        open_notice(connection, FULL, DISK, "full")
        raise NotFound("what it was about is gone")

    [error] = race(office.database, fail)
    assert isinstance(error, NotFound)
    assert office.deliveries() == []
    assert going_on(office) == []


def test_two_processes_send_each_of_them_once_and_signed(database: Database, receivers: Receivers) -> None:
    receiver, keys, clock = receivers.open(), a_ring(), SystemClock()
    settings = AlertSettings(allowed_targets=("127.0.0.1",))
    with database.write() as connection:
        some = subscribe(connection, keys, url=receiver.url, at=clock.now(), notices=True)
        secret = subscription_secrets.rotate(connection, keys, some.id, clock.now(), timedelta(0))
    offices = [Dispatch(database, Visibility(EventFacts.CITY, clock), keys, clock, settings) for _ in range(2)]
    for one in offices:
        one.start()
    try:
        for number in range(5):
            with database.write() as connection:
                open_notice(connection, FULL, f"machine-{number}", "full")
        receiver.wait_for(5)
        for number in range(5):
            with database.write() as connection:
                close_notice(connection, FULL, f"machine-{number}")
        receiver.wait_for(10)
        wait_for(lambda: _waiting(database) == 0, "all of them are written down")
    finally:
        for one in offices:
            one.stop()
    assert sorted(receiver.ids.values()) == [1] * 10
    for got in receiver.got:
        Webhook(secret).verify(got.body, got.headers)


def _waiting(database: Database) -> int:
    with database.read() as connection:
        return count_alerts(connection).waiting
