"""A whole file into the registry, in batches of one short transaction each."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Event as Flag
from typing import Final, Protocol

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.clock import Clock
from core.errors import BadInput

from ..db import Database, is_sqlite
from ..sealing_key import SealingKey
from ..tables import registry_version
from .applying import apply
from .checking import CheckAddress, HideSecrets, RowCheck, Wanted
from .claims import Claims
from .columns import Column
from .file_rows import BrokenRow, FileReader, FileRow
from .known import look_up, owners
from .planning import Plan, Planner
from .settings import ImportSettings
from .sites import SiteChecks
from .verdicts import Refusal, Verdict, refused

_FIRST_BATCH: Final = 32
_LARGEST_BATCH: Final = 256
_HELD_S: Final = 0.02
"""For about so long a batch holds SQLite's one writer."""


@dataclass(slots=True)
class Tally:
    """How many rows had which verdict so far."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        return self.created + self.changed + self.unchanged + self.refused

    def count(self, verdicts: Sequence[Verdict]) -> None:
        for verdict in verdicts:
            setattr(self, verdict.kind.value, getattr(self, verdict.kind.value) + 1)


class Ledger(Protocol):
    """Takes note of each batch."""

    def note(self, connection: Connection | None, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
        """The verdicts of one batch, the sums with them, and how much of the file was read (0 to 1). `connection` is the
        transaction that the batch was written in; None where nothing was written."""


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """How a file is to be taken."""

    dry_run: bool
    """Say what would happen, and change nothing."""
    department: DepartmentId
    """Whose cameras rows are that name no department."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Takes files. Any thread, a file each."""

    database: Database
    key: SealingKey
    clock: Clock
    settings: ImportSettings
    check_address: CheckAddress
    hide_secrets: HideSecrets
    _held_s: float = field(default=_HELD_S)

    def run(self, reader: FileReader, order: ImportOrder, ledger: Ledger, stop: Flag) -> Tally:
        """Take the rows of `reader` until it ends or `stop` is set, which is heeded after each batch.

        What was taken stays taken. Raises `BadInput` where the file cannot be read on or has too many rows, and
        `Unavailable` where the database is away.
        """
        tally = Tally()
        check = RowCheck(self.check_address, self.hide_secrets)
        size = _FIRST_BATCH
        rows = self._bounded(reader.rows())
        with Claims() as claims:
            while not stop.is_set() and (batch := list(islice(rows, size))):
                checked = [(row.number, check.check(row)) for row in batch]
                began = time.monotonic()
                verdicts = self._take(checked, order, claims, ledger, tally, reader)
                held_s = time.monotonic() - began
                if verdicts:
                    size = max(1, min(_LARGEST_BATCH, size * 2, round(size * self._held_s / max(held_s, 1e-4))))
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

    def _take(
        self,
        checked: Sequence[tuple[int, "Wanted | tuple[str | None, tuple[Refusal, ...]]"]],
        order: ImportOrder,
        claims: Claims,
        ledger: Ledger,
        tally: Tally,
        reader: FileReader,
    ) -> list[Verdict]:
        if order.dry_run:
            with self.database.read() as connection:
                plans = self._plan(connection, checked, order, claims)
            verdicts = [plan.verdict if isinstance(plan, Plan) else plan for plan in plans]
            tally.count(verdicts)
            ledger.note(None, verdicts, tally, reader.share())
            return verdicts
        with self.database.write() as connection:
            if not is_sqlite(connection):
                # Who changes the registry takes this row first: what is planned stays true until it is written.
                connection.execute(select(registry_version).with_for_update())
            plans = self._plan(connection, checked, order, claims)
            written = iter(apply(connection, self.key, [one for one in plans if isinstance(one, Plan)], self.clock.now()))
            verdicts = [next(written) if isinstance(plan, Plan) else plan for plan in plans]
            tally.count(verdicts)
            ledger.note(connection, verdicts, tally, reader.share())
        return verdicts

    def _plan(
        self,
        connection: Connection,
        checked: Sequence[tuple[int, "Wanted | tuple[str | None, tuple[Refusal, ...]]"]],
        order: ImportOrder,
        claims: Claims,
    ) -> list[Plan | Verdict]:
        departments = owners(connection)
        owned: dict[int, tuple[Wanted, DepartmentId]] = {}
        refusals: dict[int, Verdict] = {}
        for number, found in checked:
            if not isinstance(found, Wanted):
                refusals[number] = refused(number, found[0], *found[1])
                continue
            owner = order.department if found.department is None else departments.find(found.department)
            if owner is None:
                hint = "add the department first, or write its name or number as it is registered"
                shown = RowCheck(self.check_address, self.hide_secrets).shown(found.department or "")
                refusal = Refusal(Column.DEPARTMENT, shown, "the name or the number of a department", hint)
                refusals[number] = refused(number, found.name, refusal)
            else:
                owned[number] = found, owner
        known = look_up(connection, self.key, list(owned.values()))
        sites = SiteChecks(connection, [wanted for wanted, _ in owned.values()])
        planner = Planner(departments, known, claims, sites, self.hide_secrets)
        return [refusals.get(number) or planner.plan(*owned[number]) for number, _ in checked]


