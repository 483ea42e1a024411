"""A whole file into the registry, in batches of one short transaction each."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Event as Flag
from typing import Final, Protocol

from sqlalchemy import Connection, select

from core.access import Right
from core.camera import DepartmentId
from core.clock import Clock
from core.errors import BadInput

from .. import version
from ..db import Database, Engines, is_sqlite
from ..key_ring import KeyRing
from ..tables import registry_version
from .applying import apply
from .checking import CheckAddress, HideSecrets, RowCheck, Wanted
from .claims import Claims
from .columns import Column
from .file_rows import BrokenRow, FileReader, FileRow
from .known import look_up, owners
from .planning import Plan, Planner
from .rights import FindScope, Rights, seen_by, without_limits
from .settings import ImportSettings
from .sites import SiteChecks
from .verdicts import Refusal, Tally, Verdict, refused

_FIRST_BATCH: Final = 16
_SMALLEST_BATCH: Final = 16
_LARGEST_BATCH: Final = 256
_HELD_S: Final = {Engines.SQLITE: 0.025, Engines.POSTGRESQL: 0.25}
"""For about so long a batch keeps others from writing: in SQLite all of them, in PostgreSQL those who change the
registry."""


class Ledger(Protocol):
    """Takes note of each batch."""

    def note(self, connection: Connection | None, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
        """The verdicts of one batch, the sums with them, and how much of the file was read (0 to 1).

        `connection` is the transaction that the batch is written in; None in a dry run, which writes nothing.
        """


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """How a file is to be taken."""

    dry_run: bool
    """Say what would happen, and change nothing."""
    department: DepartmentId
    """Whose cameras rows are that name no department."""
    scope: FindScope = without_limits
    """Rows about cameras and departments that who imports may not change are refused."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that was checked by itself: what it wants, or its verdict."""

    number: int
    wanted: Wanted | None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Importer:
    """Takes files. Any thread, a file each."""

    database: Database
    keys: KeyRing
    clock: Clock
    settings: ImportSettings
    check_address: CheckAddress
    hide_secrets: HideSecrets

    def run(self, reader: FileReader, order: ImportOrder, ledger: Ledger, stop: Flag) -> Tally:
        """Take the rows of `reader` until it ends or `stop` is set, which is heeded after each batch.

        What was taken stays taken. Raises `BadInput` where the file cannot be read on or has too many rows,
        `Unavailable` where the database is away, and what `order.scope` raises.
        """
        tally = Tally()
        check = RowCheck(self.check_address, self.hide_secrets)
        held_s = _HELD_S[self.database.kind]
        size = _LARGEST_BATCH if order.dry_run else _FIRST_BATCH
        rows = self._bounded(reader.rows())
        with Claims() as claims:
            while not stop.is_set() and (batch := list(islice(rows, size))):
                checked = [_checked(check, row) for row in batch]
                if order.dry_run:
                    tally = self._try(checked, order, claims, ledger, tally, reader.share())
                    continue
                tally, took_s = self._take(checked, order, claims, ledger, tally, reader.share())
                fitting = round(len(batch) * held_s / max(took_s, 1e-4))
                size = max(_SMALLEST_BATCH, min(_LARGEST_BATCH, size * 2, fitting))
        return tally

    def _bounded(self, rows: Iterator[FileRow | BrokenRow]) -> Iterator[FileRow | BrokenRow]:
        for number, row in enumerate(rows, 1):
            if number > self.settings.most_rows:
                raise BadInput(
                    f"the file has more than {self.settings.most_rows} rows",
                    field="file",
                    hint="split it; what was taken so far stays taken",
                )
            yield row

    def _try(
        self,
        checked: Sequence[_Row],
        order: ImportOrder,
        claims: Claims,
        ledger: Ledger,
        tally: Tally,
        share: float,
    ) -> Tally:
        with self.database.read() as connection:
            plans = self._plan(connection, checked, order, claims)
            verdicts = [plan.verdict if isinstance(plan, Plan) else plan for plan in plans]
        tally = tally.with_more(verdicts)
        ledger.note(None, verdicts, tally, share)
        return tally

    def _take(
        self,
        checked: Sequence[_Row],
        order: ImportOrder,
        claims: Claims,
        ledger: Ledger,
        tally: Tally,
        share: float,
    ) -> tuple[Tally, float]:
        """Take one batch: the sums with it, and for how many seconds it held the writer.

        It is planned before: the writer is not held for that. Where the registry has changed meanwhile, the plans are
        made anew, and likewise where who imports may see or change something else now.
        """
        try:
            with claims.attempt():
                with self.database.read() as connection:
                    planned_for = version.current(connection), order.scope(connection)
                    plans = self._plan(connection, checked, order, claims)
                with self.database.write() as connection:
                    began = time.monotonic()
                    if (_locked_version(connection), order.scope(connection)) != planned_for:
                        raise _PlansAreOld
                    tally = self._write(connection, plans, ledger, tally, share)
        except _PlansAreOld:
            with claims.attempt(), self.database.write() as connection:
                began = time.monotonic()
                _locked_version(connection)
                plans = self._plan(connection, checked, order, claims)
                tally = self._write(connection, plans, ledger, tally, share)
        return tally, time.monotonic() - began

    def _write(
        self, connection: Connection, plans: Sequence[Plan | Verdict], ledger: Ledger, tally: Tally, share: float
    ) -> Tally:
        taken = [one for one in plans if isinstance(one, Plan)]
        written = iter(apply(connection, self.keys, taken, self.clock.now()))
        verdicts = [next(written) if isinstance(plan, Plan) else plan for plan in plans]
        tally = tally.with_more(verdicts)
        ledger.note(connection, verdicts, tally, share)
        return tally

    def _plan(
        self, connection: Connection, checked: Sequence[_Row], order: ImportOrder, claims: Claims
    ) -> list[Plan | Verdict]:
        scope = order.scope(connection)
        departments = owners(connection)
        owned: dict[int, tuple[Wanted, DepartmentId]] = {}
        verdicts = {row.number: row.verdict for row in checked if row.verdict is not None}
        for wanted in (row.wanted for row in checked if row.wanted is not None):
            owner = order.department if wanted.department is None else departments.find(wanted.department)
            if owner is None:
                hint = "add the department first, or write its name or number as it is registered"
                shown = RowCheck(self.check_address, self.hide_secrets).shown(wanted.department or "")
                refusal = Refusal(Column.DEPARTMENT, shown, "the name or the number of a department", hint)
                verdicts[wanted.row] = refused(wanted.row, wanted.name, refusal)
            else:
                owned[wanted.row] = wanted, owner
        seen = scope[Right.LIST]
        known = seen_by(look_up(connection, self.keys, list(owned.values())), seen, scope[Right.MANAGE])
        sites = SiteChecks(connection, [wanted for wanted, _ in owned.values()], seen)
        planner = Planner(Rights(scope[Right.MANAGE], departments), known, claims, sites, self.hide_secrets)
        return [verdicts.get(row.number) or planner.plan(*owned[row.number]) for row in checked]


class _PlansAreOld(Exception):
    """The registry was changed after the plans were made."""


def _checked(check: RowCheck, row: FileRow | BrokenRow) -> _Row:
    found = check.check(row)
    if isinstance(found, Wanted):
        return _Row(row.number, found)
    name, refusals = found
    return _Row(row.number, None, refused(row.number, name, *refusals))


def _locked_version(connection: Connection) -> int:
    """The registry's version, which nobody changes before this transaction ends. (SQLite has one writer anyway.)"""
    statement = select(registry_version.c.version)
    return int(connection.execute(statement if is_sqlite(connection) else statement.with_for_update()).scalar_one())
