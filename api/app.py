"""The API as one ASGI app, made of the services it is handed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from registry.audit.recent import RecentLooks
from registry.catalogue.census import Census
from registry.imports.importer import Importer
from registry.kept_cameras import KeptCameras

from . import (
    accounts,
    alert_pictures,
    api_keys,
    audit,
    camera_points,
    cameras,
    changes,
    deliveries,
    departments,
    event_exports,
    events,
    exports,
    facets,
    flows,
    gb_codes,
    grants,
    health,
    histogram,
    holds,
    imports,
    invitations,
    latest,
    lines,
    live,
    media,
    media_usage,
    metrics,
    notices,
    outages,
    overview,
    people,
    privacy_areas,
    probe,
    quarantine,
    regions,
    retention,
    rules,
    session,
    sessions,
    spells,
    stream_states,
    streams,
    subscription_steps,
    subscriptions,
    trials,
    unmaskings,
    uptime,
    viewers,
    workers,
    zones,
)
from .authentication import caller_of
from .change_feed import ChangeFeed
from .export_stream import ExportDesk
from .guards import JsonBodies, SameOriginOnly, SecurityHeaders
from .import_desk import ImportDesk
from .instead import answer_instead
from .live_original import live_original_route
from .metrics import ApiMetrics, MeasureRequests
from .page import BUILT_CONSOLE, ConsolePage
from .places import LIVE_VIEWS, Places
from .problems import SCHEMA_NAME, CatchTheRest, Kind, Problem, answer_with_problems, documented
from .proxies import BehindProxies
from .rate_limits import RateLimits
from .server import HttpServer
from .services import Services
from .standing import StandingWatch
from .tls import tls_context
from .uses import Uses
from .worker_link import open_worker_link

_ROUTERS = (
    # They are asked for a route in this order, and there are 150: searches, which must be quick, come first.
    event_exports,
    facets,  # before events, whose numbers would take its path
    histogram,
    events,
    imports,
    exports,
    probe,
    cameras,
    camera_points,
    streams,
    lines,
    zones,
    privacy_areas,
    rules,
    trials,
    accounts,
    audit,
    flows,
    departments,
    retention,
    media_usage,
    regions,
    grants,
    viewers,
    gb_codes,
    stream_states,
    uptime,
    spells,
    overview,
    workers,
    quarantine,
    outages,
    holds,
    media,
    unmaskings,
    changes,
    deliveries,
    subscription_steps,
    subscriptions,
    alert_pictures,
    latest,
    live,
    session,
    sessions,
    invitations,
    people,
    api_keys,
    notices,
    health,
    metrics,
)
_LIVE_VIEWS_OF_ONE = 16
"""A wall of cameras."""
_MORE_CONNECTIONS = 256
"""Beside those that follow the changes, or look live."""
_ALWAYS_POSSIBLE = documented(
    Kind.BAD_REQUEST,
    Kind.NOT_SIGNED_IN,
    Kind.FOREIGN_ORIGIN,
    Kind.FORBIDDEN,
    Kind.UNKNOWN_HOST,
    Kind.TOO_MANY,
    Kind.INTERNAL,
    Kind.UNAVAILABLE,
)
_WITH_A_BODY = documented(Kind.TOO_SLOW, Kind.TOO_LARGE, Kind.NOT_JSON)


def create_app(services: Services, *, console: Path = BUILT_CONSOLE) -> FastAPI:
    """The app. `console`: the folder of the built page. What the app opens lives from its start to its end."""
    source = changes.IndexedChanges(services.database)
    feed = ChangeFeed(
        source,
        services.clock,
        poll_s=services.settings.live_poll_s,
        most_followers=services.settings.live_clients,
        room=services.settings.live_queue,
    )

    standing = StandingWatch(services.database, services.clock)
    desk = ImportDesk(
        Importer(
            services.database,
            services.sealing_key,
            services.clock,
            services.imports,
            services.check_address,
            services.hide_secrets,
        ),
        services.data_folder / "imports",
    )

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        async with open_worker_link(services.settings.worker_timeout_s, services.settings.live_views) as link:
            app.state.worker_link = link
            with feed.run(), standing.run(), desk.run(), app.state.uses.run():
                yield

    app = _Api(
        title="Sharp Eyes",
        version=version("sharp-eyes"),
        description="A city's cameras and what happened on them: what, where and when - never who.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # both would load scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=running,
        dependencies=[Depends(caller_of)],  # also of routes that do not ask who it is
        responses=_ALWAYS_POSSIBLE,
    )
    app.state.services = services
    app.state.change_feed = feed
    app.state.standing_watch = standing
    app.state.import_desk = desk
    app.state.census = Census(services.clock)
    app.state.kept_cameras = KeptCameras()
    app.state.export_desk = ExportDesk()
    app.state.live_places = Places(LIVE_VIEWS, at_once=services.settings.live_views, of_one=_LIVE_VIEWS_OF_ONE)
    app.state.recent_looks = RecentLooks(services.clock)
    app.state.metrics = ApiMetrics(lambda: feed.clients, services.looks)
    measured: ApiMetrics = app.state.metrics
    app.state.rate_limits = RateLimits(
        services.clock,
        known_per_minute=services.settings.requests_per_minute,
        strangers_per_minute=services.settings.strangers_per_minute,
        on_refused=lambda who: measured.rate_limited.labels(who).inc(),
    )
    app.state.uses = Uses(services.database)
    answer_with_problems(app)
    answer_instead(app)
    for part in _ROUTERS:
        app.include_router(part.router)
    app.router.routes.append(live_original_route())
    app.router.default = ConsolePage(console)
    # The last one added is the first one asked.
    app.add_middleware(JsonBodies, settings=services.settings, file_limit_bytes=services.imports.file_limit_bytes)
    app.add_middleware(SameOriginOnly, allowed_hosts=services.settings.allowed_hosts)
    app.add_middleware(CatchTheRest)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(BehindProxies, proxies=services.settings.proxy_networks)
    app.add_middleware(MeasureRequests, metrics=app.state.metrics)
    return app


def api_server(services: Services, *, console: Path = BUILT_CONSOLE) -> HttpServer:
    """The API's server, bound to the address of its settings but not started.

    Raises `Unavailable` where that cannot be had, `BadInput` where certificate or key cannot.
    """
    app = create_app(services, console=console)
    feed: ChangeFeed = app.state.change_feed
    desk: ImportDesk = app.state.import_desk
    exports_under_way: ExportDesk = app.state.export_desk
    live_places: Places = app.state.live_places
    settings = services.settings
    certificate, key = settings.tls_certificate, settings.tls_key

    def stopping() -> None:
        feed.end()
        live_places.end()
        exports_under_way.end()
        desk.request_stop()

    return HttpServer(
        app,
        settings.host,
        settings.port,
        stop_timeout_s=settings.stop_timeout_s,
        most_connections=settings.live_clients + settings.live_views + _MORE_CONNECTIONS,
        on_stopping=stopping,
        tls=None if certificate is None or key is None else tls_context(certificate, key),
    )


class _Api(FastAPI):
    """FastAPI whose OpenAPI knows our problems."""

    def openapi(self) -> dict[str, Any]:
        """The description of all routes; made once."""
        if self.openapi_schema is None:
            schema = get_openapi(
                title=self.title, version=self.version, description=self.description, routes=self.routes
            )
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs", {})
            schemas[SCHEMA_NAME] = problem
            for path in schema["paths"].values():
                for operation in path.values():
                    if "requestBody" in operation:
                        told = {str(status): response for status, response in _WITH_A_BODY.items()}
                        operation["responses"] |= told
            self.openapi_schema = schema
        return self.openapi_schema
