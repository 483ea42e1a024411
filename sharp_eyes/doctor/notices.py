"""What the system itself says is wrong with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.errors import SharpEyesError
from events.notices.notice import Notice, NoticeKind
from events.notices.notices import open_notices
from registry.db import open_database

from ..preparation import schema_fault
from ..settings import Settings
from .finding import Finding, Verdict

_ADVICE: Final = {
    NoticeKind.DISK_FULL: "give the disk more room, or keep things for a shorter time: sharp-eyes retention",
    NoticeKind.QUOTA_REACHED: "raise the department's quota, or keep things for a shorter time: sharp-eyes retention",
    NoticeKind.ALL_HELD: "release holds that are not needed any more, or give the disk more room: sharp-eyes holds",
    NoticeKind.REMOVAL_WAITS: "see whether the clock is right, and what would go: sharp-eyes retention dry-run",
    NoticeKind.STORE_AWAY: "see to it that the store runs and can be reached; what waits is sent then",
}


def check_notices(settings: Settings) -> Iterator[Finding]:
    """A finding for each trouble that goes on; none where the database is not there yet, or of another version."""
    if settings.database is None and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        return
    try:
        found = _open_notices(settings)
    except SharpEyesError:
        return  # the check of the database says why
    for one in found:
        told = f"{one.kind.value} of {one.subject} since {one.began_at:%Y-%m-%d %H:%M} UTC: {one.detail}"
        verdict = Verdict.BAD if one.kind is NoticeKind.ALL_HELD else Verdict.DOUBTFUL
        yield Finding("notice", verdict, told, _ADVICE[one.kind])


def _open_notices(settings: Settings) -> list[Notice]:
    database = open_database(settings.database_url)
    try:
        if schema_fault(database) is not None:
            return []
        with database.read() as connection:
            return open_notices(connection)
    finally:
        database.close()
