"""What the API measures of itself, and `/metrics`, which adds what the worker measures."""

from collections.abc import Callable
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class ApiMetrics:
    """The API's own measures. Their labels are few and known: no camera, no path as the client wrote it."""

    def __init__(self, live_clients: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self.requests = Histogram(
            "sharp_eyes_api_request_seconds",
            "Time from a request to the first byte of its answer",
            ["route", "method", "status"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        clients = Gauge(
            "sharp_eyes_api_live_clients", "Clients that follow the changes of events", registry=self._registry
        )
        clients.set_function(lambda: float(live_clients()))
        self._worker_up = Gauge(
            "sharp_eyes_api_worker_up", "Whether the worker answers the API: 1 or 0", registry=self._registry
        )
        ProcessCollector(namespace="sharp_eyes_api", registry=self._registry)

    def text(self, worker: bytes | None) -> bytes:
        """All measures as Prometheus text; `worker`: what the worker's port answered, None if it did not."""
        self._worker_up.set(worker is not None)
        return generate_latest(self._registry) + (worker or b"")


class MeasureRequests:
    """ASGI middleware: the time to the first byte of each answer, by route, method and status."""

    def __init__(self, app: ASGIApp, metrics: ApiMetrics) -> None:
        self._app = app
        self._requests = metrics.requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in _METHODS else "other"
                # A route is known by now; what no route took is the page's, or a guard refused it.
                route = getattr(scope.get("route"), "path", "none")
                self._requests.labels(route, method, message["status"]).observe(perf_counter() - started)
            await send(message)

        await self._app(scope, receive, measured)
