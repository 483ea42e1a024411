"""What was being decoded when a worker died."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import Unavailable
from core.ids import CameraId
from sharp_eyes.worker.decoding_marks import SLOTS, DecodingMarks, marked_cameras


def test_a_camera_is_marked_only_while_it_is_decoded(tmp_path: Path) -> None:
    with DecodingMarks(tmp_path / "marks") as marks:
        mark = marks.of(CameraId(7))
        mark.begin()
        assert marked_cameras(tmp_path / "marks") == [7]
        mark.end()
        assert marked_cameras(tmp_path / "marks") == []


def test_marks_outlive_the_process_that_set_them(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom sharp_eyes.worker.decoding_marks import DecodingMarks\n"
        "marks = DecodingMarks(Path(sys.argv[1]))\nmarks.of(41).begin()\nmarks.of(42)\nos.abort()"
    )
    died = subprocess.run([sys.executable, "-c", code, str(tmp_path / "marks")], check=False)
    assert died.returncode == -signal.SIGABRT
    assert marked_cameras(tmp_path / "marks") == [41]


def test_a_slot_given_back_is_used_again(tmp_path: Path) -> None:
    with DecodingMarks(tmp_path / "marks") as marks:
        taken = [marks.of(CameraId(1)) for _ in range(SLOTS)]
        with pytest.raises(Unavailable, match="at most 4096"):
            marks.of(CameraId(2))
        marks.give_back(taken[0])
        marks.of(CameraId(2))


def test_the_marks_have_their_place_on_the_disk_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "marks"
    with DecodingMarks(path):
        # A hole that a full disk cannot fill later would end the process at its first mark.
        assert path.stat().st_blocks * 512 >= path.stat().st_size > 0


def test_marks_that_cannot_be_made_say_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be made"):
        DecodingMarks(tmp_path / "nowhere" / "marks")


def test_a_worker_that_never_ran_left_no_marks(tmp_path: Path) -> None:
    assert marked_cameras(tmp_path / "none") == []
