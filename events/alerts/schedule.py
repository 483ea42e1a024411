"""When a delivery that was not acknowledged is tried again."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

DELAYS_S: Final = (5, 15, 60, 300, 900, 1_800, 3_600)
"""After the first, second ... failure; the last one from then on."""
JITTER: Final = 0.2
"""A delay is longer or shorter by up to this share, so that receivers are not met by all at once."""
MOST_ASKED: Final = timedelta(hours=24)
"""A receiver that asks for a longer pause is given this one."""
_LEAST_LEFT: Final = timedelta(seconds=60)


def next_try(
    now: datetime,
    *,
    failures: int,
    give_up_at: datetime,
    asked: timedelta | None = None,
    luck: float,
) -> datetime | None:
    """When to try again after failure number `failures`; None where it is given up.

    `asked` is the pause that the receiver asked for, `luck` a random number from 0 to 1. The last try is at
    `give_up_at`, or shortly before it.
    """
    pause = timedelta(seconds=DELAYS_S[min(failures, len(DELAYS_S)) - 1] * (1 + JITTER * (2 * luck - 1)))
    if asked is not None:
        pause = max(pause, min(asked, MOST_ASKED))
    if now + pause <= give_up_at:
        return now + pause
    return give_up_at if give_up_at - now >= _LEAST_LEFT else None


def asked_pause(text: str | None, now: datetime) -> timedelta | None:
    """The pause that a `Retry-After` header asks for, in seconds or by a date; None where it says nothing readable."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), MOST_ASKED)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), MOST_ASKED)
