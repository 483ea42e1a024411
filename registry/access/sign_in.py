"""Failed attempts to sign in slow down further ones: by account and address together, so that nobody can lock out
somebody else."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import TooMany

from ..db import is_sqlite
from .people import folded_login
from .tables import sign_in_failure
from .tokens import hash_of

FREE: Final = 5
"""So many failures in a row cost nothing."""
_FIRST_WAIT_S: Final = 2.0
_LONGEST_WAIT_S: Final = 900.0
_LONGEST_DOUBLING: Final = 10
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""So far apart the clocks of several machines may be without one of them having been set back."""
_FORGOTTEN_AFTER: Final = timedelta(hours=24)
_PRUNED_AT_ONCE: Final = 50
_NETWORK_BITS: Final = 64
_LONGEST_ADDRESS: Final = 64


def check_allowed(connection: Connection, login: str, address: str, at: datetime) -> None:
    """Raises `TooMany` while it is too early for another attempt: 2 s after five failures in a row, then 4, 8 ..., at
    most 15 minutes.

    Where the clock was set back behind the last failure, one attempt is free: nobody waits until the clock is there
    again, and the next failure counts on from where it was.
    """
    row = connection.execute(select(sign_in_failure).where(_is_of(login, address))).one_or_none()
    if row is None or row.failures < FREE or at < row.last_at - _CLOCKS_DIFFER:
        return
    wait_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(row.failures - FREE, _LONGEST_DOUBLING))
    left_s = wait_s - max(0.0, (at - row.last_at).total_seconds())
    if left_s > 0:
        raise TooMany("too many failed attempts to sign in", again_s=left_s, hint="wait, and try again then")


def note_failure(connection: Connection, login: str, address: str, at: datetime) -> None:
    """Note that an attempt has failed. After a day without one all are forgotten."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    values = {"login_hash": _login_hash(login), "address": _place(address), "failures": 1, "last_at": at}
    is_old = sign_in_failure.c.last_at < at - _FORGOTTEN_AFTER
    counted = {"failures": case((is_old, 1), else_=sign_in_failure.c.failures + 1), "last_at": at}
    noted = dialect.insert(sign_in_failure).values(values)
    connection.execute(noted.on_conflict_do_update(index_elements=["login_hash", "address"], set_=counted))
    _prune(connection, at)


def take_back(connection: Connection, login: str, address: str) -> None:
    """Count one failure less: no password was looked at."""
    counted = update(sign_in_failure).where(_is_of(login, address), sign_in_failure.c.failures > 0)
    connection.execute(counted.values(failures=sign_in_failure.c.failures - 1))


def forget(connection: Connection, login: str, address: str) -> None:
    """Forget the failures: it was the right password."""
    connection.execute(delete(sign_in_failure).where(_is_of(login, address)))


def _is_of(login: str, address: str) -> ColumnElement[bool]:
    return and_(sign_in_failure.c.login_hash == _login_hash(login), sign_in_failure.c.address == _place(address))


def _login_hash(login: str) -> bytes:
    return hash_of(folded_login(login))


def _place(address: str) -> str:
    """An IPv4 address, or the network of an IPv6 one: a single line has 2^64 addresses there."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:_LONGEST_ADDRESS]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> _NETWORK_BITS << _NETWORK_BITS))


def _prune(connection: Connection, at: datetime) -> None:
    """Forget some that are old: each failure takes along more than it leaves."""
    old = select(sign_in_failure.c.login_hash, sign_in_failure.c.address).where(
        sign_in_failure.c.last_at < at - _FORGOTTEN_AFTER
    )
    some = old.order_by(sign_in_failure.c.last_at).limit(_PRUNED_AT_ONCE).with_for_update(skip_locked=True)
    for row in connection.execute(some).all():
        one = and_(sign_in_failure.c.login_hash == row.login_hash, sign_in_failure.c.address == row.address)
        connection.execute(delete(sign_in_failure).where(one))
