import pytest

from api.rate_limits import Asking, RateLimits
from core.access import Principal, PrincipalKind, Role
from core.errors import TooMany
from tests.support.builders import FakeClock


def somebody(number: int, kind: PrincipalKind = PrincipalKind.PERSON) -> Principal:
    return Principal(kind, number, "Li Wei", Role.VIEWER, None)


def limits(
    refused: list[Asking] | None = None, *, known: int = 3, strangers: int = 2, clock: FakeClock | None = None
) -> RateLimits:
    told = [] if refused is None else refused
    clock = clock or FakeClock()
    return RateLimits(clock, known_per_minute=known, strangers_per_minute=strangers, on_refused=told.append)


def test_one_request_too_many_is_refused_with_the_time_to_wait() -> None:
    refused: list[Asking] = []
    clock = FakeClock()
    found = limits(refused, clock=clock)
    for _ in range(3):
        found.count(somebody(1))
        clock.advance(10)
    with pytest.raises(TooMany, match="more than 3 requests") as caught:
        found.count(somebody(1))
    assert caught.value.again_s == 30
    assert refused == [Asking.KNOWN]


def test_the_window_moves_with_the_time() -> None:
    clock = FakeClock()
    found = limits(clock=clock)
    for _ in range(3):
        found.count(somebody(1))
        clock.advance(10)
    clock.advance(29)
    with pytest.raises(TooMany):
        found.count(somebody(1))
    clock.advance(1)
    found.count(somebody(1))
    with pytest.raises(TooMany, match="more than 3"):
        found.count(somebody(1))


def test_everybody_has_a_limit_of_ones_own() -> None:
    found = limits()
    for principal in (somebody(1), somebody(2), somebody(1, PrincipalKind.KEY)):
        for _ in range(3):
            found.count(principal)
    for address in ("192.0.2.1", "192.0.2.2"):
        for _ in range(2):
            found.count_stranger(address)
    found.count(somebody(3))


def test_whom_nobody_knows_is_counted_by_address() -> None:
    refused: list[Asking] = []
    found = limits(refused)
    for _ in range(2):
        found.count_stranger("192.0.2.1")
    with pytest.raises(TooMany):
        found.count_stranger("192.0.2.1")
    assert refused == [Asking.STRANGER]


def test_all_ipv6_addresses_of_a_house_are_one() -> None:
    found = limits()
    found.count_stranger("2001:db8:0:1::1")
    found.count_stranger("2001:db8:0:1:ffff::2")
    with pytest.raises(TooMany):
        found.count_stranger("2001:db8:0:1::3")
    found.count_stranger("2001:db8:0:2::1")


def test_of_countless_strangers_the_first_are_forgotten() -> None:
    found = limits(strangers=1)
    for number in range(5000):
        found.count_stranger(f"10.0.{number // 256}.{number % 256}")
    with pytest.raises(TooMany):
        found.count_stranger("10.0.19.135")
    found.count_stranger("10.0.0.0")
