"""Hands the changes of events to all who follow them: one thread asks the database, whoever many follow.

Everything a `Follower` holds belongs to the event loop; the polling thread only posts to it. So there is no lock, and a
client that reads slowly holds up nobody: its room fills, it is cut off, and it resumes by the number it saw last.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from core.camera import DepartmentId
from core.clock import Clock
from core.errors import SharpEyesError, Unavailable
from core.ids import CameraId, EventId
from events.index.stored import StoredEvent
from registry.reach import Reach

Fits = Callable[[StoredEvent], bool]
"""Whether somebody asked to be told of an event."""

BATCH = 200
"""Most changes that one question to the database brings."""
_MOST_PAUSE_S = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """One change, ready to be sent."""

    seq: int
    message: Callable[[Reach], bytes]
    """As somebody is told who may see that much."""
    event: EventId
    camera: CameraId
    department: DepartmentId
    """Whose the event is."""
    seen: Callable[[Reach], StoredEvent]
    """The event as somebody sees it who may see that much."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that were read at once, oldest first."""

    changes: tuple[Change, ...]
    last: int
    """The number up to which was read, whether there was something to tell or not."""
    more: bool
    """Whether there may be more after it."""


class ChangeSource(Protocol):
    """Where changes come from. Called from the polling thread and from the thread pool at the same time."""

    def head(self) -> int:
        """The number of the newest change; 0 where there is none."""

    def after(self, seq: int, limit: int) -> Batch:
        """At most `limit` changes after `seq`."""


class Follower:
    """One client's place in the feed. For the event loop alone."""

    def __init__(self, room: int, reach: Reach, fits: Fits | None = None) -> None:
        self.reach = reach
        """What the client may see now; others' changes are kept from it."""
        self._fits = fits
        self._after: int | None = None
        self._waiting: asyncio.Queue[Change] = asyncio.Queue(room)
        self.cut_off = asyncio.Event()
        """Set when the client is to be disconnected: it was too slow, may not follow any more, or the server stops."""

    def sees(self, change: Change) -> bool:
        """Whether the client may be told of `change` at this moment, and asked to be."""
        if not self.reach.has_event(change.event, change.camera, change.department):
            return False
        return self._fits is None or self._fits(change.seen(self.reach))

    def listen(self, after: int) -> None:
        """Take what is offered from now on, if it comes after `after`."""
        self._after = after

    def offer(self, changes: Iterable[Change]) -> None:
        """Keep `changes` for the client; cut it off where there is no room for them."""
        if self._after is None:
            return
        for change in changes:
            if change.seq <= self._after or not self.sees(change):
                continue
            try:
                self._waiting.put_nowait(change)
            except asyncio.QueueFull:
                # Nothing more is taken, or the client would hear what comes after the gap, and resume from there.
                self._after = None
                self.cut_off.set()
                return
            self._after = change.seq

    async def next(self, timeout_s: float) -> Change | None:
        """The next change that the client may see; None if there was none for `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self.sees(change := await self._waiting.get()):
                    pass  # since it was kept a grant has ended, or another filter counts
                return change
        except TimeoutError:
            return None


class ChangeFeed:
    """Polls `source` and hands what it finds to the followers. Each method is for the event loop that entered `run`."""

    def __init__(self, source: ChangeSource, clock: Clock, *, poll_s: float, most_followers: int, room: int) -> None:
        self.source = source
        self._clock = clock
        self._poll_s = poll_s
        self._most_followers = most_followers
        self._room = room
        self._followers: set[Follower] = set()
        self._begun = asyncio.Event()
        self._handed_out = 0
        self._stopping = threading.Event()
        self._ended = False

    @property
    def clients(self) -> int:
        """How many clients hold a place. Any thread may ask."""
        return len(self._followers)

    @contextmanager
    def run(self) -> Iterator[None]:
        """Poll while inside."""
        loop = asyncio.get_running_loop()
        thread = threading.Thread(target=self._poll, args=(loop,), name="change-feed", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.end()
            self._stopping.set()
            thread.join(timeout=5)

    def end(self) -> None:
        """Cut every follower off and take no more."""
        self._ended = True
        for follower in self._followers:
            follower.cut_off.set()

    @contextmanager
    def join(self, reach: Reach, fits: Fits | None = None) -> Iterator[Follower]:
        """One of the places for clients, for one that may see `reach`, asked for what `fits` (None: all), and does not
        listen yet. Raises `Unavailable` when all are taken, or the server stops."""
        if self._ended:
            raise Unavailable("the server is stopping", hint="connect again in a moment")
        if len(self._followers) >= self._most_followers:
            raise Unavailable(
                f"{len(self._followers)} clients follow the changes already, and no more are allowed",
                hint="raise api.live_clients in sharp-eyes.toml, or close a page",
            )
        follower = Follower(self._room, reach, fits)
        self._followers.add(follower)
        try:
            yield follower
        finally:
            self._followers.discard(follower)

    async def listen(self, follower: Follower, after: int) -> int:
        """Let `follower` hear what comes after `after`. Answers the number of the last change that was handed out
        already: those up to it are for the caller to read from the source."""
        await self._begun.wait()
        known = max(after, self._handed_out)
        follower.listen(known)
        return known

    def _poll(self, loop: asyncio.AbstractEventLoop) -> None:
        seq: int | None = None
        pause_s = self._poll_s
        while not self._stopping.is_set():
            try:
                if seq is None:
                    seq = self.source.head()
                    loop.call_soon_threadsafe(self._begin, seq)
                batch = self.source.after(seq, BATCH)
            except Exception as error:  # whatever ails the database, the feed outlives it
                pause_s = min(pause_s * 2, _MOST_PAUSE_S)
                unknown = None if isinstance(error, SharpEyesError) else error
                _log.warning("changes cannot be read; again in %.1f s: %s", pause_s, error, exc_info=unknown)
                self._clock.sleep(pause_s, self._stopping)
                continue
            pause_s = self._poll_s
            if batch.last > seq:
                seq = batch.last
                try:
                    loop.call_soon_threadsafe(self._hand_out, batch)
                except RuntimeError:  # the loop is closed: nobody is left to be told
                    return
            if not batch.more:
                self._clock.sleep(self._poll_s, self._stopping)

    def _begin(self, seq: int) -> None:
        # Nobody listens before this: what comes before `seq` is never handed out, so a follower must read it itself.
        self._handed_out = seq
        self._begun.set()

    def _hand_out(self, batch: Batch) -> None:
        self._handed_out = batch.last
        for follower in self._followers:
            follower.offer(batch.changes)
