"""Housekeeping of deliveries, and the counts of them all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.event import EndReason, Event
from events.alerts import subscriptions
from events.alerts.counts import count_alerts
from events.alerts.keeping import MOST, Keeping, forget_ended
from events.alerts.subscription import Grouping, Subscription
from events.alerts.tables import alert_group, delivery, delivery_attempt, delivery_event, told
from registry.db import Database
from registry.server_clock import server_time
from tests.support.alerting import Office, an_office
from tests.support.builders import START, after, an_event

MONTH_S = 31 * 86_400
TABLES = (delivery, delivery_attempt, delivery_event, told, alert_group)


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return an_office(sqlite_database, cameras=1)


@pytest.fixture
def on_both(database: Database) -> Office:
    return an_office(database, cameras=1)


def keep(office: Office) -> None:
    Keeping(office.database, office.clock, office.settings).keep()


def rows(office: Office) -> list[int]:
    with office.database.read() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]


def happened(office: Office, count: int = 1) -> Subscription:
    some = office.subscribe()
    office.happen(*(an_event(n, camera=office.cameras[0], at=after(n / 100)) for n in range(1, count + 1)))
    office.match()
    return some


def test_what_ended_a_month_ago_is_forgotten_with_all_that_is_known_of_it(on_both: Office) -> None:
    office = on_both
    office.subscribe(name="grouped", grouping=Grouping.CAMERA, cool_down=timedelta(seconds=60))
    happened(office, 3)
    office.clock.advance(60)
    office.deliver()
    assert rows(office) == [5, 5, 2, 6, 1]
    office.clock.advance(MONTH_S)
    keep(office)
    assert rows(office) == [0, 0, 0, 0, 0]


def test_what_ended_since_stays(office: Office) -> None:
    happened(office)
    office.clock.advance(3_600)
    office.deliver()
    office.clock.advance(MONTH_S - 86_400 - 3_601)
    keep(office)
    assert rows(office)[0] == 1


def test_more_than_one_portion_is_forgotten(office: Office) -> None:
    happened(office, MOST + 20)
    office.deliver()
    office.clock.advance(MONTH_S)
    keep(office)
    assert rows(office)[0] == 0


def test_large_groups_are_forgotten_a_few_at_a_time(office: Office) -> None:
    office.subscribe(grouping=Grouping.CAMERA, cool_down=timedelta(seconds=1))
    for round_ in range(4):
        at = 10 * round_
        office.clock.set(after(at))
        events = (an_event(700 * round_ + n, camera=office.cameras[0], at=after(at + n / 100)) for n in range(701))
        office.happen(*events)
        office.match()
        office.clock.advance(1)
        office.deliver()
    office.clock.advance(MONTH_S)
    with office.database.write() as connection:
        last = forget_ended(connection, office.clock.now(), 0)
        left = connection.execute(select(func.count()).select_from(delivery_event)).scalar_one()
    assert (last is not None, left) == (True, 1_400)
    office.clock.advance(60)
    keep(office)
    assert rows(office) == [0, 0, 0, 0, 0]


def test_what_waited_for_a_day_while_it_was_paused_is_given_up(on_both: Office) -> None:
    office = on_both
    some = happened(office)
    with office.database.write() as connection:
        subscriptions.pause(connection, some.id, START)
    office.clock.advance(86_399)
    keep(office)
    assert office.states() == {"waiting": 1}
    office.clock.advance(2)
    keep(office)
    [row] = office.deliveries()
    assert (row.state, row.reason) == ("dead", "the subscription was paused for 24 h")


def test_what_waited_for_a_day_for_a_receiver_that_fails_is_given_up(on_both: Office) -> None:
    office = on_both
    happened(office, 20)
    other = office.subscribe(name="other", url="https://well.example.com/hook")
    office.happen(an_event(50, camera=office.cameras[0], at=after(50)))
    office.match()
    for _ in range(8):
        office.deliver(lambda letter: None if "alerts" in letter.url else 204)
        office.clock.advance(900)
    office.clock.advance(86_400)
    keep(office)
    assert office.states() == {"dead": 21, "delivered": 1}
    reasons = {row.reason for row in office.deliveries() if row.subscription != other.id}
    assert reasons == {"the receiver failed time and again for 24 h"}


def test_nobody_is_told_twice_since_deliveries_were_kept_for_a_day(database: Database) -> None:
    office = an_office(database, cameras=1, kept_days=1)
    office.subscribe()
    event = replace(an_event(1, camera=office.cameras[0]), ended_at=after(5), end_reason=EndReason.LEFT)
    changed_after(office, event, 2 * 86_400)


def test_of_an_event_that_lasts_longer_than_deliveries_are_kept_nobody_is_told_twice(office: Office) -> None:
    office.subscribe()
    changed_after(office, an_event(1, camera=office.cameras[0]), 40 * 86_400)


def changed_after(office: Office, event: Event, seconds: float) -> None:
    """Once its delivery is forgotten the event changes again, and that makes no other one."""
    office.happen(event)
    office.match()
    office.deliver()
    office.clock.advance(seconds)
    for version in (2, 3):
        last_seen_at = event.last_seen_at if event.ended_at else after(seconds)
        office.happen(replace(event, version=version, last_seen_at=last_seen_at))
        office.match()
        keep(office)
    assert rows(office)[0] == 0


def test_what_was_put_off_by_a_clock_that_was_weeks_ahead_is_sent_once_it_is_set_right(on_both: Office) -> None:
    office = on_both
    office.subscribe(name="grouped", grouping=Grouping.CAMERA, cool_down=timedelta(seconds=60))
    office.clock.advance(20 * 86_400)
    happened(office, 3)
    for _ in range(6):
        office.deliver(lambda _: 500)
        office.clock.advance(5)
    assert office.states() == {"waiting": 5}
    office.clock.set(after(60))
    keep(office)
    office.deliver()
    assert office.states() == {"delivered": 5}


def test_what_waited_for_a_removed_subscription_is_withheld(on_both: Office) -> None:
    office = on_both
    some = happened(office)
    with office.database.write() as connection:
        subscriptions.remove(connection, some.id, START)
    keep(office)
    [row] = office.deliveries()
    assert (row.state, row.reason) == ("withheld", "the subscription was removed")


def test_the_counts_tell_what_waits_and_what_was_given_up(on_both: Office) -> None:
    office = on_both
    happened(office, 3)
    office.happen(an_event(9, camera=office.cameras[0], at=after(9)))
    with office.database.write() as connection:
        given_up = {"state": "dead", "ended_at": server_time(connection)}
        connection.execute(delivery.update().where(delivery.c.id == 1).values(given_up))
    with office.database.read() as connection:
        counts = count_alerts(connection)
    assert (counts.matched, counts.unmatched, counts.waiting, counts.dead, counts.shut) == (3, 1, 2, 1, 0)
    assert counts.oldest_waiting_s > 0
