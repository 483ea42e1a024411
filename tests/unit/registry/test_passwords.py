"""Hashing passwords: what is kept, what is compared, and how many at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag
from threading import Semaphore

import argon2
import pytest

from core.errors import TooMany
from registry.access.few_at_once import FewAtOnce
from registry.access.passwords import MEMORY_KIB, Passwords
from tests.support.waiting import wait_for

PASSWORD = "copper lantern drifts sideways"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


def test_a_hash_knows_its_password_and_no_other(passwords: Passwords) -> None:
    kept = passwords.hash(PASSWORD)
    assert kept.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t=1,p=1$")
    assert PASSWORD not in kept
    assert len(kept) <= 256
    assert passwords.verify(kept, PASSWORD)
    assert not passwords.verify(kept, PASSWORD + " ")
    assert kept != passwords.hash(PASSWORD)


def test_a_password_is_the_same_however_it_is_composed(passwords: Passwords) -> None:
    assert passwords.verify(passwords.hash("cafe\u0301 am Flussufer"), "caf\u00e9 am Flussufer")


@pytest.mark.parametrize("kept", ["", "no hash at all", "$argon2id$v=19$m=8,t=1,p=1$AAAA"])
def test_what_is_no_hash_knows_no_password(passwords: Passwords, kept: str) -> None:
    assert not passwords.verify(kept, PASSWORD)


@pytest.mark.parametrize("password", ["nobody's password", "half a character \ud800", "x" * 5_000, ""])
def test_nobody_has_no_password(passwords: Passwords, password: str) -> None:
    assert not passwords.verify(None, password)


def test_nobody_takes_as_long_as_somebody(passwords: Passwords) -> None:
    kept = passwords.hash(PASSWORD)

    def cost(of: str | None) -> float:
        begun = time.thread_time()
        passwords.verify(of, "a wrong one, of some length")
        return time.thread_time() - begun

    somebody, nobody = (min(cost(of) for _ in range(5)) for of in (kept, None))
    assert nobody > somebody / 2


def test_a_hash_of_other_costs_is_to_be_made_anew(passwords: Passwords) -> None:
    assert not passwords.needs_rehash(passwords.hash(PASSWORD))
    assert passwords.needs_rehash(argon2.PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD))


def test_hashing_waits_its_turn_too() -> None:
    turns = FewAtOnce(1, 0)
    passwords = Passwords(turns)
    with turns.turn("sign in"):
        for ask in (lambda: passwords.hash(PASSWORD), lambda: passwords.verify(None, PASSWORD)):
            with pytest.raises(TooMany) as caught:
                ask()
            assert caught.value.again_s > 0
    assert passwords.verify(passwords.hash(PASSWORD), PASSWORD)
    assert turns.here == 0


def test_two_are_at_work_some_wait_and_the_rest_is_turned_away() -> None:
    turns, at_work, go_on = FewAtOnce(2, 3), Semaphore(0), Flag()

    def work() -> None:
        with turns.turn("sign in"):
            at_work.release()
            go_on.wait(20)

    with ThreadPoolExecutor(5) as pool:
        done = [pool.submit(work) for _ in range(5)]
        wait_for(lambda: turns.here == 5, "five are here")
        assert [at_work.acquire(timeout=20) for _ in range(2)] == [True, True]
        assert not at_work.acquire(blocking=False)
        with pytest.raises(TooMany, match="too many sign in at this moment"), turns.turn("sign in"):
            pytest.fail("a sixth was let in")
        go_on.set()
        for one in done:
            one.result(20)
    with turns.turn("sign in"):
        assert turns.here == 1
