"""Finds out who asks, by a session's cookie or an API key, before any route runs."""

from typing import Final

from fastapi import Request
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from core.errors import NotSignedIn
from registry.access import api_keys, people, sessions

from .caller import Caller
from .guards import SAFE_METHODS
from .instead import AnswerInstead
from .problems import Kind, answer_to, problem
from .rate_limits import RateLimits
from .services import Services, services_of
from .session_cookie import take_back, token_in
from .uses import Uses

PROBES: Final = frozenset({"/healthz", "/readyz"})
"""Routes that answer anybody, however often."""
OPEN: Final = frozenset(
    {
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/invitations:look"),
        ("POST", "/api/v1/invitations:accept"),
        ("GET", "/api/v1/alert-pictures/{token}"),
        ("HEAD", "/api/v1/alert-pictures/{token}"),
    }
)
"""Routes by which somebody becomes known, or that ask for what only the right one has: a few in a minute."""
_BEARER: Final = "bearer "


def caller_of(request: Request) -> Caller | None:
    """Who asks, also for whatever asks `Who` of it later; None on a public route.

    Raises `NotSignedIn`, in the same words for whatever is wrong with session or key, and `TooMany`.
    """
    path = getattr(request.scope.get("route"), "path", None)
    if path in PROBES:
        return None
    limits: RateLimits = request.app.state.rate_limits
    address = address_of(request)
    if (request.method, path) in OPEN:
        limits.count_stranger(address)
        return None
    caller = _found(request, services_of(request), address)
    if caller is None:
        limits.count_stranger(address)
        raise _not_signed_in(request)
    limits.count(caller.principal)
    request.state.caller = caller
    request.state.note_refusal = caller.note_refusal
    return caller


def caller_of_socket(socket: WebSocket) -> Caller:
    """Who asks for a WebSocket, in the same way. The guards have seen to it that it is of our page, or of a program."""
    limits: RateLimits = socket.app.state.rate_limits
    address = address_of(socket)
    caller = _found(socket, services_of(socket), address)
    if caller is None:
        limits.count_stranger(address)
        raise _not_signed_in(socket)
    limits.count(caller.principal)
    return caller


def address_of(request: HTTPConnection) -> str:
    """The client's IP address."""
    return request.client.host if request.client else ""


def _found(request: HTTPConnection, services: Services, address: str) -> Caller | None:
    uses: Uses = request.app.state.uses
    at = services.clock.now()
    if (text := _bearer(request)) is not None:  # whatever cookie came with it
        with services.database.glance() as connection:
            key = api_keys.find(connection, text, at)
        if key is None:
            return None
        if api_keys.is_due(key, at):
            uses.note_key(key.id, at)
        return Caller(services, key.principal, address)
    token = token_in(request)
    if token is None:
        return None
    with services.database.read() as connection:
        found = sessions.find(connection, token, at, services.access)
    if found is None:
        return None
    session, person = found
    # A WebSocket has no method, and is as good as a change: it tells more than a form could find out.
    if request.scope.get("method") not in SAFE_METHODS and not _is_of_our_page(request):
        raise AnswerInstead(
            problem(
                Kind.FOREIGN_ORIGIN,
                "a change by cookie must come from a page of this server: Origin or Sec-Fetch-Site say so",
                field="Origin",
                hint="programs send an API key instead of a cookie",
            )
        )
    if sessions.is_due(session, at):
        uses.note_session(session.id, at)
    return Caller(services, people.principal_of(person), address, session.id)


def _bearer(request: HTTPConnection) -> str | None:
    header = request.headers.get("authorization", "")
    return header[len(_BEARER) :].strip() if header[: len(_BEARER)].lower() == _BEARER else None


def _is_of_our_page(request: HTTPConnection) -> bool:
    """Whether the browser says so. An `Origin` that is not ours has not come this far."""
    return "origin" in request.headers or request.headers.get("sec-fetch-site") == "same-origin"


def _not_signed_in(request: HTTPConnection) -> Exception:
    error = NotSignedIn(
        "nobody is signed in: no session and no API key came that is in force",
        hint="sign in at the console, or send Authorization: Bearer with a key",
    )
    if token_in(request) is None or _bearer(request) is not None:
        return error
    answer = answer_to(error)
    take_back(request, answer)
    return AnswerInstead(answer)
