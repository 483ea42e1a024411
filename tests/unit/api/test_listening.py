import pytest

from api.listening import doubts, own_url
from api.settings import ApiSettings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is doubted


def found(**settings: object) -> list[str]:
    return [doubt.found for doubt in doubts(ApiSettings.model_validate(settings))]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_nothing_is_doubtful_about_loopback(host: str) -> None:
    assert found(host=host) == []


def test_plain_http_beyond_loopback_is_doubtful_and_so_are_the_names_of_loopback_there() -> None:
    open_to_all, names = found(host=EVERYWHERE)
    assert "without TLS" in open_to_all
    assert "answers only for" in names


@pytest.mark.parametrize(
    "safe", [{"trusted_proxies": ["10.0.0.7"]}, {"tls_certificate": "certificate.pem", "tls_key": "key.pem"}]
)
def test_tls_or_a_proxy_and_a_name_leave_no_doubt(safe: dict[str, object]) -> None:
    assert found(host=EVERYWHERE, allowed_hosts=["cameras.example"], **safe) == []


@pytest.mark.parametrize(
    ("host", "url"),
    [(EVERYWHERE, "https://127.0.0.1:8"), ("::", "https://[::1]:8"), ("10.0.0.7", "https://10.0.0.7:8")],
)
def test_a_server_is_reached_from_its_own_machine(host: str, url: str) -> None:
    assert own_url(host, 8, tls=True) == url
