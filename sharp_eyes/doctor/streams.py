"""Check of one stream."""

from itertools import pairwise
from threading import Condition

from core.camera import Stream, StreamId, StreamRole
from core.clock import Clock
from core.errors import BadInput
from core.frame import Frame
from core.ids import CameraId
from core.stream_state import StreamState, StreamStatus
from ingest.address import check_address
from ingest.reader import Reader
from ingest.ring import Ring
from ingest.settings import ReaderSettings

from .finding import Finding, Verdict

_WATCH_S = 6.0
_SETTLED = frozenset({StreamState.CONNECTING, StreamState.LIVE})


class _NoMark:
    """A crash of the doctor needs no culprit."""

    def begin(self) -> None: ...

    def end(self) -> None: ...


def check_stream(url: str, certificate: str | None, settings: ReaderSettings, clock: Clock) -> Finding:
    """Open the stream as a worker would, and watch it for six seconds."""
    try:
        address, login = check_address(url, files=settings.files)
    except BadInput as error:
        return Finding("stream", Verdict.BAD, error.message, error.hint)
    changed = Condition()
    seen: list[StreamStatus] = []
    keys: list[float] = []

    def on_status(status: StreamStatus) -> None:
        with changed:
            seen.append(status)
            changed.notify()

    def on_frame(frame: Frame, waits: bool) -> None:
        if frame.is_key:
            keys.append(frame.arrived)

    stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, address, certificate)
    reader = Reader(stream, login, settings, clock, ring=Ring(), on_frame=on_frame, on_status=on_status, mark=_NoMark())
    reader.start()
    deadline = clock.monotonic() + settings.open_timeout_s * 2 + _WATCH_S
    with changed:
        while clock.monotonic() < deadline and not _is_settled(seen, clock):
            changed.wait(0.5)
    status = reader.status
    reader.stop()
    return _finding(address, status, keys)


def _is_settled(seen: list[StreamStatus], clock: Clock) -> bool:
    """It failed, or was live for long enough to tell its rate and key frames."""
    if not seen:
        return False
    newest = seen[-1]
    if newest.state is StreamState.LIVE:
        return (clock.now() - newest.since).total_seconds() >= _WATCH_S
    return newest.state not in _SETTLED


def _finding(address: str, status: StreamStatus, keys: list[float]) -> Finding:
    if status.state is not StreamState.LIVE:
        return Finding("stream", Verdict.BAD, f"{address}: {status.state.value}: {status.reason}")
    gaps = [later - earlier for earlier, later in pairwise(keys)]
    key_frames = (
        f"a key frame every {sum(gaps) / len(gaps):.1f} s" if gaps else f"fewer than two key frames in {_WATCH_S:.0f} s"
    )
    found = (
        f"{address}: {status.codec} {status.width}x{status.height}, {status.fps or 0:g} pictures a second, {key_frames}"
    )
    if status.width and status.width > 1280:
        advice = "detection needs no more than 640x360: if the camera has a substream, use that for the role detect"
        return Finding("stream", Verdict.DOUBTFUL, found, advice)
    return Finding("stream", Verdict.GOOD, found)
