"""`sharp-eyes detect`: what the detector finds in pictures."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.errors import SharpEyesError
from inference.detector import OnnxDetector
from ingest.pictures import read_picture


def detect_in(paths: Sequence[Path], detector: OnnxDetector, most: int | None = None) -> Iterator[dict[str, Any]]:
    """A dictionary for each picture, in order: its path, size and detections (best first, boxes in its pixels).

    One that cannot be read gets `error` (and `hint`) in place of the rest; the others go on.
    """
    for path in paths:
        try:
            picture = read_picture(path)
        except SharpEyesError as error:
            yield {"path": str(path), "error": error.message} | ({"hint": error.hint} if error.hint else {})
            continue
        height, width = picture.shape[:2]
        found = sorted(detector.detect([picture])[0], key=lambda detection: -detection.score)
        yield {
            "path": str(path),
            "width": width,
            "height": height,
            "detections": [
                {
                    "label": detection.label,
                    "score": round(detection.score, 4),
                    "box": [round(side, 2) for side in detection.box.pixels(width, height)],
                }
                for detection in found[:most]
            ],
        }
