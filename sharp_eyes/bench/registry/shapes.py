"""Random filters of every shape, taken from cameras that are there, and some that fit nothing."""

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from core.camera import DepartmentId
from core.place import Place
from core.stream_state import StreamState
from registry.catalogue.areas import Around, Box
from registry.catalogue.filter import CameraFilter

from .oracle import Known, Oracle

Terms = dict[str, Any]
Draw = Callable[[Random, Known], Terms]

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]{2,}")
_UNUSED: Final = "qxzwjv"
_STATES: Final = (StreamState.LIVE, StreamState.UNREACHABLE, StreamState.STALLED, StreamState.NOT_FOUND)


def _two_characters(random: Random, camera: Known) -> Terms:
    runs = _CHINESE.findall(camera.text) or ["校门"]
    run = random.choice(runs)
    at = random.randrange(len(run) - 1)
    return {"q": run[at : at + 2]}


def _word(random: Random, camera: Known) -> Terms:
    return {"q": random.choice(camera.text.split())}


def _place(camera: Known) -> Place:
    return camera.facts.place or Place(114.3, 30.6)


def _box(degrees: float) -> Draw:
    def draw(random: Random, camera: Known) -> Terms:
        place, half = _place(camera), degrees * random.uniform(0.5, 1.5) / 2
        west, south = place.longitude - half, place.latitude - half
        return {"box": Box(west, south, west + 2 * half, south + 2 * half)}

    return draw


def _around(random: Random, camera: Known) -> Terms:
    return {"around": Around(_place(camera), random.choice((200, 1_000, 5_000, 30_000)))}


def _code(random: Random, camera: Known) -> Terms:
    return {"gb_prefix": (camera.facts.gb_code or "98010100111320000000")[: random.choice((4, 8, 13, 17, 20))]}


def _region(random: Random, camera: Known) -> Terms:
    return {"region": (camera.facts.region or "98")[: random.choice((2, 4, 6, 9))]}


def _departments(random: Random, camera: Known) -> Terms:
    others = {DepartmentId(random.randrange(2, 90)) for _ in range(random.randrange(5))}
    return {"departments": frozenset({DepartmentId(camera.department), *others})}


SHAPES: Final[Mapping[str, Draw]] = {
    "everything": lambda random, camera: {},
    "text: two Chinese characters": _two_characters,
    "text: one character": lambda random, camera: {"q": random.choice(camera.text.replace("\n", "").replace(" ", ""))},
    "text: a word": _word,
    "text: two words": lambda random, camera: {"q": " ".join(random.sample(camera.text.split(), 2))},
    "text: three digits": lambda random, camera: {"q": f"{random.randrange(1000):03}"},
    "text: in no camera": lambda random, camera: {"q": "".join(random.choices(_UNUSED, k=random.randrange(2, 6)))},
    "departments": _departments,
    "sector": lambda random, camera: {"sectors": frozenset({camera.sector})},
    "region": _region,
    "state": lambda random, camera: {"states": frozenset({random.choice(_STATES)})},
    "enabled": lambda random, camera: {"enabled": random.random() < 0.5},
    "small box": _box(0.01),
    "large box": _box(0.2),
    "around": _around,
    "code": _code,
}
"""One condition each."""
_PARTS: Final = (
    *("text: two Chinese characters", "text: a word", "text: three digits", "departments", "sector", "region"),
    *("state", "enabled", "small box", "large box", "around", "code"),
)
COMBINED: Final = "two to five conditions"
STRANGERS: Final = "conditions that never meet"


def draw(shape: str, random: Random, oracle: Oracle) -> CameraFilter:
    """A filter of that shape."""
    camera = random.choice(oracle.cameras)
    if shape in SHAPES:
        return CameraFilter(**SHAPES[shape](random, camera))
    names = random.sample(_PARTS, random.randrange(2, 6))
    terms: Terms = {}
    for name in names:
        # Conditions of one camera fit it at least; those of several seldom fit any.
        terms |= SHAPES[name](random, camera if shape == COMBINED else random.choice(oracle.cameras))
    return CameraFilter(**terms)


ALL_SHAPES: Final = (*SHAPES, COMBINED, STRANGERS)
