"""What the record costs: a look with its row and without, sealing, checking."""

from typing import Final

from core.clock import SystemClock
from registry.audit.checkpoints import CheckpointKeys
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey

from .audit_cost import audit_cost
from .stage import Figure, Stage
from .verify_rate import verify_rate

_KEY: Final = SealingKey(b"b" * 32)
"""Of the benchmark alone."""


def record(stage: Stage) -> list[Figure]:
    """A look on record beside one that is not, then `stage.rows` rows sealed and checked."""
    clock = SystemClock()
    stage.tell("looks on record", 0, 1)
    looks = audit_cost(stage.database, clock, each=max(1, stage.runs // 2))
    return looks + verify_rate(stage.database, CheckpointKeys(ring_of(_KEY)), clock, stage.tell, rows=stage.rows)
