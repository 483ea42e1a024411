"""An outbox between a store and a database, each of which can be away."""

from pathlib import Path
from typing import BinaryIO

from core.errors import Unavailable
from core.ids import EventId
from events.index import changes
from events.media import records
from events.media.absence import Absence
from events.media.blobs import FolderBlobs
from events.media.keys import blob_key
from events.media.ledger import MediaLedger
from events.media.outbox import Outbox, Sending
from events.media.records import MediaRecord, StoredBlob
from events.media.table import MediaKind, MediaState
from registry.db import Database
from tests.support.builders import FakeClock

from .making_clips import EPOCH

JPEG = b"a masked picture " * 100
SNAPSHOT = MediaKind.SNAPSHOT


class Store(FolderBlobs):
    """A store that can be away, and counts what is put into it."""

    __setattr__ = object.__setattr__  # the folder's store is frozen; this one is not

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.is_away = False
        self.puts: list[str] = []

    def put(self, key: str, source: BinaryIO) -> None:
        self._ask()
        super().put(key, source)
        self.puts.append(key)

    def size(self, key: str) -> int:
        self._ask()
        return super().size(key)

    def _ask(self) -> None:
        if self.is_away:
            raise Unavailable("the store 10.0.0.9 is away", told="the store is away")


class Ledger(MediaLedger):
    """Of a database that can be away."""

    is_away = False

    def keep(self, event: EventId, kind: MediaKind, blob: StoredBlob) -> None:
        if self.is_away:
            raise Unavailable("the database is away")
        super().keep(event, kind, blob)

    def wait_for_store(self, media: object) -> None:
        if self.is_away:
            raise Unavailable("the database is away")
        super().wait_for_store(media)  # type: ignore[arg-type]


class Bench:
    """An outbox between a store and a database."""

    def __init__(self, folder: Path, database: Database, clock: FakeClock) -> None:
        self.folder, self.database, self.clock = folder, database, clock
        self.store = Store(folder / "store")
        self.ledger = Ledger(database, clock)
        self.told: list[str | None] = []
        self.absence = Absence(clock, self.told.append)
        self.outbox = self.opened()

    def opened(self, limit_bytes: int = 1_000_000, *, is_straight: bool = False) -> Outbox:
        """The outbox, as the next process opens it."""
        return Outbox(
            self.folder,
            self.store,
            self.ledger,
            self.clock,
            limit_bytes=limit_bytes,
            is_straight=is_straight,
            absence=self.absence,
        )

    def make(self, event: EventId, content: bytes = JPEG, outbox: Outbox | None = None) -> str:
        """Keep a snapshot of `event`, as its maker does."""
        key = blob_key(event, EPOCH, SNAPSHOT)
        outbox = outbox or self.outbox
        outbox.announce([event], SNAPSHOT)
        with outbox.writer(key) as sink:
            sink.write(content)
        outbox.keep(event, SNAPSHOT, StoredBlob(key, outbox.size(key), width=320, height=180))
        return key

    def send_all(self, outbox: Outbox | None = None) -> None:
        while (outbox or self.outbox).send_next() is Sending.DONE:
            pass

    def row(self, event: EventId) -> MediaRecord | None:
        with self.database.read() as connection:
            return records.find(connection, event, SNAPSHOT)

    def state(self, event: EventId) -> MediaState | None:
        row = self.row(event)
        return None if row is None else row.state

    def seq(self) -> int:
        with self.database.read() as connection:
            return changes.latest(connection)

    def files(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "outbox").iterdir() if path.is_file())
