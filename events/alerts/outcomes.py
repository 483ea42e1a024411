"""What became of attempts, and what follows from it: for the delivery, the receiver's circuit, the subscription."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, update

from core.errors import NotFound
from registry.audit import entry as record
from registry.audit.entry import Act, Actor, Entry

from . import subscriptions
from .circuits import UNTRIED, Circuit, read_circuits, write_circuits
from .claiming import Claimed, give_back, in_force
from .deliveries import DeliveryState
from .schedule import next_try
from .seen_by import as_recorded
from .subscription import Subscription, SubscriptionState
from .tables import delivery, delivery_attempt

_GONE: Final = 410
_LONGEST: Final = 512


class Fate(StrEnum):
    """How it went."""

    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    WITHHELD = "withheld"
    """It must not be sent, and nothing was."""
    GIVEN_BACK = "given back"
    """It was not sent by us, and somebody else may."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery that this process had claimed."""

    claimed: Claimed
    origin: str
    fate: Fate
    at: datetime
    """When the attempt began."""
    took_ms: int = 0
    status: int | None = None
    error: str = ""
    answer: str = ""
    """How the receiver's answer began, without control characters."""
    asked: timedelta | None = None
    """The pause that the receiver asked for."""
    blames_receiver: bool = False
    """Whether it shows that the receiver does not work; what it refuses alone does not."""


def write_outcomes(
    connection: Connection,
    outcomes: Sequence[Outcome],
    now: datetime,
    *,
    give_up_after: timedelta,
    luck: Callable[[], float],
) -> None:
    """Write what became of deliveries that were claimed; where the claim is not in force any more nothing is written.

    `luck`: tells random numbers from 0 to 1.
    """
    claims = in_force(connection, [one.claimed for one in outcomes])
    ours = [one for one in outcomes if (one.claimed.id, one.claimed.by) in claims]
    give_back(connection, [one.claimed.id for one in ours if one.fate is Fate.GIVEN_BACK], now)
    tried = [one for one in ours if one.fate in (Fate.ACKNOWLEDGED, Fate.FAILED)]
    if tried:
        connection.execute(insert(delivery_attempt), [_attempt_row(one) for one in tried])
    _end(connection, [_withheld(one, now) for one in ours if one.fate is Fate.WITHHELD])
    _end(connection, [_ended(one, now, DeliveryState.DELIVERED, "") for one in tried if one.fate is Fate.ACKNOWLEDGED])
    again: list[dict[str, Any]] = []
    dead: list[dict[str, Any]] = []
    for one in (failed for failed in tried if failed.fate is Fate.FAILED):
        give_up_at = one.claimed.made_at + give_up_after
        failures = one.claimed.attempts + 1
        due_at = next_try(now, failures=failures, give_up_at=give_up_at, asked=one.asked, luck=luck())
        if one.status == _GONE:
            dead.append(_ended(one, now, DeliveryState.DEAD, one.error))
        elif due_at is None:
            reason = f"given up after {failures} attempts in {give_up_after.total_seconds() / 3600:g} h: {one.error}"
            dead.append(_ended(one, now, DeliveryState.DEAD, reason))
        else:
            again.append(_again(one, due_at))
    _end(connection, dead)
    if again:
        connection.execute(_TRIED_AGAIN, again)
    _update_circuits(connection, tried, now)
    record.put_all(connection, _stop_unwanted(connection, tried, now))


_CLAIM_OVER: Final = {"claimed_by": None, "claimed_until": None}
_TRIED: Final = {
    "attempts": bindparam("n"),
    "first_try_at": func.coalesce(delivery.c.first_try_at, bindparam("tried_at", type_=delivery.c.first_try_at.type)),
}
_TRIED_AGAIN: Final = (
    update(delivery)
    .where(delivery.c.id == bindparam("number"))
    .values({**_CLAIM_OVER, **_TRIED, "due_at": bindparam("due"), "reason": bindparam("why")})
)
_ENDED: Final = (
    update(delivery)
    .where(delivery.c.id == bindparam("number"))
    .values(
        {
            **_CLAIM_OVER,
            **_TRIED,
            "state": bindparam("became"),
            "reason": bindparam("why"),
            "ended_at": bindparam("over"),
        }
    )
)


def _end(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_ENDED, rows)


def _again(one: Outcome, due_at: datetime) -> dict[str, Any]:
    return {**_tried(one), "due": due_at, "why": one.error[:_LONGEST]}


def _ended(one: Outcome, now: datetime, state: DeliveryState, reason: str) -> dict[str, Any]:
    return {**_tried(one), "became": state.value, "why": reason[:_LONGEST], "over": now}


def _withheld(one: Outcome, now: datetime) -> dict[str, Any]:
    ended = _ended(one, now, DeliveryState.WITHHELD, one.error)
    return ended | {"n": one.claimed.attempts, "tried_at": None}


def _tried(one: Outcome) -> dict[str, Any]:
    return {"number": one.claimed.id, "n": one.claimed.attempts + 1, "tried_at": one.at}


def _attempt_row(one: Outcome) -> dict[str, Any]:
    return {
        "delivery": one.claimed.id,
        "n": one.claimed.attempts + 1,
        "at": one.at,
        "took_ms": one.took_ms,
        "status": one.status,
        "error": one.error[:_LONGEST],
        "answer": one.answer[:_LONGEST],
    }


def _update_circuits(connection: Connection, tried: Iterable[Outcome], now: datetime) -> None:
    by_origin: dict[str, list[Outcome]] = {}
    for one in tried:
        if one.fate is Fate.ACKNOWLEDGED or one.blames_receiver or (one.claimed.is_trial and one.status is not None):
            by_origin.setdefault(one.origin, []).append(one)
    if not by_origin:
        return
    known = read_circuits(connection, lock=True)
    changed: dict[str, tuple[Circuit, str]] = {}
    for origin, some in by_origin.items():
        before = circuit = known.get(origin, UNTRIED)
        reason = ""
        for one in some:
            # A trial that was refused, with 404 say, was answered: the receiver works again.
            if one.fate is Fate.ACKNOWLEDGED or not one.blames_receiver:
                circuit = UNTRIED
            else:
                circuit, reason = circuit.after_failure(now, is_trial=one.claimed.is_trial), one.error
        if circuit != before:
            changed[origin] = circuit, reason
    write_circuits(connection, changed, now)


def _stop_unwanted(connection: Connection, tried: Iterable[Outcome], now: datetime) -> list[Entry]:
    """Stop the subscriptions whose receivers said that they want no more."""
    entries: list[Entry] = []
    for one in {one.claimed.subscription: one for one in tried if one.status == _GONE}.values():
        with suppress(NotFound):
            before = subscriptions.get(connection, one.claimed.subscription)
            after = subscriptions.stop(connection, before.id, one.error, now)
            if after.state is SubscriptionState.STOPPED and before.state is not after.state:
                entries.append(_stopped(after, now))
    return entries


def _stopped(some: Subscription, now: datetime) -> Entry:
    return Entry(
        at=now,
        act=Act.CHANGE,
        actor=Actor.of(as_recorded(some)),
        address="",
        object_kind="subscription",
        object=str(some.id),
        departments=frozenset({some.department}),
        detail={"state": some.state.value, "reason": some.state_reason},
    )
