from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from api.guards import JsonBodies, SameOriginOnly, SecurityHeaders
from api.settings import ApiSettings

SETTINGS = ApiSettings(body_limit_bytes=1024)


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.api_route("/", methods=["GET", "POST", "DELETE"])
    async def echo(request: Request) -> int:
        return len(await request.body())

    app.add_middleware(JsonBodies, settings=SETTINGS)
    app.add_middleware(SameOriginOnly, allowed_hosts=SETTINGS.allowed_hosts)
    app.add_middleware(SecurityHeaders)
    return TestClient(app, base_url="http://localhost:8080")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:8080"])
def test_own_names_are_answered_on_any_port(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io:8080", "0.0.0.0:8080"])
def test_an_unknown_host_is_misdirected(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "unknown_host")


@pytest.mark.parametrize(
    "host", ["", "local host", "localhost:80:80", "user@localhost", "localhost/evil", "a" * 99 + ":"]
)
def test_a_host_that_is_none_is_a_bad_request(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:5173", "http://localhost", "file://", "http://127.0.0.1:8080"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_origin_is_refused(client: TestClient, origin: str, method: str) -> None:
    answer = client.request(method, "/", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize("origin", ["http://localhost:8080", "https://LOCALHOST:8080"])
def test_the_servers_own_pages_are_answered(client: TestClient, origin: str) -> None:
    assert client.post("/", headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_link_here_and_nothing_else(client: TestClient, site: str) -> None:
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200
    assert client.get("/", headers={"Sec-Fetch-Site": site}).status_code == 200
    assert client.delete("/", headers=link).status_code == 403
    for mode in ("no-cors", "cors", "websocket"):
        answer = client.get("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin"), mode


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_own_page_may_embed_and_change(client: TestClient, site: str) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}).status_code == 200
    assert client.delete("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors"}).status_code == 200


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "application/jsonp", ""],
)
def test_a_body_that_is_not_json_is_refused(client: TestClient, kind: str) -> None:
    answer = client.post("/", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post("/", content=b"{}", headers=headers).status_code == 415


def test_a_body_up_to_the_limit_arrives_whole(client: TestClient) -> None:
    answer = client.post("/", content=b" " * 1024, headers={"Content-Type": "application/json; charset=utf-8"})
    assert (answer.status_code, answer.json()) == (200, 1024)


def test_a_body_announced_too_long_is_refused(client: TestClient) -> None:
    answer = client.post("/", content=b" " * 1025, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_that_grows_too_long_is_refused_while_it_arrives(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(5):
            yield b" " * 256

    answer = client.post("/", content=parts(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_endless_number_as_length_is_refused(client: TestClient) -> None:
    headers = {"Content-Type": "application/json", "Content-Length": "9" * 5000}
    assert client.post("/", content=b"{}", headers=headers).status_code == 413


def test_refusals_too_carry_the_security_headers(client: TestClient) -> None:
    for answer in (client.get("/"), client.get("/", headers={"Host": "evil.example"})):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "geolocation=()" in answer.headers["permissions-policy"]
        assert "strict-transport-security" not in answer.headers


def test_over_tls_browsers_are_told_to_come_by_it_alone_and_plain_pages_are_foreign(client: TestClient) -> None:
    safe = TestClient(client.app, base_url="https://localhost:8443")
    assert safe.get("/").headers["strict-transport-security"] == "max-age=31536000"
    assert safe.post("/", headers={"Origin": "https://localhost:8443"}).status_code == 200
    assert safe.post("/", headers={"Origin": "http://localhost:8443"}).status_code == 403
