"""A process that makes events without end, as a worker does: to be killed, frozen, and cut off from its database.

`python -m tests.support.making DATABASE_URL SPOOL CAMERA` makes ten events a round in epoch 1,
each begun and ended, a hundredth of a second after each other from `START` on, and prints the number of the last one
that is safe: in the database or in the spool.
"""

import sys
from pathlib import Path

from core.clock import SystemClock
from core.event import EndReason
from core.ids import CameraId
from events.spool import Spool
from registry.db import open_database
from sharp_eyes.worker.event_writer import EventWriter

from .builders import after, an_event

STEP_S = 0.01
A_ROUND = 10


def make_events(url: str, spool: Path, camera: CameraId) -> None:
    """Make events until the end of the process."""
    database = open_database(url, wait_s=1)
    writer = EventWriter(database, Spool(spool), SystemClock(), lambda *_: None)
    writer.start()
    clock, n = SystemClock(), 0
    while True:
        for version, end_reason in ((1, None), (2, EndReason.LEFT)):
            writer.offer(
                [
                    an_event(number, camera=camera, at=after(number * STEP_S), version=version, end_reason=end_reason)
                    for number in range(n + 1, n + A_ROUND + 1)
                ]
            )
            while writer.waiting:
                clock.sleep(0.002)
        n += A_ROUND
        print(n, flush=True)


if __name__ == "__main__":
    make_events(sys.argv[1], Path(sys.argv[2]), CameraId(int(sys.argv[3])))
