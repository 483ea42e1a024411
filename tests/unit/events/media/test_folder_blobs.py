"""What is particular to blobs in a folder: modes, a full disk, writers that were killed."""

import errno
import os
import resource
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from core.errors import NotFound, Unavailable
from events.media.blobs import FolderBlobs

ROOT = Path(__file__).parents[4]


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "data" / "blobs")


def _files(blobs: FolderBlobs) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def test_nobody_else_may_read_folders_and_files(blobs: FolderBlobs) -> None:
    before = os.umask(0)
    try:
        with blobs.writer("a/b/c") as sink:
            sink.write(b"x")
    finally:
        os.umask(before)

    modes = {
        path.relative_to(blobs.folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in blobs.folder.rglob("*")
    }
    assert modes == {"tmp": 0o700, "a": 0o700, "a/b": 0o700, "a/b/c": 0o600}


def test_a_folder_is_no_blob(blobs: FolderBlobs) -> None:
    with blobs.writer("a/b") as sink:
        sink.write(b"x")

    with pytest.raises(NotFound):
        blobs.size("a")
    with pytest.raises(NotFound):
        blobs.open("a")


def test_what_a_killed_writer_left_is_swept(blobs: FolderBlobs) -> None:
    _in_process(
        f"""
        with FolderBlobs(Path({str(blobs.folder)!r})).writer("key") as sink:
            sink.write(b"half")
            sink.flush()
            os.kill(os.getpid(), 9)
        """,
        expect=-9,
    )
    assert len(_files(blobs)) == 1

    assert blobs.sweep_unfinished() == 1
    assert _files(blobs) == []


def test_a_full_disk_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-Urm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("a disk of its own needs user namespaces")
    out = _in_process(
        """
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", DISK], check=True)
        blobs = FolderBlobs(Path(DISK) / "blobs")
        try:
            with blobs.writer("big") as sink:
                for _ in range(100):
                    sink.write(bytes(10_000))
        except Unavailable as error:
            print(error.message)
        print([path.name for path in Path(DISK).rglob("*") if path.is_file()])
        """,
        prefix=["unshare", "-Urm"],
        disk=tmp_path,
    )
    assert out.splitlines() == ["blob big cannot be written: the disk is full", "[]"]


def test_a_disk_that_refuses_late_leaves_nothing(blobs: FolderBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(Unavailable, match="Input/output error"), blobs.writer("key") as sink:
        sink.write(b"x")

    assert _files(blobs) == []


def test_an_error_of_the_one_who_writes_is_not_taken_for_the_disks(blobs: FolderBlobs) -> None:
    with pytest.raises(ConnectionResetError), blobs.writer("key"):
        raise ConnectionResetError


def test_a_writer_stops_at_the_limit_of_open_files_with_a_clear_message(blobs: FolderBlobs) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(Unavailable, match="Too many open files"), blobs.writer("key"):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_place_where_no_folder_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable, match="the folder of blobs cannot be made: Not a directory"):
        FolderBlobs(tmp_path / "file")


def _in_process(code: str, *, expect: int = 0, prefix: list[str] | None = None, disk: Path | None = None) -> str:
    """Run `code` in a process of its own and give back what it printed."""
    program = (
        "import os, subprocess\nfrom pathlib import Path\n"
        "from core.errors import Unavailable\nfrom events.media.blobs import FolderBlobs\n"
        f"DISK = {str(disk)!r}\n{textwrap.dedent(code)}"
    )
    command = [*(prefix or []), sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == expect, done.stderr
    return done.stdout
