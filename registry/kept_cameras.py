"""Lists cameras, and keeps what the registry says of them for the next one who asks."""

from collections.abc import Sequence
from functools import partial
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from core.ids import CameraId

from .catalogue.filter import ALL, CameraFilter
from .catalogue.search import BEFORE_ALL
from .db import is_reading
from .listing import ListedCamera, list_cameras, page_of, standing
from .page import Page
from .version import current

MOST_KEPT: Final = 5_000
"""Cameras: about 4 kB each."""


class KeptCameras:
    """Lists cameras. Any thread.

    What the registry says of them is kept until its version is another one; how they are doing is read each time.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._version = 0
        self._kept: dict[CameraId, ListedCamera] = {}

    def list_cameras(
        self, connection: Connection, asked: CameraFilter = ALL, *, cursor: CameraId = BEFORE_ALL, limit: int = 100
    ) -> Page[ListedCamera, CameraId]:
        """What `registry.listing` lists."""
        if asked.removed is not False or not is_reading(connection):
            return list_cameras(connection, asked, cursor=cursor, limit=limit)
        return page_of(connection, asked, cursor, limit, partial(self._standing, connection))

    def _standing(self, connection: Connection, numbers: Sequence[CameraId]) -> list[ListedCamera]:
        version = current(connection)
        with self._lock:
            if self._version != version:
                self._version = version
                self._kept.clear()
            known = {number: self._kept[number] for number in numbers if number in self._kept}
        missing = [number for number in numbers if number not in known]
        if missing:
            read = {one.camera.id: one for one in standing(connection, missing)}
            known |= read
            with self._lock:
                if self._version == version:  # else another one has read a newer one meanwhile
                    if len(self._kept) + len(read) > MOST_KEPT:
                        self._kept.clear()
                    self._kept |= read
        return [known[number] for number in numbers if number in known]
