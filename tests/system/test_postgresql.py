"""The whole on a real PostgreSQL, also while that is away."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.support.footage import bikes
from tests.support.postgres import PostgresServer
from tests.support.program import Running, run_command
from tests.support.relay import Relay, relay_to
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for

_OUTAGE = timedelta(seconds=8)


@pytest.fixture
def relay(postgres_server: PostgresServer) -> Iterator[Relay]:
    """What stands between the program and its database."""
    with relay_to(postgres_server.port) as between:
        yield between


@pytest.fixture
def database_url(postgres_server: PostgresServer) -> str:
    """The database of the city, past the relay."""
    return postgres_server.make_database()


@pytest.fixture
def city(
    tmp_path: Path, street_server: RtspServer, postgres_server: PostgresServer, database_url: str, relay: Relay
) -> Iterator[Running]:
    url = database_url.replace(f":{postgres_server.port}/", f":{relay.port}/")
    running = Running(tmp_path / "data", environment={"SHARP_EYES_DATABASE": url}).start()
    try:
        for number in range(2):
            running.add_camera(f"camera {number}", street_server.url(bikes().name))
        wait_for(lambda: len(running.events()) >= 3, "three events", 60)
        yield running
    finally:
        running.stop()


def spooled(spool: Path) -> set[tuple[int, int, int]]:
    """Camera, epoch and number of the events in a spool."""
    connection = sqlite3.connect(spool)
    try:
        return set(connection.execute("SELECT camera, epoch, n FROM waiting"))
    finally:
        connection.close()


def test_events_of_an_outage_of_the_database_are_on_record_afterwards(city: Running, relay: Relay) -> None:
    before = city.events()
    relay.go_down()
    began = datetime.now(UTC)
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 503, "the API says that the database is away", 30)
    wait_for(lambda: datetime.now(UTC) - began > _OUTAGE, "the outage to last", 30)
    ended = datetime.now(UTC)
    relay.come_up()

    def of_the_outage() -> list[str]:
        if city.ask("GET", "/api/v1/events")[0] != 200:
            return []
        return [one["id"] for one in city.events() if began < datetime.fromisoformat(one["started_at"]) < ended]

    wait_for(of_the_outage, "events that began during the outage", 60)
    after = {one["id"]: one for one in city.events()}
    assert {one["id"] for one in before} <= set(after)
    wait_for(lambda: city.events_made() == len(city.events()), "as many events on record as were made", 30)


def test_a_worker_that_is_killed_during_an_outage_loses_no_event(
    city: Running, relay: Relay, database_url: str
) -> None:
    relay.go_down()
    killed = wait_for(lambda: city.child("worker"), "the worker runs")
    spool = city.data / "workers" / "1" / "spool.db"
    wait_for(lambda: len(spooled(spool)) >= 3, "three events in the spool")
    city.kill_child("worker")
    in_spool = spooled(spool)
    relay.come_up()
    wait_for(lambda: city.child("worker") not in (None, killed) and city.is_ready(), "another worker", 60)
    wait_for(lambda: not spooled(spool), "the spool is empty", 30)
    with psycopg.connect(database_url) as connection:
        stored = connection.execute("SELECT camera, epoch, n FROM event").fetchall()
        fenced = connection.execute("SELECT camera, epoch, n FROM fenced_event").fetchall()
    assert in_spool <= set(stored)
    assert fenced == []
    assert len(set(stored)) == len(stored)


def test_the_password_of_the_database_appears_in_no_log_and_nothing_of_it_in_an_answer(
    city: Running, relay: Relay, postgres_server: PostgresServer
) -> None:
    relay.go_down()
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 503, "the API says that the database is away", 30)
    answers = [city.ask("GET", path)[1].decode() for path in ("/api/v1/events", "/readyz", "/metrics")]
    relay.come_up()
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 200, "the database is back", 60)
    for text in (city.log.read_text(), *answers):
        assert postgres_server.password not in text
    assert not any("127.0.0.1" in text or "postgresql" in text for text in answers)


def test_the_doctor_tells_of_the_database(postgres_server: PostgresServer) -> None:
    good = run_command("doctor", "--json", environment={"SHARP_EYES_DATABASE": postgres_server.make_database()})
    assert '"check": "database"' in good.stdout
    bad = run_command(
        "doctor", "--json", environment={"SHARP_EYES_DATABASE": "postgresql://sharp:geheim@127.0.0.1:1/none"}
    )
    assert bad.returncode == 1
    assert "geheim" not in bad.stdout + bad.stderr
