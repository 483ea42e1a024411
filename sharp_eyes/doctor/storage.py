"""Checks of the database and of the store of blobs."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.errors import SharpEyesError
from registry.db import open_database
from registry.server_clock import server_time

from ..openings import open_blobs
from ..preparation import open_keys, schema_fault
from ..settings import Settings
from ..worker.outboxes import outboxes
from .finding import Finding, Verdict

_SOON: Final = timedelta(minutes=5)
"""So long media may wait without a word."""


def check_database(settings: Settings) -> tuple[Finding, datetime | None]:
    """Whether the database can be opened and has the tables of this version; and what time it has (UTC)."""
    if settings.database is None and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        found = f"none yet in {settings.data}; it is made at the first start"
        return Finding("database", Verdict.GOOD, found), None
    try:
        if settings.key is not None or settings.sealing_key_file.exists():
            open_keys(settings)
        database = open_database(settings.database_url)
    except SharpEyesError as error:
        return Finding("database", Verdict.BAD, error.message, error.hint), None
    try:
        fault = schema_fault(database)
        with database.read() as connection:
            now = server_time(connection)
    except SharpEyesError as error:
        return Finding("database", Verdict.BAD, error.message, error.hint), None
    finally:
        database.close()
    if fault is not None:
        return Finding("database", Verdict.DOUBTFUL, fault, "it is brought up to date at the next start"), now
    return Finding("database", Verdict.GOOD, database.place), now


def check_blobs(settings: Settings) -> Finding | None:
    """Whether the S3 store takes a blob and gives it back; None where blobs lie in the data folder."""
    if settings.blobs.s3_endpoint is None:
        return None
    key, content = f"doctor/{secrets.token_hex(8)}", secrets.token_bytes(16)
    try:
        blobs = open_blobs(settings)
        with blobs.writer(key) as sink:
            sink.write(content)
        with blobs.open(key) as source:
            found = source.read()
        blobs.delete(key)
    except SharpEyesError as error:
        return Finding("blobs", Verdict.BAD, error.message, error.hint)
    place = f"{settings.blobs.s3_endpoint}/{settings.blobs.bucket}"
    if found != content:
        return Finding("blobs", Verdict.BAD, f"{place} gives back other bytes than it took", "see the store")
    return Finding("blobs", Verdict.GOOD, place)


def check_outboxes(settings: Settings, now: datetime) -> Finding:
    """Whether media wait for the store on this machine, and since when."""
    totals = [total for total in outboxes(settings.data).values() if total.oldest_at is not None]
    media, length = sum(total.media for total in totals), sum(total.bytes for total in totals)
    if not media:
        return Finding("outbox", Verdict.GOOD, "nothing waits for the store")
    oldest = min(total.oldest_at for total in totals if total.oldest_at is not None)
    found = f"{media} media ({length / 1e6:.1f} MB) wait for the store, the oldest since {oldest:%Y-%m-%d %H:%M:%S} UTC"
    if now - oldest < _SOON:
        return Finding("outbox", Verdict.GOOD, found)
    advice = "see whether the store and the database work, and whether a worker runs on this data folder"
    return Finding("outbox", Verdict.DOUBTFUL, found, advice)
