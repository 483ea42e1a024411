"""Reading a worker from outside: its metrics, its memory, its processor time."""

import os
import re
import urllib.request
from pathlib import Path

from api.worker_port import TOKEN_HEADER
from core.errors import Unavailable
from registry import workers
from registry.db import Database

_ANSWER_S = 10


def metrics_text(database: Database) -> str:
    """What the newest worker tells of itself, as Prometheus text. Raises `Unavailable` where there is none."""
    with database.read() as connection:
        worker = workers.newest(connection)
    if worker is None:
        raise Unavailable("there is no worker whose metrics could be read")
    asked = urllib.request.Request(f"http://{worker.host}:{worker.port}/metrics", headers={TOKEN_HEADER: worker.token})
    with urllib.request.urlopen(asked, timeout=_ANSWER_S) as answer:  # noqa: S310 - loopback alone
        text: bytes = answer.read()
    return text.decode()


def gauge(text: str, name: str) -> float:
    """The value of a metric without labels. Raises `Unavailable` where it is missing: nobody measured, so no figure."""
    return float(_only(rf"^{name} (\S+)$", text, name))


def p95(text: str, name: str) -> float | None:
    """The 95th percentile of a histogram, linear within its bucket; None where nothing was observed."""
    buckets = [
        (float(limit), float(count))
        for limit, count in re.findall(rf'^{name}_bucket{{le="([^"]+)"}} (\S+)$', text, re.MULTILINE)
    ]
    if not buckets or not buckets[-1][1]:
        return None
    wanted = 0.95 * buckets[-1][1]
    low, below = 0.0, 0.0
    for limit, count in buckets:
        if count >= wanted:
            if limit == float("inf"):
                return low
            return low + (limit - low) * (wanted - below) / (count - below)
        low, below = limit, count
    return low


def pss_mb(pid: int) -> float:
    """Proportional set size in megabytes: what the process takes, shared pages divided among their users."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(_only(r"^Pss:\s+(\d+) kB", text, "Pss")) * 1024 / 1e6


def cpu_s(pid: int) -> float:
    """Processor time that the process has taken, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _only(pattern: str, text: str, name: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise Unavailable(f"{name} stands nowhere in what was read, so there is no figure to tell")
    return found[1]
