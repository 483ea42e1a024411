"""Checks of the machine: disk, clock, ports, processor, and that nobody else owns our import names."""

import errno
import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import packages_distributions
from pathlib import Path

from api.listening import doubts
from api.settings import ApiSettings
from api.tls import tls_context
from core.errors import BadInput

from .finding import Finding, Verdict

OUR_NAMES = ("core", "ingest", "inference", "models", "registry", "events", "api", "sharp_eyes")
_LOW_BYTES = 10 << 30
_EMPTY_BYTES = 1 << 30
_BUILT = datetime(2026, 11, 1, tzinfo=UTC)


def check_disk(data: Path) -> Finding:
    """Whether the data folder can be written, and how much room is left."""
    folder = next((path for path in (data, *data.resolve().parents) if path.exists()), Path("/"))
    if not folder.is_dir():
        return Finding("disk", Verdict.BAD, f"{folder} is no folder", "name another folder with `data`")
    if not os.access(folder, os.W_OK):
        return Finding(
            "disk", Verdict.BAD, f"{folder} cannot be written", "name another folder with `data`, or mend its rights"
        )
    free = shutil.disk_usage(folder).free
    found = f"{free / (1 << 30):.1f} GiB free for {data}"
    if free < _EMPTY_BYTES:
        return Finding("disk", Verdict.BAD, found, "make room: below 1 GiB events may soon not be stored")
    if free < _LOW_BYTES:
        return Finding("disk", Verdict.DOUBTFUL, found, "make room: a clip of ten seconds takes one to five MB")
    return Finding("disk", Verdict.GOOD, found)


def check_clock(database_now: datetime | None) -> Finding:
    """Whether the machine's clock can be right, and agrees with the database's (`database_now`, UTC)."""
    now = datetime.now(UTC)
    if now < _BUILT:
        return Finding(
            "clock", Verdict.BAD, f"it is {now:%Y-%m-%d %H:%M} UTC here", "set the clock: this program is newer"
        )
    if database_now is not None and abs(off := (now - database_now).total_seconds()) > 1:
        return Finding("clock", Verdict.BAD, f"{off:+.1f} s off the database's", "keep both machines' clocks by NTP")
    return Finding("clock", Verdict.GOOD, f"{now:%Y-%m-%d %H:%M:%S} UTC")


def check_port(host: str, port: int) -> Finding:
    """Whether the API can listen where it shall."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                advice = "if that is not Sharp Eyes itself, set another `api.port`"
                return Finding("port", Verdict.DOUBTFUL, f"{host}:{port} is in use", advice)
            return Finding(
                "port", Verdict.BAD, f"{host}:{port}: {error.strerror}", "set another `api.host` or `api.port`"
            )
    return Finding("port", Verdict.GOOD, f"{host}:{port} is free")


def check_listening(settings: ApiSettings) -> Iterator[Finding]:
    """Whether certificate and key can be used, and whether the API listens as anybody would want it."""
    if settings.tls_certificate is not None and settings.tls_key is not None:
        try:
            tls_context(settings.tls_certificate, settings.tls_key)
        except BadInput as error:
            yield Finding("listening", Verdict.BAD, error.message, error.hint or f"mend {error.field}")
    for doubt in doubts(settings):
        yield Finding("listening", Verdict.DOUBTFUL, doubt.found, doubt.advice)


def check_names() -> Iterator[Finding]:
    """Whether another installed distribution owns one of our import names: one of the two would be hidden."""
    owners = packages_distributions()
    for name in OUR_NAMES:
        others = sorted(set(owners.get(name, [])) - {"sharp-eyes"})
        if others:
            yield Finding(
                "names", Verdict.BAD, f"{name} is also of {', '.join(others)}", "install Sharp Eyes alone, by `./run`"
            )
