"""HTTPS by certificate and key in files, and behind a proxy that has them."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette

from api.server import HttpServer
from api.settings import ApiSettings
from api.tls import tls_context
from core.errors import BadInput
from sharp_eyes.health import ask
from tests.system.api.conftest import SETTINGS, City, a_city
from tests.system.api.signing import a_browser, add_person, sign_in


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, in files."""

    certificate: Path
    key: Path


def make_pair(folder: Path, *, password: bytes | None = None) -> Pair:
    """A certificate of 127.0.0.1 that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    pair = Pair(folder / "certificate.pem", folder / "key.pem")
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    pair.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked))
    return pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return make_pair(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def safe_city(tmp_path_factory: pytest.TempPathFactory, pair: Pair) -> Iterator[City]:
    """A city that is asked by HTTPS."""
    given = SETTINGS.model_dump() | {"tls_certificate": pair.certificate, "tls_key": pair.key}
    with a_city(tmp_path_factory.mktemp("city"), ApiSettings.model_validate(given)) as found:
        yield found


@pytest.fixture(scope="module")
def proxied_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city behind a proxy on this machine."""
    given = SETTINGS.model_dump() | {"trusted_proxies": ("127.0.0.1",)}
    with a_city(tmp_path_factory.mktemp("city"), ApiSettings.model_validate(given)) as found:
        yield found


def test_a_client_that_checks_the_certificate_is_answered(safe_city: City, pair: Pair) -> None:
    assert safe_city.server.url.startswith("https://127.0.0.1:")
    trusting = ssl.create_default_context(cafile=str(pair.certificate))
    with (
        socket.create_connection(("127.0.0.1", safe_city.server.port), timeout=10) as plain,
        trusting.wrap_socket(plain, server_hostname="127.0.0.1") as talk,
    ):
        assert talk.version() == "TLSv1.3"
        talk.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert talk.recv(12) == b"HTTP/1.1 200"


def test_the_health_check_asks_by_https(safe_city: City) -> None:
    assert ask(f"{safe_city.server.url}/healthz", 5) == 200


def test_old_tls_is_refused(safe_city: City) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with (
        socket.create_connection(("127.0.0.1", safe_city.server.port), timeout=10) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(plain)


def test_over_tls_the_cookie_is_secure_and_bound_to_the_host(safe_city: City) -> None:
    person = add_person(safe_city)
    with a_browser(safe_city) as client:
        answer = sign_in(client, person.login)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-sharp-eyes=")
        assert {"secure", "httponly", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert client.get("/api/v1/session").json()["person"]["id"] == person.id
        token = client.cookies["__Host-sharp-eyes"]
        client.cookies.clear()
        assert client.get("/api/v1/session", headers={"Cookie": f"sharp-eyes={token}"}).status_code == 401


def test_over_tls_a_page_without_tls_is_foreign(safe_city: City) -> None:
    plain = safe_city.server.url.replace("https:", "http:")
    with a_browser(safe_city) as client:
        assert client.get("/", headers={"Origin": plain}).status_code == 403


def test_a_proxy_that_is_trusted_says_that_it_has_tls(proxied_city: City) -> None:
    person = add_person(proxied_city)
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.66, 192.0.2.1"}
    with a_browser(proxied_city) as client:
        client.headers.update({**told, "Origin": proxied_city.server.url.replace("http:", "https:")})
        answer = sign_in(client, person.login)
        cookie = answer.headers["set-cookie"].partition(";")[0]
        assert cookie.startswith("__Host-sharp-eyes=")
        assert "strict-transport-security" in answer.headers
        (session,) = client.get("/api/v1/sessions", headers={"Cookie": cookie}).json()["items"]
        assert session["address"] == "192.0.2.1"


def test_without_tls_nobody_is_told_to_come_by_it(city: City) -> None:
    with a_browser(city) as client:
        assert "strict-transport-security" not in client.get("/").headers


def test_who_begins_no_tls_in_time_is_hung_up_on(pair: Pair) -> None:
    tls = tls_context(pair.certificate, pair.key)
    with (
        HttpServer(Starlette(), "127.0.0.1", 0, patience_s=1, tls=tls) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as silent,
    ):
        assert silent.recv(1) == b""


def test_what_is_wrong_with_the_files_is_told(tmp_path: Path, pair: Pair) -> None:
    other = make_pair(tmp_path / "other")
    locked = make_pair(tmp_path / "locked", password=b"secret")
    (tmp_path / "no.pem").write_text("no certificate")
    for certificate, key, field, words in (
        (tmp_path / "missing.pem", pair.key, "api.tls_certificate", "cannot be read"),
        (pair.certificate, tmp_path, "api.tls_key", "cannot be read"),
        (pair.certificate, other.key, "api.tls_key", "is not that of the certificate"),
        (tmp_path / "no.pem", pair.key, "api.tls_certificate", "no certificate and key in PEM"),
        (pair.certificate, tmp_path / "no.pem", "api.tls_certificate", "no certificate and key in PEM"),
        (locked.certificate, locked.key, "api.tls_key", "locked with a password"),
    ):
        with pytest.raises(BadInput, match=words) as caught:
            tls_context(certificate, key)
        assert caught.value.field == field
