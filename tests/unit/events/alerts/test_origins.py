"""The origin of a target: one circuit for whatever goes there."""

import pytest

from events.alerts.allowed_targets import AllowedTargets
from events.alerts.subscription import origin_of
from events.alerts.targets import check_url

ALLOWED = AllowedTargets.of(["plain.example", "::1"])


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://alerts.example/hook?key=1", "https://alerts.example:443"),
        ("HTTPS://Alerts.Example:8443", "https://alerts.example:8443"),
        ("http://plain.example/a", "http://plain.example:80"),
        ("https://[::1]:9/a", "https://[::1]:9"),
    ],
)
def test_it_is_the_one_that_the_check_of_the_target_finds(url: str, origin: str) -> None:
    assert origin_of(url) == check_url(url, ALLOWED).origin == origin
