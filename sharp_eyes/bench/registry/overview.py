"""The part that counts the city."""

import math
from functools import partial
from typing import Final

from core.errors import SharpEyesError
from core.stream_state import StreamState
from registry.catalogue.summary import summary

from .stage import Figure, Stage
from .timing import timed

GOAL_MS: Final = 100.0


def overview(stage: Stage) -> list[Figure]:
    """The summary of the whole city, compared once, and the same over HTTP."""
    stage.tell("overview", 0, 1)
    oracle = stage.oracle()
    with stage.database.read() as connection:
        found = summary(connection)
    live = [camera for camera in oracle.cameras if camera.enabled and camera.state is StreamState.LIVE]
    if (found.all.registered, found.all.online) != (len(oracle.cameras), len(live)):
        raise SharpEyesError(
            f"the summary counts {found.all}, expected {len(oracle.cameras)}, {len(live)} of them live"
        )
    for one in found.by_department:
        if one.tally.online != sum(camera.department == one.id for camera in live):
            raise SharpEyesError(f"the summary of department {one.id} is wrong: {one.tally}")
    runs = math.ceil(stage.runs / 4)
    return [
        Figure("overview", timed(partial(_summary, stage) for _ in range(runs)), GOAL_MS),
        Figure("HTTP: overview", timed(partial(stage.api.get, "/overview") for _ in range(runs)), GOAL_MS),
    ]


def _summary(stage: Stage) -> None:
    with stage.database.read() as connection:
        summary(connection)
