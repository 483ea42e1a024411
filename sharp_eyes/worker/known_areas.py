"""What must be black in the pictures of each camera, as far as this worker knows."""

from collections.abc import Sequence

from core.ids import CameraId
from core.zone import Polygon
from events.media.masking import MaskingFailed
from registry.snapshot import WatchedCamera


class KnownAreas:
    """The privacy areas of all cameras that were ever watched here, as they were last heard of. Any thread.

    Those of a camera that has gone elsewhere stay: a picture of it may still wait to be masked.
    """

    def __init__(self) -> None:
        self._areas: dict[CameraId, tuple[Polygon, ...]] = {}

    def learn(self, cameras: Sequence[WatchedCamera]) -> None:
        """Take over what the registry says of these cameras now."""
        for one in cameras:
            self._areas[one.camera.id] = one.privacy

    def of(self, camera: CameraId) -> tuple[Polygon, ...]:
        """What must be black in a picture of `camera`. Raises `MaskingFailed` where nobody knows."""
        try:
            return self._areas[camera]
        except KeyError:
            raise MaskingFailed(f"nobody knows the privacy areas of camera {camera}") from None
