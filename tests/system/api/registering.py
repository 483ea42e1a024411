"""Asking for what is to be registered."""

from itertools import count
from typing import Any

import httpx2

from tests.system.api.conftest import City

KEYS = count()


def send(city: City, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return city.client.request(method, f"/api/v1{path}", json=body, headers=named)


def a_camera(city: City, **fields: Any) -> dict[str, Any]:
    answer = send(city, "POST", "/cameras", {"name": f"camera of a test {next(KEYS)}", **fields})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def a_key() -> str:
    return f"a key for this one {next(KEYS)}".replace(" ", "-")
