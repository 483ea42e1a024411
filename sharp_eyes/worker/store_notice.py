"""Telling people that the store of media is away."""

import logging

from registry.db import Database

from ..settings import Settings

_log = logging.getLogger(__name__)


class StoreNotice:
    """Is told why the store is away, and with None that it is back. Any thread."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        blobs = settings.blobs
        self._place = str(settings.blobs_folder) if blobs.s3_endpoint is None else f"{blobs.s3_endpoint}/{blobs.bucket}"

    def __call__(self, why: str | None) -> None:
        if why is None:
            _log.warning("the store of media, %s, is back; what waited is being sent", self._place)
        else:
            _log.warning("the store of media, %s, is away; media wait on this worker's disk: %s", self._place, why)
