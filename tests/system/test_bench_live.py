"""The benchmark of live views, for a moment."""

import json

from tests.support.program import run_command
from tests.support.slowness import SLOWNESS


def test_live_views_are_soon_new_whole_and_covered() -> None:
    small = ("--starts", "2", "--seconds", str(0.5 * SLOWNESS), "--viewers", "2", "--rest", "0")
    done = run_command("bench", "live", *small, "--json", timeout_s=240)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    for rendition in ("original", "masked"):
        for found in figures[rendition].values():
            assert found["right"], figures
            assert found["first_p50_ms"] > 0
            if rendition == "masked" and SLOWNESS > 2:
                continue  # masking takes so long there that no picture may ever be of now
            assert found["first_p50_ms"] <= found["current_p95_ms"]
            assert 0 < found["lag_p50_ms"] <= found["lag_p95_ms"]
            assert found["fps"] > 0
    assert figures["costs"]["nobody"] > 0
