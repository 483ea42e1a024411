"""The part that draws the map."""

from functools import partial
from random import Random
from typing import Final

from core.errors import SharpEyesError
from registry.catalogue.filter import ALL, CameraFilter
from registry.catalogue.points import points

from .http import query_of, serve
from .oracle import Oracle
from .shapes import COMBINED, draw
from .stage import Figure, Stage
from .timing import timed

GOAL_MS: Final = 300.0
_RUNS: Final = 20


def map_points(stage: Stage) -> list[Figure]:
    """All cameras as points, and those of random filters; how many bytes all of them take, packed."""
    stage.tell("map points", 0, 1)
    random = Random(stage.seed)  # noqa: S311 - no secret
    oracle = Oracle.ask(stage.database)
    with stage.database.read() as connection:
        found = points(connection, ALL)
    expected = [camera.id for camera in oracle.cameras if camera.facts.place is not None]
    if found.ids != expected:
        raise SharpEyesError(f"there are {len(found.ids)} points, expected {len(expected)}")
    some = [draw(COMBINED, random, oracle) for _ in range(_RUNS)]
    with serve(stage) as api:
        figures = [
            Figure("points of all", timed(partial(_points, stage, ALL) for _ in range(_RUNS)), GOAL_MS),
            Figure("points of a filter", timed(partial(_points, stage, one) for one in some), GOAL_MS),
            Figure("HTTP: points of all", timed(partial(api.get, "/camera-points") for _ in range(_RUNS)), GOAL_MS),
            Figure(
                "HTTP: points of a filter",
                timed(partial(api.get, f"/camera-points?{query_of(one)}") for one in some),
                GOAL_MS,
            ),
        ]
        figures[2].values["bytes"] = len(api.get("/camera-points"))
    return figures


def _points(stage: Stage, asked: CameraFilter) -> None:
    with stage.database.read() as connection:
        points(connection, asked)
