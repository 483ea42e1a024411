"""What a start loads: every command and every process pays for it, so nothing is loaded that it may not need."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("started", "spared"),
    [
        ("sharp_eyes.cli", ("numpy", "pydantic", "sqlalchemy")),
        ("sharp_eyes.analyze", ("sqlalchemy",)),
        ("sharp_eyes.api_process", ("minio", "openpyxl")),
    ],
)
def test_what_is_not_needed_is_not_loaded(started: str, spared: tuple[str, ...]) -> None:
    script = f"import sys, {started}; print(*(name for name in {spared} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == []
