"""A random walk over every route with nonsense: each answer is one that was meant, and repeats no secret."""

import json
import random
import re
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import quote

import pytest

from core.access import Role
from core.camera import DepartmentId
from registry.departments import DEFAULT
from tests.system.api.asking import as_role
from tests.system.api.conftest import City

STEPS = 2000
STEPS_OF_OTHERS = 300
OTHERS = [
    (Role.VIEWER, DEFAULT),
    (Role.OPERATOR, None),
    (Role.DEPARTMENT_ADMIN, DEFAULT),
    (Role.AUDITOR, DEFAULT),
    (Role.AUDITOR, None),
]
SECRET = "hunter2"
METHODS = ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "POST", "PATCH", "DELETE", "PROPFIND")
NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    1,
    10,
    2**22,
    2**31,
    2**63,
    10**30,
    1.5,
    1e308,
    -0.0,
    True,
    float("nan"),
    float("inf"),
)
TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\u202egpj.exe",
    "\ud800",
    "\U0001f4f7" * 50,
    "名" * 200,
    "x" * 3000,
    "' OR 1=1 --",
    "%s%n{0}",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "١٢٣",
    "1e9",
    "0x10",
    "null",
    "2026-05-01T08:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
)
URLS = (
    f"rtsp://ann:{SECRET}@camera.example/1",
    f"rtsp://camera.example/1?token={SECRET}",
    f"http://ann:{SECRET}@camera.example/",
    f"rtsp://ann:{SECRET}@camera.example:99999/",
    f"rtsp://ann:{SECRET}@[::1/",
    f"rtsp://ann:{SECRET * 300}@camera.example/",
    f"ann:{SECRET}",
)
RULE = {"name": "any", "labels": ["person"], "min_duration_s": 1, "min_score": 0.5, "severity": 1}
HOURS = [{"days": ["friday"], "begin": "22:00", "end": "06:00", "time_zone": "Asia/Shanghai"}]
FACTS = {
    "name": "gate",
    "gb_code": "12000000111320000001",
    "gb_edition": 2016,
    "own_id": "a",
    "region": "12",
    "address": "x",
    "longitude": 121.4,
    "latitude": 31.2,
    "point_class": 1,
    "look_direction": 90.5,
    "installed_on": "2024-05-01",
    "recording_days": 30,
    "resolution": "1920x1080",
    "extra": {"a": [1, {"b": None}]},
}
ATTENTION = {"sensitivity": "high", "ignored": [[[0, 0], [1, 0], [1, 1]]], "idle": "all", "idle_look_s": 2}
BODIES: dict[str, tuple[dict[str, Any], ...]] = {
    "cameras": (
        {"name": "gate", "streams": [{"url": URLS[0]}], "rules": [RULE], "attention": ATTENTION},
        {"name": "gate", "enabled": False, "attention": {"idle": "all"}},
        FACTS,
    ),
    "departments": ({"name": "owner", "kind": "water", "parent": 1, "contact": "x", "gb_industry": {"2016": "11"}},),
    "regions": ({"name": "area", "parent": None}, {"name": "area", "parent": "12"}),
    "gb-codes": ({"region": "12", "industry": "11", "edition": 2016, "kind": "131", "network": "7"},),
    "streams": ({"role": "live", "url": URLS[1], "pinned_certificate": "ab" * 32}, {"url": URLS[0]}),
    "zones": ({"name": "zone", "points": [[0, 0], [1, 0], [1, 1]]},),
    "privacy-areas": ({"name": "window", "points": [[0, 0], [1, 0], [1, 1]]},),
    "lines": ({"name": "line", "start": [0.1, 0.5], "end": [0.9, 0.5]},),
    "holds": (
        {"name": "case", "reason": "the court asked", "camera": 1, "from": "2026-05-01T08:00:00Z", "until": None},
        {"name": "case", "reason": "the court asked", "event": "314772357120000017"},
    ),
    "subscriptions": (
        {"name": "desk", "url": f"https://alerts.example/{SECRET}", "filter": {"label": ["person"], "q": "gate"}},
        {"name": "desk", "url": URLS[2], "hours": HOURS, "grouping": "camera", "cool_down_s": 60},
    ),
    "rules": (
        {**RULE, "zone": None},
        {"name": "rule", "labels": ["person"], "zone": 1},
        {"name": "crossed", "kind": "line_crossed", "labels": ["car"], "line": 1, "direction": "left_to_right"},
        {"name": "crowd", "kind": "crowding", "labels": ["person"], "min_count": 5, "min_size": 0.1, "min_path": 0.2},
        {"name": "fast", "kind": "fast_motion", "labels": ["car"], "min_speed": 0.5, "cool_down_s": 60, "hours": HOURS},
        {"name": "lost", "kind": "stream_lost", "hours": HOURS},
    ),
}
"""What the routes take that end in this word."""
TRICKS = ("/..", "/%2e%2e", "//", ";x=1", "/%00", "%0d%0aX:%20y", "/%E2%80%AE", "/", "%2f", "?", "/.", "%25", "%")
RANGES = (
    "bytes=0-",
    "bytes=-1",
    "bytes=9-1",
    "bytes=0-0,5-9",
    "bytes=99999999999999999999-",
    "bits=1-2",
    "bytes=",
    "é",
)


