"""`python -m tests.chaos --minutes 10 --streams 30 --workers 3`: the whole ordeal, and what was counted."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from .ordeal import go_through


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--streams", type=int, default=30)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="kept afterwards; without it: a temporary one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sharp-eyes-chaos-") as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        outcome = go_through(
            folder,
            minutes=asked.minutes,
            streams=asked.streams,
            workers=asked.workers,
            say=lambda text: print(f"{datetime.now(UTC):%H:%M:%S} {text}", flush=True),
        )
    print(json.dumps({**asdict(outcome), "adds_up": outcome.tally.adds_up}, indent=2))
    return 0 if outcome.tally.adds_up else 1


if __name__ == "__main__":
    sys.exit(main())
