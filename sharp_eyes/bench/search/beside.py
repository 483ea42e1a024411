"""Has a process write events while something is measured."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import Unavailable

from .writer import BEGUN, URL

PER_S: Final = 500
_STOP_S: Final = 30.0


@dataclass(slots=True)
class Written:
    """What was written beside, once it has ended."""

    events: int = 0
    per_s: float = 0.0


@contextmanager
def writing(url: str, folder: Path, per_s: int = PER_S) -> Iterator[Written]:
    """500 events a second go into the database at `url` until the context ends; the log lies in `folder`.

    Raises `Unavailable` where the process does not begin, or has ended before it should.
    """
    log = folder / "writer.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a module of our own, no shell
            [sys.executable, "-m", "sharp_eyes.bench.search.writer", str(per_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            env={**os.environ, URL: url},
        )
    written = Written()
    try:
        assert process.stdout is not None  # noqa: S101 - it was opened with pipes
        assert process.stdin is not None  # noqa: S101 - likewise
        if process.stdout.readline().strip() != BEGUN:
            raise Unavailable(f"the process that writes beside did not begin: {_last_words(log)}")
        yield written
        process.stdin.close()
        line = process.stdout.readline()
        if not line:
            raise Unavailable(f"the process that writes beside ended too early: {_last_words(log)}")
        told = json.loads(line)
        written.events = int(told["written"])
        written.per_s = round(told["written"] / told["seconds"], 1)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    """Kindly first: it has something to put back."""
    assert process.stdin is not None  # noqa: S101 - it was opened with pipes
    assert process.stdout is not None  # noqa: S101 - likewise
    with suppress(BrokenPipeError):
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_S)
    process.kill()
    process.wait()
    process.stdout.close()


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
