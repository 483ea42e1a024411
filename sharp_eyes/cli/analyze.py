"""`sharp-eyes analyze`."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from .options import Config, Json, only_files


def analyze(
    clip: Annotated[Path, typer.Argument(help="A video file: MP4, MKV, AVI, MPEG-TS ...")],
    as_json: Json = False,
    rules: Annotated[
        Path | None, typer.Option(help="Rules in TOML or JSON. Without: people and vehicles anywhere for a second.")
    ] = None,
    every_frame: Annotated[
        bool, typer.Option("--every-frame", help="Look at every picture, not five a second.")
    ] = False,
    model: Annotated[str | None, typer.Option(help="Name of a model; `sharp-eyes models list` shows them.")] = None,
    config: Config = None,
) -> None:
    """Say which events the live system would make of a clip: the same loop, in media time, without losing a picture.

    No database is touched. Two runs say the same, to the byte.

    Example: sharp-eyes analyze corridor.mp4 --rules rules.toml --json
    """
    # Imported here, since `--help` must not wait for ONNX Runtime.
    from core.ids import EVENT_EPOCH

    from ..analyze import CAMERA, analyze_clip, as_text
    from ..openings import make_loop_detector, open_objects_model
    from ..rules_file import read_rules, street_rule
    from ..settings import load

    only_files([clip])
    settings = load(config)
    session = open_objects_model(settings, model)
    wanted = read_rules(rules, CAMERA, frozenset(session.card.labels)) if rules else [street_rule(CAMERA)]
    on_terminal = sys.stderr.isatty()

    def progress(at: datetime) -> None:
        if on_terminal:
            print(f"\r{(at - EVENT_EPOCH) / timedelta(seconds=1):8.1f} s", end="", file=sys.stderr)

    lines = analyze_clip(
        clip, make_loop_detector(session, settings), wanted, settings, every_frame=every_frame, progress=progress
    )
    try:
        for line in lines:
            if as_json:
                print(as_text(line))
            elif line["type"] != "tracks":
                print(_TELL[line["type"]](line))
    finally:
        if on_terminal:
            print("\r", end="", file=sys.stderr)


def _event(line: dict[str, Any]) -> str:
    score = "    " if line["score"] is None else f"{line['score']:.2f}"
    what = line["label"] if line["count"] is None else f"{line['count']} x {line['label']}"
    way = "" if line["direction"] is None else f", {line['direction'].replace('_', ' ')}"
    return (
        f"{line['started_at']:8.1f} s to {line['ended_at']:8.1f} s  {what:<12} "
        f"{score}  {line['rule']} ({line['end_reason']}{way})"
    )


def _flow(line: dict[str, Any]) -> str:
    return f"{line['count']:6} {line['label'] or '':<12} {line['direction'].replace('_', ' '):<14} {line['rule']}"


def _account(line: dict[str, Any]) -> str:
    failed = ", ".join(f"{count} {condition}" for condition, count in line["unfulfilled"].items())
    why = f"; the others failed at: {failed}" if failed else ""
    return f"{line['rule']}: {line['with_event']} of {line['tracks']} tracks took part in an event{why}"


_TELL: dict[str, Callable[[dict[str, Any]], str]] = {"event": _event, "flow": _flow, "account": _account}
