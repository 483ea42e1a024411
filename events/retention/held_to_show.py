"""Which holds are in force, for whoever only shows events: worked out once, and kept until it changes."""

from threading import Lock
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text

from registry.db import is_reading

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


_kept: WeakKeyDictionary[Engine, tuple[_State, Held]] = WeakKeyDictionary()
_lock: Final = Lock()


def held_to_show(connection: Connection) -> Held:
    """The holds that are in force now, with neither `event_spans` nor `releases`."""
    if not is_reading(connection):
        return in_force(connection)
    state = _State(*connection.execute(_STATE).one())
    if not state.in_force:
        return Held()
    with _lock:
        known = _kept.get(connection.engine)
    if known is not None and known[0] == state:
        return known[1]
    found = in_force(connection)
    with _lock:
        _kept[connection.engine] = state, found
    return found
