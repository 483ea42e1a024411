"""An act as it goes on record: who, from where, did what, to what, what for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from core.access import Principal, PrincipalKind, Role
from core.camera import DepartmentId
from core.ids import CameraId

from ..columns import to_microseconds
from .adding import add_rows

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_LONGEST_PURPOSE: Final = 500


class Act(StrEnum):
    """What was done."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SEARCH = "search"
    """A search of events, or of what rules counted, saw or would have told; the detail has the filters and the ids that
    were shown."""
    EXPORT = "export"
    LOOK_AT_SNAPSHOT = "look_at_snapshot"
    LOOK_AT_CLIP = "look_at_clip"
    LOOK_AT_LATEST = "look_at_latest"
    LIVE_VIEW_BEGUN = "live_view_begun"
    LIVE_VIEW_ENDED = "live_view_ended"
    FOLLOW_BEGUN = "follow_begun"
    """Somebody began to follow events as they happen."""
    FOLLOW_ENDED = "follow_ended"
    PROBE = "probe"
    UNMASKING_ASKED = "unmasking_asked"
    UNMASKING_DECIDED = "unmasking_decided"
    LOOK_AT_ORIGINAL = "look_at_original"
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    RESTORE = "restore"
    IMPORT = "import"
    GRANT_ASKED = "grant_asked"
    GRANT_APPROVED = "grant_approved"
    GRANT_REFUSED = "grant_refused"
    GRANT_REVOKED = "grant_revoked"
    GRANT_EXPIRED = "grant_expired"
    HOLD_TAKEN = "hold_taken"
    HOLD_RELEASED = "hold_released"
    INVITE = "invite"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - an act
    SESSION_ENDED = "session_ended"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    REFUSAL = "refusal"
    """Somebody asked for what is not for them; the detail has what they were told."""
    RECORD_READ = "record_read"
    RECORD_PRUNED = "record_pruned"


class Outcome(StrEnum):
    """Whether it came to pass."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, as the record keeps it: names are those of then."""

    kind: str
    """A `PrincipalKind`, or `unknown`: somebody who was not let in."""
    id: int | None
    name: str
    role: Role | None
    department: DepartmentId | None

    @classmethod
    def of(cls, principal: Principal) -> "Actor":
        """`principal`, as the record keeps it."""
        number = None if principal.kind is PrincipalKind.PROGRAM else principal.id
        return cls(principal.kind.value, number, principal.name, principal.role, principal.department)


UNKNOWN: Final = Actor("unknown", None, "", None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act."""

    at: datetime
    act: Act
    actor: Actor
    address: str
    """From where it was asked, as an IP address; empty for a program of this machine."""
    object_kind: str
    """`event`, `camera`, `person`, `grant` ..."""
    object: str
    """Its number or code; empty where it is many."""
    outcome: Outcome = Outcome.DONE
    camera: CameraId | None = None
    departments: frozenset[DepartmentId] = frozenset()
    """Whose it is: each of them sees the row."""
    purpose: str = ""
    detail: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """JSON; never a secret."""


def put(connection: Connection, entry: Entry) -> int:
    """Put `entry` on record, in the transaction of what it tells of. The row's number."""
    return put_all(connection, [entry])[0]


def put_all(connection: Connection, entries: Sequence[Entry]) -> list[int]:
    """Put all of `entries` on record; the numbers of their rows."""
    if not entries:
        return []
    return add_rows(connection, [(_values(entry), sorted(entry.departments)) for entry in entries])


def _values(entry: Entry) -> tuple[Any, ...]:
    """Those of `adding.COLUMNS`."""
    return (
        to_microseconds(entry.at),
        entry.act.value,
        entry.outcome.value,
        str(entry.actor.kind),
        entry.actor.id,
        entry.actor.name[:128],
        None if entry.actor.role is None else entry.actor.role.value,
        entry.actor.department,
        entry.address[:64],
        entry.object_kind,
        entry.object[:64],
        entry.camera,
        entry.purpose[:_LONGEST_PURPOSE],
        json.dumps(dict(entry.detail), ensure_ascii=False, sort_keys=True),
    )
