import pytest
from pydantic import ValidationError

from api.settings import ApiSettings


def test_the_server_listens_on_loopback_by_default() -> None:
    assert ApiSettings().host == "127.0.0.1"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "[::1]", "localhost"])
def test_loopback_addresses_are_taken(host: str) -> None:
    assert ApiSettings(host=host).host == host.strip("[]")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "[fe80::1]"])  # noqa: S104 - what is listened on
def test_an_address_beyond_loopback_is_taken(host: str) -> None:
    settings = ApiSettings(host=host)
    assert (settings.host, settings.is_loopback) == (host.strip("[]"), False)


@pytest.mark.parametrize("host", ["cameras.example", "", "127.0.0.1:8080", "127.0.0.300"])
def test_what_is_no_address_is_refused(host: str) -> None:
    with pytest.raises(ValidationError, match="expected an IP address"):
        ApiSettings(host=host)


@pytest.mark.parametrize("given", [{"tls_key": "key.pem"}, {"tls_certificate": "certificate.pem"}])
def test_tls_takes_a_certificate_and_its_key(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="is missing: TLS takes a certificate and its key"):
        ApiSettings.model_validate(given)


@pytest.mark.parametrize("proxy", ["proxy.example", "10.0.0.7:80", "10.0.0.1/24", "*", ""])
def test_a_proxy_that_is_no_address_or_network_is_refused(proxy: str) -> None:
    with pytest.raises(ValidationError, match="no address of a proxy"):
        ApiSettings(trusted_proxies=(proxy,))


@pytest.mark.parametrize("proxy", ["0.0.0.0/0", "::/0", "::ffff:0:0/96"])
def test_not_everybody_can_be_a_trusted_proxy(proxy: str) -> None:
    with pytest.raises(ValidationError, match="would believe everybody"):
        ApiSettings(trusted_proxies=(proxy,))


@pytest.mark.parametrize("name", ["http://localhost", "localhost:8080", "*", ""])
def test_an_allowed_host_is_a_bare_name(name: str) -> None:
    with pytest.raises(ValidationError, match="no host name"):
        ApiSettings(allowed_hosts=(name,))


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        ApiSettings.model_validate({"prot": 8080})
