"""A process that is killed between any two steps of a removal leaves nothing wrong: the next one finishes it."""

import multiprocessing
import os
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.ids import EventId
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.table import MediaKind
from events.retention.media_removal import MediaRemoval, Reason
from registry.db import Database, open_database
from tests.support.builders import FakeClock
from tests.support.happenings import add_cameras
from tests.support.keeping import NOW, Kept


@dataclass(frozen=True, slots=True)
class _Deadly(FolderBlobs):
    """Kills its process when it has removed `before_death` of three blobs."""

    before_death: int = 0

    def delete(self, key: str) -> None:
        left = len(list(self.folder.rglob("*-*")))
        if left > 3 - self.before_death:
            FolderBlobs.delete(self, key)
            left -= 1
        if left == 3 - self.before_death:
            os.kill(os.getpid(), signal.SIGKILL)


def _remove(url: str, folder: Path, event: int, before_death: int) -> None:
    database = open_database(url)
    removal = MediaRemoval(database, _Deadly(folder, before_death), FakeClock(NOW))
    removal.remove([(EventId(event), kind) for kind in MediaKind], Reason.AGE)


@pytest.mark.parametrize("removed", [0, 1, 3])
def test_the_next_one_finishes_it(sqlite_database: Database, tmp_path: Path, removed: int) -> None:
    kept = Kept(sqlite_database, tmp_path / "blobs")
    with sqlite_database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    event = kept.add(camera, NOW - timedelta(days=1200))
    url = f"sqlite:///{tmp_path}/test.db"
    process = multiprocessing.get_context("fork").Process(target=_remove, args=(url, kept.folder, event, removed))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(kept.media()) == 3, "no row is gone whose blob is there"
    assert len(kept.files()) == 3 - removed
    with sqlite_database.read() as connection:
        shown = [records.find(connection, event, kind) for kind in MediaKind]
    assert [one.is_going for one in shown if one is not None] == [True] * 3
    kept.run()
    assert (kept.events(), kept.media(), kept.files()) == (set(), set(), [])
