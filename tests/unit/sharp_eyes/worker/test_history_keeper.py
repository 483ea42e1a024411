"""Once an hour all histories are kept small, and right after the start."""

from datetime import timedelta

from core.clock import SystemClock
from registry import epochs
from registry.db import Database
from registry.server_clock import server_time
from registry.uptime.settings import HistorySettings
from registry.workers import WorkerId
from sharp_eyes.worker.history_keeper import HistoryKeeper
from tests.support.leasing import Leasing
from tests.support.waiting import wait_for


def test_leases_that_are_over_for_longer_than_records_are_kept_are_removed(sqlite_database: Database) -> None:
    leasing = Leasing(sqlite_database)
    (camera,) = leasing.add_cameras(1)
    with sqlite_database.write() as connection:
        for days in (40, 35, 10, 5):
            at = server_time(connection) - timedelta(days=days)
            epochs.take(connection, WorkerId(1), [camera], at)
    keeper = HistoryKeeper(sqlite_database, HistorySettings(records_days=30), SystemClock())
    keeper.start()
    try:
        wait_for(lambda: [number for number, _, _ in leasing.epochs(camera)] == [2, 3, 4], "the first is removed", 10)
    finally:
        keeper.stop()
