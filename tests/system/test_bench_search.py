"""The benchmark of searches runs to its end, answers agree with a straight scan, and what it wrote is taken away."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from core.errors import BadInput, Conflict, SharpEyesError
from events.index.tables import event, event_change, event_detail
from events.tallies.recount import difference
from registry.db import Database, open_database
from registry.tables import camera_epoch
from sharp_eyes.bench.search.askers import Asker
from sharp_eyes.bench.search.client import Answer
from sharp_eyes.bench.search.counts import COUNTS
from sharp_eyes.bench.search.oracle import Oracle
from sharp_eyes.bench.search.pages import compare_pages
from sharp_eyes.bench.search.question import Question
from sharp_eyes.bench.search.run import ALL_SHAPES, bench_search, read_oracle
from sharp_eyes.bench.search.shapes import SHAPES
from sharp_eyes.bench.search.stage import PAGE, Stage
from sharp_eyes.cli.bench import app

CAMERAS, EVENTS = 600, 20_000
ALL = Asker("all", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the city stays."""
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def told(folder: Path) -> Any:
    """What the benchmark prints for programs."""
    numbers = ("--cameras", str(CAMERAS), "--events", str(EVENTS), "--runs", "1")
    done = CliRunner().invoke(app, ["search", *numbers, "--data", str(folder), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


@pytest.fixture
def city(told: Any, folder: Path) -> Iterator[Database]:
    """The city after the run."""
    with closing(open_database(f"sqlite:///{folder}/city.db")) as database:
        yield database


def test_every_shape_is_asked_for_by_everyone(told: Any) -> None:
    names = {one["name"].removesuffix(", cut") for one in told["shapes"]}
    assert names == {f"{shape}/{who}" for shape in ALL_SHAPES for who in ("all", "department", "300 cameras")}
    assert all(0 < one["p50_ms"] <= one["p95_ms"] and one["n"] == 1 for one in told["shapes"])


def test_answers_of_every_shape_were_held_against_a_scan(told: Any) -> None:
    assert told["compared"] == len(ALL_SHAPES) * 3


def test_it_tells_of_what_and_how_fast_was_written(told: Any) -> None:
    assert (told["engine"], told["events"], told["cameras"]) == ("sqlite", EVENTS, CAMERAS)
    assert told["written_beside"] > 0
    assert told["inserted"] == 1_000
    assert told["insert_per_s"] > 0


def test_what_was_written_is_taken_away(city: Database) -> None:
    with city.read() as connection:
        assert connection.scalar(select(func.count()).select_from(event)) == EVENTS
        assert connection.scalar(select(func.count()).select_from(event_change)) == 0
        assert connection.scalar(select(func.max(camera_epoch.c.epoch))) == 1
        left_over = event_detail.c.event.not_in(select(event.c.id))
        assert connection.scalar(select(func.count()).select_from(event_detail).where(left_over)) == 0
        assert difference(connection) == []


def test_a_city_of_other_numbers_is_not_used(told: Any, folder: Path) -> None:
    with pytest.raises(Conflict, match="is asked for"):
        bench_search(CAMERAS, EVENTS + 1, lambda what, done, of: None, data=folder)


def test_a_shape_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'colour'; expected some of no_filter"):
        bench_search(CAMERAS, EVENTS, lambda what, done, of: None, data=tmp_path, shapes=["colour"])
    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True)
class Answering:
    """Answers as the oracle says, but for what a test wants."""

    body: dict[str, Any]

    def ask(self, path: str) -> Answer:
        return Answer(1.0, self.body)


@pytest.fixture(scope="module")
def oracle(told: Any, folder: Path) -> Oracle:
    with closing(open_database(f"sqlite:///{folder}/city.db")) as database:
        return read_oracle(database, lambda what, done, of: None)


def compare(city: Database, oracle: Oracle, body: dict[str, Any], question: Question) -> int:
    """Hold this answer against the scan."""
    asked = {("a shape", ALL): [question]}
    client: Any = Answering(body)
    api: Any = None
    return compare_pages(Stage(city, oracle, api, {ALL: client}, 1, 1, 1, lambda what, done, of: None), asked)


def items(ids: list[int]) -> list[dict[str, str]]:
    return [{"id": str(number)} for number in ids]


def test_a_right_answer_passes_and_a_wrong_one_ends_it(city: Database, oracle: Oracle) -> None:
    question = Question(label=("person",))
    right = oracle.page(question, ALL, PAGE)
    assert len(right) == PAGE
    assert compare(city, oracle, {"items": items(right), "searched_to": None}, question) == 1
    for wrong in (right[:-1], right[1:], right[::-1], [*right[:-1], right[-1] - 1]):
        with pytest.raises(SharpEyesError, match="was shown"):
            compare(city, oracle, {"items": items(wrong), "searched_to": None}, question)


def test_an_answer_that_was_cut_is_compared_as_far_as_was_looked(city: Database, oracle: Oracle) -> None:
    question = Question(label=("person",))
    right = oracle.page(question, ALL, PAGE)
    cut = {"searched_to": instant_of(right[9])}
    assert compare(city, oracle, {"items": items(right[:9]), **cut}, question) == 1
    with pytest.raises(SharpEyesError, match="was shown"):
        compare(city, oracle, {"items": items(right[:8]), **cut}, question)


def test_a_search_that_was_cut_before_it_met_anything_is_wrong(city: Database, oracle: Oracle) -> None:
    with pytest.raises(SharpEyesError, match="before it met any event"):
        compare(city, oracle, {"items": [], "searched_to": "2093-01-01T00:00:00Z"}, Question())


def test_an_asker_sees_what_is_within_reach_alone(oracle: Oracle) -> None:
    cameras = frozenset({1, 2})
    seen = oracle.page(Question(), replace(ALL, name="two", cameras=cameras), EVENTS)
    assert {number & 0x3FFFFF for number in seen} == cameras
    assert set(SHAPES) | set(COUNTS) == set(ALL_SHAPES)


def instant_of(event: int) -> str:
    question = Question(from_ms=event >> 22)
    return question.query().removeprefix("from=").replace("%3A", ":")
