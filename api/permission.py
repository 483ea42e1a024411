"""How long the answer may go on that somebody is given by a right and until a moment."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from anyio import move_on_after

from registry.visibility import Scope

from .standing import Standing, StandingWatch

_log = logging.getLogger(__name__)

_LOOK_S: Final = 0.5
"""Between two looks whether anybody could still say that it is over."""


class Permission:
    """Lets an answer go on while its session is in force, the right is there and its time is not over.

    Where that cannot be asked for some seconds, since the database is away, it is as good as over: a right that was
    taken back meanwhile would not be noticed.
    """

    def __init__(
        self,
        standing: StandingWatch,
        who: Standing,
        scope: Scope,
        *,
        allows: Callable[[Scope], bool],
        left_s: float,
    ) -> None:
        """`scope` is what `who` may see now, which `allows` the answer; `left_s`: how long it may go on, in seconds."""
        self._standing = standing
        self._who = who
        self._scope = scope
        self._allows = allows
        self._left_s = left_s
        self._ended = asyncio.Event()

    async def lasts(self) -> None:
        """Returns once the answer may not go on."""
        with self._standing.watch(self._who, self._scope, self), move_on_after(self._left_s):
            while not self._ended.is_set() and not self._standing.is_blind:
                with move_on_after(_LOOK_S):
                    await self._ended.wait()
        _log.info("an answer breaks off: who was given it may not have more of it")

    def go_on(self, scope: Scope) -> None:
        """See `Watched.go_on`."""
        if not self._allows(scope):
            self.end()

    def end(self) -> None:
        """See `Watched.end`."""
        self._ended.set()
