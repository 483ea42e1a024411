"""Imports on record: what they read, how far they are, and what became of each row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from core.access import Principal
from core.errors import NotFound
from core.ids import CameraId

from ..db import Database
from ..import_tables import camera_import, camera_import_row
from ..page import Page
from .verdicts import Tally, Verdict, VerdictKind

ImportId = NewType("ImportId", int)

_MOST_REMOVED: Final = 1000
"""Rows that are forgotten in one transaction."""
_SILENCE: Final = timedelta(seconds=30)
"""A program that was not heard of for so long has ended. It may wait half of that for the database alone."""


class ImportState(StrEnum):
    """How an import is doing."""

    WAITING = "waiting"
    """The file has arrived; another import is at work."""
    RUNNING = "running"
    FINISHED = "finished"
    """The file was read to its end; rows may have been refused."""
    CANCELLED = "cancelled"
    """Somebody stopped it; what was taken stays taken."""
    FAILED = "failed"
    """The file could not be read on, or the database was away; what was taken stays taken."""
    INTERRUPTED = "interrupted"
    """The program ended meanwhile; what was taken stays taken. Import the file again: nothing is taken twice."""


FORGOTTEN: Final = "old ones are forgotten: see imports.kept in the settings"
ENDED: Final = frozenset(
    {ImportState.FINISHED, ImportState.CANCELLED, ImportState.FAILED, ImportState.INTERRUPTED},
)


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """An import on record."""

    id: ImportId
    file: str
    state: ImportState
    dry_run: bool
    total: int | None
    """Rows of the file; None before its end was seen."""
    tally: Tally
    share: float
    """How much of the file was read, 0 to 1."""
    started_at: datetime
    ended_at: datetime | None
    fault: str | None
    ignored: tuple[str, ...]
    """Columns that mean nothing here."""
    maker: str
    """Who began it, by `maker_of`; empty where an earlier version took it."""


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """What became of a row, as it was written down."""

    row: int
    kind: VerdictKind
    camera: CameraId | None
    details: dict[str, Any]
    """See `Verdict.details`."""


def maker_of(principal: Principal) -> str:
    """Who begins an import, as its record names them."""
    return f"{principal.kind.value} {principal.id}"


def add(connection: Connection, *, file: str, dry_run: bool, at: datetime, maker: str = "") -> ImportRecord:
    """An import that waits, from `at` on, by the database's clock. Its program tells with `beat` that it still does."""
    nothing = {"done": 0, "created": 0, "changed": 0, "unchanged": 0, "refused": 0, "started_at": at}
    nothing["heartbeat_at"] = at
    values = {"file": file, "state": ImportState.WAITING.value, "dry_run": dry_run, "maker": maker, **nothing}
    number = connection.execute(insert(camera_import).values(values).returning(camera_import.c.id)).scalar_one()
    return get(connection, ImportId(number))


