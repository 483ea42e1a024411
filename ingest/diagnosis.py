"""What answers at an address that could not be opened: FFmpeg says "invalid data" for most of it."""

import socket
from collections.abc import Callable

from core.stream_state import StreamState

from .faults import StreamFault

_REQUEST = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: sharp-eyes\r\n\r\n"


def look_at(connect: Callable[[], socket.socket], where: str, timeout_s: float) -> StreamFault | None:
    """Connect once more, ask for the RTSP methods, and say what is wrong there; None where something speaks RTSP.

    `where` names host and port for the message. Raises nothing: what is found is returned.
    """
    try:
        connection = connect()
    except StreamFault as fault:
        return fault
    except OSError as error:
        return connection_fault(error, where)
    with connection:
        connection.settimeout(timeout_s)
        try:
            connection.sendall(_REQUEST)
            answer = connection.recv(4096)
        except TimeoutError:
            return StreamFault(StreamState.STALLED, f"{where} accepts the connection but says nothing")
        except OSError:
            answer = b""
    return _judge(answer, where)


def connection_fault(error: OSError, where: str) -> StreamFault:
    """Why no connection came about, from what the socket said."""
    match error:
        case socket.gaierror():
            return StreamFault(
                StreamState.UNREACHABLE,
                f"the host name of {where} is not known",
                hint="check the name, and this machine's name service",
            )
        case ConnectionRefusedError():
            return StreamFault(
                StreamState.REFUSED,
                f"{where} refuses the connection: nobody listens there",
                hint="check the port, and whether RTSP is switched on at the camera",
            )
        case TimeoutError():
            return StreamFault(
                StreamState.UNREACHABLE, f"no answer from {where}", hint="check power, cable and network of the camera"
            )
        case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
            return StreamFault(StreamState.DISCONNECTED, f"{where} closed the connection")
        case _:
            return StreamFault(StreamState.UNREACHABLE, f"{where} cannot be reached: {error.strerror or error}")


def _judge(answer: bytes, where: str) -> StreamFault | None:
    if not answer:
        return StreamFault(StreamState.DISCONNECTED, f"{where} closed the connection without an answer")
    # Old and small web servers answer what they do not understand with a bare page.
    if answer.startswith(b"HTTP/") or answer.lstrip().startswith(b"<"):
        return StreamFault(
            StreamState.UNREADABLE,
            f"{where} answers with HTTP, not RTSP",
            hint="this is the port of a web page; RTSP is mostly at 554",
        )
    if answer[:1] == b"\x15" and answer[1:2] == b"\x03":
        return StreamFault(
            StreamState.UNREADABLE, f"{where} expects TLS", hint="write the address with rtsps:// instead of rtsp://"
        )
    if not answer.startswith(b"RTSP/"):
        return StreamFault(StreamState.UNREADABLE, f"{where} answers with something that is not RTSP")
    return None
