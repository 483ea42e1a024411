"""Files of cameras, and what becomes of them."""

import io
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any

import openpyxl

from core.camera import DepartmentId
from core.clock import Clock
from ingest.address import check_address, hide_secrets
from registry import departments
from registry.db import Database
from registry.imports.checking import CheckAddress
from registry.imports.file_rows import BrokenRow, FileRow
from registry.imports.importer import Importer, ImportOrder
from registry.imports.opening import open_rows
from registry.imports.settings import ImportSettings
from registry.imports.verdicts import Tally, Verdict, VerdictKind
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey

from .builders import FakeClock

KEY = ring_of(SealingKey(b"k" * 32))
SECRET = "hunter2"


def a_csv(*rows: Mapping[str, object]) -> bytes:
    """A CSV file of these rows, each with the columns of all."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in line) + "\r\n" for line in lines).encode()


def an_xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook whose first sheet has these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def a_code(serial: int) -> str:
    """A GB/T 28181 code of a camera."""
    return f"3402000000132{serial:07d}"


def read(content: bytes, settings: ImportSettings | None = None) -> list[FileRow | BrokenRow]:
    """The rows of a file. Raises `BadInput`."""
    return list(open_rows(io.BytesIO(content), settings or ImportSettings()).rows())


@dataclass
class Noted:
    """`Ledger` that remembers, and may stop the import."""

    verdicts: list[Verdict] = field(default_factory=list)
    batches: int = 0
    stop: Flag = field(default_factory=Flag)
    stop_after: int | None = None

    def note(self, connection: object, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
        self.verdicts += verdicts
        self.batches += 1
        assert tally.done == len(self.verdicts)
        if self.stop_after == self.batches:
            self.stop.set()

    def of(self, kind: VerdictKind) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.kind is kind]

    @property
    def kinds(self) -> list[str]:
        return [verdict.kind.value for verdict in self.verdicts]


def take(
    database: Database,
    content: bytes,
    *,
    dry_run: bool = False,
    department: DepartmentId = departments.DEFAULT,
    check: CheckAddress = check_address,
    clock: Clock | None = None,
    noted: Noted | None = None,
    settings: ImportSettings | None = None,
) -> Noted:
    """Import a file, and note what became of its rows."""
    noted = noted or Noted()
    settings = settings or ImportSettings()
    importer = Importer(database, KEY, clock or FakeClock(), settings, check, hide_secrets)
    reader = open_rows(io.BytesIO(content), settings)
    importer.run(reader, ImportOrder(dry_run, department), noted, noted.stop)
    return noted


def one(noted: Noted) -> Verdict:
    """The verdict of a file of one row."""
    [verdict] = noted.verdicts
    return verdict


def a_big_csv(rows: int) -> bytes:
    """3 % of it bad: codes cut short, places swapped."""
    dice = random.Random(1)

    def each() -> Iterator[dict[str, object]]:
        for n in range(1, rows + 1):
            lon, lat = round(116 + dice.random(), 6), round(39 + dice.random(), 6)
            row: dict[str, object] = {"name": f"相机 {n}", "gb_code": a_code(n), "longitude": lon, "latitude": lat}
            if n % 33 == 0:
                row |= {"gb_code": a_code(n)[:-1]} if n % 2 else {"longitude": lat, "latitude": lon}
            yield row | {"url": f"rtsp://10.{n >> 8 & 255}.{n & 255}.1/a", "user": "ann", "password": f"pw{n}"}

    return a_csv(*each())
