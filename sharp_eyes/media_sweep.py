"""The sweep of media: blobs that no row names, rows whose blobs are gone, media that never came."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.errors import Conflict
from events.media.blobs import Blobs
from events.media.listing import StoredKey
from events.media.orphans import SPARED, is_still_orphan, look_for_orphans
from events.media.reading import MediaRow, count_rows
from events.media.vanished import (
    AT_ONCE,
    WAITED_FOR,
    count_never_came,
    look_for_vanished,
    say_never_came,
    say_vanished,
)
from registry.audit.entry import Act
from registry.audit.machine import put_by_machine
from registry.chunks import in_chunks
from registry.db import Database

Report = Callable[[str, int, int | None], None]
"""What is being done, how far, and of how many, where that is known."""
_FEW: Final = 20
"""So many may be missing on either side, or be of unknown events, without it saying anything."""
_IS_MEANT: Final = "see [blobs] and the database in the settings; where it is meant: --even-most"


@dataclass(slots=True)
class Swept:
    """What was found, and, unless it was a dry run, put right."""

    is_dry_run: bool
    blobs: int = 0
    foreign: int = 0
    """Things in the store that are not ours: never touched."""
    young: int = 0
    """Blobs that are too new to be judged."""
    orphans: int = 0
    """Blobs that no row names."""
    strangers: int = 0
    """Of them, those of events that the database does not know."""
    orphan_bytes: int = 0
    rows: int = 0
    """Media on record that were compared."""
    vanished: int = 0
    """Of them, those whose blobs are gone."""
    never_came: int = 0
    """Media that waited on a worker's disk for longer than they are waited for."""


def sweep(database: Database, blobs: Blobs, now: datetime, *, dry_run: bool, even_most: bool, report: Report) -> Swept:
    """Look through the whole store and all rows, then put right what was found, in small batches.

    Nothing is touched before all of it was looked through. May be broken off at any moment, and begun again. Raises
    `Unavailable` where the store or the database fails on the way. Raises `Conflict` where store and database do not
    look as if they belong together, and `even_most` does not say that this is meant.
    """
    swept = Swept(is_dry_run=dry_run)
    vanished = _compare(database, blobs, now, swept, report)
    orphans = _look(database, blobs, now, swept, report)
    if not even_most:
        _check_right_store(swept)
    with database.read() as connection:
        swept.never_came = count_never_came(connection, now - WAITED_FOR)
    if not dry_run and (orphans or vanished or swept.never_came):
        _put_right(database, blobs, now, orphans, vanished, swept, report)
    return swept


def _compare(database: Database, blobs: Blobs, now: datetime, swept: Swept, report: Report) -> list[MediaRow]:
    total = count_rows(database)
    vanished: list[MediaRow] = []
    for compared in look_for_vanished(database, blobs, now - SPARED):
        swept.rows += compared.rows
        vanished += compared.gone
        report("comparing rows", swept.rows, total)
    swept.vanished = len(vanished)
    return vanished


def _look(database: Database, blobs: Blobs, now: datetime, swept: Swept, report: Report) -> list[StoredKey]:
    orphans: list[StoredKey] = []
    for looked in look_for_orphans(database, blobs, now - SPARED):
        swept.blobs += looked.blobs
        swept.foreign += looked.foreign
        swept.young += looked.young
        swept.strangers += looked.strangers
        orphans += looked.orphans
        report("looking at blobs", swept.blobs, None)
    swept.orphans, swept.orphan_bytes = len(orphans), sum(found.bytes for found in orphans)
    return orphans


def _check_right_store(swept: Swept) -> None:
    ours = swept.blobs - swept.foreign
    if swept.strangers > _FEW:
        # A removed event's blobs go before it does, so that there are next to none of these in a store of one's own.
        raise Conflict(
            f"{swept.strangers} blobs in the store are of events that this database does not know: they belong to "
            "another system that shares the store, or came after the backup that the database was restored from",
            hint=_IS_MEANT,
        )
    judged = ours - swept.young
    for many, of, words in (
        (swept.vanished, swept.rows, "media on record are not in the store"),
        (swept.orphans, judged, "blobs in the store are named by no row"),
    ):
        if many > _FEW and 2 * many > of:
            raise Conflict(
                f"{many} of {of} {words}: this looks like another store, or another database, than belong together",
                hint=_IS_MEANT,
            )
    if swept.vanished and not ours:
        raise Conflict(
            f"no blob at all is in the store, and {swept.vanished} media on record are: this looks like another store",
            hint=_IS_MEANT,
        )


def _put_right(
    database: Database,
    blobs: Blobs,
    now: datetime,
    orphans: list[StoredKey],
    vanished: list[MediaRow],
    swept: Swept,
    report: Report,
) -> None:
    found = {"orphans": swept.orphans, "vanished": swept.vanished, "never_came": swept.never_came}
    with database.write() as connection:
        put_by_machine(connection, now, Act.REMOVE, "media", detail={"sweep": found})
    for number, orphan in enumerate(orphans):
        report("removing blobs", number, len(orphans))
        if is_still_orphan(database, orphan.key):
            blobs.delete(orphan.key)
    for number, batch in enumerate(in_chunks(vanished, AT_ONCE)):
        report("correcting rows", number * AT_ONCE, len(vanished))
        with database.write() as connection:
            say_vanished(connection, batch, now)
    while True:
        with database.write() as connection:
            if not say_never_came(connection, now - WAITED_FOR, now):
                return
