"""Steps that are taken at the same moment, each in a transaction of its own."""

from collections.abc import Callable
from threading import Barrier, Thread

from sqlalchemy import Connection

from core.errors import SharpEyesError
from registry.db import Database


def race(database: Database, *steps: Callable[[Connection], object]) -> list[SharpEyesError | None]:
    """What becomes of steps that are taken at the same moment."""
    begin = Barrier(len(steps))
    outcomes: list[SharpEyesError | None] = [None] * len(steps)

    def take(at: int) -> None:
        begin.wait(10)
        try:
            with database.write() as connection:
                steps[at](connection)
        except SharpEyesError as error:
            outcomes[at] = error

    threads = [Thread(target=take, args=(at,)) for at in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
