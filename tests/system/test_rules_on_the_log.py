"""A real worker watches a real stream; the same rule, tried on the log of what it saw, makes the same events."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import STREET, Running, run_command
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for

RULE: dict[str, Any] = {"name": "street", "labels": STREET, "min_duration_s": 0.5}
STRICT = RULE | {"min_duration_s": 60}
LINE = {"name": "across", "start": [0.5, 0.0], "end": [0.5, 1.0]}
CLOSE = timedelta(seconds=0.3)


class Watched:
    """A camera that was watched for a while."""

    def __init__(self, city: Running, camera: int, rule: int, line: int, flow: int) -> None:
        self.city = city
        self.camera = camera
        self.rule = rule
        self.line = line
        self.flow = flow
        self.from_at = self.to_at = datetime.now(UTC)

    def try_rule(self, rule: dict[str, Any], **time: Any) -> dict[str, Any]:
        time = time or {"from": self.from_at.isoformat(), "to": self.to_at.isoformat()}
        tried: dict[str, Any] = self.city.send(
            "POST", "/api/v1/rules:try", {"camera": self.camera, "rule": rule} | time
        )
        return tried

    def events(self) -> list[dict[str, Any]]:
        """What the rule made live, oldest first."""
        found = [event for event in self.city.events() if event["rule"]["id"] == self.rule]
        return sorted(found, key=lambda event: at(event["started_at"]))

    def ended(self) -> list[dict[str, Any]]:
        return [event for event in self.events() if event["ended_at"]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def is_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two events are of one object and began at one time; and ended so, where both have an end."""
    if one["track"] != other["track"] or abs(at(one["started_at"]) - at(other["started_at"])) >= CLOSE:
        return False
    if one["ended_at"] is None or other["ended_at"] is None:
        return True  # One of them went on, and may be called something else by now.
    return one["label"] == other["label"] and abs(at(one["ended_at"]) - at(other["ended_at"])) < CLOSE


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, street_server: RtspServer) -> Iterator[Watched]:
    """Half a minute of street, on record."""
    city = Running(tmp_path_factory.mktemp("city") / "data").start()
    try:
        camera = city.send("POST", "/api/v1/cameras", {"name": "street", "enabled": False})["id"]
        city.send("POST", f"/api/v1/cameras/{camera}/streams", {"url": street_server.url("bikes.mp4")})
        rule = city.send("POST", f"/api/v1/cameras/{camera}/rules", RULE)["id"]
        line = city.send("POST", f"/api/v1/cameras/{camera}/lines", LINE)["id"]
        counts = {"name": "flow", "kind": "flow", "labels": STREET, "line": line}
        flow = city.send("POST", f"/api/v1/cameras/{camera}/rules", counts)["id"]
        found = Watched(city, camera, rule, line, flow)
        city.send("PATCH", f"/api/v1/cameras/{camera}", {"enabled": True})
        wait_for(
            lambda: datetime.now(UTC) - found.from_at > timedelta(seconds=30) and len(found.ended()) >= 4, "events"
        )
        found.to_at = datetime.now(UTC)
        # What is written after that moment says that all before it is written.
        later = found.to_at.isoformat()
        wait_for(lambda: found.try_rule(RULE, **{"from": later})["looks"], "the log goes on", 40)
        yield found
    finally:
        city.kill()


def test_the_same_rule_makes_the_same_events(watched: Watched) -> None:
    tried = watched.try_rule(RULE)
    assert tried["looks"] > 100
    assert tried["hint"] is None
    live = watched.events()
    for event in tried["events"]:
        (twin,) = [one for one in live if is_the_same(one, event)]
        live.remove(twin)
    # Only what was not ripe yet when the trial ended is missing from it.
    assert [one for one in live if at(one["started_at"]) < watched.to_at - timedelta(seconds=3)] == []
    assert len(tried["events"]) >= 4


def test_a_stricter_rule_makes_fewer_and_says_why(watched: Watched) -> None:
    plain, strict = watched.try_rule(RULE), watched.try_rule(STRICT)
    assert strict["events"] == []
    assert strict["account"]["tracks"] == plain["account"]["tracks"]
    assert strict["account"]["with_event"] == 0
    assert strict["account"]["unfulfilled"]["duration"] >= plain["account"]["with_event"] > 0


def test_the_command_line_finds_the_same_without_asking_the_worker(watched: Watched, tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"rules": [RULE, STRICT | {"name": "strict"}]}), encoding="utf-8")
    data = {"SHARP_EYES_DATA": str(watched.city.data)}
    done = run_command("rules", "try", str(rules), "--camera", str(watched.camera), "--json", environment=data)
    assert done.returncode == 0, done.stderr
    plain, strict = (json.loads(line) for line in done.stdout.splitlines())
    wanted = [event["started_at"] for event in watched.try_rule(RULE)["events"]]
    assert [event["started_at"] for event in plain["events"]][: len(wanted)] == wanted
    assert (strict["rule"], strict["events"]) == ("strict", [])
    told = run_command("rules", "try", str(rules), "--camera", str(watched.camera), "--last", "10m", environment=data)
    assert "made an event" in told.stdout
    assert "failed at: duration" in told.stdout


def test_flows_that_were_counted_live_are_those_of_the_trial(watched: Watched) -> None:
    asked = f"from={(watched.from_at - timedelta(minutes=1)).isoformat()[:19]}Z&step=minute"
    counted = watched.city.get(f"/api/v1/rules/{watched.flow}/flow?{asked}")["items"]
    minutes = {item["at"] for item in counted if at(item["at"]) + timedelta(minutes=1) < watched.to_at}
    flow = watched.try_rule(RULE | {"kind": "flow", "line": watched.line, "min_duration_s": 0})["flow"]
    assert [item for item in flow if item["at"] in minutes] == [item for item in counted if item["at"] in minutes]
    assert sum(item["count"] for item in flow) > 0
    assert sum(item["count"] for item in flow) <= sum(item["count"] for item in counted)


def test_the_worker_says_why_nothing_happened(watched: Watched) -> None:
    account = watched.city.get(f"/api/v1/rules/{watched.rule}/account")
    assert account["cameras"] == 1
    assert abs(at(account["since"]) - watched.from_at) < timedelta(seconds=10)
    assert account["tracks"] == account["with_event"] + sum(account["unfulfilled"].values()) > 0
    assert (
        watched.city.get(f"/api/v1/rules/{watched.rule}/account?camera={watched.camera}")["tracks"] >= account["tracks"]
    )
    assert watched.city.ask("GET", "/api/v1/rules/99/account")[0] == 404


def test_a_time_without_a_log_is_told(watched: Watched) -> None:
    before = watched.from_at - timedelta(hours=2)
    tried = watched.try_rule(RULE, **{"from": before.isoformat(), "to": (before + timedelta(hours=1)).isoformat()})
    assert (tried["looks"], tried["events"]) == (0, [])
    assert "there is no log of this time" in tried["hint"]


@pytest.mark.parametrize("kind", ["motion", "stream_lost"])
def test_what_no_track_tells_cannot_be_tried(watched: Watched, kind: str) -> None:
    body = {"camera": watched.camera, "rule": {"name": "it", "kind": kind}}
    status, answer = watched.city.ask("POST", "/api/v1/rules:try", json.dumps(body).encode())
    assert (status, json.loads(answer)["field"]) == (422, "rule.kind")
