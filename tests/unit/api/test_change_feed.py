import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from api.change_feed import Batch, Change, ChangeFeed
from core.camera import DepartmentId
from core.clock import SystemClock
from core.errors import Unavailable
from core.ids import CameraId, EventId
from registry.reach import EVERYTHING, NOTHING, Reach
from tests.support.builders import an_event
from tests.support.stored import a_stored_event


def a_change(seq: int, *, department: int = 1, label: str = "person") -> Change:
    owner = DepartmentId(department)
    stored = a_stored_event(an_event(seq, label=label), department=owner)
    return Change(seq, lambda _: str(seq).encode(), EventId(seq), CameraId(7), owner, lambda _: stored)


class ListedChanges:
    """A source whose changes a test appends; it can be broken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes: list[Change] = []
        self.broken = False

    def append(self, count: int = 1) -> None:
        with self._lock:
            for _ in range(count):
                seq = len(self._changes) + 1
                self._changes.append(a_change(seq))

    def head(self) -> int:
        return len(self._changes)

    def after(self, seq: int, limit: int) -> Batch:
        if self.broken:
            raise Unavailable("the database is away")
        with self._lock:
            found = tuple(self._changes[seq : seq + limit])
        return Batch(found, found[-1].seq if found else seq, len(found) == limit)


def a_feed(source: ListedChanges, *, most_followers: int = 4, room: int = 16) -> ChangeFeed:
    return ChangeFeed(source, SystemClock(), poll_s=0.01, most_followers=most_followers, room=room)


def in_a_loop(body: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(10):
            await body()

    asyncio.run(bounded())


def test_followers_hear_what_is_new_in_order() -> None:
    source = ListedChanges()
    source.append(3)

    async def body() -> None:
        feed = a_feed(source)
        with feed.run(), feed.join(EVERYTHING) as follower:
            await feed.listen(follower, 3)
            source.append(5)
            heard = [await follower.next(5) for _ in range(5)]
            assert [change.seq for change in heard if change] == [4, 5, 6, 7, 8]

    in_a_loop(body)


def test_silence_is_told_as_none() -> None:
    async def body() -> None:
        feed = a_feed(ListedChanges())
        with feed.run(), feed.join(EVERYTHING) as follower:
            await feed.listen(follower, 0)
            assert await follower.next(0.05) is None

    in_a_loop(body)


def test_what_a_follower_has_already_is_not_repeated() -> None:
    source = ListedChanges()

    async def body() -> None:
        feed = a_feed(source)
        with feed.run(), feed.join(EVERYTHING) as follower:
            await feed.listen(follower, 5)  # it read further than the feed, which begins at 0
            source.append(6)
            change = await follower.next(5)
            assert change is not None
            assert change.seq == 6

    in_a_loop(body)


def test_what_came_before_the_feed_began_is_left_to_the_follower_to_read() -> None:
    source = ListedChanges()
    source.append(7)

    async def body() -> None:
        feed = a_feed(source)
        with feed.join(EVERYTHING) as follower:
            early = asyncio.create_task(feed.listen(follower, 5))
            await asyncio.sleep(0)
            assert not early.done()
            with feed.run():
                assert await early == 7

    in_a_loop(body)


def test_a_slow_follower_is_cut_off_and_the_others_are_not() -> None:
    source = ListedChanges()

    async def body() -> None:
        feed = a_feed(source, room=16)
        with feed.run(), feed.join(EVERYTHING) as slow, feed.join(EVERYTHING) as quick:
            await feed.listen(slow, 0)
            await feed.listen(quick, 0)
            for _ in range(17):
                source.append()
                assert await quick.next(5) is not None
            await slow.cut_off.wait()
            assert not quick.cut_off.is_set()

    in_a_loop(body)


def test_a_follower_that_was_cut_off_hears_nothing_beyond_the_gap() -> None:
    async def body() -> None:
        with a_feed(ListedChanges(), room=2).join(EVERYTHING) as follower:
            follower.listen(0)
            follower.offer([a_change(seq) for seq in (1, 2, 3)])
            assert follower.cut_off.is_set()
            assert [change.seq for change in (await follower.next(1), await follower.next(1)) if change] == [1, 2]
            follower.offer([a_change(4)])
            assert await follower.next(0.01) is None

    in_a_loop(body)


def test_one_more_than_the_places_is_turned_away_until_one_leaves() -> None:
    async def body() -> None:
        feed = a_feed(ListedChanges(), most_followers=1)
        with feed.join(EVERYTHING), pytest.raises(Unavailable, match="1 clients follow"), feed.join(EVERYTHING):
            pass
        with feed.join(EVERYTHING):
            assert feed.clients == 1

    in_a_loop(body)


def test_the_end_cuts_everybody_off_and_lets_nobody_in() -> None:
    async def body() -> None:
        feed = a_feed(ListedChanges())
        with feed.run(), feed.join(EVERYTHING) as follower:
            feed.end()
            await follower.cut_off.wait()
            with pytest.raises(Unavailable, match="stopping"), feed.join(EVERYTHING):
                pass

    in_a_loop(body)


def test_the_feed_outlives_a_database_that_is_away() -> None:
    source = ListedChanges()
    source.broken = True

    async def body() -> None:
        feed = a_feed(source)
        with feed.run(), feed.join(EVERYTHING) as follower:
            await feed.listen(follower, 0)
            assert await follower.next(0.1) is None
            source.append()
            source.broken = False
            assert await follower.next(5) is not None

    in_a_loop(body)


def test_a_follower_hears_only_of_what_is_within_its_reach() -> None:
    async def body() -> None:
        with a_feed(ListedChanges()).join(Reach(departments={DepartmentId(2): EventId(0)})) as follower:
            follower.listen(0)
            follower.offer([a_change(1), a_change(2, department=2), a_change(3)])
            heard = await follower.next(1)
            assert heard is not None
            assert heard.seq == 2
            assert await follower.next(0.01) is None

    in_a_loop(body)


def test_what_is_kept_for_a_follower_that_may_not_see_it_any_more_is_not_told() -> None:
    async def body() -> None:
        with a_feed(ListedChanges()).join(EVERYTHING) as follower:
            follower.listen(0)
            follower.offer([a_change(1)])
            follower.reach = NOTHING
            assert await follower.next(0.01) is None

    in_a_loop(body)


def test_what_a_follower_may_not_see_takes_no_room() -> None:
    async def body() -> None:
        with a_feed(ListedChanges(), room=1).join(Reach(departments={DepartmentId(2): EventId(0)})) as follower:
            follower.listen(0)
            follower.offer([a_change(seq) for seq in range(1, 10)])
            assert not follower.cut_off.is_set()

    in_a_loop(body)


def test_a_follower_hears_only_of_what_it_asked_for() -> None:
    async def body() -> None:
        with a_feed(ListedChanges()).join(EVERYTHING, lambda stored: stored.event.label == "car") as follower:
            follower.listen(0)
            follower.offer([a_change(1), a_change(2, label="car"), a_change(3)])
            heard = await follower.next(1)
            assert heard is not None
            assert heard.seq == 2
            assert await follower.next(0.01) is None

    in_a_loop(body)


def test_what_was_not_asked_for_takes_no_room() -> None:
    async def body() -> None:
        with a_feed(ListedChanges(), room=1).join(EVERYTHING, lambda _: False) as follower:
            follower.listen(0)
            follower.offer([a_change(seq) for seq in range(1, 10)])
            assert not follower.cut_off.is_set()

    in_a_loop(body)
