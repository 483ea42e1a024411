"""`sharp-eyes subscriptions`: what it does, what it prints, and what it leaves on record."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from core.errors import BadInput, Conflict, NotFound, SharpEyesError
from core.hours import Weekday
from core.rule import Severity
from events.alerts import subscription_secrets, subscriptions
from events.alerts.deliveries import DeliveryState
from events.alerts.subscription import Grouping, Moment, Subscription, SubscriptionId
from registry import key_ring
from registry.audit.tables import audit_row
from registry.db import Database
from sharp_eyes.cli import app
from tests.support.builders import START, after
from tests.support.databases import sqlite_database
from tests.support.subscribing import HOOK, a_delivery, a_subscription

__all__ = ["sqlite_database"]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def some(database: Database) -> Subscription:
    with database.write() as connection:
        return a_subscription(connection)


def said(data: Path, *words: str) -> str:
    environment = {"SHARP_EYES_DATA": str(data), "SHARP_EYES_DATABASE": f"sqlite:///{data}/test.db"}
    done = CliRunner().invoke(app, ["subscriptions", *words], env=environment)
    if isinstance(done.exception, SharpEyesError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def recorded(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    with database.read() as connection:
        rows = connection.execute(select(audit_row).order_by(audit_row.c.id)).all()
    return [(row.act, row.object, json.loads(row.detail)) for row in rows]


def test_one_is_added_with_its_terms_and_its_secret_is_printed_alone(tmp_path: Path, database: Database) -> None:
    only = '{"label": ["car"], "day": ["friday"]}'
    terms = ("--filter", only, "--min-severity", "2", "--moment", "ended", "--grouping", "rule", "--cool-down", "60")
    text = said(tmp_path, "add", "duty desk", HOOK, "--department", "1", "--no-picture", *terms).strip()
    with database.read() as connection:
        [made] = subscriptions.every(connection)
        keys = key_ring.open_files(tmp_path / "keys" / "sealing.key")
        [secret] = subscription_secrets.in_force(connection, keys, made.id, START)
    assert subscription_secrets.text_of(secret) == text
    assert (made.min_severity, made.moments, made.grouping) == (Severity.HIGH, frozenset({Moment.ENDED}), Grouping.RULE)
    assert made.filter.hours is not None
    assert (made.filter.labels, made.filter.hours.days) == (
        frozenset({"car"}),
        frozenset({Weekday.FRIDAY}),
    )
    assert (made.with_picture, made.made_by) == (False, "this machine")
    assert recorded(database) == [("add", "1", {"name": "duty desk", "target": "https://alerts.example:443"})]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("a", "http://10.0.0.1/", "--department", "1"), "url"),
        (("a", HOOK, "--department", "1", "--filter", "{"), "filter"),
        (("a", HOOK, "--department", "1", "--filter", '{"person": 1}'), "filter.person"),
        (("a", HOOK, "--department", "1", "--moment", "never"), "moments.0"),
        (("a", HOOK, "--department", "1", "--grouping", "rule"), "cool_down_s"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    tmp_path: Path, database: Database, words: tuple[str, ...], field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        said(tmp_path, "add", *words)
    assert caught.value.field == field
    assert recorded(database) == []


def test_a_department_that_is_not_there_is_told(tmp_path: Path, database: Database) -> None:
    with pytest.raises(NotFound, match="there is no department 99"):
        said(tmp_path, "add", "a", HOOK, "--department", "99")


def test_the_list_tells_where_it_sends_and_nothing_more_of_the_address(
    tmp_path: Path, database: Database, some: Subscription
) -> None:
    with database.write() as connection:
        a_delivery(connection, some.id, state=DeliveryState.WAITING)
    line = said(tmp_path, "list").strip()
    assert line == (
        "1  active, of department 1, to https://alerts.example:443, 1 waiting, 0 given up in 24 hours: duty desk"
    )
    facts = json.loads(said(tmp_path, "list", "--json"))
    assert (facts["waiting"], facts["target"]) == (1, "https://alerts.example:443")
    assert HOOK not in json.dumps(facts)
    assert said(tmp_path, "list", "--department", "2") == ""


def test_it_is_paused_resumed_and_removed(tmp_path: Path, database: Database, some: Subscription) -> None:
    assert "is paused" in said(tmp_path, "pause", "1")
    assert "is paused" in said(tmp_path, "pause", "1")
    assert "is active" in said(tmp_path, "resume", "1")
    assert "was removed" in said(tmp_path, "remove", "1")
    with pytest.raises(NotFound, match="there is no subscription 1"):
        said(tmp_path, "pause", "1")
    assert [act for act, *_ in recorded(database)] == ["change", "change", "remove"]


def test_a_rotated_secret_is_printed_and_signs_beside_the_other(
    tmp_path: Path, database: Database, some: Subscription
) -> None:
    first = said(tmp_path, "rotate-secret", "1").strip()
    second = json.loads(said(tmp_path, "rotate-secret", "1", "--json"))["text"]
    keys = key_ring.open_files(tmp_path / "keys" / "sealing.key")
    with database.read() as connection:
        found = subscription_secrets.in_force(connection, keys, SubscriptionId(1), START)
    assert [subscription_secrets.text_of(one) for one in found] == [second, first]
    assert first not in repr(recorded(database))


def test_a_test_is_sent_once(tmp_path: Path, database: Database, some: Subscription) -> None:
    assert "delivery 1 is to be sent to https://alerts.example:443" in said(tmp_path, "test", "1")
    with pytest.raises(Conflict):
        said(tmp_path, "test", "1")
    assert recorded(database) == [("change", "1", {"test": 1})]


def test_deliveries_are_shown_and_told_again(tmp_path: Path, database: Database, some: Subscription) -> None:
    with database.write() as connection:
        for n, state in enumerate((DeliveryState.DEAD, DeliveryState.DELIVERED, DeliveryState.DEAD)):
            a_delivery(connection, some.id, at=after(n), state=state, event=n + 1)
    assert said(tmp_path, "deliveries", "1", "--state", "delivered") == (
        "2  2026-03-01 12:00:01 UTC  event 2: delivered, 1 tries\n"
    )
    assert [json.loads(line)["id"] for line in said(tmp_path, "deliveries", "1", "--json").splitlines()] == [3, 2, 1]
    assert "delivery 1 is told again, as delivery 4" in said(tmp_path, "replay", "1", "--delivery", "1")
    span = ("--from", "2026-03-01T12:00:00Z", "--to", "2026-03-01T12:00:02Z")
    assert said(tmp_path, "replay", "1", *span) == "1 deliveries are told again\n"
    assert len(recorded(database)) == 2


def test_a_filter_that_there_is_not_is_refused_in_words_of_ours(tmp_path: Path, database: Database) -> None:
    with pytest.raises(BadInput, match="there is no such field or filter"):
        said(tmp_path, "add", "a", HOOK, "--department", "1", "--filter", '{"overlap": true}')


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--from", "2026-03-01T12:00:00Z"),
        ("--delivery", "1", "--from", "2026-03-01T12:00:00Z", "--to", "2026-03-01T13:00:00Z"),
        ("--from", "2026-03-01T12:00:00", "--to", "2026-03-01T13:00:00Z"),
        ("--from", "yesterday", "--to", "2026-03-01T13:00:00Z"),
    ],
)
def test_what_is_to_be_told_again_must_be_clear(
    tmp_path: Path, database: Database, some: Subscription, words: tuple[str, ...]
) -> None:
    with pytest.raises(BadInput):
        said(tmp_path, "replay", "1", *words)


def test_a_state_that_is_none_is_refused(tmp_path: Path, database: Database, some: Subscription) -> None:
    with pytest.raises(BadInput, match="expected waiting, delivered, dead, withheld"):
        said(tmp_path, "deliveries", "1", "--state", "lost")
