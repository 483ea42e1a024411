"""Following objects from picture to picture.

ByteTrack's idea (Zhang et al. 2022): first pair the detections with high scores, then let the weak ones carry on
objects that are known already but never begin a new one. Steps are measured in seconds: pictures may come irregularly.
"""

from collections.abc import Sequence
from datetime import datetime

from core.detection import Detection
from core.ids import CameraId
from core.track import Track

from .followed import Followed
from .lookalikes import without_doubles
from .pairing import pair
from .settings import TrackerSettings


class Tracker:
    """Follows the objects of one camera. Its numbers and its memory are its own; one thread at a time may call it."""

    def __init__(self, camera: CameraId, settings: TrackerSettings | None = None) -> None:
        self._camera = camera
        self._settings = settings or TrackerSettings()
        self._followed: list[Followed] = []
        self._last_at: datetime | None = None
        self._last_number = 0

    def update(self, at: datetime, detections: Sequence[Detection]) -> list[Track]:
        """The believed objects that the picture of the moment `at` shows, by number.

        An object out of sight is not among them, but keeps its number for `lost_s`. When time jumps, forward or
        backward, by more than `lost_s`, everything is forgotten; when it runs backward by less, it is taken to stand.
        """
        at = self._step(at)
        found = without_doubles([found for found in detections if found.score >= self._settings.low_score])
        strong = [found for found in found if found.score >= self._settings.high_score]
        weak = found[len(strong) :]

        believed = [known for known in self._followed if known.is_believed]
        pairs, believed, strong = pair(believed, strong)
        carried_on, _, _ = pair(believed, weak)
        candidates = [known for known in self._followed if not known.is_believed]
        confirmed, _, strong = pair(candidates, strong)
        for known, detection in (*pairs, *carried_on, *confirmed):
            known.see(detection)
        self._followed += [Followed(detection, at) for detection in strong]

        self._believe()
        shown = [known for known in self._followed if known.is_believed and known.is_in_picture]
        return [known.as_track(self._camera, at) for known in sorted(shown, key=lambda known: known.number)]

    def _step(self, at: datetime) -> datetime:
        """Let time pass up to `at`; forget what has been out of sight for too long. The moment that counts as now."""
        settings = self._settings
        if self._last_at is not None:
            seconds = (at - self._last_at).total_seconds()
            if seconds < -settings.lost_s:
                self._followed.clear()
            elif seconds < 0:
                at, seconds = self._last_at, 0.0
            for known in self._followed:
                known.wait(seconds)
            self._followed = [
                known
                for known in self._followed
                if known.unseen_s <= (settings.lost_s if known.is_believed else settings.candidate_s)
            ]
        self._last_at = at
        return at

    def _believe(self) -> None:
        settings = self._settings
        for known in self._followed:
            if known.is_believed or not known.is_in_picture:
                continue
            if known.hits >= settings.confirm_hits or known.newest.score >= settings.sure_score:
                self._last_number += 1
                known.number = self._last_number
