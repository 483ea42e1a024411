"""Measures live views of the program itself: starts, lag, pictures a second, and what viewers cost."""

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag
from threading import Thread
from typing import Any, Final

import numpy as np

from core.errors import SharpEyesError

from .clock import FPS
from .looked import Looked
from .town import Town, found_town
from .viewers import Rendition, Viewer, look

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""

KEY_EVERY: Final = {"gop_1s": FPS, "gop_4s": 4 * FPS}
_START_S: Final = 20.0
"""A view that is not current after so long never is, and is counted so."""
_SETTLE_S: Final = 0.5
_UNMASKED_S: Final = 300.0
"""An unmasking is used for so long, of the fifteen minutes that it lasts; no view is longer than the rest."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for."""

    starts: int
    """Of each rendition of each camera."""
    seconds: float
    """How long what is steady is measured, each time."""
    viewers: int
    """So many look at one camera at once, at most."""
    rest_s: float
    """Nobody looks for so long before each start."""


def bench_live(load: Load, tell: Tell) -> dict[str, Any]:
    """The figures. Raises `Unavailable` where something does not start, `SharpEyesError` where a view is refused, ends
    by itself, or shows what is not what the camera sent."""
    with TemporaryDirectory(prefix="sharp-eyes-bench-") as folder:
        tell("starting", 0, 1)
        with found_town(Path(folder), tuple(KEY_EVERY.values())) as town:
            bench = _Bench(town, load, tell)
            starts = bench.starts()
            steady = bench.steady()
            costs = bench.costs()
    found: dict[str, Any] = {"starts": load.starts, "viewers": load.viewers, "costs": costs}
    for rendition in Rendition:
        found[rendition.value] = {
            name: _figures(rendition, starts[rendition, name], steady[rendition, name]) for name in KEY_EVERY
        }
    return found


_Cell = tuple[Rendition, str]
"""What of which camera."""
_PAIRS: Final[tuple[tuple[_Cell, _Cell], ...]] = (
    ((Rendition.MASKED, "gop_1s"), (Rendition.ORIGINAL, "gop_4s")),
    ((Rendition.ORIGINAL, "gop_1s"), (Rendition.MASKED, "gop_4s")),
)
"""What is looked at together: one of each camera, so that neither finds its stream decoded for the other."""


