import socket

import pytest

from core.stream_state import StreamState
from ingest.diagnosis import connection_fault

WHERE = "camera.example:554"


@pytest.mark.parametrize(
    ("error", "state", "says"),
    [
        (socket.gaierror(-2, "Name or service not known"), StreamState.UNREACHABLE, "host name"),
        (ConnectionRefusedError(111, "refused"), StreamState.REFUSED, "nobody listens"),
        (TimeoutError("timed out"), StreamState.UNREACHABLE, "no answer from"),
        (ConnectionResetError(104, "reset"), StreamState.DISCONNECTED, "closed the connection"),
        (OSError(113, "No route to host"), StreamState.UNREACHABLE, "No route to host"),
    ],
)
def test_why_no_connection_came_about_is_said_in_words(error: OSError, state: StreamState, says: str) -> None:
    fault = connection_fault(error, WHERE)
    assert fault.state is state
    assert says in fault.message
    assert WHERE in fault.message
