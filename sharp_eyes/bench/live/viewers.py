"""Those who look: what comes over the network, with the pictures in it, each at the moment when it was decoded."""

from collections.abc import Iterator
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Final, Protocol

import numpy as np
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Origin

from core.errors import SharpEyesError
from core.ids import CameraId

from .fragments import Pieces, grey_of_jpeg
from .town import Town

_HOST: Final = "127.0.0.1"
_PATIENCE_S: Final = 20.0
_SHOWN: Final = 300


class Rendition(StrEnum):
    """What is looked at."""

    MASKED = "masked"
    ORIGINAL = "original"


class Viewer(Protocol):
    """One view, which begins when it is made. For one thread."""

    def parts(self) -> Iterator[bytes]:
        """What comes, in the pieces that hold pictures. Raises `SharpEyesError` where the view ends by itself."""

    def pictures(self, part: bytes) -> list["np.ndarray[Any, Any]"]:
        """The pictures of `part`, decoded: grey, of shape (height, width), uint8."""

    def close(self) -> None: ...


def look(town: Town, rendition: Rendition, camera: CameraId, unmasking: int) -> Viewer:
    """Ask for a view. Raises `SharpEyesError` where it is refused."""
    if rendition is Rendition.MASKED:
        return MaskedViewer(town, camera)
    return OriginalViewer(town, camera, unmasking)


class MaskedViewer:
    """Reads MJPEG over HTTP."""

    def __init__(self, town: Town, camera: CameraId) -> None:
        self._connection = HTTPConnection(_HOST, town.port, timeout=_PATIENCE_S)
        self._connection.request("GET", f"/api/v1/cameras/{camera}/live", headers=town.cookie)
        self._answer: HTTPResponse = self._connection.getresponse()
        if self._answer.status != 200:
            text = self._answer.read(_SHOWN)
            self.close()
            raise SharpEyesError(f"a masked view was answered by {self._answer.status}: {text!r}")

    def parts(self) -> Iterator[bytes]:
        try:
            while line := self._answer.readline():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    self._answer.readline()
                    yield self._answer.read(int(value))
        except (OSError, HTTPException) as error:
            raise SharpEyesError(f"a masked view broke off: {error!r}") from None
        raise SharpEyesError("a masked view ended by itself")

    def pictures(self, part: bytes) -> list["np.ndarray[Any, Any]"]:
        return [grey_of_jpeg(part)]

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


class OriginalViewer:
    """Reads the pieces of an MP4 from the WebSocket, as the console's player does."""

    def __init__(self, town: Town, camera: CameraId, unmasking: int) -> None:
        address = f"ws://{_HOST}:{town.port}/api/v1/cameras/{camera}/live-original?unmasking={unmasking}"
        try:
            self._socket = connect(
                address, origin=Origin(town.origin), additional_headers=town.cookie, proxy=None, max_size=None
            )
        except (OSError, InvalidHandshake) as error:
            raise SharpEyesError(f"a view of the original was refused: {error}") from None
        self._pieces = Pieces()

    def parts(self) -> Iterator[bytes]:
        try:
            while True:
                said = self._socket.recv(timeout=_PATIENCE_S)
                if isinstance(said, bytes):
                    yield said
                elif '"end"' in said:
                    raise SharpEyesError(f"a view of the original ended by itself: {said}")
                else:
                    self._pieces = Pieces()
        except (OSError, ConnectionClosed) as error:
            raise SharpEyesError(f"a view of the original broke off: {error!r}") from None

    def pictures(self, part: bytes) -> list["np.ndarray[Any, Any]"]:
        return self._pieces.decode(part)

    def close(self) -> None:
        self._socket.close()
