"""Up to where the record was pruned, and whether it was done as it must be."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from .chain import ROOT
from .checkpoints import Checkpoint, CheckpointKeys
from .entry import Act
from .faults import Fault, FaultKind
from .tables import audit_pruned, audit_row


@dataclass(frozen=True, slots=True)
class Pruned:
    """The last place that was pruned, and its hash; place 0 where nothing was."""

    place: int
    hash: bytes


def pruned_to(connection: Connection) -> Pruned:
    """Up to where was pruned."""
    asked = select(audit_pruned.c.place, audit_pruned.c.hash).where(audit_pruned.c.id == 1)
    row = connection.execute(asked).one_or_none()
    return Pruned(0, ROOT) if row is None else Pruned(row.place, bytes(row.hash))


def pruned_faults(connection: Connection, checkpoints: Sequence[Checkpoint], keys: CheckpointKeys) -> list[Fault]:
    """What is wrong with the beginning of the chain: it must be a checkpoint that a row on record tells of."""
    pruned = pruned_to(connection)
    if pruned.place == 0:
        return []
    faults = []
    fitting = [one for one in checkpoints if (one.place, one.hash) == (pruned.place, pruned.hash)]
    if not any(map(keys.is_genuine, fitting)):
        words = f"the chain begins after place {pruned.place}, which no checkpoint of this site stands for"
        faults.append(Fault(FaultKind.PRUNED, pruned.place, None, words))
    if not _is_on_record(connection, pruned, keys):
        words = (
            f"the chain begins after place {pruned.place}, and no row that the site's key signed says who removed what "
            "was before it"
        )
        faults.append(Fault(FaultKind.PRUNED, pruned.place, None, words))
    return faults


def signed_pruning(pruned: Pruned, keys: CheckpointKeys) -> dict[str, str]:
    """What the row that tells of a pruning has beside place and hash: who only writes the database cannot make one."""
    number, signature = keys.sign_text(_text(pruned))
    return {"key_id": number, "signature": signature.hex()}


def _is_on_record(connection: Connection, pruned: Pruned, keys: CheckpointKeys) -> bool:
    told = select(audit_row.c.detail).where(audit_row.c.act == Act.RECORD_PRUNED.value)
    return any(_tells(detail, pruned, keys) for detail in connection.scalars(told.order_by(audit_row.c.id.desc())))


def _tells(detail: str, pruned: Pruned, keys: CheckpointKeys) -> bool:
    try:
        values = json.loads(detail)
        is_it = (values["place"], values["hash"]) == (pruned.place, pruned.hash.hex())
        signature = bytes.fromhex(values["signature"])
        return is_it and keys.has_signed(_text(pruned), str(values["key_id"]), signature)
    except (KeyError, TypeError, ValueError):
        return False


def _text(pruned: Pruned) -> bytes:
    return f"sharp-eyes audit pruning 1\n{pruned.place}\n{pruned.hash.hex()}\n".encode()
