"""Who may import whom, and how large and how named a file may be. The checker is tried on small trees of its own."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 400

DIRECTIONS: dict[str, frozenset[str]] = {
    "core": frozenset(),
    "models": frozenset({"core"}),
    "inference": frozenset({"models", "core"}),
    "ingest": frozenset({"core"}),
    "registry": frozenset({"core"}),
    "events": frozenset({"registry", "core"}),
    "api": frozenset({"events", "registry", "core"}),
    "sharp_eyes": frozenset({"api", "events", "registry", "inference", "models", "ingest", "core"}),
}
"""Which of our packages each may import."""

_ALL_BUT_CORE = tuple(package for package in DIRECTIONS if package != "core")
_DATABASE = (
    "registry",
    "events",
    "sharp_eyes/migrations",
    "sharp_eyes/migrate.py",
    "sharp_eyes/database",
    "sharp_eyes/simulate",
    "sharp_eyes/bench/search",
)

_BENCH = ("sharp_eyes/bench/loop",)
"""The loop is measured beside one that stands on the bare libraries, on clips made for the purpose."""

WALLS: dict[str, tuple[str, ...]] = {
    "aio_rtsp_toolkit": ("sharp_eyes/demo/clip_server",),
    "alembic": ("sharp_eyes/migrations", "sharp_eyes/migrate.py"),
    "anyio": ("api",),
    "argon2": ("registry/access",),
    "av": ("ingest", *_BENCH, "sharp_eyes/bench/live"),
    "cryptography": ("registry", "events"),
    "cv2": ("ingest", "inference", "events/media", *_BENCH),
    "fastapi": ("api",),
    "h11": ("api/http_protocol",),
    "httpx2": ("models", "events/alerts", "api/worker_link"),
    "minio": ("events/media",),
    "numpy": tuple(DIRECTIONS),
    "onnxruntime": ("inference", *_BENCH),
    "openpyxl": ("registry/imports",),
    "prometheus_client": ("api", "sharp_eyes"),
    "pydantic": _ALL_BUT_CORE,
    "psycopg": ("registry",),
    "pydantic_core": _ALL_BUT_CORE,
    "pydantic_settings": ("sharp_eyes",),
    "rich": ("sharp_eyes",),
    "sqlalchemy": _DATABASE,
    "starlette": ("api",),
    "structlog": _ALL_BUT_CORE,
    "typer": ("sharp_eyes",),
    "urllib3": ("events/media/s3_blobs",),
    "uvicorn": ("api",),
    "websockets": ("api/http_protocol", "sharp_eyes/bench/live"),
}
"""Where each third-party library may be imported: a folder, or a module's path with or without `.py`."""

ALEMBIC_SCRIPTS = "sharp_eyes/migrations"
"""Alembic runs these files by path, outside any package, so a relative import has nothing to stand on."""

DRAWERS = frozenset({"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"})
"""Names that say nothing of what is inside, so that everything ends up there."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement of a file below one of our packages."""

    path: Path
    """Relative to the root of the tree."""
    line: int
    module: str
    """As written, without its leading dots."""
    dots: int

    @property
    def package(self) -> str:
        return self.path.parts[0]

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def imports_of(root: Path) -> Iterator[Import]:
    """All imports below our packages in `root`: also inside functions, under TYPE_CHECKING, and by import_module()."""
    for file in _python_files(root):
        path = file.relative_to(root)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(path))):
            match node:
                case ast.Import(names=names):
                    for name in names:
                        yield Import(path, node.lineno, name.name, 0)
                case ast.ImportFrom(module=module, level=level):
                    yield Import(path, node.lineno, module or "", level)
                case ast.Call(
                    func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                    args=[ast.Constant(value=str(module)), *_],
                ):
                    yield Import(path, node.lineno, module.lstrip("."), len(module) - len(module.lstrip(".")))
                case _:
                    pass


def fault_of(found: Import) -> str | None:
    """What is wrong with an import, or None."""
    where = f"{found.path}:{found.line}"
    if found.dots:
        if found.dots >= len(found.path.parts):
            return f"{where}: a relative import leaves its package; write it absolute"
        return None
    if found.top == found.package:
        if _is_inside(found.path, ALEMBIC_SCRIPTS):
            return None
        return f"{where}: {found.module} is of the same package; write it relative"
    if found.top in DIRECTIONS:
        if found.top in DIRECTIONS[found.package]:
            return None
        allowed = ", ".join(sorted(DIRECTIONS[found.package])) or "none of our packages"
        return f"{where}: {found.package} must not import {found.top}; it may import {allowed}"
    if found.top in sys.stdlib_module_names or found.top == "_typeshed":
        return None
    if found.top not in WALLS:
        return f"{where}: {found.top} has no entry in WALLS; decide where it may be imported"
    if any(_is_inside(found.path, place) for place in WALLS[found.top]):
        return None
    return f"{where}: {found.top} may be imported in {', '.join(WALLS[found.top])} only"


