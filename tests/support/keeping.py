"""Events with media in a store, of departments with rules: what retention is tried on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Flag

from sqlalchemy import Connection, insert, select

from core.camera import DepartmentId
from core.event import EndReason
from core.ids import CameraId, EventId
from core.rule import RuleKind
from events.index.tables import event as event_table
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.keys import blob_key
from events.media.records import StoredBlob
from events.media.table import MediaKind, event_media
from events.retention import rules
from events.retention.media_removal import Reason
from events.retention.medium import Medium
from events.retention.passes import Passes
from events.retention.rules import Concerns
from events.retention.settings import RetentionSettings
from events.retention.tables import legal_hold
from registry.db import Database

from .builders import START, FakeClock, an_event
from .happenings import put_events

NOW = START + timedelta(days=2_000)
"""Long after events began to be numbered: what is older than some years has room there."""
NEVER = Flag()
"""Nobody stops."""


@dataclass
class Kept:
    """A database and a store with things that are kept for some time."""

    database: Database
    folder: Path
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    settings: RetentionSettings = field(default_factory=RetentionSettings)
    track_log_h: int = 72
    removed: list[tuple[str, Reason, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blobs = FolderBlobs(self.folder)
        self._n = 0

    def passes(self) -> Passes:
        return Passes(
            self.database,
            self.blobs,
            self.clock,
            self.settings,
            self.track_log_h,
            lambda *removed: self.removed.append(removed),
        )

    def run(self) -> None:
        """A whole pass."""
        self.passes().run(NEVER)

    def add(
        self,
        camera: CameraId,
        at: datetime,
        media: Collection[MediaKind] = tuple(MediaKind),
        *,
        kind: RuleKind = RuleKind.OBJECT_IN_ZONE,
        size: int = 10,
        lasted_s: float = 2.0,
        goes_on: bool = False,
    ) -> EventId:
        """An event that is over (unless it `goes_on`), with media of `size` bytes each."""
        self._n += 1
        ended = None if goes_on else EndReason.OVER
        made = replace(an_event(self._n, camera=camera, at=at, lasted_s=lasted_s, end_reason=ended), kind=kind)
        with self.database.write() as connection:
            (number,) = put_events(connection, [made])
            for one in media:
                self._show(connection, number, one, size)
        return number

    def show(self, event: EventId, kind: MediaKind, size: int = 10) -> str:
        """A medium of an event; its key."""
        with self.database.write() as connection:
            return self._show(connection, event, kind, size)

    def store(self, event: EventId, kind: MediaKind, size: int = 10) -> str:
        """The blob of a medium, without its row; its key."""
        key = blob_key(event, 1, kind)
        with self.blobs.writer(key) as sink:
            sink.write(b"x" * size)
        return key

    def _show(self, connection: Connection, event: EventId, kind: MediaKind, size: int) -> str:
        key = self.store(event, kind, size)
        records.mark_ready(connection, event, kind, StoredBlob(key, size), self.clock.now())
        return key

    def rule(
        self,
        medium: Medium,
        days: int | None,
        department: DepartmentId | None = None,
        kind: RuleKind | None = None,
    ) -> None:
        with self.database.write() as connection:
            rules.put(connection, Concerns(medium, department, kind), days, self.clock.now())

    def hold(
        self,
        *,
        event: EventId | None = None,
        camera: CameraId | None = None,
        on_department: DepartmentId | None = None,
        from_at: datetime | None = None,
        until_at: datetime | None = None,
    ) -> int:
        """A hold; its number."""
        values = {"name": "a hold", "reason": "a case", "made_by": "a judge", "made_at": self.clock.now()}
        about = {"event": event, "camera": camera, "on_department": on_department}
        with self.database.write() as connection:
            adding = insert(legal_hold).values(**values, **about, from_at=from_at, until_at=until_at)
            return int(connection.execute(adding.returning(legal_hold.c.id)).scalar_one())

    def events(self) -> set[EventId]:
        with self.database.read() as connection:
            return {EventId(number) for number in connection.scalars(select(event_table.c.id))}

    def media(self) -> set[tuple[EventId, MediaKind]]:
        """The rows that are there, marked ones too."""
        with self.database.read() as connection:
            rows = connection.execute(select(event_media.c.event, event_media.c.kind))
            return {(EventId(row.event), MediaKind(row.kind)) for row in rows}

    def files(self) -> Sequence[str]:
        """The keys of the blobs that are there."""
        return sorted(str(file.relative_to(self.folder)) for file in self.folder.rglob("*-*") if file.is_file())
