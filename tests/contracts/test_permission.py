"""How long an answer may go on: also where nobody can say whether it still may."""

import asyncio
import threading
from math import inf

from api.permission import Permission
from api.standing import StandingWatch
from core.clock import SystemClock
from core.errors import Unavailable
from registry.db import Database
from registry.idempotency import Transaction
from registry.visibility import Scope

MOST_S = 10.0
SCOPE = Scope({}, version=-1, ends_at=None)


class Somebody:
    """Who is let in as long as the database can be asked, which the test decides."""

    def __init__(self) -> None:
        self.is_away = threading.Event()
        self.was_asked = threading.Event()

    def is_still_in_force(self, connection: Transaction) -> bool:
        self.was_asked.set()
        if self.is_away.is_set():
            raise Unavailable("the database is away")
        return True

    def scope(self, connection: Transaction) -> Scope:
        return SCOPE


def ended(database: Database, who: Somebody, *, blind_after_s: float, wait_s: float) -> bool:
    """Whether an answer that the right allows has ended within `wait_s`, once `who` was asked."""

    async def look() -> bool:
        watch = StandingWatch(database, SystemClock(), every_s=0.02, blind_after_s=blind_after_s)
        permission = Permission(watch, who, SCOPE, allows=lambda scope: True, left_s=inf)
        with watch.run():
            lasting = asyncio.create_task(permission.lasts())
            await asyncio.to_thread(who.was_asked.wait, MOST_S)
            done, _ = await asyncio.wait([lasting], timeout=wait_s)
            lasting.cancel()
        return bool(done)

    return asyncio.run(look())


def test_it_ends_where_nobody_can_say_for_long_that_it_may_go_on(database: Database) -> None:
    who = Somebody()
    who.is_away.set()
    assert ended(database, who, blind_after_s=0.3, wait_s=MOST_S)


def test_it_goes_on_over_a_moment_in_which_nobody_can(database: Database) -> None:
    who = Somebody()
    who.is_away.set()
    assert not ended(database, who, blind_after_s=60, wait_s=0.8)
