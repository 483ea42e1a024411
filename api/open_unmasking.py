"""Whether an unmasking is open for who asks, and for how long yet."""

from datetime import datetime
from typing import Final

from core.access import Right
from core.errors import Forbidden
from registry.access import unmaskings
from registry.access.unmasking import Unmasking, UnmaskingId, UnmaskingState
from registry.access.unmasking_powers import UnmaskingPowers, powers_of
from registry.idempotency import Transaction

from .caller import Caller
from .services import Services

TO_SEE_ORIGINALS: Final = "see originals"
"""What people alone may do."""


def unmasking_powers(connection: Transaction, who: Caller) -> UnmaskingPowers:
    """What `who` may do about unmaskings."""
    return powers_of(connection, who.principal, who.reach(connection, Right.UNMASKED))


def open_unmasking(connection: Transaction, use: Services, who: Caller, number: UnmaskingId) -> tuple[Unmasking, float]:
    """The unmasking, and how long it is open yet, in seconds.

    Raises `NotFound` and `Hidden` where `who` may not know of it, `Forbidden` where another asked for it, or it is not
    open.
    """
    now = use.visibility.now(connection)
    found = unmaskings.get_seen(connection, number, unmasking_powers(connection, who), now)
    if found.person != who.person:
        raise _forbidden(found, f"only who asked for unmasking {found.id} may see what it shows")
    return found, _left_s(found, now)


def _left_s(one: Unmasking, now: datetime) -> float:
    match one.state:
        case UnmaskingState.OPEN if one.until_at is not None:
            return (one.until_at - now).total_seconds()
        case UnmaskingState.WAITING:
            raise _forbidden(one, f"unmasking {one.id} waits for a second person")
        case UnmaskingState.REFUSED:
            raise _forbidden(one, f"unmasking {one.id} was refused")
        case _:
            raise _forbidden(one, f"unmasking {one.id} is over", hint="ask anew, with a reason")


def _forbidden(one: Unmasking, told: str, *, hint: str | None = None) -> Forbidden:
    about = {"kind": "unmasking", "number": str(one.id)}
    return Forbidden(told, **about, camera=one.camera, department=one.department, hint=hint)
