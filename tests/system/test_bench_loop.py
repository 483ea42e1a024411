"""The benchmark's contestants as it starts them: real processes on a real clip."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Unavailable
from models.store import ModelStore
from sharp_eyes.bench.loop.processes import Contestant, contestants
from sharp_eyes.bench.loop.task import Task
from tests.support.footage import make_clip
from tests.support.slowness import SLOWNESS

SECONDS = 2 * SLOWNESS
"""For so long each is measured."""


@pytest.fixture
def task(tmp_path: Path) -> Task:
    clip = make_clip(tmp_path / "clip.ts", frames=round(25 * (SECONDS + 4)), options={"preset": "ultrafast"})
    model = ModelStore(tmp_path / "models", None).find("nanodet-g-int8")
    return Task(clips=(str(clip), str(clip)), fps=25, detect_fps=5, model=str(model.path))


def watched(contestant: Contestant, task: Task) -> dict[str, object]:
    contestant.start(task)
    contestant.measure(0.5)
    figures = contestant.measure(SECONDS)
    contestant.stop()
    return figures


def test_each_contestant_watches_and_tells_what_it_costs(task: Task) -> None:
    with contestants("floor", "ours", "plain") as (floor, ours, plain):
        mine = watched(ours, task)
        assert mine["live"] == 2
        looks = mine["looks_by_camera"]
        assert isinstance(looks, list)
        assert all(1 <= count <= 5 * SECONDS + 1 for count in looks), "five a second"
        same = replace(task, looks=(round(5 * SECONDS),) * 2, seconds=SECONDS)
        costs = [watched(floor, same), mine, watched(plain, task)]
    assert all(isinstance(one["core"], float) and 0.01 < one["core"] < 2 for one in costs)


def test_a_contestant_that_dies_is_told(task: Task) -> None:
    with contestants("plain") as (plain,):
        plain.start(replace(task, model="/no/such/model.onnx", clips=("/no/such/clip",)))
        os.kill(plain.pid, signal.SIGKILL)
        with pytest.raises(Unavailable, match="'plain' ended"):
            plain.measure(1)
