"""Server-sent events: what one follower of the feed is sent."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import anyio
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.camera import DepartmentId
from core.errors import SharpEyesError
from registry.reach import Reach

from .change_feed import BATCH, Change, ChangeFeed, Follower
from .live_filter import LiveFilter
from .streaming import Line, hang_up, run_until

_log = logging.getLogger(__name__)

RETRY_MS = 2000
HEARTBEAT = b": still here\n\n"
_LAST_WORDS_S = 1.0


class EventStream(Response):
    """Sends the changes after `after` that lie within reach and pass the filter: those of the past from the database,
    then what the feed brings.

    It ends when the client hangs up or is too slow, may not follow any more, or the server stops. Raises `Unavailable`
    when it is made while all places in the feed are taken.
    """

    media_type = "text/event-stream"

    def __init__(
        self, feed: ChangeFeed, after: int, reach: Reach, passing: LiveFilter | None = None, *, heartbeat_s: float
    ) -> None:
        # A proxy that collects the answer before it passes it on would make it late.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._feed = feed
        self._after = after
        self._heartbeat_s = heartbeat_s
        self.place = ExitStack()
        """What is closed when the answer has ended."""
        self._passing = passing
        self.follower = self.place.enter_context(feed.join(reach, None if passing is None else passing.fits))
        self.told: Counter[DepartmentId] = Counter()
        """How many changes the client was sent, by whose events these are."""
        self.on_end: Callable[[], None] = lambda: None
        """Called once the answer has ended, in the thread pool. Raises nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self.on_end)

    async def _answer(self, receive: Receive, send: Send) -> None:
        with self.place:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            line = Line(send)
            ends = [hang_up(receive), self.follower.cut_off.wait, line.broken.wait]
            if self._passing is not None:
                ends.append(self._passing.keep_fresh)
            await run_until(lambda: self._tell(line), *ends)
            # A client which does not read would never let the end of the answer through.
            with anyio.move_on_after(_LAST_WORDS_S):
                await send({"type": "http.response.body", "body": b""})

    async def _tell(self, line: Line) -> None:
        try:
            await self._tell_all(line)
        except SharpEyesError as error:
            # The answer has begun, so it cannot become a problem any more: it ends, and the client comes back.
            _log.warning("a client's changes cannot be read: %s", error)

    async def _tell_all(self, line: Line) -> None:
        # The bare id: a client that is cut off before the first change resumes here all the same.
        await line.say(f"retry: {RETRY_MS}\nid: {self._after}\n\n".encode())
        seq = await self._tell_past(line, self._after)
        known = await self._feed.listen(self.follower, seq)
        if known > seq:
            await self._tell_past(line, seq, known)
        await self._tell_live(line, self.follower)

    async def _tell_past(self, line: Line, after: int, until: int | None = None) -> int:
        """Tell what the database has after `after`, up to `until` or its end; the number of the last one told."""
        while True:
            batch = await to_thread.run_sync(self._feed.source.after, after, BATCH)
            for change in batch.changes:
                if until is not None and change.seq > until:
                    return until
                await self._tell_one(line, change)
            after = batch.last
            if not batch.more or (until is not None and after >= until):
                return after

    async def _tell_live(self, line: Line, follower: Follower) -> None:
        while True:
            change = await follower.next(self._heartbeat_s)
            if change is None:
                await line.say(HEARTBEAT)
            else:
                await self._tell_one(line, change)

    async def _tell_one(self, line: Line, change: Change) -> None:
        if self.follower.sees(change):
            await line.say(change.message(self.follower.reach))
            self.told[change.department] += 1
