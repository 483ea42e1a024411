"""Masked clips: made from the sealed original when somebody first wants to play one, and kept."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from core.clock import Clock
from core.errors import NotFound, SharpEyesError, Unavailable
from core.ids import EventId, event_camera
from registry import privacy_areas
from registry.db import Database

from . import records
from .blackout import Areas, areas_mark
from .blobs import Blobs, delete_quietly
from .checksums import sha256_of
from .clip_rendition import ClipRenderer, RenditionOrder
from .keys import masked_clip_key, shows_areas
from .ledger import MediaLedger
from .originals import Originals
from .records import MediaRecord, StoredBlob
from .table import MediaKind, MediaState

_log = logging.getLogger(__name__)

MOST_WAITING: Final = 32
"""Clips that may wait to be made."""
_FAILURE_HOLDS: Final = timedelta(minutes=5)
"""How long a clip that could not be made is not tried again."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The masked clip is there, as the blob of this key."""

    key: str
    bytes: int
    seconds: float | None
    mark: str = ""
    """Which privacy areas are black in it, by `areas_mark`."""


@dataclass(frozen=True, slots=True)
class Making:
    """The masked clip is being made, or waits for its turn or for its original; ask again."""

    progress: float
    """The share that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The original is recorded, and waits on its worker's disk for a store that is away."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The masked clip could not be made; it is tried again later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no clip to make it from, and there will be none."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of an event's clips."""

    outcome: Ready | Failed | Missing | None
    """What an earlier request came to, as far as that still holds."""
    masked: MediaRecord | None
    original: MediaRecord | None
    areas: Areas
    """What has to be black in it."""

    @property
    def outdated(self) -> str | None:
        """The key of a masked clip that was made with other areas, if there is one."""
        blob = None if self.masked is None else self.masked.blob
        return None if blob is None or shows_areas(blob.key, areas_mark(self.areas)) else blob.key


