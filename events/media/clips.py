"""Original clips: the camera's own packets around an event, sealed while they are written."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import SharpEyesError
from core.ids import EventId

from .blobs import delete_quietly
from .drafts import Drafts, Outcomes
from .keys import blob_key
from .records import StoredBlob
from .sealing import SealedWriter
from .table import MediaKind

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recorder has written."""

    seconds: float
    width: int | None = None
    height: int | None = None


class OriginalClips:
    """Keeps the original clips of events. Any thread may call it, several at a time."""

    def __init__(self, blobs: Drafts, sealing_key: Callable[[], bytes], ledger: Outcomes) -> None:
        """`sealing_key` gives the master key for original clips that is in force, 32 bytes."""
        self._blobs = blobs
        self._sealing_key = sealing_key
        self._ledger = ledger

    def record(self, event: EventId, epoch: int, write: Callable[[BinaryIO], Recorded]) -> bool:
        """Let `write` write the clip of `event`, which is stored, into a sealed sink; blocks as long as that takes.

        The clip is kept when `write` returns, and vanishes when it raises; either way the media row says so. True if
        it was kept. Raises nothing of ours: an event without a clip is still an event.
        """
        key = blob_key(event, epoch, MediaKind.ORIGINAL)
        self._ledger.announce([event], MediaKind.ORIGINAL)
        try:
            with self._blobs.writer(key) as sink, SealedWriter(sink, self._sealing_key(), key) as sealed:
                recorded = write(sealed)
            blob = StoredBlob(key, self._blobs.size(key), recorded.seconds, recorded.width, recorded.height)
            self._ledger.keep(event, MediaKind.ORIGINAL, blob)
        except SharpEyesError as error:
            _log.warning("event %d gets no clip: %s", event, error.message)
            self._give_up(event, key, error.outside)
            return False
        except Exception:
            _log.exception("event %d gets no clip", event)
            self._give_up(event, key, "the clip could not be recorded; the worker's log says why")
            return False
        return True

    def _give_up(self, event: EventId, key: str, reason: str) -> None:
        delete_quietly(self._blobs, key)
        self._ledger.give_up(event, MediaKind.ORIGINAL, reason)
