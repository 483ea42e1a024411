"""Logging: one line an event on standard error; readable on a terminal, JSON elsewhere."""

import logging
import sys
import threading
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from ingest.address import hide_secrets


def configure_logging(*, level: int = logging.INFO) -> None:
    """Send structlog's and the standard library's records alike to standard error, with secrets of URLs hidden.

    What a thread dies of is logged too, instead of being printed with all that its message holds.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        # Before the renderer, whose own way of showing an exception on a terminal prints local variables.
        structlog.processors.format_exc_info,
        _hide_secrets,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # One line a request is the access log's business, and the API has none of its own.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    for quiet in ("httpx2", "httpcore2", "libav", "alembic"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.captureWarnings(True)
    threading.excepthook = _log_death


def _hide_secrets(_: Any, __: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in record.items():
        # What begins with _ is structlog's own, and is not printed.
        if not key.startswith("_") and not isinstance(value, int | float | None):
            record[key] = hide_secrets(value if isinstance(value, str) else repr(value))
    return record


def _log_death(death: threading.ExceptHookArgs) -> None:
    name = death.thread.name if death.thread else "unnamed"
    trace = (death.exc_type, death.exc_value, death.exc_traceback) if death.exc_value else None
    logging.getLogger(__name__).critical("thread %s died", name, exc_info=trace)
