"""The benchmark of access runs to its end on both databases, and shows nothing that is not within reach."""

import json
from collections.abc import Iterator

import pytest

from registry.db import Engines
from sharp_eyes.bench.access.run import PARTS, bench_access
from sharp_eyes.cli.bench_access import AccessPart
from tests.support.databases import migrated_template, postgres_server
from tests.support.postgres import PostgresServer

__all__ = ["migrated_template", "postgres_server"]


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param is Engines.SQLITE:
        yield None
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.make_database()
    yield made
    server.drop_database(made)


def test_searches_are_measured_with_scope_and_without(url: str | None) -> None:
    told: list[str] = []
    figures = bench_access(300, 3_000, url, ["search"], lambda what, done, of: told.append(what), runs=2)
    pairs = [figure for figure in figures if figure.name.startswith("search")]
    assert [figure.name.rsplit(", ", 1)[1] for figure in pairs] == ["all", "in scope"] * (len(pairs) // 2)
    assert all(0 < figure.values["p50_ms"] <= figure.values["p95_ms"] for figure in pairs)
    assert all(figure.is_reached in (True, False) for figure in pairs[1::2])
    assert "search: no filter" in told
    assert json.dumps([figure.values for figure in figures])


def test_scopes_are_worked_out_and_found_again(url: str | None) -> None:
    cold, warm = bench_access(300, 1_000, url, ["scope"], lambda what, done, of: None, runs=2)
    assert cold.values["p50_ms"] > warm.values["p50_ms"] > 0


def test_reads_are_right_beside_sign_ins(url: str | None) -> None:
    figures = {
        one.name: one.values for one in bench_access(300, 3_000, url, ["reads"], lambda what, done, of: None, runs=10)
    }
    assert figures["reads beside sign-ins"]["runs"] == 120
    assert figures["reads beside sign-ins"]["errors"] == 0
    assert figures["sign-ins beside reads"]["runs"] >= 1
    assert all(values["runs"] and 0 < values["p50_ms"] <= values["p95_ms"] for values in figures.values())


def test_the_record_is_written_sealed_and_found_whole(url: str | None) -> None:
    figures = bench_access(300, 1_000, url, ["record"], lambda what, done, of: None, runs=2)
    looks, _, sealing, checking = figures
    assert looks.values["recorded_p95_ms"] > 0
    assert looks.values["bare_p95_ms"] > 0
    assert sealing.values["rows"] >= 1_000
    assert checking.values["rows_per_s"] > 0


def test_every_part_has_its_name_on_the_command_line() -> None:
    assert list(PARTS) == [str(part) for part in AccessPart]