def get(connection: Connection, number: ImportId) -> ImportRecord:
    """The import of that number. Raises `NotFound`."""
    row = connection.execute(select(camera_import).where(camera_import.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no import {number}", hint=FORGOTTEN)
    return _record(row)


def newest(
    connection: Connection, *, maker: str | None = None, cursor: ImportId | None = None, limit: int = 100
) -> Page[ImportRecord, ImportId]:
    """Imports, newest first, from before `cursor`; those of `maker` alone, where one is named."""
    statement = select(camera_import).order_by(camera_import.c.id.desc()).limit(limit + 1)
    if maker is not None:
        statement = statement.where(camera_import.c.maker == maker)
    if cursor is not None:
        statement = statement.where(camera_import.c.id < cursor)
    found = [_record(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def rows(
    connection: Connection,
    number: ImportId,
    *,
    kinds: Sequence[VerdictKind] = (),
    cursor: int | None = None,
    limit: int = 100,
) -> Page[KeptVerdict, int]:
    """What became of the rows of an import, in their order, after `cursor`; of `kinds` alone, where some are named.

    Raises `NotFound`.
    """
    get(connection, number)
    table = camera_import_row
    statement = select(table).where(table.c["import"] == number).order_by(table.c.row).limit(limit + 1)
    if kinds:
        statement = statement.where(table.c.verdict.in_([kind.value for kind in kinds]))
    if cursor is not None:
        statement = statement.where(table.c.row > cursor)
    found = [
        KeptVerdict(row.row, VerdictKind(row.verdict), row.camera, json.loads(row.details))
        for row in connection.execute(statement)
    ]
    return Page(tuple(found[:limit]), found[limit - 1].row if len(found) > limit else None)


def begin(connection: Connection, number: ImportId, ignored: Sequence[str]) -> None:
    """The import is at work."""
    values = {"state": ImportState.RUNNING.value, "ignored": json.dumps(list(ignored), ensure_ascii=False)}
    connection.execute(update(camera_import).where(camera_import.c.id == number).values(values))


def note(connection: Connection, number: ImportId, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
    """What became of a batch of rows."""
    if verdicts:
        connection.execute(insert(camera_import_row), [_row_values(number, verdict) for verdict in verdicts])
    values = {
        "done": tally.done,
        "created": tally.created,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "refused": tally.refused,
        "share": share,
    }
    connection.execute(update(camera_import).where(camera_import.c.id == number).values(values))


def end(
    connection: Connection, number: ImportId, state: ImportState, at: datetime, *, fault: str | None = None
) -> None:
    """The import has ended."""
    values: dict[str, Any] = {"state": state.value, "ended_at": at, "fault": fault}
    if state is ImportState.FINISHED:
        values |= {"total": camera_import.c.done, "share": 1.0}
    connection.execute(update(camera_import).where(camera_import.c.id == number).values(values))


def beat(connection: Connection, numbers: Sequence[ImportId], at: datetime) -> None:
    """The program that runs these imports, or has them waiting, is there at `at`, by the database's clock."""
    connection.execute(update(camera_import).where(camera_import.c.id.in_(numbers)).values(heartbeat_at=at))


def ask_to_stop(connection: Connection, number: ImportId) -> None:
    """Tell the program that runs the import, or has it waiting, to leave off."""
    connection.execute(update(camera_import).where(camera_import.c.id == number).values(stop_asked=True))


def asked_to_stop(connection: Connection, numbers: Sequence[ImportId]) -> frozenset[ImportId]:
    """Which of these imports somebody wants to end."""
    asked = select(camera_import.c.id).where(camera_import.c.id.in_(numbers), camera_import.c.stop_asked)
    return frozenset(ImportId(number) for number in connection.scalars(asked))


def any_left(connection: Connection, at: datetime) -> bool:
    """Whether there is something to be marked as interrupted."""
    return connection.execute(select(camera_import.c.id).where(_is_left(at)).limit(1)).first() is not None


def mark_interrupted(connection: Connection, at: datetime) -> list[ImportRecord]:
    """What waits or runs in a program that has ended: it was not heard of for half a minute before `at`, by the
    database's clock. Several programs may share a database."""
    values = {"state": ImportState.INTERRUPTED.value, "ended_at": at}
    marked = update(camera_import).where(_is_left(at)).values(values).returning(*camera_import.c)
    return [_record(row) for row in connection.execute(marked)]


def _is_left(at: datetime) -> ColumnElement[bool]:
    unfinished = camera_import.c.state.in_([state.value for state in ImportState if state not in ENDED])
    silent = or_(camera_import.c.heartbeat_at.is_(None), camera_import.c.heartbeat_at < at - _SILENCE)
    return and_(unfinished, silent)


def forget_old(connection: Connection, kept: int) -> bool:
    """Forget a part of what is older than the newest `kept` imports and has ended. True where there is more."""
    statement = select(camera_import.c.id).order_by(camera_import.c.id.desc()).offset(kept).limit(1)
    beyond = connection.execute(statement).scalar_one_or_none()
    if beyond is None:
        return False
    table = camera_import_row
    has_ended = camera_import.c.state.in_([state.value for state in ENDED])
    oldest = select(camera_import.c.id).where(camera_import.c.id <= beyond, has_ended).order_by(camera_import.c.id)
    number = connection.execute(oldest.limit(1)).scalar_one_or_none()
    if number is None:
        return False
    due = select(table.c.row).where(table.c["import"] == number).order_by(table.c.row).limit(_MOST_REMOVED)
    removed = connection.execute(delete(table).where(table.c["import"] == number, table.c.row.in_(due))).rowcount
    if removed < _MOST_REMOVED:
        connection.execute(delete(camera_import).where(camera_import.c.id == number))
    return True


@dataclass(frozen=True, slots=True)
class KeptLedger:
    """`Ledger` in the database: of a dry run too."""

    database: Database
    id: ImportId

    def note(self, connection: Connection | None, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
        """See `Ledger`."""
        if connection is not None:
            note(connection, self.id, verdicts, tally, share)
            return
        with self.database.write() as own:
            note(own, self.id, verdicts, tally, share)


def _row_values(number: ImportId, verdict: Verdict) -> dict[str, Any]:
    details = json.dumps(verdict.details(), ensure_ascii=False)
    own = {"row": verdict.row, "verdict": verdict.kind.value, "camera": verdict.camera, "details": details}
    return {"import": number, **own}


def _record(row: Row[tuple[Any, ...]]) -> ImportRecord:
    return ImportRecord(
        id=ImportId(row.id),
        file=row.file,
        state=ImportState(row.state),
        dry_run=row.dry_run,
        total=row.total,
        tally=Tally(row.created, row.changed, row.unchanged, row.refused),
        share=row.share,
        started_at=row.started_at,
        ended_at=row.ended_at,
        fault=row.fault,
        ignored=tuple(json.loads(row.ignored)),
        maker=row.maker,
    )
