"""A slot for each worker of a data folder, and what stands in the way of one."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import Conflict, Unavailable
from sharp_eyes.worker.slots import abandoned, alone_in, take_slot

HOLD = """
import sys
from pathlib import Path
from sharp_eyes.worker.slots import take_slot
with take_slot(Path(sys.argv[1])) as slot:
    print(slot.number, flush=True)
    sys.stdin.read()
"""


def test_each_worker_has_a_slot_of_its_own_and_a_dead_ones_is_taken_again(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        with take_slot(tmp_path) as slot:
            assert (slot.number, slot.folder) == (2, tmp_path / "workers" / "2")
            assert slot.folder.stat().st_mode & 0o077 == 0
            with abandoned(tmp_path) as free:
                assert free == []
        with abandoned(tmp_path) as free:
            assert [one.number for one in free] == [2]
        holder.kill()
    with take_slot(tmp_path) as slot:
        assert slot.number == 1


def test_a_worker_from_before_there_were_slots_keeps_ours_out_and_ours_keep_it_out(tmp_path: Path) -> None:
    with (tmp_path / "worker.lock").open("w") as lock:
        lock.write("4711")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="process 4711 works on"), take_slot(tmp_path):
            pass
        fcntl.flock(lock, fcntl.LOCK_UN)
        with take_slot(tmp_path), pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_who_is_alone_in_a_folder_lets_no_worker_in(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(Conflict, match="lets no other worker in"), take_slot(tmp_path):
        pass
    with take_slot(tmp_path), pytest.raises(Conflict, match="another worker"), alone_in(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be made"), take_slot(tmp_path / "nowhere"):
        pass
