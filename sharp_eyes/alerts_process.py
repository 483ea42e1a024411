"""The alerts process: tells receivers what subscriptions ask for."""

import logging
import resource
from contextlib import ExitStack
from threading import Event as Flag
from typing import Final

from core.clock import SystemClock
from core.errors import SharpEyesError
from events.alerts.dispatch import AGENT, Dispatch
from registry.db import Database
from registry.server_clock import server_time
from registry.visibility import Visibility

from . import __version__
from .preparation import open_keys, prepare
from .settings import Settings
from .worker.database_clock import DatabaseClock

_log = logging.getLogger(__name__)

_ANCHOR_EVERY_S: Final = 5.0
_MOST_FILES: Final = 8_192
"""Each connection is an open file, and many systems give a process 1,024 unless it asks for more."""


def run_alerts(settings: Settings, stop: Flag) -> None:
    """Match and send until `stop` is set. Raises what keeps it from starting."""
    _allow_files()
    machine = SystemClock()
    clock = DatabaseClock(machine)
    with ExitStack() as stack:
        database = prepare(settings)
        stack.callback(database.close)
        keys = open_keys(settings)
        anchor(clock, database)
        dispatch = Dispatch(
            database,
            Visibility(settings.access.event_facts, clock),
            keys,
            clock,
            settings.alerts,
            agent=f"{AGENT}/{__version__}",
        )
        dispatch.start()
        stack.callback(dispatch.stop)
        _log.info("alerts are matched and sent")
        while not machine.sleep(_ANCHOR_EVERY_S, stop):
            try:
                anchor(clock, database)
            except SharpEyesError as error:
                _log.error("the database does not tell the time: %s", error.message)


def anchor(clock: DatabaseClock, database: Database) -> None:
    """Set `clock` by the database's. Raises `Unavailable`."""
    asked = clock.monotonic()
    with database.read() as connection:
        told = server_time(connection)
    clock.anchor(told, asked, clock.monotonic())


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(_MOST_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
