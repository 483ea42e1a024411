"""The rules of a file, tried on the log that the database has: for the command line."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from core.errors import BadInput, Conflict
from core.ids import CameraId
from core.rule import Rule
from events.tracks.log import read_looks
from registry import cameras
from registry.db import Database, open_database

from ..openings import model_store
from ..preparation import schema_fault
from ..rules_file import read_rules
from ..settings import Settings
from .trial import Trial, check_triable, try_rule

_NO_END = 10_000_000
"""Looks: whoever waits at a terminal can end it."""


def rules_to_try(settings: Settings, file: Path, camera: CameraId) -> list[Rule]:
    """The rules of `file`, for `camera`. Raises `BadInput` where one is not in order, or cannot be tried."""
    labels = model_store(settings).find(settings.detector.model).card.labels
    rules = read_rules(file, camera, frozenset(labels))
    for rule in rules:
        check_triable(rule)
    return rules


@contextmanager
def logged(settings: Settings, camera: CameraId) -> Iterator[Database]:
    """The database that has the log of `camera`. Raises `BadInput` where there is none, `NotFound` for the camera,
    `Conflict` where its tables are of another version, `Unavailable`."""
    if settings.database is None and not (settings.data / "sharp-eyes.db").exists():
        raise BadInput(
            f"there is no database in {settings.data}",
            hint="name the settings file of the running system with --config, or its data folder with SHARP_EYES_DATA",
        )
    database = open_database(settings.database_url)
    try:
        if fault := schema_fault(database):
            raise Conflict(f"the database cannot be read: {fault}", hint="start this version once: sharp-eyes run")
        with database.read() as connection:
            cameras.get(connection, camera)
        yield database
    finally:
        database.close()


def trials(
    settings: Settings,
    database: Database,
    rules: Sequence[Rule],
    from_at: datetime,
    to_at: datetime,
    progress: Callable[[Rule, datetime], None],
) -> Iterator[tuple[Rule, Trial]]:
    """Each rule with what it would have done from `from_at` to `to_at`; `progress` is told how far each has come."""
    for rule in rules:
        looks = read_looks(database, rule.camera, from_at, to_at)
        trial = try_rule(
            rule,
            looks,
            from_at,
            to_at,
            tracking=settings.tracking,
            life=settings.events,
            most_looks=_NO_END,
            progress=partial(progress, rule),
        )
        yield rule, trial
