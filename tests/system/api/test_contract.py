"""What all routes have in common."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.problems import Kind
from tests.system.api.conftest import City

ROUTES = {
    "/api/v1/cameras": {"get", "post"},
    "/api/v1/camera-points": {"get"},
    "/api/v1/cameras:import": {"post"},
    "/api/v1/imports": {"get"},
    "/api/v1/imports/{number}": {"get", "delete"},
    "/api/v1/imports/{number}/rows": {"get"},
    "/api/v1/imports/{number}/progress": {"get"},
    "/api/v1/cameras.csv": {"get"},
    "/api/v1/cameras.json": {"get"},
    "/api/v1/cameras.geojson": {"get"},
    "/api/v1/cameras:probe": {"post"},
    "/api/v1/cameras/{camera}:probe": {"post"},
    "/api/v1/cameras/{camera}": {"get", "patch", "delete"},
    "/api/v1/cameras/{camera}:restore": {"post"},
    "/api/v1/cameras/{camera}/quarantine": {"delete"},
    "/api/v1/cameras/{camera}/live": {"get"},
    "/api/v1/cameras/{camera}/unmaskings": {"post"},
    "/api/v1/cameras/{camera}/streams": {"get", "post"},
    "/api/v1/streams/{stream}": {"patch", "delete"},
    "/api/v1/cameras/{camera}/zones": {"get", "post"},
    "/api/v1/zones/{zone}": {"patch", "delete"},
    "/api/v1/cameras/{camera}/privacy-areas": {"get", "post"},
    "/api/v1/privacy-areas/{area}": {"patch", "delete"},
    "/api/v1/cameras/{camera}/lines": {"get", "post"},
    "/api/v1/lines/{line}": {"patch", "delete"},
    "/api/v1/cameras/{camera}/rules": {"get", "post"},
    "/api/v1/departments/{department}/rules": {"get", "post"},
    "/api/v1/rules/{rule}/account": {"get"},
    "/api/v1/rules/{rule}/flow": {"get"},
    "/api/v1/rules:try": {"post"},
    "/api/v1/rules/{rule}": {"patch", "delete"},
    "/api/v1/departments": {"get", "post"},
    "/api/v1/departments/{department}": {"get", "patch", "delete"},
    "/api/v1/departments/{department}/quota": {"put", "delete"},
    "/api/v1/retention-rules": {"get", "put"},
    "/api/v1/retention-rules/{retention_rule}": {"get", "delete"},
    "/api/v1/retention": {"get"},
    "/api/v1/retention:dry-run": {"get"},
    "/api/v1/media-usage": {"get"},
    "/api/v1/regions": {"get"},
    "/api/v1/regions/{region}": {"get", "put", "delete"},
    "/api/v1/grants": {"get", "post"},
    "/api/v1/grants/{grant}": {"get"},
    "/api/v1/grants/{grant}:approve": {"post"},
    "/api/v1/grants/{grant}:refuse": {"post"},
    "/api/v1/grants/{grant}:revoke": {"post"},
    "/api/v1/cameras/{camera}/viewers": {"get"},
    "/api/v1/people/{person}/sight": {"get"},
    "/api/v1/gb-codes": {"post"},
    "/api/v1/gb-codes:explain": {"get"},
    "/api/v1/stream-states": {"get"},
    "/api/v1/uptime": {"get"},
    "/api/v1/uptime.csv": {"get"},
    "/api/v1/cameras/{camera}/spells": {"get"},
    "/api/v1/overview": {"get"},
    "/api/v1/workers": {"get"},
    "/api/v1/events": {"get"},
    "/api/v1/events.csv": {"get"},
    "/api/v1/events.ndjson": {"get"},
    "/api/v1/events.geojson": {"get"},
    "/api/v1/events/facets": {"get"},
    "/api/v1/events/histogram": {"get"},
    "/api/v1/events/{event}": {"get"},
    "/api/v1/events/{event}/members": {"get"},
    "/api/v1/events/{event}/snapshot": {"get"},
    "/api/v1/events/{event}/clip": {"get"},
    "/api/v1/events/{event}/unmaskings": {"post"},
    "/api/v1/unmaskings": {"get"},
    "/api/v1/unmaskings/{unmasking}:approve": {"post"},
    "/api/v1/unmaskings/{unmasking}:refuse": {"post"},
    "/api/v1/unmaskings/{unmasking}/clip": {"get"},
    "/api/v1/event-changes": {"get"},
    "/api/v1/cameras/{camera}/latest": {"get"},
    "/api/v1/session": {"get", "post", "delete"},
    "/api/v1/session/password": {"put"},
    "/api/v1/sessions": {"get"},
    "/api/v1/sessions/{session}": {"delete"},
    "/api/v1/invitations:look": {"post"},
    "/api/v1/invitations:accept": {"post"},
    "/api/v1/people": {"get", "post"},
    "/api/v1/people/{person}": {"get", "patch"},
    "/api/v1/people/{person}:invite": {"post"},
    "/api/v1/people/{person}/sessions": {"get", "delete"},
    "/api/v1/api-keys": {"get", "post"},
    "/api/v1/api-keys/{key}": {"delete"},
    "/api/v1/subscriptions": {"get", "post"},
    "/api/v1/subscriptions/{subscription}": {"get", "patch", "delete"},
    "/api/v1/subscriptions/{subscription}:pause": {"post"},
    "/api/v1/subscriptions/{subscription}:resume": {"post"},
    "/api/v1/subscriptions/{subscription}:test": {"post"},
    "/api/v1/subscriptions/{subscription}:rotate-secret": {"post"},
    "/api/v1/subscriptions/{subscription}:replay": {"post"},
    "/api/v1/subscriptions/{subscription}/deliveries": {"get"},
    "/api/v1/deliveries/{delivery}": {"get"},
    "/api/v1/deliveries/{delivery}:replay": {"post"},
    "/api/v1/holds": {"get", "post"},
    "/api/v1/holds/{hold}": {"get"},
    "/api/v1/holds/{hold}:release": {"post"},
    "/api/v1/notices": {"get"},
    "/api/v1/alert-pictures/{token}": {"get"},
    "/api/v1/audit": {"get"},
    "/api/v1/audit.csv": {"get"},
    "/api/v1/audit/status": {"get"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}

BESIDE_NOTHING = {"/api/v1/rules:try", "/api/v1/session", "/api/v1/invitations:look", "/api/v1/api-keys"}
"""What is done by POST and can stand in the way of nothing else."""
NO_SECRETS = {
    ("UptimeView", "key"),  # what uptime is added up by
    ("SessionView", "key"),  # a key's number and name
    ("MadeApiKeyView", "key"),  # all of a key but its text, which is shown beside it this once
}
"""Fields of answers that only sound like secrets."""
ASKED = {"SignIn", "PasswordChange", "LinkToken", "Acceptance"}
"""Bodies in which a secret comes in."""


@pytest.fixture(scope="module")
def description(city: City) -> dict[str, Any]:
    answer = city.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, one) for path, of in description["paths"].items() for method, one in of.items()]


def test_the_routes_are_those_of_the_design(description: dict[str, Any]) -> None:
    assert {path: set(methods) for path, methods in description["paths"].items()} == ROUTES


def test_every_route_and_problem_stands_in_the_reference() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "http-api.md").read_text()
    for path, methods in ROUTES.items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in page
    for kind in Kind:
        assert f"| {kind.status} | `{kind.code}` |" in page


def test_every_route_documents_its_problems(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        problems = {
            int(status)
            for status, response in operation["responses"].items()
            if "application/problem+json" in response.get("content", {})
        }
        expected = {400, 403, 421, 500, 503} - ({503} if path == "/readyz" else set())
        if operation.get("parameters"):
            expected |= {422}
        if "{" in path:
            expected |= {404}
        if "requestBody" in operation:
            expected |= {408, 413, 415, 422}
        if method in ("post", "patch") and path not in BESIDE_NOTHING:
            expected |= {409}
        assert expected <= problems, f"{method} {path} does not document {sorted(expected - problems)}"
        assert "HTTPValidationError" not in str(operation), f"{method} {path} documents an error we do not send"


def test_every_route_is_described(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        assert operation.get("description"), f"{method} {path}"


def test_every_reference_of_the_description_leads_somewhere(description: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [found for value in part.values() for found in references(value)]
        return [found for value in part for found in references(value)] if isinstance(part, list) else []

    schemas = description["components"]["schemas"]
    found = references(description)
    assert found
    assert {one.removeprefix("#/components/schemas/") for one in found} <= set(schemas)


def test_no_schema_of_an_answer_has_a_field_for_secrets(description: dict[str, Any]) -> None:
    for name, schema in description["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            is_harmless = name in ASKED or (name, field) in NO_SECRETS
            assert is_harmless or not any(word in field for word in ("password", "secret", "token", "key")), (
                f"{name}.{field}"
            )


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_page_loads_scripts_of_other_hosts(city: City, path: str) -> None:
    assert city.client.get(path).status_code == 404


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_every_route_refuses_foreign_hosts_and_origins(city: City, path: str) -> None:
    path = re.sub(r"\{\w+\}", "1", path)
    assert city.client.get(path, headers={"Host": "evil.example"}).status_code == 421
    assert city.client.get(path, headers={"Origin": "http://evil.example"}).status_code == 403
