"""What the API measures of itself, and `/metrics`, which adds how alerts are doing and what the workers measure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Final

from anyio import create_task_group, to_thread
from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client import Counter as Counted
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.access import Role
from core.errors import Forbidden, SharpEyesError
from events.alerts.counts import count_alerts
from registry import workers
from registry.audit.looks import Looks
from registry.idempotency import Transaction

from .alert_measures import alert_measures
from .caller import Who
from .live_worker import address_of
from .rate_limits import Asking
from .services import Services, Use
from .worker_link import WorkerAddress, WorkerLink
from .worker_metrics import with_worker_labels

router = APIRouter(tags=["health"])
TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class ApiMetrics:
    """The API's own measures. Their labels are few and known: no camera, no path as the client wrote it."""

    def __init__(self, live_clients: Callable[[], int], looks: Looks) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_RecordMeasures(looks))
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
            "sharp_eyes_api_worker_up", "Whether any worker answers the API: 1 or 0", registry=self._registry
        )
        self._workers_up = Gauge(
            "sharp_eyes_api_workers_up",
            "Whether each running worker answers the API: 1 or 0",
            ["worker"],
            registry=self._registry,
        )
        self.rate_limited = Counted(
            "sharp_eyes_api_rate_limited",
            "Requests that were refused since too many came in a minute, by who asked: known or stranger",
            ["who"],
            registry=self._registry,
        )
        for who in Asking:
            self.rate_limited.labels(who)
        ProcessCollector(namespace="sharp_eyes_api", registry=self._registry)

    def text(self, workers: Sequence[str], answers: Mapping[str, bytes]) -> bytes:
        """All measures as Prometheus text; `answers`: what those of the running `workers` told that answered."""
        self._workers_up.clear()
        for name in workers:
            self._workers_up.labels(name).set(name in answers)
        self._worker_up.set(bool(answers))
        # In one order, whoever answered first.
        return generate_latest(self._registry) + with_worker_labels({name: answers[name] for name in sorted(answers)})


class _RecordMeasures(Collector):
    """What was put on record, read when somebody asks."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks

    def collect(self) -> Iterable[Metric]:
        """The measures of now."""
        counts = self._looks.counts
        measures = (
            ("sharp_eyes_api_record_rows", "Looks and refusals put on record", counts.recorded),
            ("sharp_eyes_api_record_groups", "Transactions that this took", counts.groups),
            ("sharp_eyes_api_record_refusals_dropped", "Refusals that were not put on record", counts.dropped),
            (
                "sharp_eyes_api_record_wait_seconds",
                "How long answers that were ready waited for their looks to be on record, in all",
                counts.waited_s,
            ),
        )
        for name, meaning, value in measures:
            yield CounterMetricFamily(name, meaning, value=value)


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


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"description": "Prometheus text.", "content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request, use: Use, who: Who) -> Response:
    """What the API measures of itself, how alerts are doing, and what each worker measures, by the label `worker`, as
    Prometheus text."""
    who.require_role(Role.CITY_ADMIN, Role.AUDITOR, to="read the measures")
    if who.principal.role is Role.AUDITOR and who.principal.department is not None:
        raise Forbidden("only an auditor of the city as a whole may read the measures, not one of a department")
    measured: ApiMetrics = request.app.state.metrics
    link: WorkerLink = request.app.state.worker_link
    answers: dict[str, bytes] = {}

    async def ask(name: str, worker: WorkerAddress) -> None:
        # One that does not answer is told as `worker_up 0`: the others' measures are worth having.
        with suppress(SharpEyesError):
            answers[name] = await link.metrics(worker)

    try:
        asked, alerts = await to_thread.run_sync(_find, use)
    except SharpEyesError:
        asked, alerts = {}, b""
    async with create_task_group() as group:
        for name, worker in asked.items():
            group.start_soon(ask, name, worker)
    text = await to_thread.run_sync(measured.text, list(asked), answers)
    return Response(text + alerts, media_type=TEXT)


def _find(use: Services) -> tuple[dict[str, WorkerAddress], bytes]:
    """All workers, and what there is to be told of alerts."""
    with use.database.read() as connection:
        return _find_workers(connection), alert_measures(count_alerts(connection))


def _find_workers(connection: Transaction) -> dict[str, WorkerAddress]:
    """All workers by the names that their measures go under. Silent ones too: one whose heartbeat cannot be written, on
    a full disk say, works on, and what it measures is wanted then most of all."""
    known = workers.seen(connection).workers
    names = Counter(worker.name for worker in known)
    return {
        worker.name if worker.name and names[worker.name] == 1 else f"{worker.name}#{worker.id}": address_of(worker)
        for worker in known
    }
