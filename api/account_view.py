"""Why nothing happened, as the API shows it."""

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from core.unfulfilled import RuleAccount, Unfulfilled

from .fields import Body, Instant


class TrackSums(Body):
    """What became of the tracks that a rule saw. Each counts once, when it is over."""

    tracks: int = Field(description="Tracks that are over.")
    with_event: int = Field(description="Of these, tracks that made an event, or took part in one.")
    unfulfilled: dict[Unfulfilled, int] = Field(
        description="Of the others, at which condition each came nearest; in the order in which they are asked."
    )


class AccountView(TrackSums):
    """What became of the tracks that a rule saw since it has been watching."""

    since: Instant = Field(description="Since when; where it watches several cameras, since the first of them.")
    cameras: int = Field(description="On how many cameras it watches.")


def track_sums(account: RuleAccount) -> TrackSums:
    """`account` as the API shows it."""
    return TrackSums(tracks=account.tracks, with_event=account.with_event, unfulfilled=dict(account.unfulfilled))


def joined(accounts: Sequence[AccountView]) -> AccountView:
    """What several workers tell of one rule, as one. `accounts` has at least one."""
    unfulfilled = sum((Counter(one.unfulfilled) for one in accounts), Counter[Unfulfilled]())
    return AccountView(
        since=min(one.since for one in accounts),
        cameras=sum(one.cameras for one in accounts),
        tracks=sum(one.tracks for one in accounts),
        with_event=sum(one.with_event for one in accounts),
        unfulfilled={condition: unfulfilled[condition] for condition in Unfulfilled if unfulfilled[condition]},
    )
