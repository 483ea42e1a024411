"""Errors as RFC 9457 problem details: the one place that knows HTTP's numbers for what can go wrong."""

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from enum import Enum
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    Refused,
    SharpEyesError,
    SignInFailed,
    Stale,
    TooMany,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
SCHEMA_NAME = "Problem"
_MOST_FAULTS = 20
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}\Z")
_log = logging.getLogger(__name__)


class Kind(Enum):
    """What can go wrong: HTTP's number, the code that programs compare, and when it happens."""

    BAD_REQUEST = (400, "bad_request", "The request is no proper HTTP or JSON.")
    NOT_SIGNED_IN = (401, "not_signed_in", "Nobody is signed in, and no key that is in force was sent.")
    SIGN_IN_FAILED = (401, "sign_in_failed", "Login and password do not fit, or whoever it is may not sign in.")
    FORBIDDEN = (403, "forbidden", "Who asks may not do this; `detail` says what is missing.")
    FOREIGN_ORIGIN = (403, "foreign_origin", "A page of another origin may not ask for this.")
    NOT_FOUND = (404, "not_found", "What the path names does not exist, or not any more.")
    METHOD_NOT_ALLOWED = (405, "method_not_allowed", "The path has no such method.")
    TOO_SLOW = (408, "too_slow", "The body did not arrive in time.")
    CONFLICT = (409, "conflict", "It cannot be done beside what is already there.")
    STALE = (412, "stale", "It was changed since it was read: `If-Match` does not name its revision.")
    TOO_LARGE = (413, "too_large", "The body is longer than the server takes.")
    NOT_JSON = (415, "not_json", "The body is not announced as application/json.")
    BAD_RANGE = (416, "bad_range", "The range lies outside the file.")
    UNKNOWN_HOST = (421, "unknown_host", "The Host header names a host that this server does not answer for.")
    BAD_INPUT = (422, "bad_input", "A field, filter or cursor is not what it must be; `field` says which.")
    TOO_MANY = (429, "too_many", "Asked too often; `Retry-After` says when it may be tried again.")
    INTERNAL = (500, "internal_error", "A fault of the server; the log has it under the id in `detail`.")
    UNAVAILABLE = (503, "unavailable", "It cannot be done now, and may be done later.")

    def __init__(self, status: int, code: str, meaning: str) -> None:
        self.status = status
        self.code = code
        self.meaning = meaning


class Fault(BaseModel):
    """One thing wrong with a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str = Field(description="Where: the name of a filter, or the path to a field of the body.")
    detail: str = Field(description="What was expected.")


class Problem(BaseModel):
    """What went wrong, by RFC 9457."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "there is no camera 17",
                    "code": "not_found",
                }
            ]
        },
    )

    type: str = Field(default="about:blank", description="Always about:blank: `code` tells problems apart.")
    title: str = Field(description="HTTP's own words for the status.")
    status: int = Field(description="HTTP's number, as in the status line.")
    detail: str = Field(description="What happened, where, what was expected and what was found; for a person.")
    code: str = Field(description="Which problem it is, for a program.")
    field: str | None = Field(default=None, description="The field, filter or header that is at fault.")
    hint: str | None = Field(default=None, description="What to do about it.")
    errors: tuple[Fault, ...] | None = Field(default=None, description="All faults, where there is more than one.")


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can answer with these problems, for OpenAPI."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        told = f"`{kind.code}`: {kind.meaning}"
        if kind.status in found:  # one status, several problems
            told = f"{found[kind.status]['description']} {told}"
        content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA_NAME}"}}}
        found[kind.status] = {"description": told, "content": content}
    return found


