"""The contestants' processes: told what to do, line by line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from typing import IO, Any

from core.errors import Unavailable

from .task import Task


class Contestant:
    """A process that runs one kind of loop."""

    def __init__(self, kind: str, process: "subprocess.Popen[str]") -> None:
        self._kind = kind
        self._process = process
        assert process.stdin is not None  # noqa: S101 - it was opened with pipes
        assert process.stdout is not None  # noqa: S101 - likewise
        self._tell: IO[str] = process.stdin
        self._hear: IO[str] = process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, task: Task) -> None:
        """Begin to watch."""
        self._ask({"start": asdict(task)})

    def measure(self, seconds: float) -> dict[str, Any]:
        """What watching costs, from now on for `seconds`: `core`, processor seconds a second, and what was counted."""
        self.begin_to_measure(seconds)
        return self.measured()

    def begin_to_measure(self, seconds: float) -> None:
        """Measure from now on; `measured` waits for the figures."""
        self._tell_it({"measure": seconds})

    def measured(self) -> dict[str, Any]:
        """What `begin_to_measure` has found out."""
        return self._hear_it()

    def stop(self) -> None:
        """Watch no more."""
        self._ask({"stop": 1})

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        self._tell_it(order)
        return self._hear_it()

    def _tell_it(self, order: dict[str, Any]) -> None:
        # Where it has ended, the answer that does not come says so.
        with suppress(BrokenPipeError):
            print(json.dumps(order), file=self._tell, flush=True)

    def _hear_it(self) -> dict[str, Any]:
        line = self._hear.readline()
        if not line:
            raise Unavailable(f"the process of the loop {self._kind!r} ended in the midst of the measurement")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def contestants(*kinds: str) -> Iterator[list[Contestant]]:
    """A process for each kind; ended with the context."""
    with ExitStack() as stack:
        yield [stack.enter_context(_contestant(kind)) for kind in kinds]


@contextmanager
def _contestant(kind: str) -> Iterator[Contestant]:
    process = subprocess.Popen(  # noqa: S603 - a module of our own, no shell
        [sys.executable, "-m", "sharp_eyes.bench.loop.contestant", kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Contestant(kind, process)
    finally:
        process.kill()
        process.wait()
