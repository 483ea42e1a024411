"""What is made of changes of events: which deliveries, each once."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from core.access import Right
from core.event import EndReason
from core.hours import Hours
from core.rule import Severity
from events.alerts import subscriptions
from events.alerts.subscription import Moment
from events.alerts.tables import alert_cursor, subscription, told
from events.index.event_filter import EventFilter
from registry.db import Database
from registry.visibility import EventFacts
from tests.support.alerting import Office, an_office
from tests.support.builders import START, after, an_event
from tests.support.sharing import neighbours

BOTH = frozenset({Moment.STARTED, Moment.ENDED})


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return an_office(sqlite_database, cameras=2)


@pytest.fixture
def on_both(database: Database) -> Office:
    return an_office(database, cameras=2)


def told_of(office: Office) -> list[tuple[int, int, str]]:
    """Subscription, event and moment of each delivery."""
    return [(row.subscription, row.event, row.moment) for row in office.deliveries()]


def test_each_event_is_told_once_whatever_becomes_of_it(on_both: Office) -> None:
    office = on_both
    some = office.subscribe()
    event = an_event(1, camera=office.cameras[0])
    [number] = office.happen(event)
    office.match()
    office.happen(replace(event, version=2), replace(event, version=3, ended_at=after(9), end_reason=EndReason.LEFT))
    office.match()
    assert told_of(office) == [(some.id, number, "started")]
    assert [row.message_id for row in office.deliveries()] == [f"{number}.1.{some.id}"]


def test_its_end_is_told_to_who_asks_for_it(office: Office) -> None:
    some = office.subscribe(moments=frozenset({Moment.ENDED}))
    event = an_event(1, camera=office.cameras[0])
    [number] = office.happen(event)
    office.match()
    assert told_of(office) == []
    office.happen(replace(event, version=2, ended_at=after(9), end_reason=EndReason.LEFT))
    office.match()
    assert told_of(office) == [(some.id, number, "ended")]


def test_start_and_end_that_become_known_at_once_are_two_messages(office: Office) -> None:
    some = office.subscribe(moments=BOTH)
    [number] = office.happen(an_event(1, camera=office.cameras[0], end_reason=EndReason.LEFT))
    office.match()
    assert told_of(office) == [(some.id, number, "started"), (some.id, number, "ended")]
    ids = [row.message_id for row in office.deliveries()]
    assert ids == [f"{number}.1.{some.id}", f"{number}.1.{some.id}.ended"]


def test_what_happened_before_it_was_made_is_not_told(office: Office) -> None:
    office.happen(an_event(1, camera=office.cameras[0]))
    some = office.subscribe()
    [number] = office.happen(an_event(2, camera=office.cameras[0], at=after(1)))
    office.match()
    assert told_of(office) == [(some.id, number, "started")]


def test_an_old_event_that_changes_is_no_news_to_who_subscribed_since(office: Office) -> None:
    event = an_event(1, camera=office.cameras[0], end_reason=EndReason.LEFT)
    office.happen(event)
    office.subscribe(at=after(3_600))
    office.happen(replace(event, version=2))
    assert office.match() == 2
    assert told_of(office) == []


def test_only_what_fits_the_filter_is_told(on_both: Office) -> None:
    office = on_both
    one, other = office.cameras
    office.subscribe(name="camera", filter=EventFilter(cameras=frozenset({one})))
    office.subscribe(name="urgent", min_severity=Severity.HIGH)
    office.subscribe(name="night", hours=(Hours(begin=time(22), end=time(6)),))
    at = [
        an_event(1, camera=one),
        an_event(1, camera=other, severity=Severity.EMERGENCY),
        an_event(2, camera=other, at=after(11 * 3_600)),
    ]
    numbers = office.happen(*at)
    office.clock.advance(12 * 3_600)
    office.match()
    assert told_of(office) == [(1, numbers[0], "started"), (2, numbers[1], "started"), (3, numbers[2], "started")]


def test_a_change_of_the_filter_holds_from_the_next_match_on(office: Office) -> None:
    one, other = office.cameras
    some = office.subscribe(filter=EventFilter(cameras=frozenset({one})))
    office.happen(an_event(1, camera=other))
    office.match()
    with office.database.write() as connection:
        subscriptions.change(connection, replace(some, filter=EventFilter()), after(1))
    [number] = office.happen(an_event(2, camera=other, at=after(2)))
    office.match()
    assert told_of(office) == [(some.id, number, "started")]


@pytest.mark.parametrize(("state", "told_while"), [("active", 1), ("paused", 1), ("stopped", 1), ("removed", 0)])
def test_what_happens_while_nothing_is_sent_waits(office: Office, state: str, told_while: int) -> None:
    some = office.subscribe()
    with office.database.write() as connection:
        if state == "paused":
            subscriptions.pause(connection, some.id, START)
        elif state == "stopped":
            subscriptions.stop(connection, some.id, "HTTP 410", START)
        elif state == "removed":
            subscriptions.remove(connection, some.id, START)
    office.happen(an_event(1, camera=office.cameras[0]))
    assert office.match() == 1
    assert len(told_of(office)) == told_while


def test_a_department_is_told_what_it_may_see_and_nothing_else(database: Database) -> None:
    office = an_office(database, facts=EventFacts.GRANT)
    with database.write() as connection:
        city = neighbours(connection)
    office.subscribe(department=city.rail, name="rail")
    office.subscribe(department=city.water, name="water")
    first = office.happen(an_event(1, camera=city.weir), an_event(1, camera=city.platform))
    office.match()
    assert told_of(office) == [(2, first[0], "started"), (1, first[1], "started")]
    with database.write() as connection:
        city.connection = connection
        city.granted(rights=frozenset({Right.EVENTS}), history=True)
    [second] = office.happen(an_event(2, camera=city.weir, at=after(1)))
    office.match()
    assert told_of(office)[2:] == [(1, second, "started"), (2, second, "started")]


@pytest.mark.parametrize("later", [{"group_by": "zone"}, {"moments": "seen"}, {"filter": '{"mood": 1}'}])
def test_one_that_a_later_version_wrote_keeps_no_other_from_being_told(office: Office, later: dict[str, str]) -> None:
    strange, some = office.subscribe(name="strange"), office.subscribe()
    with office.database.write() as connection:
        connection.execute(subscription.update().where(subscription.c.id == strange.id).values(later))
    [number] = office.happen(an_event(1, camera=office.cameras[0]))
    office.match()
    assert told_of(office) == [(some.id, number, "started")]
    assert len(office.deliver()) == 1


def test_the_cursor_moves_with_what_is_made_in_batches(on_both: Office) -> None:
    office = on_both
    office.subscribe()
    camera = office.cameras[0]
    office.happen(*(an_event(n, camera=camera, at=after(n)) for n in range(1, 1_202)))
    sizes = []
    while some := office.matcher.match_some():
        sizes.append(some)
    assert sum(sizes) == 1_201
    assert max(sizes) <= 500
    assert office.states() == {"waiting": 1_201}
    with office.database.read() as connection:
        assert connection.execute(select(alert_cursor.c.seq, alert_cursor.c.matched)).one() == (1_201, 1_201)


def test_a_batch_is_as_small_as_what_it_writes_is_large(office: Office) -> None:
    for number in range(30):
        office.subscribe(name=f"subscription {number}")
    office.happen(*(an_event(n, camera=office.cameras[0], at=after(n)) for n in range(1, 101)))
    assert office.matcher.match_some() == 33
    office.match()
    assert office.states() == {"waiting": 3_000}


def test_two_that_match_make_nothing_twice(on_both: Office) -> None:
    office = on_both
    office.subscribe()
    other = an_office(office.database)
    for n in range(1, 21):
        office.happen(an_event(n, camera=office.cameras[0], at=after(n)))
        (office if n % 2 else other).match()
    assert office.states() == {"waiting": 20}


def test_what_another_has_matched_meanwhile_is_not_written(on_both: Office) -> None:
    office = on_both
    office.subscribe()
    office.happen(an_event(1, camera=office.cameras[0]))
    other = an_office(office.database)
    original = office.matcher._database

    class Overtaken:
        kind = original.kind
        read = staticmethod(original.read)

        def write(self) -> object:
            other.match()
            return original.write()

    office.matcher._database = Overtaken()  # type: ignore[assignment]
    assert office.matcher.match_some() == 0
    assert office.states() == {"waiting": 1}


def test_an_event_that_ended_a_month_ago_is_told_to_nobody(office: Office) -> None:
    office.subscribe()
    office.clock.advance(timedelta(days=31).total_seconds())
    office.happen(an_event(1, camera=office.cameras[0], end_reason=EndReason.LEFT))
    assert office.match() == 1
    assert told_of(office) == []


def test_what_is_made_is_all_that_was_matched(on_both: Office) -> None:
    office = on_both
    """The promise as a sum: each event, once for each subscription, whatever the order of their versions."""
    for number in range(3):
        office.subscribe(name=f"subscription {number}", moments=BOTH if number else frozenset({Moment.STARTED}))
    ended = {}
    for n in range(1, 41):
        event = an_event(n, camera=office.cameras[n % 2], at=after(n))
        office.happen(event)
        ended[n] = replace(event, version=2, ended_at=after(n + 5), end_reason=EndReason.LEFT)
        if n % 3 == 0:
            office.match()
        if n > 4:
            office.happen(ended.pop(n - 4))
    office.happen(*ended.values())
    office.match()
    rows = told_of(office)
    assert len(rows) == len(set(rows)) == 40 * 3 + 40 * 2
    with office.database.read() as connection:
        assert set(connection.execute(select(told.c.subscription, told.c.event, told.c.moment)).all()) == set(rows)
