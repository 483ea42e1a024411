"""One worker to a data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import Conflict, Unavailable
from sharp_eyes.worker.only_one import only_one

HOLD = """
import sys
from pathlib import Path
from sharp_eyes.worker.only_one import only_one
with only_one(Path(sys.argv[1])):
    print('held', flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_refused_and_told_who_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "worker.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Conflict, match=f"process {holder.pid}"), only_one(lock):
            pass
        holder.kill()
    with only_one(lock):
        assert lock.read_text() == f"{os.getpid()}\n"


def test_a_lock_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be made"), only_one(tmp_path / "nowhere" / "worker.lock"):
        pass
