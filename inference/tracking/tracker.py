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
from .lookalikes import SAME_OBJECT_OVERLAP, lookalike, without_doubles
from .pairing import pair
from .settings import TrackerSettings

_HIDDEN_S = 0.45
"""Out of sight for longer than this (two pictures at five a second), an object is looked for along its way, too."""
_SAME_PLACE = 0.5
"""How alike a detection must be to an object that stood there long ago."""

_OVERLOOKED = 2
"""So many looks in a row may overlook an object in a picture that stands. Then it has gone, unseen by the gate."""


class Tracker:
    """Follows the objects of one camera. Its numbers and its memory are its own; one thread at a time may call it."""

    def __init__(self, camera: CameraId, settings: TrackerSettings | None = None) -> None:
        self._camera = camera
        self._settings = settings or TrackerSettings()
        self._believed: list[Followed] = []
        """By number."""
        self._candidates: list[Followed] = []
        self._last_at: datetime | None = None
        self._now = 0.0
        """Seconds that passed since the first picture."""
        self._last_number = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known at all: no object, not even one out of sight or not yet believed."""
        return not self._believed and not self._candidates

    def update(self, at: datetime, detections: Sequence[Detection], *, nothing_moves: bool = False) -> list[Track]:
        """The believed objects that the picture of the moment `at` shows, by number.

        An object out of sight is not among them, but keeps its number for `lost_s`; a stationary one for
        `stationary_lost_s`, unless another of its kind comes to stand in its place. A jump of time forward counts as
        that time out of sight. When time runs backward by more than `lost_s`, everything is forgotten; when by less, it
        is taken to stand.

        Where `nothing_moves` since the picture before, a stationary object that the detector does not find has not
        gone: it was overlooked, and is shown where it was, up to a few looks in a row.
        """
        settings = self._settings
        at, seconds = self._step(at)
        standing = (
            [known for known in self._believed if known.is_in_picture and known.is_in_place] if nothing_moves else ()
        )
        self._wait(seconds)

        found = without_doubles([found for found in detections if found.score >= settings.low_score])
        strong = [found for found in found if found.score >= settings.high_score]
        weak = found[len(strong) :]
        lately = [known for known in self._believed if known.unseen_s <= settings.lost_s]
        remembered = [known for known in self._believed if known.unseen_s > settings.lost_s]

        pairs, lately, strong = pair(lately, strong)
        carried_on, lately, weak = pair(lately, weak)
        confirmed, _, strong = pair(self._candidates, strong)
        # Whatever is left may be an object that comes out from behind something, or one that the detector overlooked.
        hidden = [known for known in lately if known.unseen_s > _HIDDEN_S]
        come_back, _, strong = pair(hidden, strong, along_its_way=True)
        found_again, _, left = pair(remembered, [*strong, *weak], least=_SAME_PLACE)
        for known, detection in (*pairs, *carried_on, *confirmed, *come_back, *found_again):
            known.see(detection, self._now, settings.stationary_s)
        for known in standing:
            if not known.is_in_picture and known.overlooked < _OVERLOOKED:
                known.overlook(seconds, self._now, settings.stationary_s)

        new = [detection for detection in left if detection.score >= settings.high_score]
        self._candidates += [Followed(detection, at, self._now) for detection in new]
        self._believe()
        return self._shown(at)

    def still(self, at: datetime) -> list[Track]:
        """The same for a picture in which nothing moves, and which no detector saw.

        What the last picture showed is where it was, believed or not; what was out of sight stays so, and is forgotten
        in its own time.
        """
        at, seconds = self._step(at)
        in_picture = [known for known in (*self._believed, *self._candidates) if known.is_in_picture]
        self._wait(seconds)
        for known in in_picture:
            known.stay(seconds, self._now, self._settings.stationary_s)
        return self._shown(at)

    def _step(self, at: datetime) -> tuple[datetime, float]:
        """Let time pass up to `at`: the moment that counts as now, and how many seconds passed."""
        if self._last_at is None:
            seconds = 0.0
        else:
            seconds = (at - self._last_at).total_seconds()
            if seconds < -self._settings.lost_s:
                self._believed.clear()
                self._candidates.clear()
                seconds = 0.0
            elif seconds < 0:
                at, seconds = self._last_at, 0.0
        self._last_at = at
        self._now += seconds
        return at, seconds

    def _wait(self, seconds: float) -> None:
        """Let time pass for all that is known, and forget what has been out of sight for too long."""
        settings = self._settings
        for known in self._candidates:
            known.wait(seconds)
        for known in self._believed:
            known.wait(seconds)
        self._candidates = [known for known in self._candidates if known.unseen_s <= settings.candidate_s]
        self._believed = [
            known
            for known in self._believed
            if known.unseen_s <= settings.lost_s
            or (known.is_in_place and known.unseen_s <= settings.stationary_lost_s and not self._is_replaced(known))
        ]

    def _is_replaced(self, lost: Followed) -> bool:
        """Whether another object that may be taken for this one stands in its place by now."""
        return any(
            other.is_in_place
            and other.unseen_s < lost.unseen_s
            and lookalike(lost.label, other.label)
            and lost.newest.box.overlap(other.newest.box) >= SAME_OBJECT_OVERLAP
            for other in self._believed
        )

    def _believe(self) -> None:
        """Give numbers to the candidates that were seen often or surely enough."""
        settings = self._settings
        waiting: list[Followed] = []
        for known in self._candidates:
            if known.is_in_picture and (
                known.hits >= settings.confirm_hits or known.newest.score >= settings.sure_score
            ):
                self._last_number += 1
                known.number = self._last_number
                self._believed.append(known)
            else:
                waiting.append(known)
        self._candidates = waiting

    def _shown(self, at: datetime) -> list[Track]:
        return [known.as_track(self._camera, at) for known in self._believed if known.is_in_picture]
