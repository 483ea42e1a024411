"""The part that asks for pages of events: every shape, by everyone, each question once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import numpy as np

from core.errors import SharpEyesError
from core.ids import CAMERA_BITS, EVENT_EPOCH

from .askers import Asker
from .question import Order, Question
from .shapes import SHAPES, Sketch, draw_some
from .stage import PAGE, Figure, Stage

GOAL_MS: Final = 25.0
CUT_GOAL_MS: Final = 50.0
"""Where the answer says up to when was looked."""
_SHOWN: Final = 5
Questions = dict[tuple[str, Asker], list[Question]]
"""Of each shape and asker; none is asked twice."""


def draw_pages(stage: Stage, shapes: Sequence[str]) -> Questions:
    """The questions of these shapes, for everyone."""
    drawn: Questions = {}
    for number, name in enumerate(shapes):
        stage.tell(f"drawing: {name}", number, len(shapes))
        for asker in stage.askers:
            random = Random(f"{stage.seed} {name} {asker.name}")  # noqa: S311 - no secret
            sketch = Sketch(stage.oracle, asker, random)
            drawn[name, asker] = draw_some(SHAPES[name], sketch, stage.oracle, stage.sample + stage.runs)
    return drawn


def compare_pages(stage: Stage, questions: Questions) -> int:
    """Hold the first answers of each shape against the scan, while nothing is written. How many were.

    Raises `SharpEyesError` where one differs.
    """
    compared = 0
    for number, ((name, asker), asked) in enumerate(questions.items()):
        stage.tell(f"comparing: {name}", number, len(questions))
        for question in asked[: stage.sample]:
            body = stage.askers[asker].ask(_path(question)).body
            if _looked_at_nothing(stage, question, body):
                raise SharpEyesError(
                    f"{name}: {asker.name!r} asked {_path(question)!r}, and the search was cut before it met any event"
                )
            found = _looked_at([int(item["id"]) for item in body["items"]], question, body)
            expected = _looked_at(stage.oracle.page(question, asker, PAGE), question, body)
            if found != expected:
                astray = sorted(set(found) ^ set(expected))[:_SHOWN]
                raise SharpEyesError(
                    f"{name}: {asker.name!r} asked {_path(question)!r} and was shown {len(found)} events, expected "
                    f"{len(expected)}; look at {astray}"
                )
            compared += 1
    return compared


def measure_pages(stage: Stage, questions: Questions) -> Iterator[Figure]:
    """How long the others take; those whose search was cut stand apart."""
    for number, ((name, asker), asked) in enumerate(questions.items()):
        stage.tell(f"{name}/{asker.name}", number, len(questions))
        client = stage.askers[asker]
        timed: list[tuple[float, Any]] = []
        worked_s = stage.api.worked_s()
        for question in asked[stage.sample :]:
            answer = client.ask(_path(question))
            timed.append((answer.ms, answer.body))
        work_ms = (stage.api.worked_s() - worked_s) * 1000 / max(len(timed), 1)
        whole = [(ms, body) for ms, body in timed if body.get("searched_to") is None]
        cut = [(ms, body) for ms, body in timed if body.get("searched_to") is not None]
        for some, suffix, goal in ((whole, "", GOAL_MS), (cut, ", cut", CUT_GOAL_MS)):
            if some:
                full = sum(len(body["items"]) == PAGE for _, body in some)
                yield Figure(f"{name}/{asker.name}{suffix}", goal, [ms for ms, _ in some], full, work_ms)


def _path(question: Question) -> str:
    query = question.query()
    return f"/events?limit={PAGE}{'&' if query else ''}{query}"


def _looked_at_nothing(stage: Stage, question: Question, body: Any) -> bool:
    """Whether the search says that it was cut where there is no event at all."""
    every = stage.oracle.scan.id
    at = len(every) if question.cursor is None else int(np.searchsorted(every, question.cursor))
    nearest = every[:at][-1:] if question.order is Order.NEWEST else every[at:][:1]
    return body.get("searched_to") is not None and not _looked_at(nearest.tolist(), question, body)


def _looked_at(ids: list[int], question: Question, body: Any) -> list[int]:
    """Those of `ids` that lie where was looked: all, unless the answer says how far that was."""
    searched_to = body.get("searched_to")
    if searched_to is None:
        return ids
    to_ms = (datetime.fromisoformat(searched_to) - EVENT_EPOCH) // timedelta(milliseconds=1)
    if question.order is Order.OLDEST:
        return [number for number in ids if number >> CAMERA_BITS < to_ms]
    return [number for number in ids if number >> CAMERA_BITS > to_ms]