class Walk:
    """Nonsense, always the same for the same seed."""

    def __init__(self, paths: dict[str, Any], event: str, seed: int = 20261123) -> None:
        self._dice = random.Random(seed)
        self._paths = paths
        self._event = event

    def request(self) -> tuple[str, str, bytes | None, dict[str, str]]:
        """Method, target, body and headers."""
        dice = self._dice
        path = dice.choice(sorted(self._paths))
        meant = sorted(self._paths[path])
        changes = [method for method in meant if method in ("post", "patch")]
        method = (
            dice.choice(changes or meant).upper() if dice.random() < 0.85 else dice.choice((*meant, *METHODS)).upper()
        )
        target = path
        while "{" in target:
            before, _, rest = target.partition("{")
            name, _, after = rest.partition("}")
            target = before + self._path_value(name) + after
        if dice.random() < 0.1:
            at = dice.randrange(1, len(target) + 1)
            target = target[:at] + dice.choice(TRICKS) + target[at:]
        if dice.random() < 0.5:
            target += "?" + "&".join(self._query(self._paths[path]) for _ in range(dice.randint(1, 4)))
        sends = method in ("POST", "PATCH", "PUT") or dice.random() < 0.05
        body = self._body(re.sub(r"/\{\w+\}$", "", path).rpartition("/")[2]) if sends else None
        return method, target, body, self._headers()

    def _path_value(self, name: str) -> str:
        if self._dice.random() < 0.6:
            return self._event if name == "event" else str(self._dice.randint(1, 12))
        value = self._dice.choice((*TEXTS, *NUMBERS))
        return quote(str(value).encode("utf-8", "surrogatepass"), safe="")

    def _query(self, methods: dict[str, Any]) -> str:
        known = [one["name"] for one in methods.get("get", {}).get("parameters", []) if one["in"] == "query"]
        if not known or self._dice.random() < 0.1:
            return f"{self._dice.choice(('unknown', 'limit', 'cursor'))}={SECRET}"
        value = self._dice.choice((*TEXTS, *NUMBERS, 1, 2, "live", "person"))
        return f"{quote(self._dice.choice(known))}={quote(str(value).encode('utf-8', 'surrogatepass'), safe='')}"

    def _body(self, kind: str) -> bytes:
        dice = self._dice
        odd = dice.random()
        if odd < 0.15:
            return dice.choice(
                (
                    b"",
                    b"null",
                    b'"' + SECRET.encode() + b'"',
                    b"[" * 100_000,
                    b'{"a":' * 20_000,
                    b'{"name": "a", "name": ["' + SECRET.encode() + b'"]}',
                    b"\xff\xfe",
                    b'{"name": "\\ud800"}',
                    b'{"department": ' + b"9" * 10_000 + b"}",
                    b'{"min_score": NaN, "x": Infinity}',
                    dice.randbytes(300),
                )
            )
        body = json.loads(json.dumps(dice.choice(BODIES.get(kind) or BODIES["zones"])))
        if "name" in body:
            body["name"] += str(dice.randint(1, 20))
        for _ in range(dice.choice((0, 0, 1, 2))):
            self._spoil(body)
        return json.dumps(body).encode()

    def _spoil(self, body: dict[str, Any]) -> None:
        dice = self._dice
        values = (*TEXTS, *NUMBERS, None, [], {}, [[]], {"password": SECRET}, [[SECRET]], [1, [2, [3]]])
        match dice.randint(0, 3):
            case 0:
                body[dice.choice(("password", "id", "__class__", "token"))] = SECRET
            case 1 if body:
                body.pop(dice.choice(sorted(body)))
            case 2 if "url" in body or "streams" in body:
                (body["streams"][0] if isinstance(body.get("streams"), list) and body["streams"] else body)["url"] = (
                    dice.choice(URLS)
                )
            case _ if body:
                body[dice.choice(sorted(body))] = dice.choice(values)

    def _headers(self) -> dict[str, str]:
        dice = self._dice
        headers = {"Content-Type": "application/json"}
        if dice.random() < 0.3:
            odd = {
                "Range": dice.choice(RANGES),
                "If-None-Match": dice.choice(('"x"', "*", 'W/"', "," * 500)),
                "If-Range": "never",
                "If-Match": dice.choice(('"1"', "*", SECRET, 'W/"1"', '"' * 99)),
                "Idempotency-Key": dice.choice(("", SECRET, "the same key all the time".replace(" ", "-"), "é" * 20)),
                "Last-Event-ID": dice.choice(("0", "-1", "9" * 30, "x", SECRET)),
                "Authorization": f"Basic {SECRET}",
                "Cookie": SECRET,
                "Accept": "x/y;q=2",
                "Expect": "100-continue",
                "X-Forwarded-For": "10.0.0.1",
                "Content-Type": dice.choice(("text/plain", "application/json;charset=utf-7", "")),
            }
            name = dice.choice(sorted(odd))
            headers[name] = odd[name]
        return headers


