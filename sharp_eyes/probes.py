"""Looks at streams in processes of their own: libav may crash over a stranger's bytes, and the masker takes memory."""

import base64
import logging
import multiprocessing
import os
from multiprocessing.connection import Connection
from threading import BoundedSemaphore
from typing import Final

from api.probe_words import EncodingView, HintView, PictureView, PlayingView, ProbeOrder, ProbeView
from core.errors import SharpEyesError, Unavailable
from core.frame import Picture
from core.stream_state import StreamState
from events.media.snapshots import masked_jpeg
from inference.settings import Provider
from ingest.address import hide_secrets
from ingest.faults import StreamFault
from ingest.probe import HINTS, LONGEST_S, Probe, probe

from .logs import configure_logging
from .openings import choose_objects_model, open_masker
from .settings import Settings

_log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 2
_START_S: Final = 30.0
"""For the process to start, to open its models and to mask a picture."""
_NICENESS: Final = 10
_PICTURE_SIDE: Final = 640


class ChildProber:
    """`StreamProber` of the API: a process a stream, at most two at once. Any thread."""

    def __init__(self, settings: Settings, most_at_once: int = MOST_AT_ONCE) -> None:
        self._settings = settings
        self._most_at_once = most_at_once
        self._free = BoundedSemaphore(most_at_once)

    def probe(self, order: ProbeOrder) -> ProbeView:
        """What is found. Raises `Unavailable` where too many are at it."""
        if not self._free.acquire(blocking=False):
            raise Unavailable(
                f"as many streams as may be at once ({self._most_at_once}) are being looked at already",
                hint="try again in half a minute",
            )
        try:
            return self._run(order)
        finally:
            self._free.release()

    def _run(self, order: ProbeOrder) -> ProbeView:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # A daemon: it is ended with this process. The order goes through the pipe: it holds the login.
        process = context.Process(target=_work, args=(theirs, self._settings), name="probe", daemon=True)
        process.start()
        theirs.close()
        limit_s = LONGEST_S + 3 * self._settings.streams.open_timeout_s + _START_S
        try:
            ours.send(order)
            if not ours.poll(limit_s):
                return _failed(order, StreamState.STALLED, f"it was given up after {limit_s:.0f} s")
            return _told(ours.recv())
        except (EOFError, BrokenPipeError, ConnectionResetError):
            process.join()
            reason = f"the process that looked at it ended with {process.exitcode}: what arrives is no sound stream"
            return _failed(order, StreamState.UNREADABLE, reason)
        finally:
            ours.close()
            process.kill()
            process.join()


def _told(said: object) -> ProbeView:
    if isinstance(said, ProbeView):
        return said
    raise Unavailable(f"the process that looks at the stream answered with {type(said).__name__}")


def _failed(order: ProbeOrder, state: StreamState, reason: str, hint: str | None = None) -> ProbeView:
    url = hide_secrets(order.stream.url)
    return ProbeView(
        url=url, state=state, reason=reason, hint=hint, encoding=None, picture=None, no_picture="no pictures came"
    )


def _work(out: "Connection[object, object]", settings: Settings) -> None:
    """The process: tells what it found, or why it found nothing."""
    os.nice(_NICENESS)
    configure_logging()
    order = out.recv()
    assert isinstance(order, ProbeOrder)  # noqa: S101 - nothing else is sent
    try:
        out.send(look(order, settings))
    except Exception as error:
        _log.error("a stream could not be probed: %s", hide_secrets(repr(error)))
        out.send(_failed(order, StreamState.UNREADABLE, f"an error inside the probe: {type(error).__name__}"))


def look(order: ProbeOrder, settings: Settings) -> ProbeView:
    """Look at the stream, in this process."""
    try:
        found = probe(order.stream, order.login, settings.streams, order.attention)
    except StreamFault as fault:
        return _failed(order, fault.state, fault.message, fault.hint)
    picture, reason = _masked(found.picture, order, settings)
    return ProbeView(
        url=hide_secrets(order.stream.url),
        state=StreamState.LIVE,
        reason="pictures arrive" if found.picture is not None else "packets arrive, but no whole picture yet",
        hint=None,
        encoding=_encoding(found),
        picture=picture,
        no_picture=reason,
    )


def _masked(picture: Picture | None, order: ProbeOrder, settings: Settings) -> tuple[PictureView | None, str | None]:
    """The picture as it may be shown, or why it may not."""
    if picture is None:
        return None, "no whole picture came in time"
    try:
        masker = open_masker(settings, choose_objects_model(settings, provider=Provider.CPU))
        jpeg, width, height = masked_jpeg(masker, picture, _PICTURE_SIDE, order.areas)
    except SharpEyesError as error:
        return None, f"it could not be masked: {error.message}"
    return PictureView(jpeg=base64.b64encode(jpeg).decode(), width=width, height=height), None


def _encoding(found: Probe) -> EncodingView:
    return EncodingView(
        codec=found.codec,
        profile=found.profile,
        width=found.width,
        height=found.height,
        fps=found.fps,
        declared_fps=found.declared_fps,
        group_s=found.group_s,
        bits_per_second=found.bits_per_second,
        has_b_frames=found.has_b_frames,
        sound=found.sound,
        clock=found.clock.value,
        watched_s=found.watched_s,
        browser=PlayingView(plays=found.playing.plays, reason=found.playing.reason),
        policy=found.policy.value,
        hints=tuple(HintView(code=hint.value, text=HINTS[hint]) for hint in found.hints),
    )
