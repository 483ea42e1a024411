"""Random questions of every shape, taken from events that are there: their pages are as full as can be."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from random import Random
from typing import Any, Final

import numpy as np

from core.errors import SharpEyesError
from core.hours import Weekday
from core.place import Place

from ..registry.oracle import Known
from ..registry.shapes import SHAPES as OF_CAMERAS
from .askers import Asker
from .oracle import Oracle
from .question import Order, Question

Terms = dict[str, Any]
_FREQUENT: Final = 5
_RARE: Final = (50, 0.0005)
"""A rare label has so many events, and at most this share of all."""
_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS
_SOMEWHERE: Final = Place(114.3, 30.6)
_TRIES: Final = 100


class Sketch:
    """Draws conditions for one who asks."""

    def __init__(self, oracle: Oracle, asker: Asker, random: Random) -> None:
        self._oracle = oracle
        self._scan = oracle.scan
        self._seen = oracle.seen_by(asker)
        if not len(self._seen):
            raise SharpEyesError(f"there is no event that {asker.name!r} may see", hint="take a larger city")
        self.random = random

    def event(self) -> int:
        """The place in the scan of some event within reach."""
        return int(self._seen[self.random.randrange(len(self._seen))])

    def camera(self) -> Known:
        """The camera of some event: those where much happens come most often."""
        return self._cameras[int(self._scan.camera[self.event()])]

    def label(self, event: int) -> str:
        return self._label_names[int(self._scan.label[event])]

    def kind(self, event: int) -> str:
        return self._kind_names[int(self._scan.kind[event])]

    def frequent(self) -> str:
        return self.random.choice(self._by_frequency[:_FREQUENT])

    def rare(self) -> str:
        """A label that is seldom seen, but fills a page if it can be."""
        return self.random.choice(self._rare)

    def window(self, longest_ms: int) -> Terms:
        """From a moment on for some minutes to `longest_ms`."""
        lasts = int(math.exp(self.random.uniform(math.log(600_000), math.log(longest_ms))))
        begin = int(self._scan.ms[self.event()]) - self.random.randrange(lasts)
        return {"from_ms": max(begin, 0), "to_ms": max(begin, 0) + lasts}

    def cursor(self) -> int:
        return int(self._scan.id[self.event()])

    def value(self, column: str, event: int) -> int:
        found: int = getattr(self._scan, column)[event].item()
        return found

    @cached_property
    def _cameras(self) -> dict[int, Known]:
        return {one.id: one for one in self._oracle.cameras.cameras}

    @cached_property
    def _label_names(self) -> dict[int, str]:
        return {number: name for name, number in self._scan.labels.items()}

    @cached_property
    def _kind_names(self) -> dict[int, str]:
        return {number: name for name, number in self._scan.kinds.items()}

    @cached_property
    def _counts(self) -> list[tuple[int, str]]:
        counts = np.bincount(self._scan.label[self._seen])
        return sorted((int(counts[number]), self._label_names[number]) for number in np.flatnonzero(counts).tolist())

    @cached_property
    def _by_frequency(self) -> list[str]:
        return [name for _, name in reversed(self._counts)]

    @cached_property
    def _rare(self) -> list[str]:
        fewest, share = _RARE
        most = max(len(self._seen) * share, fewest * 4)
        return [name for count, name in self._counts if fewest <= count <= most] or [
            name for _, name in self._counts[:_FREQUENT]
        ]

    def region(self) -> str:
        code = self.camera().facts.region or "98"
        return self.random.choice(sorted(self._oracle.cameras.above.get(code, {code})))

    def parent(self, department: int) -> int:
        return self._oracle.parents[department] or department

    def sector(self, department: int) -> str:
        return self._oracle.sectors[department]


Draw = Callable[[Sketch], Terms]


def _labels(draw: Callable[[Sketch], str]) -> Draw:
    return lambda sketch: {"label": tuple({draw(sketch) for _ in range(sketch.random.randrange(1, 3))})}


def _of_event(name: str, read: Callable[[Sketch, int], Any], most: int = 1) -> Draw:
    """One to `most` values, each of some event."""
    return lambda sketch: {
        name: tuple(sorted({read(sketch, sketch.event()) for _ in range(sketch.random.randrange(1, most + 1))}))
    }


def _label_and_kind(sketch: Sketch) -> Terms:
    event = sketch.event()
    return {"label": (sketch.label(event),), "kind": (sketch.kind(event),)}


def _department(sketch: Sketch) -> Terms:
    own = sketch.value("department", sketch.event())
    return {"department": (sketch.random.choice((own, sketch.parent(own))),)}


def _zone(sketch: Sketch) -> Terms:
    for _ in range(_TRIES):
        zone = sketch.value("zone", sketch.event())
        if zone >= 0:
            return {"zone": (zone,)}
    raise SharpEyesError("there are hardly any events in zones")


def _box(sketch: Sketch) -> Terms:
    place = sketch.camera().facts.place or _SOMEWHERE
    half = math.exp(sketch.random.uniform(math.log(0.003), math.log(0.3)))
    west, south = place.longitude - half, place.latitude - half
    return {"bbox": (west, south, west + 2 * half, south + 2 * half)}


def _near(sketch: Sketch) -> Terms:
    place = sketch.camera().facts.place or _SOMEWHERE
    return {"near": (place.longitude, place.latitude, sketch.random.choice((200.0, 1_000.0, 5_000.0, 30_000.0)))}


def _polygon(sketch: Sketch) -> Terms:
    """A star around a camera."""
    place, random = sketch.camera().facts.place or _SOMEWHERE, sketch.random
    size, corners = math.exp(random.uniform(math.log(0.005), math.log(0.2))), random.randrange(3, 13)
    turns = (2 * math.pi * (corner + random.random() * 0.8) / corners for corner in range(corners))
    reach = [(turn, size * random.uniform(0.4, 1)) for turn in turns]
    return {
        "polygon": tuple((place.longitude + far * math.cos(a), place.latitude + far * math.sin(a)) for a, far in reach)
    }


def _text(sketch: Sketch) -> Terms:
    draw = OF_CAMERAS[sketch.random.choice(("text: two Chinese characters", "text: a word"))]
    return draw(sketch.random, sketch.camera())


def _hours(sketch: Sketch) -> Terms:
    begin, lasts = sketch.random.randrange(96), sketch.random.randrange(1, 48)
    return {"time_from": _clock(begin), "time_to": _clock(begin + lasts)}


def _night(sketch: Sketch) -> Terms:
    return {"time_from": _clock(sketch.random.randrange(80, 96)), "time_to": _clock(sketch.random.randrange(16, 28))}


def _clock(quarters: int) -> str:
    return f"{quarters // 4 % 24:02}:{quarters % 4 * 15:02}"


def _weekday(sketch: Sketch) -> Terms:
    days = tuple(sketch.random.sample([str(day) for day in Weekday], sketch.random.randrange(1, 3)))
    return {"day": days} | (_hours(sketch) if sketch.random.random() < 0.5 else {})


def _duration(sketch: Sketch) -> Terms:
    least = int(math.exp(sketch.random.uniform(0, math.log(7_200))))
    return {"min_duration_s": least} | ({"max_duration_s": least * 2} if sketch.random.random() < 0.3 else {})


def _overlap(sketch: Sketch) -> Terms:
    return sketch.window(_DAY_MS) | {"overlap": True, "order": sketch.random.choice(tuple(Order))}


def _oldest(sketch: Sketch) -> Terms:
    terms: Terms = {"order": Order.OLDEST, "from_ms": sketch.value("ms", sketch.event())}
    return terms | ({"label": (sketch.frequent(),)} if sketch.random.random() < 0.5 else {})


def _deep(sketch: Sketch) -> Terms:
    named = {"label": (sketch.frequent(),)} if sketch.random.random() < 0.5 else {}
    return {"cursor": sketch.cursor(), **named}


def _week(sketch: Sketch) -> Terms:
    begin = max(sketch.value("ms", sketch.event()) - sketch.random.randrange(7 * _DAY_MS), 0)
    return {"from_ms": begin, "to_ms": begin + 7 * _DAY_MS}


SHAPES: Final[Mapping[str, Draw]] = {
    "no_filter": lambda sketch: {},
    "frequent_label": _labels(Sketch.frequent),
    "rare_label": _labels(Sketch.rare),
    "kind": _of_event("kind", Sketch.kind, 2),
    "severity": _of_event("severity", lambda sketch, event: sketch.value("severity", event), 2),
    "severity_1": lambda sketch: {"severity": (1,)},
    "label_and_kind": _label_and_kind,
    "camera": _of_event("camera", lambda sketch, event: sketch.value("camera", event)),
    "cameras_20": lambda sketch: {"camera": tuple(sorted({sketch.value("camera", sketch.event()) for _ in range(20)}))},
    "department": _department,
    "sector": _of_event("sector", lambda sketch, event: sketch.sector(sketch.value("department", event)), 2),
    "region": lambda sketch: {"region": sketch.region()},
    "bbox": _box,
    "radius": _near,
    "polygon": _polygon,
    "text": _text,
    "time_window": lambda sketch: sketch.window(30 * _DAY_MS),
    "time_of_day": _hours,
    "weekday": _weekday,
    "zone": _zone,
    "score": lambda sketch: {"min_score": round(sketch.random.uniform(0.5, 0.97), 4)},
    "duration": _duration,
    "overlap": _overlap,
    "oldest_first": _oldest,
    "deep_page": _deep,
    "label_region_night": lambda sketch: {"label": (sketch.frequent(),), "region": sketch.region(), **_night(sketch)},
    "department_severity_week": lambda sketch: {
        **_department(sketch),
        **_week(sketch),
        "severity": (sketch.value("severity", sketch.event()),),
    },
}


def draw_some(shape: Draw, sketch: Sketch, oracle: Oracle, how_many: int) -> list[Question]:
    """So many questions, no two the same: one that was drawn before is asked for a page from anywhere."""
    drawn: dict[Question, None] = {}
    for _ in range(how_many * _TRIES):
        if len(drawn) == how_many:
            break
        question = Question(**shape(sketch))
        if oracle.is_doubtful(question):
            continue
        if question in drawn:
            question = replace(question, cursor=sketch.cursor())
        drawn[question] = None
    return list(drawn)
