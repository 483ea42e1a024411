"""The guide of two departments, followed word by word against the running program."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.program import PROGRAM, Running
from tests.support.rtsp_server import RtspServer

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "two-departments.md"
FENCE = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "--- end of a block ---"
NEEDED = ("bash", "curl", "jq")


@dataclass(frozen=True)
class Step:
    """A block of commands, and what they are said to print."""

    commands: str
    printed: str


def steps(page: str) -> list[Step]:
    """The page's blocks, in order: a block of text is what the commands before it print."""
    found: list[Step] = []
    for language, block in FENCE.findall(page):
        if language == "sh":
            found.append(Step(block, ""))
        else:
            found[-1] = Step(found[-1].commands, block)
    return found


def is_as_said(printed: str, said: str) -> bool:
    """Line by line; `...` stands for anything within one."""
    lines, expected = printed.splitlines(), said.splitlines()
    patterns = [re.escape(line).replace(re.escape("..."), ".*") for line in expected]
    return len(lines) == len(patterns) and all(map(re.fullmatch, patterns, lines))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    program = Running(tmp_path / "data")
    try:
        yield program.start()
    finally:
        program.stop()


@pytest.mark.skipif(any(shutil.which(name) is None for name in NEEDED), reason="the guide needs curl and jq")
def test_the_guide_of_two_departments_does_what_it_says(
    tmp_path: Path, running: Running, street_server: RtspServer
) -> None:
    found = steps(GUIDE.read_text(encoding="utf-8"))
    assert len(found) > 8
    (tmp_path / "run").write_text(f'#!/bin/sh\nexec "{PROGRAM}" "$@"\n')
    (tmp_path / "run").chmod(0o755)
    street = street_server.url("bikes.mp4")
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "SHARP_EYES_DATA": str(running.data),
        "EYES": f"http://127.0.0.1:{running.port}",
        "WATER_URL": street,
        "RAIL_URL": street,
        "no_proxy": "127.0.0.1",
    }
    script = "".join(f"{step.commands}\necho '{END}'\n" for step in found)
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    printed = done.stdout.split(f"{END}\n")
    for step, output in zip(found, printed, strict=False):
        assert is_as_said(output, step.printed), f"{step.commands}\nprinted\n{output}\n{done.stderr}"
    assert done.returncode == 0, done.stderr
    assert len(printed) == len(found) + 1


@pytest.mark.parametrize(
    ("printed", "said", "is_right"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("event 17: [no]\n", "event ...: [no]\n", True),
        ("event 17\n", "event\n", False),
    ],
)
def test_what_is_printed_is_compared_line_by_line(printed: str, said: str, is_right: bool) -> None:
    assert is_as_said(printed, said) is is_right
