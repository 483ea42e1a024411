"""What a request must be before anybody else looks at it, and the headers that every answer carries.

A browser must not be talked into acting for a foreign page. Three guards, each enough for its own attack: the `Host` (a
foreign name pointed at this machine), the `Origin` and `Sec-Fetch-Site` (a foreign page that sends a form), and JSON
alone as a body (what a form cannot send). A change by cookie must show that it comes from a page of ours: see
`authentication.py`.
"""

import re
from collections.abc import Iterable
from typing import Final

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import Kind, problem
from .settings import ApiSettings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?\Z")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_OVER_TLS = "max-age=31536000"
_UNLESS_SET = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
SECURITY_HEADERS: Final = {**_HEADERS, **_UNLESS_SET}
"""For answers that no middleware sees."""


UPLOAD_PATH: Final = "/api/v1/cameras:import"
UPLOAD_TYPES: Final = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/json",
    "application/x-ndjson",
)
"""What the one route takes that takes files."""


LIVE_ORIGINAL_PATH: Final = "/api/v1/cameras/{camera}/live-original"
"""The one route that takes WebSockets."""
_TAKES_SOCKETS: Final = re.compile(re.escape(LIVE_ORIGINAL_PATH).replace(r"\{camera\}", "[^/]+") + r"\Z")


class SecurityHeaders:
    """ASGI middleware: every answer forbids guessing its type, framing it, and reading it from other origins."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                for name, value in _UNLESS_SET.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _OVER_TLS
            await send(message)

        await self._app(scope, receive, dressed)


class SameOriginOnly:
    """ASGI middleware: answers only for the server's own names, and only to its own pages and to programs."""

    def __init__(self, app: ASGIApp, allowed_hosts: Iterable[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = None
        if scope["type"] == "http":
            refused = self._refusal(scope)
        elif scope["type"] == "websocket" and (not _TAKES_SOCKETS.match(scope["path"]) or self._refuses_socket(scope)):
            await send({"type": "websocket.close", "code": 1008})
            return
        await (refused or self._app)(scope, receive, send)

    def _refuses_socket(self, scope: Scope) -> bool:
        """Whether it comes from elsewhere than a page of ours. Browsers name the origin of each; a page of anybody may
        open one, and read what comes."""
        return len(Headers(scope=scope).getlist("origin")) != 1 or self._refusal(scope) is not None

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        found = _HOST.match(hosts[0]) if len(hosts) == 1 else None
        if found is None:
            return problem(Kind.BAD_REQUEST, "the request has no proper Host header", field="Host")
        if found["name"].lower() not in self._allowed:
            return problem(
                Kind.UNKNOWN_HOST,
                f"this server does not answer for {found['name']!r}; expected {', '.join(sorted(self._allowed))}",
                field="Host",
                hint="api.allowed_hosts in sharp-eyes.toml has the names",
            )
        own = {f"https://{hosts[0].lower()}"}
        if scope["scheme"] in ("http", "ws"):  # by a proxy that has TLS, as far as is known here
            own.add(f"http://{hosts[0].lower()}")
        if any(origin.lower() not in own for origin in headers.getlist("origin")):
            return problem(
                Kind.FOREIGN_ORIGIN, f"pages of another origin may not use this server at {hosts[0]}", field="Origin"
            )
        site = headers.get("sec-fetch-site", "none")
        is_link = scope.get("method") in SAFE_METHODS and headers.get("sec-fetch-mode", "navigate") == "navigate"
        if site not in ("same-origin", "none") and not is_link:
            detail = "a page of another site may link to this server, but neither change nor embed anything of it"
            return problem(Kind.FOREIGN_ORIGIN, detail, field="Sec-Fetch-Site")
        return None


class JsonBodies:
    """ASGI middleware: reads the body before anybody waits for it - JSON alone, bounded in bytes and in time.

    One route takes files: what is announced is checked here, its bytes and its time by the route, which keeps them out
    of memory. A form can send none of the types that it takes.
    """

    def __init__(self, app: ASGIApp, settings: ApiSettings, *, file_limit_bytes: int = 0) -> None:
        self._app = app
        self._limit_bytes = settings.body_limit_bytes
        self._timeout_s = settings.body_timeout_s
        self._file_limit_bytes = file_limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        takes_file = scope["method"] == "POST" and scope["path"] == UPLOAD_PATH
        if refused := self._refusal(Headers(scope=scope), takes_file=takes_file):
            await refused(scope, receive, send)
            return
        if takes_file:
            await self._app(scope, receive, send)
            return
        with anyio.move_on_after(self._timeout_s) as waiting:
            body = await self._read(receive)
        if waiting.cancelled_caught:
            refused = problem(Kind.TOO_SLOW, f"the body did not arrive within {self._timeout_s:g} s")
            await refused(scope, receive, send)
        elif isinstance(body, Response):
            await body(scope, receive, send)
        elif body is not None:
            await self._app(scope, _replay(body, receive), send)

    def _refusal(self, headers: Headers, *, takes_file: bool) -> Response | None:
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if takes_file and (kind not in UPLOAD_TYPES or encoding != "identity"):
            return problem(
                Kind.NOT_JSON,
                f"the body must be a file of cameras: {', '.join(UPLOAD_TYPES)}",
                field="Content-Type",
                hint="send Content-Type: text/csv, for example",
            )
        if not takes_file and (kind != "application/json" or encoding != "identity"):
            return problem(
                Kind.NOT_JSON,
                "the body must be plain JSON",
                field="Content-Type",
                hint="send Content-Type: application/json",
            )
        if "transfer-encoding" in headers and "content-length" in headers:
            # Two lengths that may differ: where one request ends and the next begins would be a matter of opinion.
            detail = "the request has both Transfer-Encoding and Content-Length"
            return problem(Kind.BAD_REQUEST, detail, field="Content-Length", headers={"Connection": "close"})
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return problem(Kind.BAD_REQUEST, "Content-Length is no number", field="Content-Length")
        # The digits are counted first: int() of a number of a million digits is an attack of its own.
        limit_bytes = self._file_limit_bytes if takes_file else self._limit_bytes
        if len(length) > 15 or int(length) > limit_bytes:
            return too_large(limit_bytes)
        return None

    async def _read(self, receive: Receive) -> bytes | Response | None:
        """The body, or what to answer instead; None if the client is gone."""
        parts: list[bytes] = []
        length = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            length += len(part)
            if length > self._limit_bytes:
                return too_large(self._limit_bytes)
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


def too_large(limit_bytes: int) -> Response:
    """The answer to a body of more bytes than that."""
    # What is left of the body is not read, so the connection cannot be used again.
    detail = f"the body is longer than {limit_bytes} bytes"
    return problem(Kind.TOO_LARGE, detail, headers={"Connection": "close"})


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that hands out `body` once and then whatever comes."""
    handed = False

    async def replayed() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
