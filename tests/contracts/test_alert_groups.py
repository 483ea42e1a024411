"""Grouping: the first is told at once, the rest of its window together."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.access import Right
from core.event import EndReason
from events.alerts import subscriptions
from events.alerts.message import MOST_LISTED
from events.alerts.subscription import Grouping, Moment, SubscriptionId
from events.alerts.tables import delivery_event
from registry.access import grant_deciding
from registry.db import Database
from registry.visibility import EventFacts
from tests.support.alerting import Office, an_office
from tests.support.builders import after, an_event
from tests.support.sharing import neighbours

MINUTE = 60


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return an_office(sqlite_database, cameras=2)


@pytest.fixture
def on_both(database: Database) -> Office:
    return an_office(database, cameras=2)


def happen(office: Office, *seconds: int, camera: int = 0) -> None:
    """An event at each of these seconds, matched when it happened."""
    for second in seconds:
        office.clock.set(after(second))
        office.happen(an_event(second, camera=office.cameras[camera], at=after(second)))
        office.match()


def kinds(office: Office) -> list[str]:
    return [row.kind for row in office.deliveries()]


def by_camera(office: Office) -> None:
    office.subscribe(grouping=Grouping.CAMERA, cool_down=timedelta(seconds=MINUTE))


def sent(office: Office) -> list[tuple[str, int]]:
    """Type and number of events of what is sent now."""
    bodies = [json.loads(letter.body) for letter in office.deliver()]
    kinds = [body["type"].rpartition(".")[2] for body in bodies]
    return [(kind, body["data"]["count"] if kind == "group" else 1) for kind, body in zip(kinds, bodies, strict=True)]


def test_a_storm_of_one_camera_is_one_message_and_one_for_the_rest(office: Office) -> None:
    by_camera(office)
    happen(office, *range(1, 21))
    assert sent(office) == [("started", 1)]
    office.clock.set(after(1 + MINUTE))
    assert sent(office) == [("group", 19)]


def test_a_quiet_window_ends_the_group(office: Office) -> None:
    by_camera(office)
    happen(office, 1, 2 + MINUTE)
    assert kinds(office) == ["event", "event"]


def test_a_window_in_which_something_happened_goes_on(on_both: Office) -> None:
    office = on_both
    by_camera(office)
    happen(office, 1, 2, 62, 63)
    assert kinds(office) == ["event", "group", "group"]
    assert [row.due_at for row in office.deliveries()][1:] == [after(1 + MINUTE), after(1 + 2 * MINUTE)]
    office.clock.set(after(1 + 2 * MINUTE))
    assert sent(office) == [("started", 1), ("group", 1), ("group", 2)]


def test_a_storm_that_was_over_for_a_whole_window_begins_anew(office: Office) -> None:
    by_camera(office)
    happen(office, 1, 2, 2 + 2 * MINUTE)
    assert kinds(office) == ["event", "group", "event"]


def test_cameras_are_grouped_apart(office: Office) -> None:
    by_camera(office)
    happen(office, 1, 2)
    happen(office, 3, 4, camera=1)
    assert kinds(office) == ["event", "group", "event", "group"]


def test_nothing_is_added_to_what_is_being_sent(on_both: Office) -> None:
    office = on_both
    by_camera(office)
    happen(office, 1, 2)
    office.clock.set(after(1 + MINUTE))
    letters = office.desk.turn()
    assert [letter.claimed.kind for letter in letters] == ["event"]
    office.answer(letters[0])
    [group] = office.desk.turn()
    happen(office, 30 + MINUTE)
    office.answer(group)
    office.desk.turn()
    assert json.loads(group.body)["data"]["count"] == 1
    office.clock.set(after(1 + 2 * MINUTE))
    assert sent(office) == [("group", 1)]


def test_a_storm_of_thousands_is_one_message_that_lists_some(on_both: Office) -> None:
    office = on_both
    office.subscribe(grouping=Grouping.SUBSCRIPTION, cool_down=timedelta(seconds=MINUTE))
    office.happen(*(an_event(n, camera=office.cameras[n % 2], at=after(n)) for n in range(2_000)))
    office.match()
    assert sent(office) == [("started", 1)]
    office.clock.advance(MINUTE)
    [letter] = office.deliver()
    data = json.loads(letter.body)["data"]
    assert (data["count"], len(data["events"])) == (1_999, MOST_LISTED)
    with office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(delivery_event)).scalar_one() == 1_999


def test_start_and_end_in_one_window_are_both_in_it(on_both: Office) -> None:
    office = on_both
    both = frozenset({Moment.STARTED, Moment.ENDED})
    office.subscribe(grouping=Grouping.RULE, cool_down=timedelta(seconds=MINUTE), moments=both)
    office.happen(an_event(1, camera=office.cameras[0], end_reason=EndReason.LEFT))
    office.happen(an_event(2, camera=office.cameras[0], at=after(1), end_reason=EndReason.LEFT))
    office.match()
    office.clock.advance(MINUTE)
    first, group = office.deliver()
    data = json.loads(group.body)["data"]
    moments = sorted((one["id"], one["moment"]) for one in data["events"])
    assert [moment for _, moment in moments] == ["ended", "ended", "started"]
    assert first.claimed.message_id + ".ended.group" == group.claimed.message_id


def test_what_is_held_while_it_is_paused_is_told_when_it_is_resumed(office: Office) -> None:
    by_camera(office)
    happen(office, 1, 2)
    with office.database.write() as connection:
        subscriptions.pause(connection, office_subscription(office), after(3))
    happen(office, 4, 70)
    office.clock.set(after(1_000))
    assert office.deliver() == []
    with office.database.write() as connection:
        subscriptions.resume(connection, office_subscription(office), after(1_001))
    assert sorted(sent(office)) == [("group", 1), ("group", 2), ("started", 1)]


def test_events_that_are_hidden_meanwhile_neither_stand_for_the_others_nor_are_counted(database: Database) -> None:
    office = an_office(database, facts=EventFacts.GRANT)
    with database.write() as connection:
        city = neighbours(connection)
        grant = city.granted(rights=frozenset({Right.EVENTS}), history=True)
    cool_down = timedelta(seconds=MINUTE)
    office.subscribe(department=city.rail, grouping=Grouping.SUBSCRIPTION, cool_down=cool_down)
    hidden = [an_event(n, camera=city.weir, at=after(n / 100)) for n in range(MOST_LISTED + 20)]
    office.happen(*hidden, *(an_event(n, camera=city.platform, at=after(n)) for n in (10, 11, 12)))
    office.match()
    with database.write() as connection:
        grant_deciding.revoke(connection, grant.id, city["water.admin"], "over", after(20))
    office.clock.advance(MINUTE)
    assert sent(office) == [("group", 3)]


def office_subscription(office: Office) -> SubscriptionId:
    return SubscriptionId(office.deliveries()[0].subscription)
