"""What becomes of a grant: approved or refused, and revoked. Each step is taken once, whoever comes at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, update

from core.access import Principal
from core.errors import BadInput, Conflict, Forbidden
from core.wording import check_text

from . import grants
from .department_tree import DepartmentTree
from .grant import Grant, GrantId, GrantState, grant_of
from .grant_powers import why_not_approve, why_not_refuse, why_not_revoke
from .tables import access_grant
from .version import access_now, raise_access_version

_LONGEST_WHY: Final = 500
_Objection: TypeAlias = Callable[[Principal, Grant, DepartmentTree], str | None]


def approve(connection: Connection, number: GrantId, by: Principal, why: str, at: datetime) -> Grant:
    """Put a grant in force that was asked for.

    Raises `NotFound` and `Hidden` where `by` cannot see one, `Forbidden` where another must decide, `Conflict` where it
    was decided on already or its time is over.
    """
    found, now = _to_change(connection, number, by, why_not_approve, GrantState.REQUESTED, at)
    if found.until_at is not None and found.until_at <= now:
        raise Conflict(f"the time of grant {number} is over", hint="ask for a new one")
    return _decided(connection, found, GrantState.APPROVED, by, _why(why), now)


def refuse(connection: Connection, number: GrantId, by: Principal, why: str, at: datetime) -> Grant:
    """Refuse a grant that was asked for. Errors as for `approve`, and `BadInput` where no reason is given."""
    found, now = _to_change(connection, number, by, why_not_refuse, GrantState.REQUESTED, at)
    return _decided(connection, found, GrantState.REFUSED, by, _given(why), now)


def revoke(connection: Connection, number: GrantId, by: Principal, why: str, at: datetime) -> Grant:
    """End a grant that was approved. Errors as for `refuse`."""
    found, now = _to_change(connection, number, by, why_not_revoke, GrantState.APPROVED, at)
    ended = {"ended_by": by.person, "ended_at": now, "ended_why": _given(why)}
    return _changed(connection, found, GrantState.REVOKED, ended)


def _to_change(
    connection: Connection,
    number: GrantId,
    by: Principal,
    objection: _Objection,
    expected: GrantState,
    at: datetime,
) -> tuple[Grant, datetime]:
    """The grant, where `by` may change it, and the latest moment."""
    raise_access_version(connection)  # first, as a lock: of two who decide at once, one sees what the other has done
    tree = DepartmentTree(connection)
    found = grants.get_seen(connection, number, by, tree)
    if (told := objection(by, found, tree)) is not None:
        raise Forbidden(told, kind="grant", number=str(number), department=found.owner)
    if found.state is not expected:
        raise Conflict(f"grant {number} is {found.state.value}, not {expected.value}")
    return found, max(at, access_now(connection).latest_at)


def _decided(connection: Connection, found: Grant, state: GrantState, by: Principal, why: str, now: datetime) -> Grant:
    return _changed(connection, found, state, {"decided_by": by.person, "decided_at": now, "decided_why": why})


def _changed(connection: Connection, found: Grant, state: GrantState, values: dict[str, Any]) -> Grant:
    as_read = access_grant.c.id == found.id, access_grant.c.revision == found.revision
    change = update(access_grant).where(*as_read).values(state=state.value, revision=found.revision + 1, **values)
    row = connection.execute(change.returning(*access_grant.c)).one_or_none()
    if row is None:
        raise Conflict(f"grant {found.id} was changed at this very moment", hint="read it again")
    return grant_of(row)


def _why(text: str) -> str:
    return check_text(text, "the reason", field="why", longest=_LONGEST_WHY)


def _given(text: str) -> str:
    why = _why(text)
    if not why:
        raise BadInput("a reason is expected", field="why", hint="who asked for the grant reads it")
    return why
