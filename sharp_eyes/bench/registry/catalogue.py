"""The part that searches the catalogue: filters of every shape, by the registry and over HTTP."""

import math
from functools import partial
from random import Random
from typing import Final

from core.errors import SharpEyesError
from core.ids import CameraId
from registry.catalogue.filter import CameraFilter
from registry.catalogue.search import camera_ids
from registry.listing import list_cameras

from .http import query_of
from .oracle import Oracle
from .shapes import ALL_SHAPES, draw
from .stage import Figure, Stage
from .timing import timed

GOAL_MS: Final = 20.0
_COMPARED: Final = 4


def catalogue(stage: Stage) -> list[Figure]:
    """Pages of 100 cameras, from the beginning and from anywhere; what some searches find is compared."""
    random = Random(stage.seed)  # noqa: S311 - no secret
    stage.tell("reading all cameras", 0, 1)
    oracle = stage.oracle()
    figures = []
    for number, shape in enumerate(ALL_SHAPES):
        stage.tell(f"catalogue: {shape}", number, len(ALL_SHAPES))
        asked = [draw(shape, random, oracle) for _ in range(stage.runs)]
        for one in asked[:_COMPARED]:
            _compare(stage, oracle, one)
        cursors = [CameraId(random.choice((0, random.choice(oracle.cameras).id))) for _ in asked]
        pages = list(zip(asked, cursors, strict=True))
        over_http = (
            partial(stage.api.get, f"/cameras?{query_of(one)}&limit=100&cursor={cursor}")
            for one, cursor in pages[: math.ceil(stage.runs / 4)]
        )
        figures += [
            Figure(f"search: {shape}", timed(partial(_search, stage, *page) for page in pages), GOAL_MS),
            Figure(f"page of 100: {shape}", timed(partial(_list, stage, *page) for page in pages), GOAL_MS),
            Figure(f"HTTP: {shape}", timed(over_http)),
        ]
    return figures


def _search(stage: Stage, asked: CameraFilter, after: CameraId) -> None:
    with stage.database.read() as connection:
        camera_ids(connection, asked, after=after, limit=101)


def _list(stage: Stage, asked: CameraFilter, after: CameraId) -> None:
    with stage.database.read() as connection:
        list_cameras(connection, asked, cursor=after, limit=100)


def _compare(stage: Stage, oracle: Oracle, asked: CameraFilter) -> None:
    """Raises `SharpEyesError` unless all cameras are found that the oracle names, and no other, in their order."""
    with stage.database.read() as connection:
        found = camera_ids(connection, asked)
    expected, doubtful = oracle.fits(asked)
    if set(found) - doubtful != expected - doubtful or found != sorted(found):
        wrong = sorted(set(found) ^ expected)[:5]
        raise SharpEyesError(f"{asked} finds {len(found)} cameras, expected {len(expected)}; look at {wrong}")
