"""Trials in processes of their own, beside the worker: they must take no time from those who look at pictures.

A trial is minutes of pure Python. In a thread it would hold the interpreter's lock, and every look would wait for it.
"""

import logging
import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import BoundedSemaphore
from typing import Final

from api.trial_words import TrialOrder, TrialView
from core.errors import SharpEyesError, Unavailable
from events.tracks.log import read_looks
from registry.db import open_database

from ..logs import configure_logging
from ..settings import Settings
from .answer import answer
from .trial import check_triable, try_rule

_log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 2
MOST_S: Final = 120.0
"""A trial that takes longer is given up."""
_NICENESS: Final = 15


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why there is no answer."""

    message: str
    hint: str | None = None


class ChildTrials:
    """Tries rules for whoever asks, a process each, at most two at once. Any thread."""

    def __init__(self, settings: Settings, most_at_once: int = MOST_AT_ONCE) -> None:
        self._settings = settings
        self._most_at_once = most_at_once
        self._free = BoundedSemaphore(most_at_once)

    def try_rule(self, order: TrialOrder) -> TrialView:
        """What the rule would have done. Raises `BadInput` for kinds that cannot be tried, `Unavailable` where too many
        are being tried, the database is away, or it takes too long."""
        check_triable(order.rule)
        if not self._free.acquire(blocking=False):
            raise Unavailable(
                f"as many rules as may be at once ({self._most_at_once}) are being tried already",
                hint="try again in a minute",
            )
        try:
            return self._run(order)
        finally:
            self._free.release()

    def _run(self, order: TrialOrder) -> TrialView:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(theirs, order, self._settings), name="trial", daemon=True)
        process.start()
        theirs.close()
        try:
            if not ours.poll(MOST_S):
                raise Unavailable(
                    f"the trial was given up after {MOST_S:.0f} s", hint="ask for a shorter time, or try again at night"
                )
            return _told(ours.recv())
        except EOFError:
            process.join()
            raise Unavailable(f"the process that tries the rule ended with {process.exitcode}") from None
        finally:
            ours.close()
            process.kill()
            process.join()


def _told(said: object) -> TrialView:
    match said:
        case TrialView():
            return said
        case _Fault(message=message, hint=hint):
            raise Unavailable(message, hint=hint)
        case _:
            raise Unavailable(f"the process that tries the rule answered with {type(said).__name__}")


def _work(out: "Connection[object, object]", order: TrialOrder, settings: Settings) -> None:
    """The process: tells the answer, or why there is none."""
    os.nice(_NICENESS)
    configure_logging()
    try:
        out.send(_answer(order, settings))
    except SharpEyesError as error:
        out.send(_Fault(error.message, error.hint))
    except Exception as error:
        _log.exception("a rule could not be tried")
        out.send(_Fault(f"the rule could not be tried ({type(error).__name__}); the log of the worker says why"))


def _answer(order: TrialOrder, settings: Settings) -> TrialView:
    database = open_database(settings.database_url)
    try:
        looks = read_looks(database, order.rule.camera, order.from_at, order.to_at)
        asked = order.rule, looks, order.from_at, order.to_at
        return answer(try_rule(*asked, tracking=settings.tracking, life=settings.events))
    finally:
        database.close()
