"""What `sharp-eyes subscriptions` tells of deliveries, and tells again."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import BadInput

from .opened import changing, opened
from .options import HIGHEST_NUMBER, Config, Json

if TYPE_CHECKING:
    from events.alerts.deliveries import DeliveryId
    from events.alerts.delivery_log import Delivery
    from events.alerts.subscription import Subscription, SubscriptionId
    from registry.audit.entry import Act
    from registry.db import Database
    from registry.idempotency import Transaction

_MOST_SHOWN = 1_000
Number = Annotated[
    int,
    typer.Argument(metavar="ID", min=1, max=HIGHEST_NUMBER, help="Its number in `sharp-eyes subscriptions list`."),
]


def deliveries(
    number: Number,
    state: Annotated[str | None, typer.Option(help="waiting, delivered, dead or withheld.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST_SHOWN, help="How many.")] = 20,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Show what was told to a subscription, newest first, and what became of it.

    Example: sharp-eyes subscriptions deliveries 3 --state dead
    """
    from events.alerts import delivery_log, subscriptions
    from events.alerts.deliveries import DeliveryState
    from events.alerts.delivery_log import DeliveryFilter
    from events.alerts.subscription import SubscriptionId

    if state is not None and state not in list(DeliveryState):
        raise BadInput(f"state is {state[:40]!r}; expected {', '.join(DeliveryState)}", field="state")
    asked = DeliveryFilter(None if state is None else DeliveryState(state))
    with opened(config) as (_, database), database.read() as connection:
        subscriptions.owner_of(connection, SubscriptionId(number))
        found = delivery_log.list_deliveries(connection, SubscriptionId(number), asked=asked, limit=limit).items
    for one in found:
        if as_json:
            print(json.dumps(_facts(one), ensure_ascii=False))
        else:
            what = one.kind.value if one.event is None else f"{one.kind.value} {one.event}"
            reason = f" ({one.reason})" if one.reason else ""
            print(
                f"{one.id}  {one.made_at:%Y-%m-%d %H:%M:%S} UTC  {what}: {one.state.value}, "
                f"{one.attempts} tries{reason}"
            )


def replay(
    number: Number,
    delivery: Annotated[int | None, typer.Option(min=1, help="This one alone, by its number.")] = None,
    begin: Annotated[
        str | None, typer.Option("--from", help="What became known from then on: 2026-05-01T08:00:00Z.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="... and before that.")] = None,
    config: Config = None,
) -> None:
    """Tell again what was told, or could not be: one delivery, or those of a span of time. Receivers know each by the
    same id as before.

    Example: sharp-eyes subscriptions replay 3 --from 2026-05-01T08:00:00Z --to 2026-05-01T09:00:00Z
    """
    from events.alerts.deliveries import DeliveryId
    from events.alerts.subscription import SubscriptionId

    if (delivery is None) is (begin is None and end is None) or (begin is None) is not (end is None):
        raise BadInput("what is to be told again is not clear", hint="give --delivery alone, or --from and --to")
    with opened(config) as (_, database):
        if delivery is not None:
            print(_replay_one(database, SubscriptionId(number), DeliveryId(delivery)))
        else:
            print(_replay_span(database, SubscriptionId(number), _instant(begin, "--from"), _instant(end, "--to")))


def _replay_one(database: "Database", number: "SubscriptionId", delivery: "DeliveryId") -> str:
    from core.errors import NotFound
    from events.alerts import delivery_log, replays, subscriptions
    from registry.audit.entry import Act

    with changing(database) as (connection, at):
        found = subscriptions.get_to_change(connection, number)
        if delivery_log.get(connection, delivery).subscription != number:
            raise NotFound(f"subscription {number} has no delivery {delivery}")
        made = replays.replay(connection, delivery)
        note_on(connection, at, Act.CHANGE, found, {"replay_of": delivery, "delivery": made.id})
    return f"delivery {delivery} is told again, as delivery {made.id}"


def _replay_span(database: "Database", number: "SubscriptionId", from_at: datetime, to_at: datetime) -> str:
    from events.alerts import replays, subscriptions
    from registry.audit.entry import Act

    with database.read() as connection:
        asked = replays.replayable(connection, number, from_at, to_at)
    with changing(database) as (connection, at):
        found = subscriptions.get_to_change(connection, number)
        span = {"from": from_at.isoformat(), "to": to_at.isoformat()}
        note_on(connection, at, Act.CHANGE, found, {"replay": span, "deliveries": len(asked.numbers)})
    told = 0
    for portion in asked.portions():
        with database.write() as connection:
            told += replays.replay_all(connection, portion)
    more = f"; there are more: go on with --from {asked.next_from.isoformat()}" if asked.next_from is not None else ""
    return f"{told} deliveries are told again{more}"


def note_on(connection: "Transaction", at: datetime, act: "Act", some: "Subscription", detail: dict[str, Any]) -> None:
    """Put on record what was done with a subscription from this machine, in its own transaction."""
    from ..by_machine import note

    note(connection, at, act, "subscription", some.id, department=some.department, detail=detail)


def _instant(text: str | None, option: str) -> datetime:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadInput(f"{option} is no instant with its zone; expected 2026-05-01T08:00:00Z, for example")
    return at


def _facts(one: "Delivery") -> dict[str, Any]:
    times = {"made_at": one.made_at, "due_at": one.due_at, "ended_at": one.ended_at}
    return {
        "id": one.id,
        "kind": one.kind.value,
        "event": None if one.event is None else str(one.event),
        "message_id": one.message_id,
        "state": one.state.value,
        "reason": one.reason,
        "attempts": one.attempts,
        "replay_of": one.replay_of,
        **{name: None if at is None else at.isoformat() for name, at in times.items()},
    }