def problem(
    kind: Kind,
    detail: str,
    *,
    field: str | None = None,
    hint: str | None = None,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response that tells a client of a problem."""
    body = Problem(
        title=HTTPStatus(kind.status).phrase,
        status=kind.status,
        detail=detail,
        code=kind.code,
        field=field,
        hint=hint,
        errors=tuple(errors) if len(errors) > 1 else None,
    )
    return Response(
        body.model_dump_json(exclude_none=True), status_code=kind.status, media_type=MEDIA_TYPE, headers=headers
    )


def kind_of(error: SharpEyesError) -> Kind:
    """Which problem an error of ours is."""
    match error:
        case BadInput():
            return Kind.BAD_INPUT
        case NotFound():
            return Kind.NOT_FOUND
        case Conflict():
            return Kind.CONFLICT
        case Stale():
            return Kind.STALE
        case Unavailable():
            return Kind.UNAVAILABLE
        case SignInFailed():
            return Kind.SIGN_IN_FAILED
        case NotSignedIn():
            return Kind.NOT_SIGNED_IN
        case Forbidden():
            return Kind.FORBIDDEN
        case TooMany():
            return Kind.TOO_MANY
        case _:
            return Kind.INTERNAL


def answer_with_problems(app: FastAPI) -> None:
    """Make `app` answer every error with a problem."""
    app.exception_handler(SharpEyesError)(_on_our_error)
    app.exception_handler(RequestValidationError)(_on_invalid_request)
    app.exception_handler(HTTPException)(_on_http_error)


async def _on_our_error(request: Request, error: SharpEyesError) -> Response:
    kind = kind_of(error)
    if kind is Kind.INTERNAL:
        return internal(request.scope, error)
    refused = error if isinstance(error, Refused | NotFound) else error.__cause__
    if isinstance(refused, Refused | NotFound) and (note := getattr(request.state, "note_refusal", None)) is not None:
        note(refused)
    return answer_to(error)


def answer_to(error: SharpEyesError) -> Response:
    """The response that tells of an error of ours, one that was foreseen."""
    kind = kind_of(error)
    field = error.field if isinstance(error, BadInput) else None
    if error.outside != error.message:
        return problem(kind, error.outside, headers=_headers(kind, error))  # its hint is for whoever runs the machine
    return problem(kind, error.message, field=field, hint=error.hint, headers=_headers(kind, error))


def _headers(kind: Kind, error: SharpEyesError) -> dict[str, str] | None:
    match kind:
        case Kind.UNAVAILABLE:
            return {"Retry-After": "5"}
        case Kind.TOO_MANY if isinstance(error, TooMany):
            return {"Retry-After": str(max(1, ceil(error.again_s)))}
        case Kind.NOT_SIGNED_IN | Kind.SIGN_IN_FAILED:
            return {"WWW-Authenticate": 'Bearer realm="sharp-eyes"'}
        case _:
            return None


async def _on_invalid_request(_: Request, error: RequestValidationError) -> Response:
    faults = error.errors()
    if faults and faults[0]["type"] == "json_invalid":
        place = faults[0]["loc"][-1]
        return problem(Kind.BAD_REQUEST, f"the body is no JSON: {faults[0]['ctx']['error']} at character {place}")
    told = [Fault(field=_field(fault["loc"]), detail=fault_in_words(fault)) for fault in faults[:_MOST_FAULTS]]
    detail = "; ".join(f"{fault.field}: {fault.detail}" for fault in told)
    return problem(Kind.BAD_INPUT, detail, field=told[0].field, errors=told)


def _field(place: Sequence[object]) -> str:
    """`streams[0].url` for `("body", "streams", 0, "url")`. Names that a client made up are not repeated."""
    name = ""
    for part in place[1:]:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            plain = str(part) if _PLAIN_KEY.match(str(part)) else "(a name that is not plain)"
            name += f".{plain}" if name else plain
    return name or str(place[0])


def fault_in_words(fault: Mapping[str, Any]) -> str:
    """What pydantic says of a fault, without what was found there: that may hold a password."""
    match fault["type"]:
        case "extra_forbidden":
            return "there is no such field or filter"
        case "missing":
            return "is required"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


async def _on_http_error(request: Request, error: HTTPException) -> Response:
    match error.status_code:
        case 404:
            return problem(Kind.NOT_FOUND, "there is nothing at this path", hint="/api/v1/openapi.json lists the paths")
        case 405:
            detail = f"this path does not take {request.method}"
            return problem(Kind.METHOD_NOT_ALLOWED, detail, headers=error.headers)
        case _:
            return problem(Kind.BAD_REQUEST, "the request could not be read", hint="send JSON in UTF-8")


def internal(scope: Scope, error: BaseException) -> Response:
    """Log `error` under an id and tell the client that id alone."""
    number = secrets.token_hex(8)
    _log.error("%s %r failed (%s)", scope.get("method", "WebSocket"), scope["path"], number, exc_info=error)
    return problem(Kind.INTERNAL, f"the server failed at this request; its log has the fault under {number}")


class CatchTheRest:
    """ASGI middleware: an error that nobody foresaw becomes a problem without a word of the inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if started:  # the answer is half sent: only cutting it off tells the client
                raise
            await internal(scope, error)(scope, receive, send)
