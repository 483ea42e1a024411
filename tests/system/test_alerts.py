"""The process that matches and sends, killed and joined by others while it works. Receivers and databases are real."""

import base64
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook

from core.clock import SystemClock
from core.ids import CameraId
from events.alerts import subscription_secrets
from events.alerts.counts import count_alerts
from events.alerts.subscription import Subscription
from events.alerts.tables import delivery
from registry.db import Database, open_database
from registry.key_ring import open_files
from sharp_eyes.migrate import upgrade
from tests.support.alerting import subscribe
from tests.support.builders import an_event
from tests.support.happenings import add_cameras, write
from tests.support.postgres import PostgresServer
from tests.support.program import Running
from tests.support.receiver import Receiver, Receivers, open_receivers
from tests.support.waiting import wait_for

SETTINGS = {"SHARP_EYES_ALERTS__ALLOWED_TARGETS": "127.0.0.1", "SHARP_EYES_ALERTS__TIMEOUT_S": "0.5"}
"""Claims of the dead are over after three seconds."""


class Town:
    """A camera, and a subscription to its events."""

    def __init__(self, folder: Path, url: str, receiver: Receiver) -> None:
        self.receiver = receiver
        self.database: Database = open_database(url)
        upgrade(self.database)
        self.data = folder / "data"
        self.keys = open_files(self.data / "keys" / "sealing.key")
        with self.database.write() as connection:
            [self.camera] = add_cameras(connection, 1)
            self.some: Subscription = subscribe(connection, self.keys, url=receiver.url, at=SystemClock().now())
        self.written = 0
        self.began = datetime.now(UTC) - timedelta(seconds=1)

    def program(self, url: str) -> Running:
        return Running(self.data, environment=SETTINGS | {"SHARP_EYES_DATABASE": url})

    def happen(self, count: int) -> set[str]:
        """So many more events, ten milliseconds after each other; the ids of the messages that tell of them."""
        first, self.written = self.written + 1, self.written + count
        events = [an_event(n, camera=CameraId(self.camera), at=self.at(n)) for n in range(first, self.written + 1)]
        return {f"{number}.1.{self.some.id}" for number in write(self.database, events)}

    def at(self, n: int) -> datetime:
        return self.began + timedelta(milliseconds=10 * n)

    def waiting(self) -> int:
        with self.database.read() as connection:
            counts = count_alerts(connection)
            return counts.waiting + counts.unmatched

    def states(self) -> dict[str, int]:
        with self.database.read() as connection:
            counted = select(delivery.c.state, func.count()).group_by(delivery.c.state)
            return {row.state: row[1] for row in connection.execute(counted)}


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with open_receivers() as opened:
        yield opened


def test_what_was_on_its_way_when_it_was_killed_arrives_under_the_same_id(tmp_path: Path, receivers: Receivers) -> None:
    receiver = receivers.open()
    url = f"sqlite:///{tmp_path}/city.db"
    town = Town(tmp_path, url, receiver)
    program = town.program(url)
    program.launch("alerts")
    try:
        expected = town.happen(40)
        receiver.wait_for(10)
        receiver.mode = "hang"  # so that some are claimed, and have been sent, and nobody knows
        expected |= town.happen(40)
        wait_for(lambda: receiver.at_once > 0, "one hangs")
        program.kill()
        receiver.mode = "ok"
        expected |= town.happen(40)
        program.launch("alerts")
        wait_for(lambda: town.waiting() == 0, "all is delivered", 60)
    finally:
        program.kill()
        town.database.close()
    assert set(receiver.ids) == expected
    assert max(receiver.ids.values()) > 1
    for got in receiver.got:
        assert got.message["id"] == got.id


def test_it_stops_without_those_that_hang_and_gives_back_what_it_has(tmp_path: Path, receivers: Receivers) -> None:
    receiver = receivers.open()
    url = f"sqlite:///{tmp_path}/city.db"
    town = Town(tmp_path, url, receiver)
    program = town.program(url)
    process = program.launch("alerts", SHARP_EYES_ALERTS__TIMEOUT_S="60")
    try:
        town.happen(1)
        first = receiver.wait_for(1)[0]
        receiver.mode = "hang"
        town.happen(5)
        wait_for(lambda: receiver.at_once == 4, "four hang")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0  # half of what those that hang may take
        with town.database.read() as connection:
            claims = connection.execute(select(func.count()).where(delivery.c.claimed_by.is_not(None))).scalar_one()
        assert (claims, town.states()) == (0, {"delivered": 1, "waiting": 5})
        secrets = in_force(town)
    finally:
        program.kill()
        town.database.close()
    Webhook("whsec_" + base64.b64encode(secrets[0]).decode()).verify(first.body, first.headers)
    assert "Traceback" not in program.log.read_text()


def test_two_processes_deliver_everything_and_nothing_twice(
    tmp_path: Path, receivers: Receivers, postgres_server: PostgresServer
) -> None:
    url = postgres_server.make_database()
    receiver = receivers.open()
    town = Town(tmp_path, url, receiver)
    one, other = town.program(url), town.program(url)
    patient = {"SHARP_EYES_ALERTS__TIMEOUT_S": "30"}  # on a busy machine too: nothing is sent again for its sake
    one.launch("alerts", **patient)
    other.launch("alerts", **patient)
    expected: set[str] = set()
    try:
        for _ in range(5):
            expected |= town.happen(40)
            receiver.wait_for(len(expected) - 20)
        wait_for(lambda: town.waiting() == 0, "all is delivered", 60)
        assert max(receiver.ids.values()) == 1
        one.kill()
        expected |= town.happen(40)
        wait_for(lambda: town.waiting() == 0, "the other delivers the rest", 60)
    finally:
        one.kill()
        other.kill()
        town.database.close()
        postgres_server.drop_database(url)
    assert set(receiver.ids) == expected


def in_force(town: Town) -> list[bytes]:
    with town.database.read() as connection:
        return subscription_secrets.in_force(connection, town.keys, town.some.id, SystemClock().now())
