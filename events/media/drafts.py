"""What those who make media need of those who keep them."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from core.ids import EventId

from .records import StoredBlob
from .table import MediaKind


class Drafts(Protocol):
    """Takes media while they are made, each under the key of its blob. Any thread."""

    def writer(self, key: str) -> AbstractContextManager[BinaryIO]:
        """A sink, written from its start to its end: kept when the context ends well, gone otherwise.

        It raises `Unavailable` where there is no room, with the reason.
        """

    def size(self, key: str) -> int:
        """Length of what was kept, in bytes. Raises `NotFound`, `Unavailable`."""

    def delete(self, key: str) -> None:
        """Forget it; what is not there is no error. Raises `Unavailable`."""


class Outcomes(Protocol):
    """Takes down what became of media. Any thread."""

    def announce(self, events: Collection[EventId], kind: MediaKind) -> None:
        """They are on their way. Never fails."""

    def keep(self, event: EventId, kind: MediaKind, blob: StoredBlob) -> None:
        """It is made, and was kept under its key. Raises `Unavailable`, `NotFound` where there is no event."""

    def give_up(self, event: EventId, kind: MediaKind, reason: str) -> bool:
        """There will be none. False where even that could not be written down."""
