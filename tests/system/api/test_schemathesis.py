"""Every route, asked by every role with what its description allows: each answer is one that the description has."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from core.access import Role
from tests.system.api.walked_city import WalkedCity
from tests.system.api.walked_streets import a_walked_city

ENDLESS = {"/api/v1/event-changes", "/api/v1/imports/{number}/progress"}
"""They go on answering."""
ENDING = {
    ("delete", "/api/v1/session"),
    ("put", "/api/v1/session/password"),
    ("delete", "/api/v1/sessions/{session}"),
    ("delete", "/api/v1/people/{person}/sessions"),
}
"""They might sign out who asks."""
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 3
ROLES = {
    Role.CITY_ADMIN: "city admin",
    Role.DEPARTMENT_ADMIN: "water admin",
    Role.OPERATOR: "operator of water",
    Role.VIEWER: "rail viewer",
    Role.AUDITOR: "city auditor",
}


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WalkedCity]:
    with a_walked_city(tmp_path_factory.mktemp("walked")) as found:
        yield found


def without_tuples(part: Any) -> Any:
    """A description whose tuples are told as lists of as many: Schemathesis reads `prefixItems` in an older way than it
    was written."""
    if isinstance(part, list):
        return [without_tuples(one) for one in part]
    if not isinstance(part, dict):
        return part
    plain = {name: without_tuples(value) for name, value in part.items() if name != "prefixItems"}
    return plain | ({"items": {"anyOf": without_tuples(part["prefixItems"])}} if "prefixItems" in part else {})


def operations(walked: WalkedCity) -> list[APIOperation[Any, Any, Any, Any]]:
    description = without_tuples(walked.city.client.get("/api/v1/openapi.json", timeout=60).json())
    found = []
    for result in schemathesis.openapi.from_dict(description).get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        is_left_out = operation.path in ENDLESS or (operation.method.lower(), operation.path) in ENDING
        found += [] if is_left_out else [operation]
    return found


def known_numbers(walked: WalkedCity, operation: APIOperation[Any, Any, Any, Any]) -> dict[str, Any] | None:
    """Numbers of what is there, for the path; None where it names nothing of ours."""
    site = walked.sites["weir"]
    known = {
        "camera": int(site.camera),
        "stream": site.stream,
        "zone": int(site.zone),
        "area": int(site.area),
        "line": int(site.line),
        "rule": site.rule,
        "event": str(site.event),
        "department": int(walked.departments["water"]),
        "region": "3101",
        "person": walked.asked_by,
        "grant": min(walked.grants),
        "subscription": min(walked.subscriptions),
        "delivery": min(walked.deliveries),
        "hold": min(walked.holds),
    }
    wanted = {one.name for one in operation.path_parameters}
    return {name: known[name] for name in wanted} if wanted and wanted <= known.keys() else None


def asked(walked: WalkedCity, headers: dict[str, str], case: Case[Any]) -> None:
    """Send one, and look at the answer."""
    url, sent = walked.city.server.url, {**headers, "Host": walked.city.server.url.removeprefix("http://")}
    answer = case.call(base_url=url, headers=sent, timeout=60)
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_one_that_the_description_has(walked: WalkedCity, role: Role) -> None:
    headers = {
        name: value
        for name, value in walked.askers[ROLES[role]].client.headers.items()
        if name in ("cookie", "origin", "authorization")
    }
    few = settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    faults = []
    for operation in operations(walked):
        strategies = [operation.as_strategy()]
        if (numbers := known_numbers(walked, operation)) is not None:
            strategies.append(operation.as_strategy(path_parameters=numbers))
        for strategy in strategies:

            @few
            @given(case=strategy)
            def ask(case: Case[Any]) -> None:
                asked(walked, headers, case)

            try:
                ask()
            except AssertionError as fault:
                faults.append(f"{operation.label}: {fault}")
            except BaseExceptionGroup as found:
                faults += [f"{operation.label}: {fault}" for fault in found.exceptions]
    assert faults == [], "\n\n".join(faults)
