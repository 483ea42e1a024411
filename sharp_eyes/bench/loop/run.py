"""`sharp-eyes bench loop`: all figures in one run."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.attention import Attention, IdleDecoding, Sensitivity
from core.clock import Clock

from ...demo.footage import street_clip
from ...openings import make_loop_detector, model_store, open_objects_model
from ...settings import Settings
from .agreement import Matches, PlainAsDetector, Watched, detections_agree, events_agree, watch_clip
from .cells import CELLS, MORE_CELLS, make_clip
from .plain import PlainDetector
from .processes import contestants
from .rounds import ROUNDS, Contestants, cell_rounds, task_for
from .rtsp import rtsp_rows, rtsp_steps

Tell = Callable[[str, int, int], None]
"""What is being done, how many steps are done, of how many."""

_UNGATED = Attention(Sensitivity.OFF)
_GATED = Attention(idle=IdleDecoding.ALL)
_SAVING = Attention()


def bench_loop(
    settings: Settings, clock: Clock, *, full: bool = False, clips: Sequence[Path] = (), tell: Tell
) -> dict[str, Any]:
    """The figures of each cell, of the saving policies, and over RTSP. `clips`: more footage to find events on.

    Raises `NotFound` where the demo's clip or its RTSP server is not installed, `Unavailable` where a process ends.
    """
    cells = (*CELLS, *MORE_CELLS) if full else CELLS
    turns = sum(4 if cell.has_policy else 3 for cell in cells) * ROUNDS
    steps = _Steps(tell, turns + len(cells) + len(clips) + 1 + rtsp_steps(full=full))
    street = street_clip()
    model = model_store(settings).find(settings.detector.model)
    with TemporaryDirectory(prefix="sharp-eyes-bench-") as name, contestants("floor", "ours", "plain", "ours") as four:
        folder = Path(name)
        them = Contestants(*four)
        figures: dict[str, Any] = {}
        policies: list[dict[str, Any]] = []
        for cell in cells:
            steps.done(f"making the clip of {cell.name}")
            make_clip(cell, street, folder)
        for cell in cells:
            task = task_for(cell, folder, settings.looking.detect_fps, model.path)
            figures[cell.name], policy = cell_rounds(cell, task, them, partial(steps.done, f"measuring {cell.name}"))
            if policy is not None:
                policies.append(policy | _events(settings, folder / cell.clip))
        steps.done("comparing what is found")
        for cell in cells:
            clip = folder / cell.clip
            figures[cell.name] |= _agreement(settings, clip) if cell.is_busy else {"agreement": None}
        for clip in clips:
            steps.done(f"events of {clip.name}")
            policies.append({"cell": clip.name, **_events(settings, clip), **_agreement(settings, clip)})
        figures["policies"] = policies
        figures["rtsp"] = rtsp_rows(clock, them.ours, folder, full=full, tell=steps.done)
    return figures


class _Steps:
    def __init__(self, tell: Tell, count: int) -> None:
        self._tell = tell
        self._count = count
        self._done = 0

    def done(self, what: str) -> None:
        """One more step is done; `what` is being done now."""
        self._done += 1
        self._tell(what, min(self._done, self._count), self._count)


def _agreement(settings: Settings, clip: Path) -> dict[str, Any]:
    """How far ours and the plain loop find the same on `clip`, picture by picture and event by event."""
    session = open_objects_model(settings)
    ours = make_loop_detector(session, settings)
    model = str(model_store(settings).find(settings.detector.model).path)
    theirs = PlainAsDetector(PlainDetector(model, min_score=settings.tracking.low_score), session.card.labels)
    agreement = detections_agree(clip, ours, theirs, settings.looking.detect_fps)
    mine, its = (watch_clip(clip, detector, _UNGATED, settings).events for detector in (ours, theirs))
    events = events_agree(mine, its)
    return {
        "agreement": _rounded(agreement.found_again),
        "agreement_strictly": _rounded(agreement.strictly),
        "detections": agreement.detections,
        "plain_events": len(its),
        "plain_events_recall": _rounded(events.recall),
        "plain_events_precision": _rounded(events.precision),
    }


def _events(settings: Settings, clip: Path) -> dict[str, Any]:
    """The events with the gate, and with key frames alone too, beside those without."""
    detector = make_loop_detector(open_objects_model(settings), settings)
    plain, gated, saving = (watch_clip(clip, detector, how, settings) for how in (_UNGATED, _GATED, _SAVING))
    return {
        "events": len(plain.events),
        "gate": _compared(gated, plain),
        "gate_and_saving_decode": _compared(saving, plain),
    }


def _compared(some: Watched, all_: Watched) -> dict[str, Any]:
    matches: Matches = events_agree(some.events, all_.events)
    return {
        "events": len(some.events),
        "recall": _rounded(matches.recall),
        "precision": _rounded(matches.precision),
        "looks": some.looks,
        "looks_without": all_.looks,
        "decoded": round(some.pictures / max(some.packets, 1), 3),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
