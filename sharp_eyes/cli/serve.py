"""`sharp-eyes run`, `api`, `worker`, `alerts`."""

import signal
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from .options import Config

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..settings import Settings

Workers = Annotated[
    int, typer.Option(min=1, max=64, help="How many workers run here. One is enough for most machines.")
]


def run(config: Config = None, workers: Workers = 1) -> None:
    """Run the whole: the API with the console, a worker, and what sends alerts, each kept running.

    Example: sharp-eyes run --config /etc/sharp-eyes.toml
    """
    from ..logs import configure_logging
    from ..run import run_all
    from ..settings import load

    configure_logging()
    run_all(load(config), config, stop_flag(), workers=workers)


def api(config: Config = None) -> None:
    """Run the API and the console alone.

    Example: sharp-eyes api
    """
    from ..api_process import run_api

    _run_alone(run_api, config)


def worker(config: Config = None) -> None:
    """Run a worker alone: it reads cameras and makes the events. Several share the cameras, here and on other machines.

    Example: sharp-eyes worker
    """
    from ..worker.process import run_worker

    _run_alone(run_worker, config)


def alerts(config: Config = None) -> None:
    """Run alone what tells receivers of events, as subscriptions ask for it. Several may run, here and elsewhere.

    Example: sharp-eyes alerts
    """
    from ..alerts_process import run_alerts

    _run_alone(run_alerts, config)


def _run_alone(process: "Callable[[Settings, Flag], None]", config: Path | None) -> None:
    """Run `process` until it is told to stop, or its supervisor, if it has one, is gone."""
    from ..logs import configure_logging
    from ..settings import load
    from ..supervisor import stop_with_supervisor

    configure_logging()
    stop = stop_flag()
    stop_with_supervisor(stop.set)
    process(load(config), stop)


def stop_flag() -> Flag:
    """A flag that SIGINT and SIGTERM set."""
    stop = Flag()
    for number in (signal.SIGINT, signal.SIGTERM):
        # In a thread: the handler may interrupt a wait on this very flag, which holds the lock that `set` needs.
        signal.signal(number, lambda *_: Thread(target=stop.set).start())
    return stop
