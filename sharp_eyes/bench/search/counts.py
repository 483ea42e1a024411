"""The part that asks for facets and histograms: those that tallies answer, and those that are counted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import numpy as np

from core.errors import SharpEyesError
from core.ids import EVENT_EPOCH

from .askers import Asker
from .pages import Questions
from .question import Question
from .shapes import SHAPES, Draw, Sketch, Terms, draw_some
from .stage import Figure, Stage

KEPT_GOAL_MS: Final = 50.0
COUNTED_GOAL_MS: Final = 250.0
_DAY_MS: Final = 86_400_000
_FACETS: Final[Mapping[str, tuple[str, Callable[[Question], Question]]]] = {
    "labels": ("label", lambda asked: replace(asked, label=())),
    "kinds": ("kind", lambda asked: replace(asked, kind=())),
    "severities": ("severity", lambda asked: replace(asked, severity=())),
    "departments": ("department", lambda asked: replace(asked, department=())),
    "cameras": ("camera", lambda asked: replace(asked, camera=())),
}
"""Of each facet, the column that it counts, and the question without its own condition."""


def _kept(sketch: Sketch) -> Terms:
    """Conditions that tallies know: words, severity, department, any range of time, hours that begin on the hour."""
    names = sketch.random.sample(
        ("frequent_label", "rare_label", "kind", "severity", "department"), sketch.random.randrange(3)
    )
    terms: Terms = {}
    for name in names:
        terms |= SHAPES[name](sketch)
    if sketch.random.random() < 0.2:
        hour = sketch.random.randrange(24)
        terms |= {"time_from": f"{hour:02}:00", "time_to": f"{(hour + sketch.random.randrange(1, 12)) % 24:02}:00"}
    return terms | sketch.window(90 * _DAY_MS)


def _counted(sketch: Sketch) -> Terms:
    """One that they do not know, and a range of time."""
    name = sketch.random.choice(("region", "bbox", "radius", "text", "zone", "score", "cameras_20", "duration"))
    return SHAPES[name](sketch) | sketch.window(90 * _DAY_MS)


COUNTS: Final[Mapping[str, tuple[str, Draw, float]]] = {
    "facets_kept": ("/events/facets", _kept, KEPT_GOAL_MS),
    "facets_counted": ("/events/facets", _counted, COUNTED_GOAL_MS),
    "histogram_kept": ("/events/histogram", _kept, KEPT_GOAL_MS),
    "histogram_counted": ("/events/histogram", _counted, COUNTED_GOAL_MS),
}
"""By their names: where they are asked for, what is drawn, and the goal."""


def draw_counts(stage: Stage, names: Sequence[str]) -> Questions:
    """The questions of these, for everyone."""
    return {
        (name, asker): draw_some(
            COUNTS[name][1],
            Sketch(stage.oracle, asker, Random(f"{stage.seed} {name} {asker.name}")),  # noqa: S311 - no secret
            stage.oracle,
            stage.sample + stage.runs,
        )
        for name in names
        for asker in stage.askers
    }


def compare_counts(stage: Stage, questions: Questions) -> int:
    """Hold the first answers against the scan, while nothing is written. How many were.

    Raises `SharpEyesError` where one differs, or counts more than there is.
    """
    compared = 0
    for (name, asker), asked in questions.items():
        stage.tell(f"comparing: {name}", compared, len(questions) * stage.sample)
        for question in asked[: stage.sample]:
            body = stage.askers[asker].ask(_path(name, question)).body
            fault = _OF_BODY[COUNTS[name][0]](stage, question, asker, body)
            if fault:
                raise SharpEyesError(f"{name}: {asker.name!r} asked {_path(name, question)!r}: {fault}")
            compared += 1
    return compared


def measure_counts(stage: Stage, questions: Questions) -> Iterator[Figure]:
    """How long the others take. For single cameras no tally of all events answers."""
    for number, ((name, asker), asked) in enumerate(questions.items()):
        stage.tell(f"{name}/{asker.name}", number, len(questions))
        client = stage.askers[asker]
        worked_s = stage.api.worked_s()
        ms = [client.ask(_path(name, question)).ms for question in asked[stage.sample :]]
        work_ms = (stage.api.worked_s() - worked_s) * 1000 / max(len(ms), 1)
        goal = COUNTED_GOAL_MS if asker.cameras is not None else COUNTS[name][2]
        yield Figure(f"{name}/{asker.name}", goal, ms, api_work_ms=work_ms)


def _path(name: str, question: Question) -> str:
    return f"{COUNTS[name][0]}?{question.query(is_page=False)}"


def _wrong_facets(stage: Stage, question: Question, asker: Asker, body: Any) -> str:
    oracle = stage.oracle
    total = len(oracle.fitting(question, asker))
    if _differs(body["total"]["count"], total, at_least=body["total"]["at_least"]):
        return f"{body['total']} events in all, expected {total}"
    for facet, (column, without_its_own) in _FACETS.items():
        told = body[facet]
        if told is None:
            continue
        fitting = oracle.fitting(without_its_own(question), asker)
        numbers, counts = np.unique(getattr(oracle.scan, column)[fitting], return_counts=True)
        words = {"label": oracle.scan.labels, "kind": oracle.scan.kinds}.get(column, {})
        names = {number: word for word, number in words.items()}
        expected = {names.get(number, number): int(n) for number, n in zip(numbers.tolist(), counts, strict=True)}
        found = {one["value"]: one["count"] for one in told["counts"]}
        for value, count in found.items():
            if _differs(count, expected.get(value, 0), at_least=told["at_least"]):
                return f"{facet} has {count} of {value!r}, expected {expected.get(value, 0)}"
        most = sorted(expected.values(), reverse=True)[: len(found)]
        is_cut = len(found) < len(expected) and len(found) not in _MOST_TOLD
        if not told["at_least"] and (sorted(found.values(), reverse=True) != most or is_cut):
            return f"{facet} has the counts {list(found.values())[:10]}, expected {most[:10]}"
    return ""


_MOST_TOLD: Final = (20, 100)
"""How many values a facet has at most."""


def _wrong_histogram(stage: Stage, question: Question, asker: Asker, body: Any) -> str:
    started = stage.oracle.scan.ms[stage.oracle.fitting(question, asker)]
    told = 0
    for bucket in body["buckets"]:
        first, last = np.searchsorted(started, [_ms(bucket["start"]), _ms(bucket["end"])])
        if _differs(bucket["count"], int(last - first), at_least=body["at_least"]):
            return f"{bucket}, expected {last - first}"
        told += bucket["count"]
    return f"{told} events in all, expected {len(started)}" if not body["at_least"] and told != len(started) else ""


_OF_BODY: Final[Mapping[str, Callable[[Stage, Question, Asker, Any], str]]] = {
    "/events/facets": _wrong_facets,
    "/events/histogram": _wrong_histogram,
}


def _differs(found: int, expected: int, *, at_least: bool) -> bool:
    return found > expected if at_least else found != expected


def _ms(instant: str) -> int:
    return (datetime.fromisoformat(instant) - EVENT_EPOCH) // timedelta(milliseconds=1)
