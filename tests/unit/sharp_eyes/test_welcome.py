"""Where links lead."""

import pytest

from sharp_eyes.settings import Settings
from sharp_eyes.welcome import console_address, welcome_link


def settings(host: str, *allowed_hosts: str, console_url: str | None = None) -> Settings:
    """A server that listens on `host`, whatever else that would need."""
    made = Settings.model_validate({"access": {"console_url": console_url}})
    api = made.api.model_copy(update={"host": host, "allowed_hosts": allowed_hosts or made.api.allowed_hosts})
    return made.model_copy(update={"api": api})


@pytest.mark.parametrize(
    ("host", "allowed", "address"),
    [
        ("127.0.0.1", ["eyes.example"], "http://127.0.0.1:8080"),
        ("::1", [], "http://[::1]:8080"),
        ("localhost", [], "http://localhost:8080"),
        ("0.0.0.0", ["eyes.example", "localhost"], "http://eyes.example:8080"),  # noqa: S104 - nobody listens
        ("::", ["[2001:db8::5]"], "http://[2001:db8::5]:8080"),
        ("10.0.0.5", ["eyes.example"], "http://eyes.example:8080"),
    ],
)
def test_a_link_leads_to_where_the_server_answers(host: str, allowed: list[str], address: str) -> None:
    assert console_address(settings(host, *allowed)) == address


def test_the_port_that_was_bound_and_its_protocol_count() -> None:
    some = settings("0.0.0.0", "eyes.example")  # noqa: S104 - nobody listens
    assert console_address(some, served="https://0.0.0.0:43211") == "https://eyes.example:43211"


def test_a_setting_goes_before_that_and_what_is_given_before_all() -> None:
    some = settings("127.0.0.1", console_url="https://eyes.example/city/")
    assert console_address(some, served="http://127.0.0.1:9") == "https://eyes.example/city"
    assert console_address(some, url="http://other:8/") == "http://other:8"


@pytest.mark.parametrize("url", ["", "eyes.example", "ftp://eyes.example", "https://a:b@eyes.example", "https://a/?b"])
def test_a_setting_that_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with http"):
        settings("127.0.0.1", console_url=url)


def test_the_token_stands_where_no_server_gets_it() -> None:
    assert welcome_link("https://eyes.example", "t0ken") == "https://eyes.example/#/welcome?token=t0ken"
