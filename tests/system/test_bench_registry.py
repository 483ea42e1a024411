"""The benchmark of the registry runs to its end on both databases: what it finds agrees with plain Python."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import SharpEyesError
from registry.db import Engines, open_database
from sharp_eyes.bench.registry import overview
from sharp_eyes.bench.registry.http import Api
from sharp_eyes.bench.registry.importing import importing
from sharp_eyes.bench.registry.oracle import Oracle
from sharp_eyes.bench.registry.run import PARTS, bench_registry
from sharp_eyes.bench.registry.shapes import ALL_SHAPES
from sharp_eyes.bench.registry.stage import Stage
from sharp_eyes.bench.registry.timing import timed
from sharp_eyes.simulate import City, fill
from tests.support.builders import START
from tests.support.databases import migrated_template, postgres_server
from tests.support.postgres import PostgresServer

__all__ = ["migrated_template", "postgres_server"]

CAMERAS = 2_200
"""More than a walk begins with, so that the indexes are asked."""


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param is Engines.SQLITE:
        yield None
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.make_database()
    yield made
    server.drop_database(made)


def test_every_shape_is_measured_and_agrees_with_plain_python(url: str | None) -> None:
    told: list[str] = []
    parts = [name for name in PARTS if name in ("catalogue", "overview", "points")]
    figures = bench_registry(CAMERAS, url, parts, lambda what, done, of: told.append(what), runs=2)
    names = {figure.name for figure in figures}
    assert names >= {f"{how}: {shape}" for how in ("search", "page of 100", "HTTP") for shape in ALL_SHAPES}
    assert names >= {"overview", "HTTP: overview", "points of all", "HTTP: points of a filter"}
    assert all(0 < figure.values["p50_ms"] <= figure.values["p95_ms"] for figure in figures)
    assert f"catalogue: {ALL_SHAPES[-1]}" in told


def test_a_wrong_answer_ends_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/city.db"
    fill(url, City(cameras=5, departments=2, events=0, days=1), until=START)
    database = open_database(url)
    try:
        oracle = Oracle.ask(database)
        wrong = replace(oracle, cameras=oracle.cameras[:-1])
        stage = Stage(database, url, tmp_path, Api(0, ""), lambda: wrong, 1, 1, lambda what, done, of: None)
        with pytest.raises(SharpEyesError, match="registered=5"):
            overview.overview(stage)
    finally:
        database.close()


def test_an_import_is_measured_and_its_cameras_are_removed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/city.db"
    fill(url, City(cameras=5, departments=2, events=0, days=1), until=START)
    database = open_database(url)
    try:
        api = Api(0, "")
        stage = Stage(database, url, tmp_path, api, lambda: Oracle.ask(database), 1, 1, lambda what, done, of: None)
        figures = importing(stage, rows=100)
        assert len(Oracle.ask(database).cameras) == 5
    finally:
        database.close()
    assert [figure.name for figure in figures][:3] == ["import: dry run", "import: first time", "import: again"]


def test_percentiles_are_those_of_the_calls() -> None:
    calls = iter(range(3))
    figures = timed(lambda: next(calls) for _ in range(3))
    assert figures["runs"] == 3
    assert next(calls, None) is None
