"""Which holds are in force, for whoever only shows events: worked out once, and kept until it changes."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from registry.db import is_reading
from registry.per_database import PerDatabase

from .held import Held, in_force

# A hold is taken and released, and nothing else; departments move with the version of access.
_STATE: Final = text(
    "SELECT (SELECT version FROM access_state), (SELECT max(id) FROM legal_hold), "
    "(SELECT count(*) FROM legal_hold WHERE released_at IS NULL)"
)


class _State(NamedTuple):
    """What the holds in force are worked out from."""

    access: int
    newest: int | None
    in_force: int


class _Kept:
    """What was last worked out of one database."""

    def __init__(self) -> None:
        self.known: tuple[_State, Held] | None = None


_kept: Final = PerDatabase(_Kept)


def held_to_show(connection: Connection) -> Held:
    """The holds that are in force now, with neither `event_spans` nor `releases`."""
    if not is_reading(connection):
        return in_force(connection)
    state = _State(*connection.execute(_STATE).one())
    if not state.in_force:
        return Held()
    kept = _kept.of(connection)
    known = kept.known
    if known is not None and known[0] == state:
        return known[1]
    found = in_force(connection)
    kept.known = state, found
    return found
