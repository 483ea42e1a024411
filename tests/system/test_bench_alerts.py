"""The benchmark of alerts, on a small town."""

import json

from tests.support.program import run_command


def test_all_that_can_arrive_does_beside_receivers_that_hang_and_fail() -> None:
    small = ("--receivers", "4", "--hanging", "1", "--failing", "1", "--rate", "20", "--seconds", "1")
    done = run_command("bench", "alerts", *small, "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["arrived"] == figures["to_those_that_answer"] > 10
    assert figures["waiting"] > 0
    assert figures["p95_ms"] >= figures["p50_ms"] > 0


def test_there_must_be_one_that_answers() -> None:
    refused = run_command("bench", "alerts", "--receivers", "2", "--hanging", "1", "--failing", "1")
    assert refused.returncode == 2
    assert "leave none of 2 to answer" in refused.stderr
