"""What a worker serves to the API, on a port of its own that a random token guards."""

import hmac
from collections.abc import Callable
from typing import Protocol

import anyio
from anyio import to_thread
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import BadInput, SharpEyesError
from core.ids import CameraId, camera_id
from core.rule import RuleId

from .account_view import AccountView
from .live_port import LiveAnswer, LiveFeed
from .server import HttpServer
from .trial_words import TrialOrder, TrialView

TOKEN_HEADER = "X-Worker-Token"  # noqa: S105 - the name of a header, no secret
HOST = "127.0.0.1"
_MOST_WATCHING = 1024
_MORE_CONNECTIONS = 256
"""Beside those of live views, which stay open."""


class Refusal(BaseModel):
    """Why the worker does not do what it was asked."""

    message: str
    hint: str | None = None
    field: str | None = None


class RuleDesk(Protocol):
    """Answers what only the process that applies the rules knows. Called from a pool of threads."""

    def account(self, rule: RuleId, camera: CameraId | None) -> AccountView | None:
        """What became of the tracks that `rule` saw, on `camera` or on all; None where nobody watches for it."""

    def try_rule(self, order: TrialOrder) -> TrialView:
        """What the rule would have done. Raises `BadInput` or `Unavailable`."""


def create_worker_app(
    token: str,
    latest: Callable[[CameraId], bytes | None],
    metrics: Callable[[], bytes],
    desk: RuleDesk,
    live: LiveFeed | None = None,
) -> Starlette:
    """An app with `/latest/{camera}` (a masked JPEG; 204 before there is one), `/metrics` (Prometheus text),
    `/account/{rule}?camera=` and `POST /try` (JSON; 204 where nobody watches for the rule), `/live/{camera}` and
    `/original/{camera}` (the parts of `live_port.py`; 204 where the camera is not watched here).

    `latest`, `metrics`, `desk` and `live` are called from a pool of threads. Requests without `token` get 401.
    """
    # A view waits in a thread for its next part: those of all others are not for that.
    watching = anyio.CapacityLimiter(_MOST_WATCHING)

    def picture(request: Request) -> Response:
        try:
            camera = camera_id(int(request.path_params["camera"]))
        except BadInput:
            return Response(status_code=404)
        jpeg = latest(camera)
        return Response(status_code=204) if jpeg is None else Response(jpeg, media_type="image/jpeg")

    def measures(_: Request) -> Response:
        return Response(metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    def account(request: Request) -> Response:
        asked = request.query_params.get("camera")
        try:
            camera = None if asked is None else camera_id(int(asked))
        except (BadInput, ValueError):
            return Response(status_code=404)
        found = desk.account(RuleId(request.path_params["rule"]), camera)
        return Response(status_code=204) if found is None else _json(found.model_dump_json(by_alias=True))

    async def trial(request: Request) -> Response:
        try:
            order = TrialOrder.model_validate_json(await request.body())
            tried = await to_thread.run_sync(desk.try_rule, order)
        except ValidationError as error:
            return _refusal(422, f"the order cannot be read: {error.error_count()} faults", None, None)
        except BadInput as error:
            return _refusal(422, error.message, error.hint, error.field)
        except SharpEyesError as error:
            return _refusal(503, error.message, error.hint, None)
        return _json(tried.model_dump_json(by_alias=True))

    async def show(request: Request) -> Response:
        open_view = None if live is None else live.masked if request.url.path.startswith("/live/") else live.original
        try:
            camera = camera_id(int(request.path_params["camera"]))
            view = None if open_view is None else await to_thread.run_sync(open_view, camera)
        except BadInput:
            return Response(status_code=404)
        except SharpEyesError as error:
            return _refusal(503, error.message, error.hint, None)
        return Response(status_code=204) if view is None else LiveAnswer(view, watching)

    app = Starlette(
        routes=[
            Route("/latest/{camera:int}", picture),
            Route("/metrics", measures),
            Route("/account/{rule:int}", account),
            Route("/try", trial, methods=["POST"]),
            Route("/live/{camera:int}", show, methods=["GET"]),
            Route("/original/{camera:int}", show, methods=["GET"]),
        ]
    )
    app.add_middleware(_TokenOnly, token=token)
    return app


def worker_server(
    token: str,
    latest: Callable[[CameraId], bytes | None],
    metrics: Callable[[], bytes],
    desk: RuleDesk,
    live: LiveFeed | None = None,
    *,
    host: str = HOST,
    port: int = 0,
    most_live: int = 0,
) -> HttpServer:
    """The worker's server on `host`, bound but not started; port 0 is a free one. `most_live`: how many live views it
    has room for, beside all else."""
    app = create_worker_app(token, latest, metrics, desk, live)
    room = most_live + _MORE_CONNECTIONS
    return HttpServer(app, host, port, stop_timeout_s=1, most_connections=room, setting="worker.port")


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")


def _refusal(status: int, message: str, hint: str | None, field: str | None) -> Response:
    refusal = Refusal(message=message, hint=hint, field=field)
    return Response(refusal.model_dump_json(), status_code=status, media_type="application/json")


class _TokenOnly:
    """ASGI middleware: nothing is answered without the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(TOKEN_HEADER.lower().encode(), b"")
            # Compared in constant time, so that how long it takes tells nothing of the token.
            if not hmac.compare_digest(given, self._token):
                await Response(status_code=401)(scope, receive, send)
                return
        await self._app(scope, receive, send)
