"""`sharp-eyes subscriptions`: who is told of which events."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.camera import DepartmentId

from . import subscription_log
from .opened import changing, opened
from .options import HIGHEST_NUMBER, Config, Json
from .subscription_log import Number, note_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from events.alerts.subscription import Subscription, SubscriptionId
    from events.alerts.subscription_health import Health
    from registry.idempotency import Transaction

    Step = Callable[[Transaction, SubscriptionId, datetime], Subscription]

app = typer.Typer(
    help="Subscriptions: which programs are told of which events, and what becomes of it.", no_args_is_help=True
)
app.command("deliveries")(subscription_log.deliveries)
app.command("replay")(subscription_log.replay)

_MOST = 1_000_000
"""In a list: all of them."""


@app.command("list")
def list_all(
    department: Annotated[
        int | None, typer.Option(min=1, max=HIGHEST_NUMBER, help="Those of this department alone.")
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Show all subscriptions, where each sends to, and how it is doing.

    Example: sharp-eyes subscriptions list --department 2
    """
    from events.alerts import subscriptions
    from events.alerts.subscription_health import health_of

    only = None if department is None else {DepartmentId(department)}
    with opened(config) as (_, database), database.read() as connection:
        found = subscriptions.list_subscriptions(connection, departments=only, limit=_MOST).items
        health = health_of(connection, found)
    for one in found:
        facts = _facts(one, health[one.id])
        if as_json:
            print(json.dumps(facts, ensure_ascii=False))
        else:
            reason = f" ({one.state_reason})" if one.state_reason else ""
            print(
                f"{one.id}  {one.state.value}{reason}, of department {one.department}, to {one.origin}, "
                f"{facts['waiting']} waiting, {facts['dead']} given up in 24 hours: {one.name}"
            )


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is for: the name of the program that is told.")],
    url: Annotated[str, typer.Argument(help="Where deliveries are sent: https://...")],
    department: Annotated[
        int, typer.Option(min=1, max=HIGHEST_NUMBER, help="It is told what an operator of this department may see.")
    ],
    only: Annotated[
        str, typer.Option("--filter", help='Which events, as the API takes it: {"label": ["person"], "region": "31"}.')
    ] = "{}",
    min_severity: Annotated[
        int, typer.Option(min=1, max=4, help="The least urgent ones: 1 the most urgent alone.")
    ] = 4,
    moment: Annotated[list[str] | None, typer.Option(help="started (the default), ended; may be repeated.")] = None,
    grouping: Annotated[str, typer.Option(help="event, camera, rule or subscription.")] = "event",
    cool_down: Annotated[
        int, typer.Option(min=0, max=86_400, help="With a grouping: for how many seconds what follows is held.")
    ] = 0,
    picture: Annotated[bool, typer.Option(help="Whether messages have a link to the masked snapshot.")] = True,
    notices: Annotated[
        bool, typer.Option("--notices", help="Tell it of the system's own troubles, too: a full disk, a store away.")
    ] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Make a subscription, and print the secret that its deliveries are signed with: nobody can show it again.

    Example: sharp-eyes subscriptions add "duty desk" https://alerts.example/hook --department 2
    """
    from events.alerts import subscription_secrets, subscriptions
    from events.alerts.targets import check_url
    from registry import departments
    from registry.audit.entry import Act

    from ..preparation import open_keys
    from ..subscription_terms import wanted_by

    terms = {
        "name": name,
        "url": url,
        "min_severity": min_severity,
        "moments": moment or ["started"],
        "grouping": grouping,
        "cool_down_s": cool_down,
        "with_picture": picture,
        "notices": notices,
    }
    with opened(config) as (settings, database):
        wanted = wanted_by(terms, only, DepartmentId(department), settings.history.time_zone)
        check_url(wanted.url, settings.alerts.allowed)
        keys = open_keys(settings)
        with changing(database) as (connection, at):
            departments.check_exists(connection, wanted.department)
            made = subscriptions.add(connection, wanted.made_by_name("this machine"), at)
            text = subscription_secrets.make(connection, keys, made.id, at)
            note_on(connection, at, Act.ADD, made, {"name": made.name, "target": made.origin})
    _tell_secret(made, text, as_json=as_json, more={"id": made.id})


@app.command()
def pause(number: Number, config: Config = None) -> None:
    """Send nothing until it is resumed: what is to be told waits.

    Example: sharp-eyes subscriptions pause 3
    """
    from events.alerts import subscriptions

    _step(config, number, subscriptions.pause)


@app.command()
def resume(number: Number, config: Config = None) -> None:
    """Send again, also what has waited, and where it was stopped.

    Example: sharp-eyes subscriptions resume 3
    """
    from events.alerts import subscriptions

    _step(config, number, subscriptions.resume)


@app.command()
def remove(number: Number, config: Config = None) -> None:
    """Tell nothing any more, also not what waits.

    Example: sharp-eyes subscriptions remove 3
    """
    from events.alerts import subscriptions
    from events.alerts.subscription import SubscriptionId
    from registry.audit.entry import Act

    with opened(config) as (_, database), changing(database) as (connection, at):
        found = subscriptions.get_to_change(connection, SubscriptionId(number))
        subscriptions.remove(connection, found.id, at)
        note_on(connection, at, Act.REMOVE, found, {"name": found.name})
    print(f"subscription {number} ({found.name}) was removed")


@app.command("rotate-secret")
def rotate_secret(
    number: Number,
    overlap_hours: Annotated[
        float, typer.Option(min=0, max=168, help="For how many hours the secrets before it sign as well.")
    ] = 24,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Sign with a new secret, and print it: nobody can show it again.

    Example: sharp-eyes subscriptions rotate-secret 3 --overlap-hours 48
    """
    from events.alerts import subscription_secrets, subscriptions
    from events.alerts.subscription import SubscriptionId
    from registry.audit.entry import Act

    from ..preparation import open_keys

    overlap = timedelta(hours=overlap_hours)
    with opened(config) as (settings, database):
        keys = open_keys(settings)
        with changing(database) as (connection, at):
            found = subscriptions.get_to_change(connection, SubscriptionId(number))
            text = subscription_secrets.rotate(connection, keys, found.id, at, overlap)
            detail = {"signing": {"rotated": True, "overlap_s": round(overlap.total_seconds())}}
            note_on(connection, at, Act.CHANGE, found, detail)
    _tell_secret(found, text, as_json=as_json, more={"id": found.id})


