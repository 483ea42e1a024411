"""Original clips, opened: the camera's own bytes, for those who were let see them."""

import io
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from core.errors import NotFound, NothingToShow, Unavailable
from core.ids import EventId
from registry.db import Database

from . import records
from .blobs import Blobs
from .sealing import SealBroken, open_sealed
from .table import MediaKind, MediaState

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Original:
    """An original clip, to be read and closed by one thread at a time."""

    file: BinaryIO
    """Seekable. Each chunk is checked before any of it is given out."""
    bytes: int


class Originals:
    """Opens the sealed originals of events. Any thread may call it."""

    def __init__(self, blobs: Blobs, sealing_keys: Callable[[], tuple[bytes, ...]], database: Database) -> None:
        """`sealing_keys` gives all that `OriginalClips` may have sealed with."""
        self._blobs = blobs
        self._sealing_keys = sealing_keys
        self._database = database

    def open(self, event: EventId) -> Original:
        """The original clip of `event`.

        Raises `NothingToShow` with the reason where there is none, `Unavailable` where the database or the store is
        away or what lies there cannot be opened.
        """
        with self._database.read() as connection:
            record = records.find(connection, event, MediaKind.ORIGINAL)
        if record is None:
            raise NothingToShow(f"event {event} has no original: no clip of it was recorded")
        if record.spooled_at is not None:
            raise NothingToShow(
                f"event {event} has no original yet: {records.WAITS_FOR_STORE}", hint="ask again in a minute"
            )
        if record.state is MediaState.PENDING:
            raise NothingToShow(
                f"event {event} has no original yet: it is being recorded", hint="ask again in a moment"
            )
        if record.blob is None:
            raise NothingToShow(f"event {event} has no original: {record.reason or 'no clip of it was recorded'}")
        try:
            file = open_original(self._blobs, record.blob.key, self._sealing_keys())
            return Original(file, file.seek(0, io.SEEK_END))
        except NotFound as error:
            _log.error("the original of event %d is gone: %s", event, error.message)
            raise NothingToShow(f"event {event} has no original: what was stored is gone") from error
        except SealBroken as error:
            _log.error("the original of event %d cannot be opened: %s", event, error.message)
            raise Unavailable(
                f"the original of event {event} cannot be opened: it was changed, or its sealing key is missing",
                hint="the log of the API says more",
            ) from error


def open_original(blobs: Blobs, key: str, sealing_keys: Sequence[bytes]) -> BinaryIO:
    """The sealed original of that blob key, seekable, to be closed by the caller.

    Raises `NotFound`, `SealBroken` or `Unavailable`.
    """
    source = blobs.open(key)
    try:
        return open_sealed(source, sealing_keys, key)
    except BaseException:
        source.close()
        raise