def import_faults(root: Path) -> list[str]:
    """All imports below `root` that run against the tables, each with what is wrong."""
    return [fault for found in imports_of(root) if (fault := fault_of(found)) is not None]


def shape_faults(root: Path) -> list[str]:
    """All files below `root` that are too long, or whose names say nothing."""
    faults = []
    for file in [*_python_files(root), *(root / "tests").rglob("*.py"), *(root / "console" / "src").rglob("*.ts*")]:
        path = file.relative_to(root)
        for part in (*path.parts[:-1], path.stem):
            if drawers := DRAWERS & set(part.lower().replace("-", "_").split("_")):
                faults.append(f"{path}: {', '.join(drawers)} names no idea; name the file for what it holds")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES:
            faults.append(f"{path}: {lines} lines hold two ideas; split it (at most {MOST_LINES})")
    return faults


def _python_files(root: Path) -> list[Path]:
    return sorted(file for package in DIRECTIONS for file in (root / package).rglob("*.py"))


def _is_inside(path: Path, place: str) -> bool:
    return path.is_relative_to(place) or path.with_suffix("") == Path(place)


def test_imports_run_in_the_direction_of_the_design() -> None:
    faults = import_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_files_are_short_and_named_for_what_they_hold() -> None:
    faults = shape_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_the_table_names_all_our_packages() -> None:
    folders = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert folders - {"tests"} == set(DIRECTIONS)


@pytest.mark.parametrize(
    ("path", "source", "words"),
    [
        ("core/box.py", "import registry.cameras", "core must not import registry"),
        ("ingest/reader.py", "from inference import detector", "ingest must not import inference"),
        ("inference/detector.py", "from ingest.reader import Reader", "inference must not import ingest"),
        ("registry/cameras.py", "import events", "registry must not import events"),
        ("events/index/write.py", "from api.app import app", "events must not import api"),
        ("api/app.py", "def f():\n    import ingest.live", "api must not import ingest"),
        (
            "models/card.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import inference",
            "models must not",
        ),
        (
            "models/card.py",
            "import importlib\nimportlib.import_module('inference.fit')",
            "models must not import inference",
        ),
        ("models/card.py", "import sharp_eyes", "models must not import sharp_eyes"),
        ("events/media/masking.py", "import av", "av may be imported in ingest, sharp_eyes/bench/loop"),
        (
            "models/fetch.py",
            "import onnxruntime as ort",
            "onnxruntime may be imported in inference, sharp_eyes/bench/loop only",
        ),
        ("events/index/search.py", "import cv2", "cv2 may be imported in"),
        ("inference/tracker.py", "from sqlalchemy import text", "sqlalchemy may be imported in"),
        ("core/box.py", "from pydantic import BaseModel", "pydantic may be imported in"),
        ("api/cameras.py", "import httpx2", "httpx2 may be imported in"),
        ("registry/db.py", "import torch", "torch has no entry"),
        ("events/index/write.py", "from events.index import changes", "write it relative"),
        ("events/index/write.py", "from ...registry import db", "write it absolute"),
    ],
)
def test_an_import_against_the_tables_is_found(tmp_path: Path, path: str, source: str, words: str) -> None:
    _write(tmp_path, path, source)
    assert [words in fault for fault in import_faults(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "events/index/write.py",
            "from registry import db\nfrom core.ids import EventId\nfrom ..retention import keep",
        ),
        ("api/worker_link.py", "import httpx2\nimport json"),
        ("api/worker_link/latest.py", "import httpx2"),
        ("core/box.py", "import numpy as np"),
        ("sharp_eyes/migrations/env.py", "from sharp_eyes.migrate import target"),
        ("sharp_eyes/migrate.py", "import alembic\nimport sqlalchemy"),
    ],
)
def test_an_import_within_the_tables_is_let_through(tmp_path: Path, path: str, source: str) -> None:
    _write(tmp_path, path, source)
    assert import_faults(tmp_path) == []


@pytest.mark.parametrize("path", ["core/utils.py", "ingest/frame_helpers.py", "api/common/errors.py", "events/misc.py"])
def test_a_name_that_says_nothing_is_found(tmp_path: Path, path: str) -> None:
    _write(tmp_path, path, "")
    assert ["names no idea" in fault for fault in shape_faults(tmp_path)] == [True]


def test_a_name_that_only_contains_such_a_word_is_let_through(tmp_path: Path) -> None:
    _write(tmp_path, "registry/database.py", "")
    assert shape_faults(tmp_path) == []


def test_a_file_that_is_too_long_is_found(tmp_path: Path) -> None:
    _write(tmp_path, "core/box.py", "x = 1\n" * (MOST_LINES + 1))
    assert ["hold two ideas" in fault for fault in shape_faults(tmp_path)] == [True]


def _write(root: Path, path: str, source: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
