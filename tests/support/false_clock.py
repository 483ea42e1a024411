"""Processes whose time of day is wrong: Debian's libfaketime between them and the system."""

import shutil
from pathlib import Path

_LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
_SLEEPS = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds) and None\n"


def is_missing() -> bool:
    """Whether clocks cannot be set wrong on this machine."""
    return not _LIBRARIES or shutil.which("faketime") is None


def wrong_by(offset: str, folder: Path) -> dict[str, str]:
    """The environment of a process whose time of day is wrong by `offset` (`-1h`); something is put into `folder`."""
    return {**_environment(folder), "FAKETIME": offset}


def set_by(file: Path, folder: Path) -> dict[str, str]:
    """The same, as `file` says it, also while the process runs."""
    return {**_environment(folder), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_CACHE_DURATION": "1"}


def _environment(folder: Path) -> dict[str, str]:
    # Version 0.9.10 takes the end of Python's sleeps, which is by the monotonic clock, for a time of day long past, and
    # the system refuses to sleep. It leaves the waiting of `select` as it is.
    (folder / "sitecustomize.py").write_text(_SLEEPS)
    return {
        "LD_PRELOAD": str(_LIBRARIES[-1]),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(folder),
    }
