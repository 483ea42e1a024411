"""How the record is doing, in a few numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from .checkpoints import Checkpoint, newest
from .pruned import pruned_to
from .seals import end_of_chain
from .unsealed import waiting


@dataclass(frozen=True, slots=True)
class RecordStatus:
    """How much there is, and how far it is sealed and signed."""

    sealed: int
    unsealed: int
    oldest_unsealed_at: datetime | None
    checkpoint: Checkpoint | None
    pruned_to: int
    """The place up to which was pruned; 0: nothing was."""


def record_status(connection: Connection) -> RecordStatus:
    """The record as `connection` sees it; it counts none of the sealed rows."""
    pruned, left = pruned_to(connection), waiting(connection)
    return RecordStatus(
        sealed=end_of_chain(connection).place - pruned.place,
        unsealed=left.rows,
        oldest_unsealed_at=left.oldest_at,
        checkpoint=newest(connection),
        pruned_to=pruned.place,
    )
