"""The benchmark of searches at a million events, on both engines: every answer that is held against the scan is right.

How quick they are is printed, and held against nothing here: that says a quiet machine (see docs/performance.md).
"""

import json

import pytest

from tests.support.postgres import PostgresServer
from tests.support.program import run_command

pytestmark = pytest.mark.alone
CITY = ("--events", "1000000", "--cameras", "20000", "--runs", "3")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_million_events_are_searched_as_a_scan_finds_them(
    engine: str, postgres_server: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--url", postgres_server.make_database()) if engine == "postgresql" else ()
    done = run_command("bench", "search", *CITY, *place, "--json", timeout_s=280)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["engine"], told["events"]) == (engine, 1_000_000)
    shapes = told["shapes"]
    # Three answers of each shape and asker are compared before any time is taken; a wrong one ends the benchmark.
    assert told["compared"] == 3 * len({one["name"].removesuffix(", cut") for one in shapes})
    assert told["inserted"] > 0
    within = sum(one["is_reached"] for one in shapes)
    with capsys.disabled():
        print(
            f" {engine}: {within} of {len(shapes)} rows within their goals; {told['insert_per_s']:.0f} events/s written"
        )
