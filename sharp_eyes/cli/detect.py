"""`sharp-eyes detect`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from .options import Config, Json, only_files


def detect(
    pictures: Annotated[
        list[Path], typer.Argument(help="Picture files: JPEG, PNG, TIFF, WebP ...", metavar="PICTURES...")
    ],
    as_json: Json = False,
    model: Annotated[str | None, typer.Option(help="Name of a model; `sharp-eyes models list` shows them.")] = None,
    min_score: Annotated[
        float | None, typer.Option(min=0.001, max=0.999, help="Least score; by default the card's.")
    ] = None,
    most: Annotated[int | None, typer.Option("--max", min=1, help="At most so many detections a picture.")] = None,
    size: Annotated[str | None, typer.Option(help="Size of the network's input, WIDTHxHEIGHT.", metavar="WxH")] = None,
    config: Config = None,
) -> None:
    """Find objects in pictures.

    Exit code 1 if a picture could not be read; the others are looked at all the same.

    Example: sharp-eyes detect street.jpg --min-score 0.5 --json
    """
    # Imported here, since `--help` must not wait for ONNX Runtime.
    from models.size import parse_size

    from ..detect import detect_in
    from ..openings import make_detector, open_objects_model
    from ..settings import load

    only_files(pictures)
    settings = load(config)
    detector = make_detector(
        open_objects_model(settings, model), settings, min_score=min_score, size=parse_size(size) if size else None
    )
    failed = False
    for line in detect_in(pictures, detector, most):
        failed |= "error" in line
        if as_json:
            print(json.dumps(line, ensure_ascii=False), flush=True)
        else:
            _tell(line)
    if failed:
        raise typer.Exit(1)


def _tell(line: dict[str, Any]) -> None:
    if "error" in line:
        print(
            f"{line['path']}: {line['error']}",
            *([f"  {line['hint']}"] if "hint" in line else []),
            sep="\n",
            file=sys.stderr,
        )
        return
    print(f"{line['path']} ({line['width']}x{line['height']}): {len(line['detections'])} found")
    for found in line["detections"]:
        left, top, right, bottom = found["box"]
        print(f"  {found['label']:<14} {found['score']:.2f}  {left:.0f},{top:.0f} to {right:.0f},{bottom:.0f}")
