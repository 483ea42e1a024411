"""One object being followed: its motion, its label, how far it is believed."""

from datetime import datetime

from core.detection import Detection
from core.ids import CameraId
from core.track import Track

from .motion import Motion
from .stay import Stay

_VOTES_KEPT = 0.95
"""What is left of the older votes at each new one: an object that was misread for long can still be corrected."""
_NEWEST_WEIGHS = 0.15
"""Weight of the newest score in the smoothed one; more at first, when the smoothed one is the mean of the few."""


class Followed:
    """What is known of one object. Changed by its tracker alone. Times are seconds on the tracker's own clock."""

    __slots__ = (
        "_first_seen_at",
        "_smooth_score",
        "_stay",
        "_votes",
        "hits",
        "is_in_picture",
        "label",
        "motion",
        "newest",
        "number",
        "overlooked",
        "unseen_s",
    )

    def __init__(self, detection: Detection, at: datetime, now: float) -> None:
        box = detection.box
        self.newest = detection
        self.motion = Motion(box)
        self.label = detection.label
        self.number = 0
        """0 until the object is believed: numbers are not spent on noise."""
        self.hits = 1
        self.overlooked = 0
        """Looks in a row that did not find it, though nothing had moved."""
        self.is_in_picture = True
        self.unseen_s = 0.0
        self._first_seen_at = at
        self._smooth_score = detection.score
        self._stay = Stay((box.left + box.right) / 2, box.bottom, now)
        self._votes = {detection.label: detection.score}

    @property
    def is_in_place(self) -> bool:
        """Whether it is stationary, and was not already leaving its place when it was seen last."""
        return self._stay.is_in_place

    def wait(self, seconds: float) -> None:
        """Let time pass until the next picture, in which the object has yet to be found."""
        self.unseen_s += seconds
        self.is_in_picture = False
        if self._stay.is_in_place:
            self.motion.rest(seconds)

    def see(self, detection: Detection, now: float, stationary_s: float) -> None:
        """Take in the object's detection in the newest picture."""
        box, motion = detection.box, self.motion
        motion.correct(box, self.unseen_s)
        self._stay.see((box.left + box.right) / 2, box.bottom, motion.width, motion.height, now, stationary_s)
        self.newest = detection
        self.hits += 1
        self.overlooked = 0
        self.is_in_picture = True
        self.unseen_s = 0.0
        self._smooth_score += max(1 / self.hits, _NEWEST_WEIGHS) * (detection.score - self._smooth_score)
        self._vote(detection)

    def stay(self, seconds: float, now: float, stationary_s: float) -> None:
        """The newest picture shows the object where it was `seconds` ago."""
        self.is_in_picture = True
        self.unseen_s = 0.0
        self.motion.rest(seconds)
        self._stay.stay(now, stationary_s)

    def overlook(self, seconds: float, now: float, stationary_s: float) -> None:
        """The detector did not find it, but it cannot have gone."""
        self.overlooked += 1
        self.stay(seconds, now, stationary_s)

    def as_track(self, camera: CameraId, at: datetime) -> Track:
        # By position, in the order of the fields: with names it takes half as long again, and this is most of `still`.
        return Track(
            camera,
            self.number,
            self.label,
            self.newest.score,
            self.newest.box,
            self._first_seen_at,
            at,
            self._smooth_score,
            self.motion.velocity,
            self._stay.moved,
            self._stay.is_stationary,
        )

    def _vote(self, detection: Detection) -> None:
        votes, label = self._votes, detection.label
        if len(votes) == 1 and label == self.label:
            votes[label] = votes[label] * _VOTES_KEPT + detection.score
            return
        for other in votes:
            votes[other] *= _VOTES_KEPT
        votes[label] = votes.get(label, 0.0) + detection.score
        self.label = max(votes, key=votes.__getitem__)
