"""Makes masked clips in a process of its own: libav may crash there, and the work gives way to everything else."""

import io
import logging
import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from core.errors import SharpEyesError, Unavailable
from events.media.clip_masking import ClipMasker
from events.media.clip_rendition import Rendered, RenditionOrder
from inference.settings import Provider
from ingest.rendition import render

from .logs import configure_logging
from .openings import choose_objects_model, open_masker
from .settings import Settings

_log = logging.getLogger(__name__)

_NICENESS: Final = 15
_SILENCE_S: Final = 120.0
"""A process that says nothing for so long hangs."""
_FIRST_PASS: Final = 0.9
"""Share of the work that lies in looking for heads."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why there is no clip."""

    message: str


class ProcessRenderer:
    """`ClipRenderer` of events/media. A process a clip: it takes a second to start, and leaves nothing behind."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def render(self, order: RenditionOrder, progress: Callable[[float], None]) -> Rendered:
        """See `ClipRenderer`. Raises `Unavailable` where the process fails, crashes or hangs."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        # A daemon: it is ended with this process.
        process = context.Process(target=_work, args=(theirs, order, self._settings), name="clip", daemon=True)
        process.start()
        theirs.close()
        try:
            return _follow(ours, progress)
        except EOFError:
            process.join()
            raise Unavailable(f"the process that masks clips ended with {process.exitcode} over this one") from None
        finally:
            ours.close()
            process.kill()
            process.join()


def _follow(ours: "Connection[object, object]", progress: Callable[[float], None]) -> Rendered:
    while True:
        if not ours.poll(_SILENCE_S):
            raise Unavailable(f"the process that masks clips said nothing for {_SILENCE_S:.0f} s")
        match ours.recv():
            case float(share):
                progress(share)
            case Rendered() as rendered:
                return rendered
            case _Fault(message=message):
                raise Unavailable(message)


def _work(out: "Connection[object, object]", order: RenditionOrder, settings: Settings) -> None:
    """The process: tells shares done, then what was made or why nothing was."""
    os.nice(_NICENESS)
    configure_logging()
    try:
        out.send(_render(order, settings, out.send))
    except SharpEyesError as error:
        _log.warning("a clip could not be masked: %s", error.message)
        out.send(_Fault(error.outside))
    except Exception as error:
        _log.exception("a clip could not be masked")
        out.send(_Fault(f"the clip could not be masked ({type(error).__name__}); the log of the API says why"))


def _render(order: RenditionOrder, settings: Settings, tell: Callable[[float], None]) -> Rendered:
    # On the CPU: a process for one clip would start a graphics card for longer than it saves.
    masker = ClipMasker(open_masker(settings, choose_objects_model(settings, provider=Provider.CPU)), order.areas)
    with order.open_original() as original:
        # Twice over the clip, since a head is to be covered before it is first seen.
        render(original, io.BytesIO(), masker.look, progress=lambda share: tell(share * _FIRST_PASS))
        with order.masked_sink() as sink:
            made = render(
                original, sink, masker.mask, progress=lambda share: tell(_FIRST_PASS + share * (1 - _FIRST_PASS))
            )
    return Rendered(made.seconds, made.width, made.height)
