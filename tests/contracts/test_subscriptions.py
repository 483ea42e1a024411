"""Subscriptions: what can be one, what becomes of them, and who has which."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound
from core.hours import Hours, Weekday
from core.rule import RuleKind, Severity
from events.alerts import subscriptions
from events.alerts.subscription import Grouping, Moment, SubscriptionId, SubscriptionState
from events.alerts.subscription_rows import values_of
from events.alerts.tables import subscription
from events.index import changes
from events.index.event_filter import EventFilter
from registry import departments
from tests.support import builders
from tests.support.builders import START, after
from tests.support.happenings import add_cameras, put_events
from tests.support.subscribing import a_subscription

NIGHTS = Hours(frozenset({Weekday.FRIDAY, Weekday.SATURDAY}), time(22), time(6), "Asia/Shanghai")


def test_one_is_read_as_it_was_made(connection: Connection) -> None:
    made = a_subscription(
        connection,
        filter=EventFilter(
            labels=frozenset({"person", "car"}),
            kinds=frozenset({RuleKind.INTRUSION}),
            hours=NIGHTS,
            min_duration=timedelta(seconds=2.5),
            polygon=((114.2, 30.5), (114.4, 30.5), (114.3, 30.7)),
        ),
        min_severity=Severity.HIGH,
        hours=(NIGHTS,),
        moments=frozenset({Moment.STARTED, Moment.ENDED}),
        grouping=Grouping.CAMERA,
        cool_down=timedelta(seconds=60),
        with_picture=False,
    ).made_by_name("Li Wei")
    subscriptions.change(connection, made, START)
    assert subscriptions.get(connection, made.id) == replace(made, revision=2)


def test_it_is_told_what_happens_from_then_on(connection: Connection) -> None:
    [camera] = add_cameras(connection, 1)
    put_events(connection, [builders.an_event(camera=camera)])
    before = changes.latest(connection)
    assert before > 0
    assert a_subscription(connection).after_seq == before


@pytest.mark.parametrize(
    ("terms", "field", "reason"),
    [
        ({"name": "  "}, "name", "is empty"),
        ({"name": "x" * 129}, "name", "129 characters"),
        ({"name": "a\u202eb"}, "name", "invisible character"),
        ({"moments": frozenset()}, "moments", "names no moment"),
        ({"grouping": Grouping.CAMERA}, "cool_down_s", "needs a cool-down"),
        ({"cool_down": timedelta(seconds=60)}, "cool_down_s", "means nothing"),
        ({"grouping": Grouping.RULE, "cool_down": timedelta(days=1, seconds=1)}, "cool_down_s", "expected 0 to 86400"),
        ({"grouping": Grouping.RULE, "cool_down": timedelta(seconds=-1)}, "cool_down_s", "expected 0 to 86400"),
        ({"filter": EventFilter(polygon=((1, 2), (2, 3)))}, "filter.polygon", "has 2 corners"),
        ({"filter": EventFilter(q="a b c d e f g h i")}, "filter.q", "9"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    connection: Connection, terms: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        a_subscription(connection, **terms)
    assert caught.value.field == field


class TestNames:
    def test_a_name_is_taken_once_in_a_department(self, connection: Connection) -> None:
        water = departments.add(connection, name="Water").id
        a_subscription(connection, "desk")
        a_subscription(connection, "desk", department=water)
        with pytest.raises(Conflict, match="department 1 has a subscription 'desk' already"):
            a_subscription(connection, "desk")

    def test_the_name_of_a_removed_one_is_free_again(self, connection: Connection) -> None:
        subscriptions.remove(connection, a_subscription(connection, "desk").id, START)
        a_subscription(connection, "desk")

    def test_a_change_to_a_taken_name_changes_nothing(self, connection: Connection) -> None:
        a_subscription(connection, "desk")
        other = a_subscription(connection, "chat")
        with pytest.raises(Conflict):
            subscriptions.change(connection, replace(other, name="desk"), START)
        assert subscriptions.get(connection, other.id) == other


def test_a_department_has_two_hundred_at_most(connection: Connection) -> None:
    values = values_of(a_subscription(connection))
    rows = [{**values, "name": f"number {n}"} for n in range(subscriptions.MOST_OF_A_DEPARTMENT - 1)]
    connection.execute(insert(subscription), rows)
    with pytest.raises(Conflict, match="has 200 subscriptions already"):
        a_subscription(connection, "one more")
    water = departments.add(connection, name="Water").id
    a_subscription(connection, "one more", department=water)


class TestChanges:
    def test_a_change_counts_and_what_changes_nothing_does_not(self, connection: Connection) -> None:
        made = a_subscription(connection)
        same = subscriptions.change(connection, replace(made, name=f" {made.name} "), after(5))
        assert same == made
        changed = subscriptions.change(connection, replace(made, name="chat"), after(5))
        assert (changed.revision, changed.changed_at, changed.made_at) == (2, after(5), START)

    def test_whose_it_is_stays(self, connection: Connection) -> None:
        water = departments.add(connection, name="Water").id
        made = a_subscription(connection)
        changed = subscriptions.change(connection, replace(made, department=water, name="chat"), START)
        assert changed.department == made.department

    def test_one_is_paused_and_resumed_and_repeating_it_changes_nothing(self, connection: Connection) -> None:
        number = a_subscription(connection).id
        paused = subscriptions.pause(connection, number, after(1))
        assert subscriptions.pause(connection, number, after(2)) == paused
        assert (paused.state, paused.revision) == (SubscriptionState.PAUSED, 2)
        assert subscriptions.resume(connection, number, after(3)).state is SubscriptionState.ACTIVE

    def test_one_that_was_stopped_says_why_until_it_is_resumed(self, connection: Connection) -> None:
        number = a_subscription(connection).id
        stopped = subscriptions.stop(connection, number, "the receiver answered 410", START)
        assert (stopped.state, stopped.state_reason) == (SubscriptionState.STOPPED, "the receiver answered 410")
        assert subscriptions.resume(connection, number, START).state_reason == ""

    def test_one_that_somebody_paused_is_not_stopped(self, connection: Connection) -> None:
        number = a_subscription(connection).id
        paused = subscriptions.pause(connection, number, START)
        assert subscriptions.stop(connection, number, "gone", START) == paused


def test_a_removed_one_is_not_there_and_its_owner_is_known(connection: Connection) -> None:
    made = a_subscription(connection)
    subscriptions.remove(connection, made.id, START)
    for ask in (subscriptions.get, subscriptions.get_to_change):
        with pytest.raises(NotFound, match=f"there is no subscription {made.id}"):
            ask(connection, made.id)
    assert subscriptions.every(connection) == []
    assert subscriptions.owner_of(connection, made.id) == made.department
    with pytest.raises(NotFound):
        subscriptions.owner_of(connection, SubscriptionId(99))


def test_a_department_that_ever_had_one_stays(connection: Connection) -> None:
    water = departments.add(connection, name="Water").id
    subscriptions.remove(connection, a_subscription(connection, department=water).id, START)
    with pytest.raises(Conflict, match=f"a subscription, a hold, or a rule of what is kept names department {water}"):
        departments.remove(connection, water)
    assert departments.get(connection, water).name == "Water"


class TestLists:
    def test_pages_hold_each_once_in_order(self, connection: Connection) -> None:
        made = tuple(a_subscription(connection, f"number {n}") for n in range(3))
        first = subscriptions.list_subscriptions(connection, limit=2)
        assert first.next is not None
        second = subscriptions.list_subscriptions(connection, limit=2, cursor=first.next)
        assert (first.items, second.items, second.next) == (made[:2], made[2:], None)

    def test_those_of_a_department_or_in_a_state_are_found(self, connection: Connection) -> None:
        water = departments.add(connection, name="Water").id
        own, other = a_subscription(connection), a_subscription(connection, department=water)
        paused = subscriptions.pause(connection, own.id, START)
        found = subscriptions.list_subscriptions
        assert found(connection, departments={water}).items == (other,)
        assert found(connection, departments={DepartmentId(99)}).items == ()
        assert found(connection, state=SubscriptionState.PAUSED).items == (paused,)