class _Bench:
    def __init__(self, town: Town, load: Load, tell: Tell) -> None:
        self._town = town
        self._load = load
        self._tell = tell
        self._unmaskings: dict[str, tuple[int, float]] = {}

    def starts(self) -> dict[_Cell, list[Looked]]:
        """Views that begin when nobody looks, at a random moment between two key frames, until they are current."""
        found: dict[_Cell, list[Looked]] = {}
        for done in range(self._load.starts * len(_PAIRS)):
            self._tell("starting views", done, self._load.starts * len(_PAIRS))
            time.sleep(self._load.rest_s + random.random())  # noqa: S311 - no secret
            for cell, looked in _together(self._start, _PAIRS[done % len(_PAIRS)]).items():
                found.setdefault(cell, []).append(looked)
        return found

    def steady(self) -> dict[_Cell, Looked]:
        """A view of each, for as long as was asked for."""
        found: dict[_Cell, Looked] = {}
        for done, cells in enumerate(_PAIRS):
            self._tell("looking", done, len(_PAIRS))
            found |= _together(self._watch, cells)
        return found

    def costs(self) -> dict[str, Any]:
        """Shares of a core that all of the program takes, by who looks at the camera with a key frame a second."""
        crowds = [(None, 0), *((rendition, many) for rendition in Rendition for many in (1, self._load.viewers))]
        found: dict[tuple[Rendition | None, int], float] = {}
        for done, (rendition, many) in enumerate(crowds):
            self._tell("taking the cost", done, len(crowds))
            time.sleep(self._load.rest_s)
            found[rendition, many] = self._cost(rendition, many)
        nobody = found[None, 0]
        costs: dict[str, Any] = {"nobody": round(nobody, 3)}
        for rendition in Rendition:
            first, all_of_them = found[rendition, 1], found[rendition, self._load.viewers]
            costs[rendition.value] = {
                "first": round(first - nobody, 3),
                "each_further": round((all_of_them - first) / max(1, self._load.viewers - 1), 4),
                "all": round(all_of_them - nobody, 3),
            }
        return costs

    def _open(self, cell: _Cell, unmasking: int) -> Viewer:
        rendition, name = cell
        return look(self._town, rendition, self._town.cameras[KEY_EVERY[name]], unmasking)

    def _unmasked(self, cell: _Cell) -> int:
        """The number of an unmasking that is not over soon."""
        name = cell[1]
        number, asked = self._unmaskings.get(name, (0, float("-inf")))
        if time.monotonic() - asked > _UNMASKED_S:
            number = self._town.unmask(self._town.cameras[KEY_EVERY[name]])
            self._unmaskings[name] = number, time.monotonic()
        return number

    def _start(self, cell: _Cell) -> Looked:
        return self._look(cell, lambda looked: looked.current_ms is not None, _START_S)

    def _watch(self, cell: _Cell) -> Looked:
        seconds = self._load.seconds
        return self._look(cell, lambda looked: looked.lasted_s >= seconds, _START_S + seconds)

    def _look(self, cell: _Cell, is_enough: Callable[[Looked], bool], most_s: float) -> Looked:
        unmasking = self._unmasked(cell)
        looked = Looked(time.monotonic())
        with closing(self._open(cell, unmasking)) as viewer:
            for part in viewer.parts():
                for grey in viewer.pictures(part):
                    looked.add(grey, time.monotonic())
                if is_enough(looked):
                    return looked
                if time.monotonic() - looked.began > most_s:
                    break
        if looked.shown:
            return looked  # what is slow is measured too
        raise SharpEyesError(f"a view ({cell[0]}, {cell[1]}) showed no picture within {most_s:.0f} s")

    def _cost(self, rendition: Rendition | None, many: int) -> float:
        stop, threads = Flag(), []
        with ExitStack() as stack:
            if rendition is not None:
                cell = rendition, next(iter(KEY_EVERY))
                unmasking = self._unmasked(cell)
                viewers = [stack.enter_context(closing(self._open(cell, unmasking))) for _ in range(many)]
                threads = [Thread(target=_drain, args=(viewer, stop), daemon=True) for viewer in viewers]
            for thread in threads:
                thread.start()
            time.sleep(_SETTLE_S)
            spent, began = self._town.cpu_s(), time.monotonic()
            time.sleep(self._load.seconds)
            share = (self._town.cpu_s() - spent) / (time.monotonic() - began)
            if not all(thread.is_alive() for thread in threads):
                raise SharpEyesError("a view ended by itself while its cost was taken")
            stop.set()
            for thread in threads:
                thread.join()
        return share


def _together(look_at: Callable[[_Cell], Looked], cells: tuple[_Cell, ...]) -> dict[_Cell, Looked]:
    with ThreadPoolExecutor(len(cells)) as pool:
        return dict(zip(cells, pool.map(look_at, cells), strict=True))


def _drain(viewer: Viewer, stop: Flag) -> None:
    """Take what comes, and decode nothing: that is the client's cost, not the program's."""
    for _ in viewer.parts():
        if stop.is_set():
            return


def _figures(rendition: Rendition, starts: list[Looked], steady: Looked) -> dict[str, Any]:
    views = [*starts, steady]
    figures = {
        "first_p50_ms": _share((one.first_ms for one in starts), 50),
        "first_p95_ms": _share((one.first_ms for one in starts), 95),
        "current_p50_ms": _share((one.current_ms for one in starts), 50),
        "current_p95_ms": _share((one.current_ms for one in starts), 95),
        "never_current": sum(one.current_ms is None for one in starts),
        "lag_p50_ms": _share(steady.ages_ms, 50),
        "lag_p95_ms": _share(steady.ages_ms, 95),
        "fps": None if steady.fps is None else round(steady.fps, 1),
        "pictures": sum(one.shown for one in views),
        "torn": sum(one.torn for one in views),
        "backwards": sum(one.backwards for one in views),
        "missing": sum(one.missing for one in views),
        "area_white": sum(one.white for one in views),
        "area_black": sum(one.black for one in views),
    }
    return figures | {"right": is_right(rendition, figures)}


def is_right(rendition: Rendition, figures: dict[str, Any]) -> bool:
    """Whether what came is what was to come: the original whole and open, the masked one in order and covered."""
    if figures["backwards"] or figures["torn"]:
        return False
    if rendition is Rendition.MASKED:
        return bool(figures["area_black"] == figures["pictures"])
    return bool(figures["area_white"] == figures["pictures"] and not figures["missing"])


def _share(values: Iterable[float | None], percent: float) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.percentile(known, percent)), 1) if known else None
