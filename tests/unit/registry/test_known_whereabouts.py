"""Who reads anew where all cameras are, and what the others get meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from core.errors import Unavailable
from registry.catalogue.known_whereabouts import REST_S, KnownWhereabouts
from registry.catalogue.whereabouts import Whereabouts
from tests.support.builders import FakeClock

OTHERS = 5


class Reader:
    """Counts how often it reads."""

    def __init__(self) -> None:
        self.readings = 0

    def read(self) -> Whereabouts:
        self.readings += 1
        none, nowhere = np.empty(0, np.int32), np.empty(0, np.float64)
        return Whereabouts(none, none, none, nowhere, nowhere, (), none, (none, none))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def kept(clock: FakeClock) -> KnownWhereabouts:
    return KnownWhereabouts(clock.monotonic)


def test_a_version_is_read_once(kept: KnownWhereabouts, clock: FakeClock) -> None:
    reader = Reader()
    first = kept.at(7, reader.read)
    clock.advance(1_000)
    assert first is not None
    assert kept.at(7, reader.read) is first
    assert reader.readings == 1


def test_a_newer_one_is_read_some_seconds_after_the_last_reading(kept: KnownWhereabouts, clock: FakeClock) -> None:
    reader = Reader()
    first = kept.at(7, reader.read)
    clock.advance(REST_S - 0.01)
    assert kept.at(8, reader.read) is None
    assert kept.at(7, reader.read) is first
    clock.advance(0.01)
    second = kept.at(9, reader.read)
    assert second is not None
    assert second is not first
    assert kept.at(10, reader.read) is None
    assert reader.readings == 2


def test_what_is_older_is_neither_read_nor_had(kept: KnownWhereabouts, clock: FakeClock) -> None:
    reader = Reader()
    newer = kept.at(7, reader.read)
    clock.advance(1_000)
    assert kept.at(6, reader.read) is None
    assert kept.at(7, reader.read) is newer
    assert reader.readings == 1


def test_of_several_threads_one_reads_and_the_others_do_not_wait(kept: KnownWhereabouts) -> None:
    reader, has_begun, may_end = Reader(), Event(), Event()

    def slowly() -> Whereabouts:
        has_begun.set()
        assert may_end.wait(60)
        return reader.read()

    with ThreadPoolExecutor(OTHERS + 1) as threads:
        first = threads.submit(kept.at, 7, slowly)
        assert has_begun.wait(60)
        others = [threads.submit(kept.at, 7, reader.read) for _ in range(OTHERS)]
        try:
            assert [one.result(60) for one in others] == [None] * OTHERS
        finally:
            may_end.set()
        assert first.result(60) is not None
        assert first.result() is kept.at(7, reader.read)
    assert reader.readings == 1


def test_after_a_reading_that_failed_the_next_one_reads(kept: KnownWhereabouts) -> None:
    def fail() -> Whereabouts:
        raise Unavailable("the database is away")

    with pytest.raises(Unavailable):
        kept.at(7, fail)
    assert kept.at(7, Reader().read) is not None


def test_who_comes_to_read_when_another_one_has_just_done_so_does_not(clock: FakeClock) -> None:
    reader, others = Reader(), list[int]()

    def now() -> float:
        if others:  # while the first one looks at the clock, another one is served
            assert known.at(others.pop(), reader.read) is not None
        return clock.monotonic()

    known = KnownWhereabouts(now)
    known.at(7, reader.read)
    clock.advance(REST_S)
    others.append(8)
    assert known.at(8, reader.read) is not None
    assert reader.readings == 2
