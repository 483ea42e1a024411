"""The newest picture of each camera, masked when somebody asks for it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from core.clock import Clock
from core.frame import Frame, Picture
from core.ids import CameraId

_FRESH_S = 0.9
"""A masked picture is given out again for so long: masking costs a tenth of a core at one a second."""
_FORGET_S = 30.0
"""A frame older than this is no latest picture any more."""


@dataclass(slots=True)
class _Recent:
    frame: Frame
    jpeg: bytes | None = None
    made: float = 0.0


class RecentPictures:
    """Keeps the last frame of each camera that was due for a look. Any thread; one masks at a time."""

    def __init__(
        self, picture_of: Callable[[Frame], Picture], mask_jpeg: Callable[[CameraId, Picture], bytes], clock: Clock
    ) -> None:
        """`mask_jpeg` masks a picture of a camera, and raises where that fails; then there is no picture."""
        self._picture_of = picture_of
        self._mask_jpeg = mask_jpeg
        self._clock = clock
        self._recent: dict[CameraId, _Recent] = {}
        self._masking = Lock()

    def keep(self, frame: Frame) -> None:
        """Remember `frame` as its camera's newest."""
        known = self._recent.get(frame.camera)
        if known is None:
            self._recent[frame.camera] = _Recent(frame)
        else:
            known.frame = frame

    def forget(self, camera: CameraId) -> None:
        self._recent.pop(camera, None)

    def frame(self, camera: CameraId) -> Frame | None:
        """The camera's newest frame, however old; None where there is none."""
        recent = self._recent.get(camera)
        return None if recent is None else recent.frame

    def masked(self, camera: CameraId) -> bytes | None:
        """The camera's newest picture as a masked JPEG; None where there is none of the last 30 s."""
        recent = self._recent.get(camera)
        if recent is None:
            return None
        with self._masking:
            now = self._clock.monotonic()
            frame = recent.frame
            if now - frame.arrived > _FORGET_S:
                return None
            if recent.jpeg is None or now - recent.made > _FRESH_S:
                recent.jpeg = self._mask_jpeg(camera, self._picture_of(frame))
                recent.made = now
            return recent.jpeg
