"""One object being followed: its motion, its label, how far it is believed."""

from datetime import datetime

from core.detection import Detection
from core.ids import CameraId
from core.track import STANDING, Track

from .motion import Motion

_VOTES_KEPT = 0.95
"""What is left of the older votes at each new one: an object that was misread for long can still be corrected."""


class Followed:
    """What is known of one object. Changed by its tracker alone."""

    __slots__ = ("_first_seen_at", "_votes", "hits", "is_in_picture", "label", "motion", "newest", "number", "unseen_s")

    def __init__(self, detection: Detection, at: datetime) -> None:
        self.newest = detection
        self.motion = Motion(detection.box)
        self.label = detection.label
        self.number = 0
        """0 until the object is believed: numbers are not spent on noise."""
        self.hits = 1
        self.is_in_picture = True
        self.unseen_s = 0.0
        self._first_seen_at = at
        self._votes = {detection.label: detection.score}

    @property
    def is_believed(self) -> bool:
        return self.number > 0

    def wait(self, seconds: float) -> None:
        """Let time pass until the next picture, in which the object has yet to be found."""
        self.unseen_s += seconds
        self.is_in_picture = False

    def see(self, detection: Detection) -> None:
        """Take in the object's detection in the newest picture."""
        self.motion.correct(detection.box, self.unseen_s)
        self.newest = detection
        self.hits += 1
        self.is_in_picture = True
        self.unseen_s = 0.0
        self._vote(detection)

    def as_track(self, camera: CameraId, at: datetime) -> Track:
        return Track(
            camera=camera,
            number=self.number,
            label=self.label,
            score=self.newest.score,
            box=self.newest.box,
            first_seen_at=self._first_seen_at,
            last_seen_at=at,
            smooth_score=self.newest.score,
            velocity=STANDING,
            moved=0.0,
            is_stationary=False,
        )

    def _vote(self, detection: Detection) -> None:
        votes = self._votes
        for label in votes:
            votes[label] *= _VOTES_KEPT
        votes[detection.label] = votes.get(detection.label, 0.0) + detection.score
        if len(votes) > 1:
            self.label = max(votes, key=votes.__getitem__)
