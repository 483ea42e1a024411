"""Files of cameras from the command line, straight into the database and out of it."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import TextIO

from core.camera import DepartmentId
from core.clock import SystemClock
from core.errors import BadInput, Unavailable
from ingest.address import check_address, hide_secrets
from registry import departments
from registry.audit.entry import Act
from registry.audit.machine import put_by_machine
from registry.catalogue.filter import CameraFilter
from registry.db import Database
from registry.exports.reading import ExportedCamera, exported
from registry.exports.writing import ExportFormat, written
from registry.imports.formulas import with_guard
from registry.imports.importer import Importer, ImportOrder
from registry.imports.opening import open_rows
from registry.imports.touched import Touched
from registry.imports.verdicts import Tally, Verdict

from .preparation import open_keys, prepare
from .settings import Settings

Note = Callable[[list[Verdict], Tally, float], None]
"""Is told of each batch: its verdicts, the sums with them, how much of the file was read."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    tally: Tally
    ignored: tuple[str, ...]
    """Columns that mean nothing here."""


def import_cameras(
    settings: Settings,
    path: Path,
    *,
    dry_run: bool,
    department: str | None,
    report: Path | None,
    note: Note,
    stop: Flag,
) -> Imported:
    """Take the cameras of the file at `path`, until its end or until `stop` is set.

    Raises `BadInput` where the file cannot be read, or there is no such department; `Unavailable` where the database is
    away or the report cannot be written.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror}", field="file") from None
        reader = open_rows(file, settings.imports)
        stack.callback(reader.close)
        database = prepare(settings)
        stack.callback(database.close)
        importer = Importer(
            database,
            open_keys(settings),
            SystemClock(),
            settings.imports,
            lambda url: check_address(url, files=settings.streams.files, own_port=settings.api.port),
            hide_secrets,
        )
        told = _Told(note, None if report is None else _Report(stack.enter_context(_open_report(report))))
        order = ImportOrder(dry_run, _department(database, department))
        ledger = Touched(told)
        with _on_record(importer, path.name, order, ledger, stop):
            tally = importer.run(reader, order, ledger, stop)
        return Imported(tally, tuple(reader.ignored))


@contextmanager
def _on_record(importer: Importer, name: str, order: ImportOrder, ledger: Touched, stop: Flag) -> Iterator[None]:
    """The import is on record with its beginning and its end, whichever way it ends."""

    def put(state: str, **more: object) -> None:
        detail = {"file": name, "dry_run": order.dry_run, "state": state, **more}
        touched = ledger.departments | {order.department}
        with importer.database.write() as connection:
            at = importer.clock.now()
            put_by_machine(connection, at, Act.IMPORT, "import", departments=touched, detail=detail)

    put("running")
    try:
        yield
    except BaseException:
        with suppress(Unavailable):  # which is why it failed
            put("failed", **ledger.sums)
        raise
    put("cancelled" if stop.is_set() else "finished", **ledger.sums)


def export_cameras(settings: Settings, path: Path, *, q: str | None, department: str | None, region: str | None) -> int:
    """Write the cameras that fit to the file at `path`, which appears once it is whole; how many there were.

    Raises `BadInput` for a name that says no format or a filter that cannot be, `Unavailable` where the file cannot be
    written, or it cannot be put on record that it was.
    """
    try:
        form = ExportFormat(path.suffix.removeprefix(".").lower())
    except ValueError:
        raise BadInput(
            f"{path.name} says no format; expected a name in .csv, .json or .geojson", field="file"
        ) from None
    database = prepare(settings)
    try:
        owner = frozenset() if department is None else frozenset({_department(database, department)})
        asked = CameraFilter(q=q, departments=owner, region=region)
        number = 0
        owners: set[DepartmentId] = set()

        def counted() -> Iterator[list[ExportedCamera]]:
            nonlocal number
            for piece in exported(database, asked, hide_secrets):
                number += len(piece)
                owners.update(one.record.camera.department for one in piece)
                yield piece

        draft = path.with_name(f".{path.name}.part")
        try:
            with draft.open("w", encoding="utf-8", newline="") as file:
                file.writelines(written(counted(), form))
            given = {"q": q, "department": sorted(asked.departments), "region": region}
            filters = {name: value for name, value in given.items() if value}
            detail = {"file": path.name, "filters": filters, "count": number}
            with database.write() as connection:  # on record before it appears
                at = SystemClock().now()
                put_by_machine(connection, at, Act.EXPORT, "camera", departments=owners, detail=detail)
            draft.replace(path)
        except OSError as error:
            raise Unavailable(f"{path} cannot be written: {error.strerror}") from None
        finally:
            draft.unlink(missing_ok=True)
        return number
    finally:
        database.close()


def _department(database: Database, asked: str | None) -> DepartmentId:
    if asked is None:
        return departments.DEFAULT
    with database.read() as connection:
        known = departments.list_departments(connection)
    found = next((one.id for one in known if asked in (one.name, str(one.id))), None)
    if found is None:
        names = ", ".join(f"{one.id} {one.name}" for one in known[:10])
        raise BadInput(f"there is no department {asked[:60]!r}; there are {names}", field="--department")
    return found


def _open_report(path: Path) -> TextIO:
    try:
        # With a mark, by which Excel knows UTF-8.
        return path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise Unavailable(f"the report {path} cannot be written: {error.strerror}") from None


class _Told:
    """`Ledger` of the command line."""

    def __init__(self, note: Note, report: "_Report | None") -> None:
        self._note = note
        self._report = report

    def note(self, connection: object, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
        if self._report is not None:
            self._report.write(verdicts)
        self._note(list(verdicts), tally, share)


class _Report:
    """What became of each row, as a table: a line for each change and each reason."""

    def __init__(self, file: TextIO) -> None:
        self._lines = csv.writer(file)
        self._lines.writerow(["row", "verdict", "camera", "name", "column", "found or old", "expected or new", "hint"])

    def write(self, verdicts: Sequence[Verdict]) -> None:
        for verdict in verdicts:
            own = [str(verdict.row), verdict.kind.value, str(verdict.camera or ""), verdict.name or ""]
            lines = [
                *([one.column or "", one.found or "", one.expected, one.hint or ""] for one in verdict.refusals),
                *([one.field, one.old or "", one.new or "", ""] for one in verdict.changes),
            ]
            for line in lines or [[""] * 4]:
                self._lines.writerow([with_guard(cell) for cell in (*own, *line)])
