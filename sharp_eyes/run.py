"""`sharp-eyes run`: all processes, kept running."""

import logging
import signal
from collections.abc import Mapping
from pathlib import Path
from threading import Event as Flag
from typing import IO

from core.clock import SystemClock
from core.errors import BadInput
from registry import quarantine
from registry.db import open_database

from .preparation import prepare
from .settings import Settings
from .supervisor import Child, Supervisor, part
from .worker.decoding_marks import clear_marks, marked_cameras
from .worker.slots import abandoned

_log = logging.getLogger(__name__)


def run_all(
    settings: Settings,
    config: Path | None,
    stop: Flag,
    *,
    workers: int = 1,
    environment: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> None:
    """Prepare the data folder, then keep an API, `workers` workers and the alerts running until `stop` is set.

    `config` and `environment` are handed on to the children, who log to `log`. Raises what `prepare` raises, and
    `BadInput` where several workers are to answer on one port.
    """
    if workers > 1 and settings.worker.port:
        raise BadInput(
            f"{workers} workers cannot all answer on port {settings.worker.port}",
            field="worker.port",
            hint="leave it out, or set it to 0, so that each takes a free one",
        )
    prepare(settings).close()
    children = [Child("API", part("api", config))]
    for number in range(1, workers + 1):
        name = "worker" if workers == 1 else f"worker {number} of {workers}"
        children.append(Child(name, part("worker", config), lambda ended_by: _note_crash(settings, ended_by)))
    children.append(Child("alerts", part("alerts", config)))
    Supervisor(children, SystemClock(), environment=environment, log=log).run(stop)


def _note_crash(settings: Settings, ended_by: signal.Signals) -> None:
    """Count the crash for the cameras that were being decoded by the worker that holds no slot any more."""
    with abandoned(settings.data) as slots:
        cameras = [camera for slot in slots for camera in marked_cameras(slot.marks)]
        for slot in slots:
            clear_marks(slot.marks)  # each crash counts once
    if not cameras:
        return
    _log.error("%s hit the worker while it decoded cameras %s", ended_by.name, cameras)
    database = open_database(settings.database_url)
    try:
        reason = f"the worker crashed ({ended_by.name}) while it decoded this camera's stream"
        with database.write() as connection:
            quarantined = quarantine.note_crash(connection, cameras, reason=reason, at=SystemClock().now())
    finally:
        database.close()
    for camera in quarantined:
        _log.error("camera %d is in quarantine: it was being decoded in %d crashes", camera, quarantine.MOST_CRASHES)
