"""Telling people that the store of media is away."""

import logging

from events.notices.notice import NoticeKind
from events.notices.notices import close_notice, open_notice, open_notices
from registry.db import Database

from ..settings import Settings

_log = logging.getLogger(__name__)


class StoreNotice:
    """Is told why the store is away, and with None that it is there. Any thread. Raises `Unavailable` where the
    database is away."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        blobs = settings.blobs
        self._place = str(settings.blobs_folder) if blobs.s3_endpoint is None else f"{blobs.s3_endpoint}/{blobs.bucket}"
        self._is_away = False

    def __call__(self, why: str | None) -> None:
        if why is not None:
            _log.warning("the store of media, %s, is away; media wait on this worker's disk: %s", self._place, why)
        elif self._is_away:
            _log.warning("the store of media, %s, is back; what waited is being sent", self._place)
        self._is_away = why is not None
        with self._database.write() as connection:
            if why is None:
                # Also one that a worker opened which is gone since, and one of a place that was put right in the
                # settings: nobody else would ever end it.
                for one in open_notices(connection):
                    if one.kind is NoticeKind.STORE_AWAY:
                        close_notice(connection, one.kind, one.subject)
            else:
                open_notice(connection, NoticeKind.STORE_AWAY, self._place, why)
