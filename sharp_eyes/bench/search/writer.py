"""The process that writes events at a steady pace while searches are measured.

It rests between two transactions as workers do. It reads the database's URL from its environment, says on standard
output when it has begun, and ends with its standard input: then it says how many events it wrote, and for how long, as
JSON.
"""

import json
import os
import sys
from threading import Event as Flag
from threading import Thread
from time import time_ns
from typing import Final

from core.clock import SystemClock
from core.errors import SharpEyesError
from core.event import Event
from events.storing import REST_S, store
from registry.db import open_database

from .happenings import Happenings, watched

URL: Final = "SHARP_EYES_BENCH_DATABASE"
BEGUN: Final = "begun"
_MOST_AT_ONCE: Final = 500


def main(per_s: int) -> None:
    """Write `per_s` events a second until standard input ends. What could not be written in time is made up for."""
    clock, stop = SystemClock(), Flag()
    Thread(target=_wait_for_the_end, args=(stop,), daemon=True).start()
    database = open_database(os.environ[URL])
    try:
        with watched(database) as patterns:
            happenings = Happenings(patterns, seed=2, first=time_ns() // 1_000)
            print(BEGUN, flush=True)
            began, written = clock.monotonic(), 0
            while not stop.is_set():
                due = int((clock.monotonic() - began) * per_s) - written
                if due > 0:
                    made = happenings.make(min(due, _MOST_AT_ONCE), clock.now())
                    store(database, made, _refuse)
                    written += len(made)
                clock.sleep(REST_S, stop)
            print(json.dumps({"written": written, "seconds": clock.monotonic() - began}), flush=True)
    finally:
        database.close()


def _refuse(event: Event, reason: str) -> None:
    raise SharpEyesError(f"event {event.id} was refused: {reason}")


def _wait_for_the_end(stop: Flag) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main(int(sys.argv[1]))
