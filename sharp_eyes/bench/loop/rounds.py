"""Rounds in which the contestants take turns, so that what else the machine does meets all of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from .cells import Cell
from .processes import Contestant
from .task import Task

ROUNDS: Final = 3
SECONDS: Final = 5.0
_WARM_S: Final = 0.6

Tell = Callable[[], None]
"""A step is done."""
Figures = dict[str, Any]


def cell_rounds(
    cell: Cell, task: Task, floor: Contestant, ours: Contestant, plain: Contestant, saving: Contestant, tell: Tell
) -> tuple[Figures, Figures]:
    """Processor time (cores a camera) of each in turn, the median of three rounds; and that of the saving policy.

    Ours looks without a gate at a busy street; at an idle one with it, or it would never be idle. `saving` has the gate
    on and decodes key frames alone where it can. It and an idle ours begin while others are measured, since they need
    some seconds to find out that nothing happens; meanwhile they take a hundredth of a core.
    """
    gated = replace(task, sensitivity="normal")
    mine = task if cell.is_busy else gated
    cheap = replace(gated, idle="auto")
    found: dict[str, list[Figures]] = {"floor": [], "ours": [], "plain": [], "saving": []}
    for _ in range(ROUNDS):
        if not cell.is_busy:
            ours.start(mine)
        found["plain"].append(_turn(plain, task, tell))
        if cell.is_busy:
            found["ours"].append(_turn(ours, mine, tell))
        else:
            found["ours"].append(_measured(ours, tell))
            ours.stop()
        looks = found["ours"][-1]["looks"] / found["ours"][-1]["seconds"] / cell.cameras
        if not cell.is_busy:
            saving.start(cheap)
        found["floor"].append(_turn(floor, replace(task, looks_a_second=looks), tell))
        if cell.is_busy:
            found["saving"].append(_turn(saving, cheap, tell))
        else:
            found["saving"].append(_measured(saving, tell))
            saving.stop()
    cores = {kind: _median([one["core"] for one in turns]) / cell.cameras for kind, turns in found.items()}
    figures: Figures = {kind: round(cores[kind], 5) for kind in ("floor", "ours", "plain")}
    figures["floor_over_ours"] = round(_ratio(found, "floor", "ours"), 2)
    figures["plain_over_ours"] = round(_ratio(found, "plain", "ours"), 2)
    figures["p95_ms"] = _worst(found["ours"], "p95_ms")
    figures["overtaken"] = sum(one["overtaken"] for one in found["ours"])
    figures["looks_a_second"] = _looks(found["ours"], cell)
    policy = {
        "cell": cell.name,
        "core": round(cores["saving"], 5),
        "plain_over_ours": round(_ratio(found, "plain", "saving"), 2),
        "looks_a_second": _looks(found["saving"], cell),
    }
    return figures, policy


def task_for(cell: Cell, folder: Path, detect_fps: float, model: Path) -> Task:
    """The cell's cameras, each of which shows its clip."""
    clip = str((folder / cell.clip).resolve())
    return Task(
        clips=(clip,) * cell.cameras,
        fps=cell.fps,
        detect_fps=detect_fps,
        looks_a_second=detect_fps,
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
