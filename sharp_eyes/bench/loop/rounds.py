"""Rounds in which the contestants take turns, so that what else the machine does meets all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from .cells import Cell
from .processes import Contestant
from .task import Task

ROUNDS: Final = 3
SECONDS: Final = 5.0
_WARM_S: Final = 0.4

Tell = Callable[[], None]
"""A step is done."""
Figures = dict[str, Any]
Found = dict[str, list[Figures]]
"""The figures of each round, by contestant."""


@dataclass(frozen=True, slots=True)
class Contestants:
    """One process of each kind; `saving` is ours too, with the motion gate and saving decode."""

    floor: Contestant
    ours: Contestant
    plain: Contestant
    saving: Contestant


def cell_rounds(cell: Cell, task: Task, them: Contestants, tell: Tell) -> tuple[Figures, Figures | None]:
    """Processor time (cores a camera) of each in three rounds, the median; and that of the saving policy where it has a
    row of its own.

    The floor sends as many pictures through the network as ours has looked at in the same round.
    """
    rounds = _busy_rounds if cell.is_busy else _idle_rounds
    found = rounds(cell, task, them, tell)
    cores = {kind: _median([one["core"] for one in turns]) / cell.cameras for kind, turns in found.items() if turns}
    figures: Figures = {kind: round(cores[kind], 5) for kind in ("floor", "ours", "plain")}
    figures["floor_over_ours"] = round(_ratio(found, "floor", "ours"), 2)
    figures["plain_over_ours"] = round(_ratio(found, "plain", "ours"), 2)
    figures["p95_ms"] = _worst(found["ours"], "p95_ms")
    figures["overtaken"] = sum(one["overtaken"] for one in found["ours"])
    figures["looks_a_second"] = _looks(found["ours"], cell)
    if not found["saving"]:
        return figures, None
    policy = {
        "cell": cell.name,
        "core": round(cores["saving"], 5),
        "plain_over_ours": round(_ratio(found, "plain", "saving"), 2),
        "looks_a_second": _looks(found["saving"], cell),
    }
    return figures, policy


def _busy_rounds(cell: Cell, task: Task, them: Contestants, tell: Tell) -> Found:
    """All take turns. Ours has no gate: every picture that is due is looked at."""
    found: Found = {"floor": [], "ours": [], "plain": [], "saving": []}
    for _ in range(ROUNDS):
        found["plain"].append(_turn(them.plain, task, tell))
        found["ours"].append(_turn(them.ours, task, tell))
        found["floor"].append(_turn(them.floor, _as_often(found["ours"][-1], task), tell))
        if cell.has_policy:
            found["saving"].append(_turn(them.saving, replace(task, sensitivity="normal", idle="auto"), tell))
    return found


def _idle_rounds(cell: Cell, task: Task, them: Contestants, tell: Tell) -> Found:
    """Ours needs some seconds to find out that nothing happens. It spends them, and is measured, beside the others:
    meanwhile it takes a hundredth of a core, and each process counts its own time."""
    found: Found = {"floor": [], "ours": [], "plain": [], "saving": []}
    gated = replace(task, sensitivity="normal")
    both = {"ours": (them.ours, gated), "saving": (them.saving, replace(gated, idle="auto"))}
    for number in range(ROUNDS):
        if number == 0:
            for contestant, its in both.values():
                contestant.start(its)
            them.ours.measure(SECONDS)
        them.plain.start(task)
        them.plain.measure(_WARM_S)
        for contestant in (them.ours, them.saving, them.plain):
            contestant.begin_to_measure(SECONDS)
        for kind, contestant in (("ours", them.ours), ("saving", them.saving), ("plain", them.plain)):
            found[kind].append(contestant.measured())
            contestant.stop()
            tell()
        if number < ROUNDS - 1:
            for contestant, its in both.values():
                contestant.start(its)
        found["floor"].append(_turn(them.floor, _as_often(found["ours"][-1], task), tell))
    return found


def _as_often(ours: Figures, task: Task) -> Task:
    """The floor's task: as many looks at each camera as ours had."""
    return replace(task, looks=tuple(ours["looks_by_camera"]), seconds=ours["seconds"])


def task_for(cell: Cell, folder: Path, detect_fps: float, model: Path) -> Task:
    """The cell's cameras, each of which shows its clip."""
    clip = str((folder / cell.clip).resolve())
    return Task(
        clips=(clip,) * cell.cameras,
        fps=cell.fps,
        detect_fps=detect_fps,
        model=str(model),
    )


def _turn(contestant: Contestant, task: Task, tell: Tell) -> Figures:
    contestant.start(task)
    contestant.measure(_WARM_S)
    figures = _measured(contestant, tell)
    contestant.stop()
    return figures


def _measured(contestant: Contestant, tell: Tell) -> Figures:
    figures = contestant.measure(SECONDS)
    tell()
    return figures


def _ratio(found: dict[str, list[Figures]], one: str, other: str) -> float:
    """The median of the rounds' own ratios."""
    pairs = zip(found[one], found[other], strict=True)
    return _median([mine["core"] / its["core"] for mine, its in pairs])


def _median(values: Sequence[float]) -> float:
    return float(median(values))


def _worst(turns: Sequence[Figures], name: str) -> float | None:
    known = [turn[name] for turn in turns if turn[name] is not None]
    return max(known) if known else None


def _looks(turns: Sequence[Figures], cell: Cell) -> float:
    return round(_median([turn["looks"] / turn["seconds"] / cell.cameras for turn in turns]), 2)
