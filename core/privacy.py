"""Privacy areas: the parts of a camera's picture that nobody sees but in an original."""

from dataclasses import dataclass
from typing import NewType

from .ids import CameraId
from .zone import Polygon

PrivacyAreaId = NewType("PrivacyAreaId", int)

MOST_PRIVACY_AREAS = 32
"""Of one camera."""


@dataclass(frozen=True, slots=True)
class PrivacyArea:
    """A named polygon on one camera's picture that is black in every masked rendition."""

    id: PrivacyAreaId
    camera: CameraId
    name: str
    polygon: Polygon
