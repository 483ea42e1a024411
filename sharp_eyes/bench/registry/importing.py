"""The part that takes a file of cameras."""

import csv
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from threading import Event as Flag
from time import perf_counter
from typing import Any, Final

from core.clock import SystemClock
from core.errors import SharpEyesError
from core.ids import CameraId
from ingest.address import check_address, hide_secrets
from registry import cameras, departments
from registry.chunks import in_chunks
from registry.imports.importer import Importer, ImportOrder
from registry.imports.opening import open_rows
from registry.imports.settings import ImportSettings
from registry.imports.verdicts import Tally, Verdict
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey

from .stage import Figure, Stage

ROWS: Final = 10_000
GOAL_MS: Final = 20_000.0
_ONE_BAD_IN: Final = 33
_TYPE: Final = "132"
_NETWORK: Final = "9"
"""No simulated camera has a code of that network (digit 14)."""
_REMOVED_AT_ONCE: Final = 50


def importing(stage: Stage, rows: int = ROWS) -> list[Figure]:
    """A file of so many rows, 3 of 100 bad: tried, taken, and taken again. Its cameras are removed afterwards."""
    file = stage.folder / "cameras.csv"
    area = next(code for camera in stage.oracle().cameras if (code := camera.facts.gb_code))[:10]
    bad = _write(file, rows, area, Random(stage.seed))  # noqa: S311 - no secret
    good = rows - bad
    figures = []
    added: list[CameraId] = []
    for name, dry_run, expected in (
        ("import: dry run", True, Tally(created=good, refused=bad)),
        ("import: first time", False, Tally(created=good, refused=bad)),
        ("import: again", False, Tally(unchanged=good, refused=bad)),
    ):
        stage.tell(name, 0, rows)
        noted = _Noted(stage, rows)
        began = perf_counter()
        tally = _take(stage, file, noted, dry_run=dry_run)
        took_ms = round((perf_counter() - began) * 1000, 1)
        if tally != expected:
            raise SharpEyesError(f"{name}: {tally}, expected {expected}")
        added = noted.cameras or added
        figures.append(Figure(name, {"runs": 1, "p50_ms": took_ms, "p95_ms": took_ms, "max_ms": took_ms}, GOAL_MS))
    figures.append(_memory(stage, file, rows))
    _remove(stage, added)
    return figures


class _Noted:
    """`Ledger` that remembers which cameras there were."""

    def __init__(self, stage: Stage, rows: int) -> None:
        self._stage = stage
        self._rows = rows
        self.cameras: list[CameraId] = []

    def note(self, connection: object, verdicts: Sequence[Verdict], tally: Tally, share: float) -> None:
        self.cameras += [verdict.camera for verdict in verdicts if verdict.camera is not None]
        self._stage.tell("import", tally.done, self._rows)


def _take(stage: Stage, file: Path, noted: _Noted, *, dry_run: bool) -> Tally:
    settings = ImportSettings()
    keys = ring_of(SealingKey(b"b" * 32))
    importer = Importer(stage.database, keys, SystemClock(), settings, check_address, hide_secrets)
    with file.open("rb") as opened:
        reader = open_rows(opened, settings)
        try:
            return importer.run(reader, ImportOrder(dry_run, departments.DEFAULT), noted, Flag())
        finally:
            reader.close()


def _memory(stage: Stage, file: Path, rows: int) -> Figure:
    """How much memory an import takes at its peak, beside what the program has anyway."""
    tracemalloc.start()
    try:
        _take(stage, file, _Noted(stage, rows), dry_run=True)
        return Figure("import: most memory", {"runs": 1, "bytes": tracemalloc.get_traced_memory()[1]})
    finally:
        tracemalloc.stop()


def _write(file: Path, rows: int, area: str, random: Random) -> int:
    """Write the file; how many of its rows are bad. `area`: digits 1 to 10 of its codes."""
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.DictWriter(out, [*_row(1, area, random)])
        lines.writeheader()
        lines.writerows(_rows(rows, area, random))
    return rows // _ONE_BAD_IN


def _rows(rows: int, area: str, random: Random) -> Iterator[dict[str, Any]]:
    for number in range(1, rows + 1):
        row = _row(number, area, random)
        if number % _ONE_BAD_IN == 0:
            row |= {"国标编码": row["国标编码"][:-1]} if number % 2 else {"经度": row["纬度"], "纬度": row["经度"]}
        yield row


def _row(number: int, area: str, random: Random) -> dict[str, Any]:
    return {
        "名称": f"新点位 {number}",
        "国标编码": f"{area}{_TYPE}{_NETWORK}{number:06d}",
        "自编号": f"new-{number}",
        "经度": round(116 + random.random(), 6),
        "纬度": round(39 + random.random(), 6),
        "安装地址": f"中山路 {number} 号",
        "rtsp地址": f"rtsp://10.{number >> 16}.{number >> 8 & 255}.{number & 255}/Streaming/Channels/102",
        "用户名": "viewer",
        "密码": f"pass-{number}",
    }


def _remove(stage: Stage, added: Sequence[CameraId]) -> None:
    for chunk in in_chunks(added, _REMOVED_AT_ONCE):
        with stage.database.write() as connection:
            for number in chunk:
                cameras.remove(connection, number, SystemClock().now())
