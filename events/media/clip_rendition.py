"""The order to make a masked clip, as it goes to the process that makes it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from .blackout import Areas
from .blobs import Blobs
from .originals import open_original


@dataclass(frozen=True, slots=True)
class RenditionOrder:
    """What to make, and all that is needed to make it elsewhere: it can be pickled. Its text form hides the key."""

    blobs: Blobs
    original: str
    """Key of the sealed original."""
    masked: str
    """Key that the masked clip gets."""
    sealing_keys: tuple[bytes, ...] = field(repr=False)
    """Master keys for original clips: one of them sealed this one."""
    areas: Areas = ()
    """What is black in every picture."""

    def open_original(self) -> BinaryIO:
        """The camera's own clip, seekable, to be closed by the caller.

        Raises `NotFound`, `SealBroken` or `Unavailable`.
        """
        return open_original(self.blobs, self.original, self.sealing_keys)

    def masked_sink(self) -> AbstractContextManager[BinaryIO]:
        """Where the masked clip goes: it is there, whole, when the context ends well, and not at all otherwise."""
        return self.blobs.writer(self.masked)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A masked clip that was made."""

    seconds: float
    width: int
    height: int


class ClipRenderer(Protocol):
    """Makes masked clips, in a process of its own. One at a time; called by a thread that has nothing else to do."""

    def render(self, order: RenditionOrder, progress: Callable[[float], None]) -> Rendered:
        """Read `order.open_original()`, mask every picture, `order.areas` too, write to `order.masked_sink()`.

        `progress` takes the share that is done, 0 to 1, now and then, in any thread of the caller's process. Raises
        one of our errors, whose message tells a person why there is no clip; then no masked clip is stored.
        """
