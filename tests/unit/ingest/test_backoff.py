from ingest.backoff import Backoff
from ingest.settings import ReaderSettings

SETTINGS = ReaderSettings(first_wait_s=1, longest_wait_s=60, settled_after_s=30)


def test_waits_double_from_the_first_to_the_longest() -> None:
    backoff = Backoff(SETTINGS)
    for expected in (1, 2, 4, 8, 16, 32, 60, 60):
        assert 0.8 * expected <= backoff.wait_s() <= min(1.2 * expected, 60)


def test_waits_are_spread_so_that_cameras_do_not_come_back_at_once() -> None:
    assert len({Backoff(SETTINGS).wait_s() for _ in range(20)}) > 10


def test_waits_start_small_again_after_the_stream_was_live_for_a_while() -> None:
    backoff = Backoff(SETTINGS)
    for _ in range(6):
        backoff.wait_s()
    backoff.settled(live_s=29)
    assert backoff.wait_s() > 40
    backoff.settled(live_s=31)
    assert backoff.wait_s() <= 1.2


def test_a_wrong_password_waits_longest_at_once() -> None:
    assert Backoff(SETTINGS).longest_wait_s() >= 48
