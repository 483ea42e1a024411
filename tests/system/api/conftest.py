"""A real server over a real database with a small city in it, and a worker's port beside it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import httpx2
import numpy as np
import pytest
from sqlalchemy import select

from api.app import api_server
from api.server import HttpServer
from api.services import Services
from api.settings import ApiSettings
from api.worker_port import worker_server
from core.access import Role
from core.clock import SystemClock
from core.event import EndReason, Event
from core.ids import CameraId, EventId
from core.rule import Severity
from events.alerts.settings import AlertSettings
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.clip_rendition import Rendered, RenditionOrder
from events.media.keys import blob_key
from events.media.masked_clips import MaskedClips
from events.media.records import StoredBlob
from events.media.sealing import SealedWriter
from events.media.shown_snapshots import ShownSnapshots
from events.media.table import MediaKind
from ingest.address import check_address, hide_secrets
from registry import cameras, departments, epochs, leases, rules, streams, tables, workers
from registry.access import api_keys
from registry.audit.looks import GroupedLooks
from registry.db import open_database
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from registry.uptime.days import Days
from registry.visibility import EventFacts, Visibility
from sharp_eyes.migrate import upgrade
from tests.support import builders
from tests.support.databases import postgres_server, put_sqlite_file
from tests.support.happenings import put_events
from tests.support.live_feed import FakeFeed
from tests.support.postgres import PostgresServer
from tests.support.rule_desk import FakeDesk

__all__ = ["postgres_server"]

CITY_BEGAN_AT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
CAMERAS = 10
EVENTS = 400
LABELS = ("person", "car", "bicycle", "bus")
PICTURE = cv2.imencode(".jpg", np.full((90, 160, 3), 200, np.uint8))[1].tobytes()
CLIP = bytes(range(256)) * 800
SEALING = b"s" * 32
TOKEN = "the worker's token"


class HeldRenderer:
    """Makes a masked clip by copying the original, when a test lets it."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()

    def render(self, order: RenditionOrder, progress: Callable[[float], None]) -> Rendered:
        progress(0.25)
        self.may_go_on.wait(20)
        with order.open_original() as original, order.masked_sink() as sink:
            sink.write(original.read())
        return Rendered(seconds=8.0, width=640, height=360)


@dataclass
class City:
    """A running server and what stands behind it."""

    server: HttpServer
    services: Services
    renderer: HeldRenderer
    client: httpx2.Client
    """Signed in as a city admin's program, with `key`."""
    key: str
    events: list[EventId] = field(default_factory=list)
    """Oldest first."""

    def get(self, path: str, **query: Any) -> httpx2.Response:
        return self.client.get(f"/api/v1{path}", params={name.rstrip("_"): value for name, value in query.items()})

    def write(self, *events: Event) -> list[EventId]:
        with self.services.database.write() as connection:
            return put_events(connection, events)

    def keep(self, event: EventId, kind: MediaKind, content: bytes) -> None:
        """Store a medium of an event, as the worker does."""
        key = blob_key(event, 1, kind)
        with self.services.blobs.writer(key) as sink:
            if kind is MediaKind.ORIGINAL:
                with SealedWriter(sink, SEALING, key) as sealed:
                    sealed.write(content)
            else:
                sink.write(content)
        blob = StoredBlob(key, self.services.blobs.size(key), seconds=9.0)
        with self.services.database.write() as connection:
            records.mark_ready(connection, event, kind, blob, self.services.clock.now())

    def fail(self, event: EventId, kind: MediaKind, reason: str) -> None:
        with self.services.database.write() as connection:
            records.mark_failed(connection, event, kind, reason, self.services.clock.now())


def an_event(n: int, *, version: int = 1, camera: int | None = None, ended: bool = False) -> Event:
    """The `n`th event of the city: one each 30 s, on the cameras in turn."""
    number = CameraId(camera or n % CAMERAS + 1)
    started_at = CITY_BEGAN_AT + timedelta(seconds=30 * n)
    return builders.an_event(
        n,
        camera=number,
        at=started_at,
        lasted_s=5,
        version=version,
        label=LABELS[n % len(LABELS)],
        severity=Severity(n % 4 + 1),
        score=(n % 100) / 100,
        rule_name="anything",
        end_reason=EndReason.LEFT if ended else None,
    )


