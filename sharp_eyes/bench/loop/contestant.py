"""A process that runs one kind of loop, so that its processor time is its own.

It is told what to do by lines of JSON on its standard input: `{"start": {...}}`, `{"measure": seconds}`, `{"stop": 1}`;
to each it answers a line. `python -m sharp_eyes.bench.loop.contestant floor|ours|plain`.
"""

import json
import os
import sys
import time
from typing import Any, Protocol

from .task import Task


class Loop(Protocol):
    """One kind of loop over several cameras that show a clip in real time."""

    def start(self, task: Task) -> None:
        """Begin to watch the cameras."""

    def counted(self) -> dict[str, Any]:
        """What is known since the last time that somebody asked."""

    def stop(self) -> None:
        """Watch them no more."""


def serve(loop: Loop) -> None:
    """Do what the standard input says, until it ends."""
    for line in sys.stdin:
        order = json.loads(line)
        answer: dict[str, Any] = {}
        if "start" in order:
            loop.start(Task(**order["start"]))
        elif "measure" in order:
            answer = _measure(loop, float(order["measure"]))
        else:
            loop.stop()
        print(json.dumps(answer), flush=True)


def _measure(loop: Loop, seconds: float) -> dict[str, Any]:
    loop.counted()
    began, spent = time.monotonic(), time.process_time()
    time.sleep(seconds)
    lasted, spent = time.monotonic() - began, time.process_time() - spent
    return {"core": spent / lasted, "seconds": lasted, **loop.counted()}


def _loop(kind: str) -> Loop:
    # Each alone, so that none pays for another's libraries.
    match kind:
        case "floor":
            from .floor import Floor

            return Floor()
        case "ours":
            from .ours import Ours

            return Ours()
        case "plain":
            from .plain import Plain

            return Plain()
        case _:
            raise SystemExit(f"expected floor, ours or plain, not {kind!r}")


if __name__ == "__main__":
    serve(_loop(sys.argv[1]))
    # Threads inside libraries are left to the system: there is nothing to save.
    sys.stdout.flush()
    os._exit(0)
