"""Several workers on one PostgreSQL and a dozen real streams: they share the cameras, and take over from each other.

The tests go on from each other, in their order: starting a crew takes as long as all of them.
"""

import os
import signal
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.ids import CameraId, event_time
from core.rule import RuleKind
from events.index.tables import event
from registry import cameras, leases, rules, streams, workers
from registry.db import Database, open_database
from registry.leases import Lease
from registry.tables import camera_epoch
from sharp_eyes.migrate import upgrade
from tests.support import false_clock
from tests.support.footage import bikes
from tests.support.parent_death import die_with_parent
from tests.support.postgres import PostgresServer
from tests.support.program import PROGRAM, Running
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for

pytestmark = pytest.mark.alone
_CAMERAS = 12


class Crew:
    """Workers on one database and one data folder, beside an API."""

    def __init__(self, api: Running, database: Database, environment: Mapping[str, str]) -> None:
        self.api = api
        self.database = database
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._environment = environment

    def join(self, name: str, **environment: str) -> None:
        """Start a worker."""
        environment = {**os.environ, **self._environment, "SHARP_EYES_WORKER__NAME": name, **environment}
        with self.api.log.with_name(f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(PROGRAM), "worker"], stdout=log, stderr=log, env=environment, preexec_fn=die_with_parent()
            )

    def signal(self, name: str, number: signal.Signals) -> None:
        self.processes[name].send_signal(number)

    def workers(self) -> dict[str, dict[str, Any]]:
        """What the API says of each running worker, by its name."""
        listed = self.api.get("/api/v1/workers")["items"]
        return {one["name"]: one for one in listed if one["state"] == "running"}

    def spread(self) -> dict[str, int]:
        """How many cameras each running worker has."""
        return {name: one["cameras"] for name, one in self.workers().items()}

    def is_spread(self, *names: str) -> bool:
        """Whether these workers, and no others, have all cameras, each its share."""
        return self.spread() == dict.fromkeys(names, _CAMERAS // len(names))

    def is_live(self) -> bool:
        """Whether pictures come from all cameras."""
        return bool(self.api.get("/api/v1/overview")["by_state"].get("live") == _CAMERAS)

    def leases(self) -> dict[CameraId, Lease]:
        """The lease of each camera."""
        with self.database.read() as connection:
            known = workers.list_workers(connection)
            return {camera: lease for one in known for camera, lease in leases.held(connection, one.id).items()}

    def ever_with(self, name: str) -> set[CameraId]:
        """The cameras that this worker has or had."""
        with self.database.read() as connection:
            had = select(camera_epoch.c.camera).where(camera_epoch.c.worker == self.workers()[name]["id"])
            return {CameraId(number) for number in connection.scalars(had)}

    def leases_of(self, name: str) -> dict[CameraId, Lease]:
        """The leases of the worker."""
        with self.database.read() as connection:
            (found,) = [one.id for one in workers.list_workers(connection) if one.name == name]
            return leases.held(connection, found)

    def cameras_of(self, name: str) -> list[CameraId]:
        """The cameras that the worker has."""
        return sorted(self.leases_of(name))

    def events(self) -> Sequence[Any]:
        """The id, camera and epoch of each event on record."""
        with self.database.read() as connection:
            return connection.execute(select(event.c.id, event.c.camera, event.c.epoch)).all()

    def gaps(self, numbers: Collection[CameraId]) -> list[timedelta]:
        """Of each of these cameras: how long nobody had it before who has it now."""
        with self.database.read() as connection:
            newest = camera_epoch.c.camera.in_(numbers)
            rows = connection.execute(
                select(camera_epoch).where(newest).order_by(camera_epoch.c.camera, camera_epoch.c.epoch)
            ).all()
        return [
            after.from_at - before.until_at
            for before, after in pairwise(rows)
            if before.camera == after.camera and after.until_at is None
        ]

    def taken_over(self, numbers: Collection[CameraId], since: datetime) -> list[datetime]:
        """Of each of these cameras: when somebody first had it after that; he may have given it to others since."""
        with self.database.read() as connection:
            began = camera_epoch.c.camera.in_(numbers), camera_epoch.c.from_at > since
            first = select(func.min(camera_epoch.c.from_at)).where(*began).group_by(camera_epoch.c.camera)
            return list(connection.scalars(first))

    def close(self) -> None:
        """Kill whoever still runs."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def an_hour_slow(folder: Path) -> dict[str, str]:
    """The environment of a process whose wall clock is an hour slow, where this machine has what it takes."""
    return {} if false_clock.is_missing() else false_clock.wrong_by("-1h", folder)


@pytest.fixture(scope="module")
def crew(
    tmp_path_factory: pytest.TempPathFactory, street_server: RtspServer, postgres_server: PostgresServer
) -> Iterator[Crew]:
    """Three workers over a dozen cameras that are all live."""
    data = tmp_path_factory.mktemp("crew") / "data"
    url = postgres_server.make_database()
    environment = {
        "SHARP_EYES_DATABASE": url,
        "SHARP_EYES_DATA": str(data),
        "SHARP_EYES_LOOKING__THREADS": "1",
        "SHARP_EYES_LOOKING__DETECT_FPS": "1",
    }
    with ExitStack() as stack:
        database = open_database(url)
        stack.callback(database.close)
        upgrade(database)
        with database.write() as connection:
            for number in range(_CAMERAS):
                camera = cameras.add(connection, name=f"camera {number}").id
                streams.add(connection, camera, url=street_server.url(bikes().name))
                rules.add(connection, camera, name="all", kind=RuleKind.MOTION, min_duration=timedelta(seconds=0.5))
        api = Running(data, environment=environment)
        stack.callback(api.kill)
        api.launch("api")
        crew = Crew(api, database, environment)
        stack.callback(crew.close)
        for name in ("one", "two", "three"):
            crew.join(name)
        wait_for(api.is_ready, "the API is ready and a worker runs", 60)
        wait_for(lambda: crew.is_spread("one", "two", "three"), "the cameras are spread", 60)
        wait_for(crew.is_live, "all cameras are live", 60)
        yield crew


def test_cameras_are_spread_evenly_over_the_workers(crew: Crew) -> None:
    # A camera whose picture nobody has seen yet is taken for a usual one: once all weigh the same, all have as many.
    wait_for(lambda: crew.spread() == {"one": 4, "two": 4, "three": 4}, "each worker has four cameras", 60)


def test_the_cameras_of_a_killed_worker_live_on_the_others_within_ten_seconds(crew: Crew) -> None:
    lost = crew.cameras_of("one")
    killed_at = datetime.now(UTC)
    crew.signal("one", signal.SIGKILL)
    wait_for(lambda: crew.is_spread("two", "three"), "the cameras are with the others", 60)
    wait_for(crew.is_live, "all cameras are live", 60)
    after_s = [(at - killed_at).total_seconds() for at in crew.taken_over(lost, killed_at)]
    assert len(after_s) == len(lost)
    assert max(after_s) < 10, after_s


def test_a_worker_that_joins_gets_its_share_and_nobody_else_loses_a_stream(crew: Crew) -> None:
    before = crew.leases()
    crew.join("four", **an_hour_slow(crew.api.data.parent))
    wait_for(lambda: crew.is_spread("two", "three", "four"), "the cameras are spread", 60)
    wait_for(crew.is_live, "all cameras are live", 60)
    assert len(crew.cameras_of("four")) == 4
    after = crew.leases()
    # One may have come to it and gone on, where it was late with a heartbeat.
    assert {camera for camera in before if after[camera] != before[camera]} <= crew.ever_with("four")


def test_a_frozen_worker_loses_its_cameras_and_comes_back_as_a_new_one(crew: Crew) -> None:
    frozen = crew.cameras_of("two")
    former = crew.workers()["two"]["id"]
    crew.signal("two", signal.SIGSTOP)
    wait_for(lambda: crew.is_spread("three", "four"), "the cameras are with the others", 60)
    taken = crew.leases()
    crew.signal("two", signal.SIGCONT)
    wait_for(lambda: crew.is_spread("two", "three", "four"), "it has cameras again", 60)
    assert crew.workers()["two"]["id"] > former
    assert all(taken[camera].epoch > 1 for camera in frozen)
    wait_for(crew.is_live, "all cameras are live", 60)


def test_a_worker_that_is_told_to_stop_hands_its_cameras_over_at_once(crew: Crew) -> None:
    given_up = crew.cameras_of("three")
    crew.signal("three", signal.SIGTERM)
    assert crew.processes["three"].wait(20) == 0
    wait_for(lambda: crew.is_spread("two", "four"), "the cameras are with the others", 60)
    assert max(crew.gaps(given_up)) < timedelta(seconds=3)
    wait_for(crew.is_live, "all cameras are live", 60)


def test_events_carry_the_databases_time_whatever_the_workers_clock_says(crew: Crew) -> None:
    def of_four() -> bool:
        held = {(camera, lease.epoch) for camera, lease in crew.leases_of("four").items()}
        return bool(held & {(one.camera, one.epoch) for one in crew.events()})

    wait_for(of_four, "an event of the worker whose clock is an hour slow", 30)


def test_every_event_on_record_started_while_its_worker_had_the_lease(crew: Crew) -> None:
    with crew.database.read() as connection:
        spans = {(row.camera, row.epoch): row for row in connection.execute(select(camera_epoch))}
    for one in crew.events():
        span, began = spans[one.camera, one.epoch], event_time(one.id)
        assert span.from_at - timedelta(seconds=2) <= began
        assert span.until_at is None or began < span.until_at


def test_epochs_follow_each_other_without_overlap(crew: Crew) -> None:
    with crew.database.read() as connection:
        rows = connection.execute(select(camera_epoch).order_by(camera_epoch.c.camera, camera_epoch.c.epoch)).all()
    for before, after in pairwise(rows):
        if before.camera == after.camera:
            assert before.until_at is not None
            assert before.until_at <= after.from_at