def fault_of(method: str, answer: HTTPResponse, body: bytes) -> str | None:
    """What is wrong with an answer; None where it is one that was meant."""
    headers = {name.lower(): value for name, value in answer.getheaders()}
    if answer.status >= 500 and answer.status != 503:
        return f"status {answer.status}"
    if headers.get("x-content-type-options") != "nosniff" or "content-security-policy" not in headers:
        return "it lacks the security headers"
    if SECRET.encode() in body:
        return "it repeats a secret"
    if answer.status < 400 or method == "HEAD":
        return None
    if headers.get("content-type") != "application/problem+json":
        return f"a refusal as {headers.get('content-type')}"
    problem = json.loads(body)
    if problem["status"] != answer.status or not {"type", "title", "detail", "code"} <= problem.keys():
        return "no whole problem"
    return None


def walked(city: City, key: str, walk: Walk, steps: int) -> set[int]:
    """The statuses on a walk of so many steps, with that key."""
    statuses: set[int] = set()
    for step in range(steps):
        method, target, body, headers = walk.request()
        line = HTTPConnection(city.server.host, city.server.port, timeout=20)
        try:
            line.putrequest(method, "/", skip_accept_encoding=True)
            line._buffer[0] = f"{method} {target} HTTP/1.1".encode("latin-1")  # type: ignore[attr-defined]  # as it is
            for name, value in {"Authorization": f"Bearer {key}", **headers}.items():
                line.putheader(name, value.encode())
            if body is not None:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            answer = line.getresponse()
            is_endless = answer.getheader("Content-Type", "").startswith("text/event-stream")
            told = b"" if is_endless else answer.read()
            fault = fault_of(method, answer, told)
            assert fault is None, f"step {step}: {fault}: {method} {target[:200]} {headers} {(body or b'')[:300]!r}"
            statuses.add(answer.status)
        finally:
            line.close()
    assert city.client.get("/healthz").status_code == 200
    return statuses


@pytest.mark.timeout(300)
def test_no_request_gets_an_answer_that_was_not_meant(city: City) -> None:
    walk = Walk(city.get("/openapi.json").json()["paths"], str(city.events[0]))
    assert {200, 201, 400, 404, 405, 409, 415, 422} <= walked(city, city.key, walk, STEPS)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("role", "department"), OTHERS)
def test_nobody_gets_an_answer_that_was_not_meant(city: City, role: Role, department: DepartmentId | None) -> None:
    asker = as_role(city, role, department)
    walk = Walk(city.get("/openapi.json").json()["paths"], str(city.events[0]), seed=len(role))
    assert {200, 403, 404, 422} <= walked(city, asker.key, walk, STEPS_OF_OTHERS)
