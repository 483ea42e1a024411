import pytest

from sharp_eyes.settings import Settings
from sharp_eyes.welcome import console_address

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is listened on
TLS = {"tls_certificate": "certificate.pem", "tls_key": "key.pem"}


@pytest.mark.parametrize(
    ("api", "address"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"host": "::1"}, "http://[::1]:8080"),
        ({"host": EVERYWHERE}, "http://127.0.0.1:8080"),
        ({"host": EVERYWHERE, "allowed_hosts": ["cameras.example"], **TLS}, "https://cameras.example:8080"),
        ({"allowed_hosts": ["cameras.example"], "trusted_proxies": ["127.0.0.1"]}, "https://cameras.example"),
        ({"trusted_proxies": ["127.0.0.1"]}, "http://127.0.0.1:8080"),
    ],
)
def test_links_lead_to_where_browsers_find_the_console(api: dict[str, object], address: str) -> None:
    assert console_address(Settings.model_validate({"api": api})) == address
