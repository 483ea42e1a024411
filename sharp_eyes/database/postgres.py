"""PostgreSQL's own programs for copies: found in a version that fits, and run without a password in sight."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Connection

from core.errors import Unavailable
from registry import libpq

_CHUNK_BYTES: Final = 1 << 18
_DEBIAN: Final = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Tool:
    """One of PostgreSQL's programs."""

    path: str
    version: int
    """The major one."""


def server_version(connection: Connection) -> int:
    """The server's major version."""
    return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000


def find_tool(name: str, *, at_least: int) -> Tool:
    """The program `name` of the PATH, else of Debian's folders, in the major version `at_least` or newer.

    Raises `Unavailable` where there is none.
    """
    places = [shutil.which(name), *(str(path) for path in sorted(_DEBIAN.glob(f"*/bin/{name}"), reverse=True))]
    found = [tool for place in places if place is not None and (tool := _asked(place)) is not None]
    for tool in found:
        if tool.version >= at_least:
            return tool
    had = f"only {found[0].path} of version {found[0].version}" if found else "none"
    raise Unavailable(
        f"{name} of PostgreSQL {at_least} or newer is needed, and there is {had}",
        hint=f"install PostgreSQL's client programs (on Debian: postgresql-client-{at_least}), or put them on the PATH",
    )


def dump(tool: Tool, url: str, snapshot: str) -> Iterator[bytes]:
    """The database at `url` in pg_dump's own format, as `snapshot` sees it. Raises `Unavailable` where that fails."""
    how = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - our own command line, no shell
            [tool.path, *how],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            env=os.environ | libpq.environment(url),
        ) as process:
            if process.stdout is None:
                raise AssertionError
            try:
                while chunk := process.stdout.read(_CHUNK_BYTES):
                    yield chunk
            except BaseException:  # Nobody reads on.
                process.kill()
                raise
        _check(process.returncode, said, "pg_dump")


def restore(tool: Tool, url: str, feed: Callable[[IO[bytes]], None]) -> None:
    """Make in the database at `url` what `feed` writes, which is a dump: all of it or nothing.

    Raises `Unavailable` where that fails, and what `feed` raises.
    """
    environment = libpq.environment(url)
    how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - our own command line, no shell
            [tool.path, *how, f"--dbname={environment['PGDATABASE']}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=os.environ | environment,
        ) as process:
            if process.stdin is None:
                raise AssertionError
            try:
                feed(process.stdin)
                process.stdin.close()
            except BrokenPipeError:
                pass  # It has failed, and says why.
            except BaseException:
                process.kill()
                raise
        _check(process.returncode, said, "pg_restore")


def _asked(path: str) -> Tool | None:
    with suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20)  # noqa: S603
        if told.returncode == 0 and (number := re.search(r"\) (\d+)", told.stdout)):
            return Tool(path, int(number[1]))
    return None


def _check(status: int, said: IO[bytes], name: str) -> None:
    if status == 0:
        return
    said.seek(0)
    words = said.read(2000).decode(errors="replace").strip().replace("\n", " ")
    raise Unavailable(f"{name} failed with exit code {status}: {words or 'without a word'}")
