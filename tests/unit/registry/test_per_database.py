"""What is kept for each database is one thing for all its connections, and goes with it."""

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from weakref import ref

from sqlalchemy import Engine, create_engine

from registry.per_database import PerDatabase

THREADS = 6


class Thing:
    pass


def an_engine() -> Engine:
    return create_engine("sqlite://")


def test_each_database_has_its_own() -> None:
    kept, one, other = PerDatabase(Thing), an_engine(), an_engine()
    with one.connect() as first, one.connect() as second, other.connect() as third:
        assert kept.of(first) is kept.of(second)
        assert kept.of(first) is not kept.of(third)


def test_threads_that_ask_at_once_get_the_same() -> None:
    barrier = Barrier(THREADS)

    def slowly() -> Thing:
        sleep(0.05)
        return Thing()

    kept, engine = PerDatabase(slowly), an_engine()

    def ask(_: int) -> Thing:
        with engine.connect() as connection:
            barrier.wait(60)
            return kept.of(connection)

    with ThreadPoolExecutor(THREADS) as threads:
        assert len(set(threads.map(ask, range(THREADS)))) == 1


def test_it_goes_with_its_database() -> None:
    kept, engine = PerDatabase(Thing), an_engine()
    with engine.connect() as connection:
        thing = ref(kept.of(connection))
    assert thing() is not None
    engine.dispose()
    del engine, connection
    gc.collect()
    assert thing() is None