@app.command("test")
def send_test(number: Number, config: Config = None) -> None:
    """Send a message that tells of nothing, to see whether it arrives. `sharp-eyes alerts` must run, or `run`.

    Example: sharp-eyes subscriptions test 3
    """
    from events.alerts import replays, subscriptions
    from events.alerts.subscription import SubscriptionId
    from registry.audit.entry import Act

    with opened(config) as (_, database), changing(database) as (connection, at):
        found = subscriptions.get_to_change(connection, SubscriptionId(number))
        made = replays.test(connection, found)
        note_on(connection, at, Act.CHANGE, found, {"test": made.id})
    print(
        f"delivery {made.id} is to be sent to {found.origin}; what becomes of it: "
        f"sharp-eyes subscriptions deliveries {number}"
    )


def _step(config: Path | None, number: int, do: "Step") -> None:
    from events.alerts import subscriptions
    from events.alerts.subscription import SubscriptionId
    from registry.audit.entry import Act

    with opened(config) as (_, database), changing(database) as (connection, at):
        before = subscriptions.get_to_change(connection, SubscriptionId(number))
        after = do(connection, before.id, at)
        if after.revision != before.revision:
            note_on(connection, at, Act.CHANGE, after, {"changed": {"state": [before.state.value, after.state.value]}})
    print(f"subscription {number} ({after.name}) is {after.state.value}")


def _tell_secret(some: "Subscription", text: str, *, as_json: bool, more: dict[str, Any]) -> None:
    """The secret alone on standard output, for programs too."""
    if as_json:
        print(json.dumps({**more, "text": text}, ensure_ascii=False))
    else:
        print(f"the secret of subscription {some.id} ({some.name}); it is not shown again:", file=sys.stderr)
        print(text)


def _facts(some: "Subscription", health: "Health") -> dict[str, Any]:
    last = health.last_success_at
    return {
        "id": some.id,
        "department": some.department,
        "name": some.name,
        "target": some.origin,
        "state": some.state.value,
        "state_reason": some.state_reason,
        "waiting": health.waiting.count,
        "dead": health.dead.count,
        "last_success_at": None if last is None else last.isoformat(),
        "circuit": None if health.circuit is None else health.circuit.reason,
    }
