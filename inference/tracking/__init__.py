"""Objects followed from picture to picture of one camera."""

from .settings import TrackerSettings
from .tracker import Tracker

__all__ = ["Tracker", "TrackerSettings"]
