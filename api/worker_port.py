"""What a worker serves to the API, on a loopback port of its own that a random token guards."""

import hmac
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import BadInput
from core.ids import CameraId, camera_id

from .server import HttpServer

TOKEN_HEADER = "X-Worker-Token"  # noqa: S105 - the name of a header, no secret
HOST = "127.0.0.1"


def create_worker_app(
    token: str, latest: Callable[[CameraId], bytes | None], metrics: Callable[[], bytes]
) -> Starlette:
    """An app with `/latest/{camera}` (a masked JPEG; 204 before there is one) and `/metrics` (Prometheus text).

    `latest` and `metrics` are called from a pool of threads. Requests without `token` get 401.
    """

    def picture(request: Request) -> Response:
        try:
            camera = camera_id(int(request.path_params["camera"]))
        except BadInput:
            return Response(status_code=404)
        jpeg = latest(camera)
        return Response(status_code=204) if jpeg is None else Response(jpeg, media_type="image/jpeg")

    def measures(_: Request) -> Response:
        return Response(metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    app = Starlette(routes=[Route("/latest/{camera:int}", picture), Route("/metrics", measures)])
    app.add_middleware(_TokenOnly, token=token)
    return app


def worker_server(token: str, latest: Callable[[CameraId], bytes | None], metrics: Callable[[], bytes]) -> HttpServer:
    """The worker's server on a free loopback port, bound but not started."""
    return HttpServer(create_worker_app(token, latest, metrics), HOST, 0, stop_timeout_s=1)


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
