import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from api.proxies import BehindProxies
from api.settings import ApiSettings

SETTINGS = ApiSettings(trusted_proxies=("10.0.0.0/24", "fd00::7"))


def seen(client: str, *headers: tuple[str, str]) -> list[str]:
    """The address and the scheme of a request from `client`, as the app sees them."""
    app = FastAPI()

    @app.get("/")
    def tell(request: Request) -> list[str]:
        assert request.client is not None
        return [request.client.host, request.url.scheme]

    app.add_middleware(BehindProxies, proxies=SETTINGS.proxy_networks)
    found: list[str] = TestClient(app, client=(client, 4711)).get("/", headers=list(headers)).json()
    return found


def test_what_a_stranger_says_of_himself_is_not_believed() -> None:
    told = ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https")
    assert seen("198.51.100.9", *told) == ["198.51.100.9", "http"]


def test_a_trusted_proxy_is_believed() -> None:
    told = ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https")
    assert seen("10.0.0.7", *told) == ["192.0.2.1", "https"]
    assert seen("fd00::7", *told) == ["192.0.2.1", "https"]


def test_the_first_from_the_right_that_is_no_proxy_counts() -> None:
    assert seen("10.0.0.7", ("X-Forwarded-For", "192.0.2.66, 192.0.2.1, 10.0.0.8")) == ["192.0.2.1", "http"]
    assert seen("10.0.0.7", ("X-Forwarded-For", "192.0.2.66"), ("X-Forwarded-For", "192.0.2.1")) == [
        "192.0.2.1",
        "http",
    ]


@pytest.mark.parametrize(
    ("schemes", "found"),
    [
        ("https, http", "https"),
        ("https", "https"),
        ("http", "http"),
        ("https, http, http", "http"),
        ("https, http, https, http", "https"),
        ("ftp, http", "http"),
        ("", "http"),
    ],
)
def test_of_proxies_in_a_row_the_outermost_one_says_how_it_was_asked(schemes: str, found: str) -> None:
    told = ("X-Forwarded-For", "192.0.2.66, 192.0.2.1, 10.0.0.8"), ("X-Forwarded-Proto", schemes)
    assert seen("10.0.0.7", *told) == ["192.0.2.1", found]


def test_an_ipv4_proxy_is_known_by_both_ways_to_write_it() -> None:
    settings = ApiSettings(trusted_proxies=("::ffff:10.1.0.7", "::ffff:10.2.0.0/112"))
    assert [str(network) for network in settings.proxy_networks] == ["10.1.0.7/32", "10.2.0.0/16"]


def test_a_proxy_that_names_nobody_is_the_client_itself() -> None:
    assert seen("10.0.0.7") == ["10.0.0.7", "http"]
    assert seen("10.0.0.7", ("X-Forwarded-For", "10.0.0.9, 10.0.0.8")) == ["10.0.0.9", "http"]


@pytest.mark.parametrize("told", ["unknown", "_hidden", "", "1.2.3", "x" * 9000, "192.0.2.1, evil", ",,,"])
def test_what_is_no_address_is_not_taken_for_one(told: str) -> None:
    assert seen("10.0.0.7", ("X-Forwarded-For", told))[0] == "10.0.0.7"


@pytest.mark.parametrize(("told", "address"), [("192.0.2.1:4711", "192.0.2.1"), ("[2001:db8::1]:4711", "2001:db8::1")])
def test_a_port_beside_the_address_is_left_out(told: str, address: str) -> None:
    assert seen("10.0.0.7", ("X-Forwarded-For", told))[0] == address


def test_an_ipv4_client_of_an_ipv6_socket_has_its_own_address() -> None:
    assert seen("::ffff:192.0.2.1")[0] == "192.0.2.1"
    assert seen("::ffff:10.0.0.7", ("X-Forwarded-For", "192.0.2.1"))[0] == "192.0.2.1"


@pytest.mark.parametrize("told", ["https, http", "javascript", "HTTPS://"])
def test_of_proxies_that_name_nobody_the_nearest_ones_scheme_counts(told: str) -> None:
    assert seen("10.0.0.7", ("X-Forwarded-Proto", told))[1] == "http"
