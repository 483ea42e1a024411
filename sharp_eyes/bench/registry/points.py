"""The part that draws the map."""

import math
from functools import partial
from random import Random
from typing import Final

from core.errors import SharpEyesError
from registry.catalogue.filter import ALL, CameraFilter
from registry.catalogue.points import points

from .http import query_of
from .shapes import COMBINED, draw
from .stage import Figure, Stage
from .timing import timed

GOAL_MS: Final = 300.0


def map_points(stage: Stage) -> list[Figure]:
    """All cameras as points, and those of random filters; how many bytes all of them take, packed."""
    stage.tell("map points", 0, 1)
    random = Random(stage.seed)  # noqa: S311 - no secret
    oracle = stage.oracle()
    with stage.database.read() as connection:
        found = points(connection, ALL)
    expected = [camera.id for camera in oracle.cameras if camera.facts.place is not None]
    if found.ids != expected:
        raise SharpEyesError(f"there are {len(found.ids)} points, expected {len(expected)}")
    runs = math.ceil(stage.runs / 4)
    some = [draw(COMBINED, random, oracle) for _ in range(runs)]
    over_http = timed(partial(stage.api.get, "/camera-points") for _ in range(runs))
    of_some = (partial(stage.api.get, f"/camera-points?{query_of(one)}") for one in some)
    return [
        Figure("points of all", timed(partial(_points, stage, ALL) for _ in range(runs)), GOAL_MS),
        Figure("points of a filter", timed(partial(_points, stage, one) for one in some), GOAL_MS),
        Figure("HTTP: points of all", over_http | {"bytes": len(stage.api.get("/camera-points"))}, GOAL_MS),
        Figure("HTTP: points of a filter", timed(of_some), GOAL_MS),
    ]


def _points(stage: Stage, asked: CameraFilter) -> None:
    with stage.database.read() as connection:
        points(connection, asked)
