import pytest
from pydantic import ValidationError

from api.settings import ApiSettings


def test_the_server_listens_on_loopback_by_default() -> None:
    assert ApiSettings().host == "127.0.0.1"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "[::1]", "localhost"])
def test_loopback_addresses_are_taken(host: str) -> None:
    assert ApiSettings(host=host).host == host.strip("[]")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "8.8.8.8", "cameras.example", ""])  # noqa: S104 - what is refused
def test_an_address_beyond_loopback_is_refused_with_the_reason(host: str) -> None:
    with pytest.raises(ValidationError, match=r"expected 127\.0\.0\.1, ::1 or localhost"):
        ApiSettings(host=host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3"])  # noqa: S104 - what a container listens on
def test_an_address_beyond_loopback_is_taken_where_the_network_is_trusted(host: str) -> None:
    assert ApiSettings(trust_network=True, host=host).host == host
    with pytest.raises(ValidationError, match="expected"):
        ApiSettings(trust_network=True, host="cameras.example")


@pytest.mark.parametrize("name", ["http://localhost", "localhost:8080", "*", ""])
def test_an_allowed_host_is_a_bare_name(name: str) -> None:
    with pytest.raises(ValidationError, match="no host name"):
        ApiSettings(allowed_hosts=(name,))


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        ApiSettings.model_validate({"prot": 8080})