@contextmanager
def a_city(
    folder: Path,
    settings: ApiSettings,
    *,
    schema_fault: str | None = None,
    database_url: str | None = None,
    days: Days | None = None,
    alerts: AlertSettings | None = None,
) -> Iterator[City]:
    """A city of ten cameras and four hundred events, being served; in SQLite, unless `database_url` says otherwise."""
    with ExitStack() as stack:
        (folder / "database").mkdir()
        file = folder / "database" / "city.db"
        if database_url is None:
            put_sqlite_file(file)
        database = open_database(database_url or f"sqlite:///{file}")
        stack.callback(database.close)
        if database_url is not None:
            upgrade(database)
        blobs, clock, renderer = FolderBlobs(folder / "blobs"), SystemClock(), HeldRenderer()
        clips = MaskedClips(blobs, lambda: (SEALING,), database, renderer, clock)
        clips.start()
        stack.callback(clips.stop, 5)
        looks = GroupedLooks(database)
        looks.start()
        stack.callback(looks.stop, 5)
        stack.callback(renderer.may_go_on.set)
        with database.write() as connection:
            departments.add(connection, name="Schools")
            for number in range(1, CAMERAS + 1):
                camera = cameras.add(connection, name=f"Camera {number}")
                streams.add(connection, camera.id, url=f"rtsp://camera-{number}.example/main")
                rules.add(connection, camera.id, name="anything", labels=LABELS)
        services = Services(
            settings=settings,
            database=database,
            sealing_key=ring_of(SealingKey(b"k" * 32)),
            blobs=blobs,
            clips=clips,
            snapshots=ShownSnapshots(blobs),
            clock=clock,
            data_folder=folder,
            check_address=check_address,
            hide_secrets=hide_secrets,
            schema_fault=lambda: schema_fault,
            labels=frozenset(LABELS),
            days=days or Days(UTC),
            visibility=Visibility(EventFacts.GRANT, clock),
            looks=looks,
            alerts=alerts or AlertSettings(),
        )
        with database.write() as connection:
            _, key = api_keys.add(
                connection, name="tests", role=Role.CITY_ADMIN, department=None, made_by=None, at=clock.now()
            )
        server = stack.enter_context(api_server(services, console=folder / "console"))
        bearer = {"Authorization": f"Bearer {key}"}
        client = stack.enter_context(
            httpx2.Client(base_url=server.url, timeout=10, trust_env=False, headers=bearer, verify=False)
        )
        city = City(server, services, renderer, client, key)
        city.events = city.write(*(an_event(n, ended=True) for n in range(EVENTS)))
        yield city


@contextmanager
def a_worker(
    city: City,
    pictures: dict[CameraId, bytes],
    *,
    metrics: bytes = b"",
    desk: FakeDesk | None = None,
    name: str = "watcher",
    watches: Sequence[int] | None = None,
    live: FakeFeed | None = None,
) -> Iterator[HttpServer]:
    """A worker of the city: its port, its row, and the leases of all cameras, or of those that it `watches`."""
    with worker_server(TOKEN, pictures.get, lambda: metrics, desk or FakeDesk(), live) as server:
        with city.services.database.write() as connection:
            at = city.services.clock.now()
            row = workers.register(connection, pid=1, at=at, port=server.port, token=TOKEN, name=name)
            held = watches if watches is not None else connection.scalars(select(tables.camera.c.id)).all()
            epochs.take(connection, row.id, [CameraId(number) for number in held], at)
        yield server
        with city.services.database.write() as connection:
            leases.release(connection, row.id)


SETTINGS = ApiSettings(
    port=0,
    live_poll_s=0.02,
    heartbeat_s=0.2,
    free_disk_bytes=0,
    stop_timeout_s=2,
    requests_per_minute=1_000_000,
    strangers_per_minute=100_000,
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city to look at: shared by the tests of a module."""
    with a_city(tmp_path_factory.mktemp("city"), SETTINGS) as found:
        yield found


@pytest.fixture
def own_city(tmp_path: Path) -> Iterator[City]:
    """A city to change: a test's own."""
    with a_city(tmp_path, SETTINGS) as found:
        yield found


@pytest.fixture
def postgres_city(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[City]:
    """A city to change, in PostgreSQL."""
    with a_city(tmp_path, SETTINGS, database_url=postgres_server.make_database()) as found:
        yield found
