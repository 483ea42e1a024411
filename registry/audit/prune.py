"""Pruning: what is older than a checkpoint may go; the chain goes on from that checkpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Final, TypeAlias

from sqlalchemy import Connection, delete, insert, select, update

from core.access import MACHINE
from core.errors import Conflict

from ..alone import be_alone
from ..db import Database
from .checkpoints import Checkpoint, CheckpointKeys, checkpoint_of
from .entry import Act, Actor, Entry, put
from .pruned import Pruned, pruned_to, signed_pruning
from .seals import SEALING
from .tables import audit_checkpoint, audit_department, audit_pruned, audit_row, audit_seal
from .verify import Report, verify

_FEWEST: Final = 50
_MOST: Final = 1_000
_LONG_S: Final = 0.025

MayStillGo: TypeAlias = Callable[[Connection], bool]
"""Whether no more of the record must stay than when the order was made; and nobody says so until the transaction ends.
"""


def nothing_is_kept(connection: Connection) -> bool:
    """The `MayStillGo` of a record of which nothing must stay."""
    return True


@dataclass(frozen=True, slots=True)
class PruneOrder:
    """What may be removed."""

    after: int
    """Up to this place was pruned before."""
    checkpoint: Checkpoint
    """Up to its place it may be now."""

    @property
    def rows(self) -> int:
        """How many rows that is."""
        return self.checkpoint.place - self.after


def prunable(
    connection: Connection, keys: CheckpointKeys, before: datetime, *, keep_from: int | None = None
) -> PruneOrder | None:
    """The last checkpoint that was signed no later than `before`, with all rows up to it; None where there is nothing
    to remove. `keep_from`: the place of the first row that must stay, whatever its age."""
    after = pruned_to(connection).place
    asked = (
        select(audit_checkpoint)
        .where(audit_checkpoint.c.at <= before, audit_checkpoint.c.place > after)
        .order_by(audit_checkpoint.c.place.desc())
    )
    if keep_from is not None:
        asked = asked.where(audit_checkpoint.c.place < keep_from)
    for row in connection.execute(asked):
        found = checkpoint_of(row)
        if keys.is_genuine(found):
            return PruneOrder(after, found)
    return None


def prune(
    database: Database,
    keys: CheckpointKeys,
    order: PruneOrder,
    now: datetime,
    report: Report = lambda done, of: None,
    *,
    may_still_go: MayStillGo = nothing_is_kept,
) -> None:
    """Remove the rows of `order`, and put that on record. Interrupted, it is finished by `finish_pruning`.

    Raises `Conflict` where the chain up to there is not whole, since what shows that must stay, and where more of it
    must stay by now. Raises `Unavailable`.
    """
    verdict = verify(database, keys, now, upto=order.checkpoint.place)
    if not verdict.is_whole:
        raise Conflict(
            f"the record up to place {order.checkpoint.place} is not whole: {verdict.faults[0].words}",
            hint="sharp-eyes audit verify names every fault; what shows them is not removed",
        )
    with database.write() as connection:
        be_alone(connection, SEALING)
        if pruned_to(connection).place != order.after:
            raise Conflict("somebody else has just pruned the record", hint="see again what there is to prune")
        if not may_still_go(connection):
            raise Conflict(
                "a hold was taken meanwhile, and may keep some of these rows: nothing was removed",
                hint="run it again",
            )
        _begin(connection, keys, order, now)
    finish_pruning(database, report)


def finish_pruning(database: Database, report: Report = lambda done, of: None) -> int:
    """Remove what is left of the rows that were pruned; how many. In short transactions, beside everything else."""
    with database.read() as connection:
        upto = pruned_to(connection).place
        first = connection.execute(select(audit_seal.c.place).order_by(audit_seal.c.place).limit(1)).scalar()
    of = 0 if first is None else max(0, upto - first + 1)
    done, at_once = 0, _FEWEST
    while True:
        with database.write() as connection:
            began = perf_counter()
            removed = _remove(connection, upto, at_once)
            lasted = perf_counter() - began
        if removed == 0:
            return done
        done += removed
        report(done, of)
        at_once = max(_FEWEST, at_once // 2) if lasted > _LONG_S else min(_MOST, at_once * 2)


def _begin(connection: Connection, keys: CheckpointKeys, order: PruneOrder, now: datetime) -> None:
    """From here on the chain begins at the checkpoint, whatever is left before it."""
    checkpoint = order.checkpoint
    values = {"place": checkpoint.place, "hash": checkpoint.hash}
    if not connection.execute(update(audit_pruned).where(audit_pruned.c.id == 1).values(values)).rowcount:
        connection.execute(insert(audit_pruned).values(id=1, **values))
    detail = {
        "place": checkpoint.place,
        "hash": checkpoint.hash.hex(),
        "rows": order.rows,
        "signed_at": checkpoint.at.isoformat(),
        **signed_pruning(Pruned(checkpoint.place, checkpoint.hash), keys),
    }
    put(
        connection,
        Entry(
            at=now,
            act=Act.RECORD_PRUNED,
            actor=Actor.of(MACHINE),
            address="",
            object_kind="record",
            object="",
            detail=detail,
        ),
    )


def _remove(connection: Connection, upto: int, most: int) -> int:
    oldest = select(audit_seal.c.place, audit_seal.c.row).where(audit_seal.c.place <= upto)
    rows = connection.execute(oldest.order_by(audit_seal.c.place).limit(most)).all()
    if not rows:
        return 0
    numbers = [row.row for row in rows]
    connection.execute(delete(audit_department).where(audit_department.c.row.in_(numbers)))
    connection.execute(delete(audit_row).where(audit_row.c.id.in_(numbers)))
    connection.execute(delete(audit_seal).where(audit_seal.c.place <= rows[-1].place))
    return len(rows)
