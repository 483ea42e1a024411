"""Who asks over HTTP, by one connection that stays open, and how long each answer takes."""

import gzip
import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from time import perf_counter
from typing import Any, Final

from core.errors import SharpEyesError

_HOST: Final = "127.0.0.1"
_PATIENCE_S: Final = 60.0
_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    ms: float
    """From the first byte sent to the last one read."""
    body: Any


class Client:
    """One connection, with the key of one who asks."""

    def __init__(self, port: int, key: str) -> None:
        self._headers = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {key}"}
        self._connection = HTTPConnection(_HOST, port, timeout=_PATIENCE_S)

    def ask(self, path: str) -> Answer:
        """The answer, whose reading as JSON is not timed.

        Raises `SharpEyesError` for any status but 200, and where there is no answer in a minute.
        """
        try:
            answer, body, ms = self._timed(path)
        except (RemoteDisconnected, BrokenPipeError):
            # The server closes a connection that was idle for long; the next request opens another one.
            self.close()
            answer, body, ms = self._timed(path)
        except TimeoutError:
            raise SharpEyesError(f"GET {path} was not answered in {_PATIENCE_S:.0f} s") from None
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if answer.status != 200:
            raise SharpEyesError(f"GET {path} was answered by {answer.status}: {body[:_SHOWN]!r}")
        return Answer(ms, json.loads(body))

    def _timed(self, path: str) -> tuple[HTTPResponse, bytes, float]:
        began = perf_counter()
        self._connection.request("GET", f"/api/v1{path}", headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return answer, body, (perf_counter() - began) * 1000

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
