"""Who deals, and when it may take cameras from those who are silent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from core.clock import Clock, SystemClock
from registry.db import Database
from registry.workers import WorkerId
from sharp_eyes.worker.database_clock import DatabaseClock
from sharp_eyes.worker.dealing import Dealing
from tests.support.leasing import Leasing
from tests.support.waiting import wait_for


@dataclass
class FakeHeart:
    """A heart that has been steady for as long as the test says."""

    worker: WorkerId
    steady_s: float = 60.0


@contextmanager
def dealing(leasing: Leasing, heart: FakeHeart, clock: Clock | None = None) -> Iterator[None]:
    going = Dealing(leasing.database, heart, clock or SystemClock())
    going.start()
    try:
        yield
    finally:
        going.stop()


@pytest.fixture
def leasing(sqlite_database: Database) -> Leasing:
    return Leasing(sqlite_database)


def test_who_is_not_steady_yet_gives_free_cameras_and_takes_none(leasing: Leasing) -> None:
    leasing.add_cameras(2)
    silent = leasing.join()
    leasing.deal(silent)
    leasing.silence(silent)
    heart = FakeHeart(leasing.join(), steady_s=4.9)
    with dealing(leasing, heart):
        free = leasing.add_cameras(1)
        wait_for(lambda: leasing.held(heart.worker) == free, "the free camera is given", 10)
        assert len(leasing.held(silent)) == 2
        heart.steady_s = 5.0
        wait_for(lambda: len(leasing.held(heart.worker)) == 3, "the others are taken over", 10)


@pytest.mark.parametrize("hours", [-1, 1])
def test_right_after_the_databases_clock_was_set_nobody_is_taken_for_silent(leasing: Leasing, hours: int) -> None:
    leasing.add_cameras(2)
    silent = leasing.join()
    leasing.deal(silent)
    leasing.silence(silent)
    clock = DatabaseClock(SystemClock())
    now = clock.monotonic()
    clock.anchor(clock.now() + timedelta(hours=hours), now, now)  # the heart has not beaten since
    heart = FakeHeart(leasing.join())
    with dealing(leasing, heart, clock):
        free = leasing.add_cameras(1)
        wait_for(lambda: leasing.held(heart.worker) == free, "the free camera is given", 10)
        assert len(leasing.held(silent)) == 2
        clock.anchor(SystemClock().now(), clock.monotonic(), clock.monotonic())
        wait_for(lambda: len(leasing.held(heart.worker)) == 3, "the others are taken over", 10)


def test_what_a_silent_worker_of_a_camera_that_is_switched_off_left_is_ended(leasing: Leasing) -> None:
    (camera,) = leasing.add_cameras(1)
    silent = leasing.join()
    leasing.deal(silent)
    leasing.switch_off(camera)
    leasing.silence(silent)
    with dealing(leasing, FakeHeart(leasing.join())):
        wait_for(lambda: leasing.epochs(camera) == [(1, silent, False)], "its lease ends", 10)


def test_who_is_not_the_eldest_deals_nothing_until_the_eldest_falls_silent(leasing: Leasing) -> None:
    leasing.add_cameras(2)
    eldest, other = leasing.join(), leasing.join()
    with dealing(leasing, FakeHeart(other)):
        leasing.deal(eldest)
        assert len(leasing.held(other)) == 1
        leasing.silence(eldest)
        leasing.add_cameras(1)
        wait_for(lambda: len(leasing.held(other)) == 3, "it deals", 10)