class MaskedClips:
    """Makes masked clips one after the other, each once, however many ask for it. Any thread may call it.

    One that was made with other privacy areas than its camera has now is not shown, but made again.
    """

    def __init__(
        self,
        blobs: Blobs,
        sealing_keys: Callable[[], tuple[bytes, ...]],
        database: Database,
        renderer: ClipRenderer,
        clock: Clock,
    ) -> None:
        """`sealing_keys` gives all that `OriginalClips` may have sealed with."""
        self._blobs = blobs
        self._sealing_keys = sealing_keys
        self._database = database
        self._ledger = MediaLedger(database, clock)
        self._renderer = renderer
        self._clock = clock
        self.originals = Originals(blobs, sealing_keys, database)
        """What masked clips are made from, for those who may see that."""
        self._wake = threading.Condition()
        # What is being made comes first, then what waits.
        self._orders: OrderedDict[EventId, RenditionOrder] = OrderedDict()
        self._progress = 0.0
        self.is_stopping = False
        """Nothing new is begun any more."""
        self._thread = threading.Thread(target=self._run, name="masked-clips", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Begin nothing new, and wait up to `timeout_s` seconds for the clip that is being made."""
        with self._wake:
            self.is_stopping = True
            self._wake.notify()
        self._thread.join(timeout_s)

    @property
    def waiting(self) -> int:
        """Clips that are being made or wait for it."""
        return len(self._orders)

    def request(self, event: EventId) -> Ready | Making | Waiting | Failed | Missing:
        """The masked clip of `event`; where there is none yet, its making begins. Never blocks for long.

        Raises `Unavailable` where too many clips wait already, or the database or the store is away.
        """
        with self._wake:
            if event in self._orders:
                return self._making(event)
        found = self._look_up(event)
        if found.outcome is not None:
            return found.outcome
        original = found.original
        if original is None:
            if found.outdated is not None:
                return Missing("it was made before a privacy area was changed, and there is no original to make it of")
            return Missing("no clip of this event was recorded")
        match original.state:
            case MediaState.PENDING:
                return Making(0.0) if original.spooled_at is None else Waiting()
            case MediaState.FAILED:
                return Missing(original.reason or "no clip of this event was recorded")
            case MediaState.READY:
                return self._order(event, original, found.areas)
            case other:
                assert_never(other)

    def _look_up(self, event: EventId) -> _Found:
        with self._database.read() as connection:
            masked = records.find(connection, event, MediaKind.MASKED_CLIP)
            original = records.find(connection, event, MediaKind.ORIGINAL)
            areas = privacy_areas.polygons_of(connection, event_camera(event))
        return _Found(None if masked is None else self._known(masked, areas), masked, original, areas)

    def _known(self, masked: MediaRecord, areas: Areas) -> Ready | Failed | Missing | None:
        """What `masked` says, as far as that still holds where `areas` have to be black."""
        if masked.is_going:
            # Made anew under the same key, it might be taken for the one that is going.
            return Missing(masked.reason or records.GOING)
        if masked.state is MediaState.FAILED and self._clock.now() < masked.made_at + _FAILURE_HOLDS:
            return Failed(masked.reason or "the clip could not be made")
        if masked.state is not MediaState.READY or masked.blob is None:
            return None
        mark = areas_mark(areas)
        if not shows_areas(masked.blob.key, mark):
            return None
        try:
            return Ready(masked.blob.key, self._blobs.size(masked.blob.key), masked.blob.seconds, mark)
        except NotFound:
            return None

    def _order(self, event: EventId, original: MediaRecord, areas: Areas) -> Making:
        if original.blob is None:
            raise NotFound(f"the original clip of event {event} has no blob")
        key = original.blob.key
        masked = masked_clip_key(key, areas_mark(areas))
        order = RenditionOrder(self._blobs, key, masked, self._sealing_keys(), areas)
        with self._wake:
            if event not in self._orders:
                if len(self._orders) >= MOST_WAITING:
                    raise Unavailable(
                        f"{MOST_WAITING} clips are waiting to be made already", hint="try again in a minute"
                    )
                self._orders[event] = order
                self._wake.notify()
            return self._making(event)

    def _making(self, event: EventId) -> Making:
        return Making(self._progress if event == next(iter(self._orders)) else 0.0)

    def _run(self) -> None:
        while (next_one := self._next()) is not None:
            event, order = next_one
            try:
                self._make(event, order)
            finally:
                with self._wake:
                    del self._orders[event]
                    self._progress = 0.0

    def _next(self) -> tuple[EventId, RenditionOrder] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._orders or self.is_stopping)
            return None if self.is_stopping else next(iter(self._orders.items()))

    def _make(self, event: EventId, order: RenditionOrder) -> None:
        try:
            found = self._look_up(event)
            if found.outcome is not None:
                # It was finished between the look-up and the order of the one who asked for this.
                return
            made = self._renderer.render(order, self._note_progress)
            size, sha256 = self._blobs.size(order.masked), sha256_of(self._blobs, order.masked)
            blob = StoredBlob(order.masked, size, made.seconds, made.width, made.height, sha256)
            self._ledger.keep(event, MediaKind.MASKED_CLIP, blob)
            if found.outdated is not None:
                # It shows what is to be black now, or hides what is not any more; its row names the new one.
                delete_quietly(self._blobs, found.outdated)
        except Exception as error:
            if self.is_stopping:
                # Whoever stops us stops the renderer too: that is no fault of the clip, which is made another time.
                return
            if isinstance(error, SharpEyesError):
                reason = error.outside
                _log.warning("the masked clip of event %d could not be made: %s", event, error.message)
            else:
                reason = "the masked clip could not be made; the log of the API says why"
                _log.exception("the masked clip of event %d could not be made", event)
            delete_quietly(self._blobs, order.masked)
            self._ledger.give_up(event, MediaKind.MASKED_CLIP, reason)

    def _note_progress(self, share: float) -> None:
        self._progress = min(1.0, max(0.0, share))
