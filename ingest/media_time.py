"""When the pictures of a file are to be shown, also where the file says it wrongly."""

from fractions import Fraction

import av

_USUAL_FPS = Fraction(25)


class MediaTime:
    """Gives each picture of one file its time since the first, never running backwards.

    Some files carry nonsense in one of the two times of a packet (AVI with packed B-frames in `pts`, others in `dts`):
    the one that ran backwards less often so far is taken. A picture without a time comes one picture after the last.
    """

    def __init__(self, time_base: Fraction, declared_fps: float | None) -> None:
        self._time_base = time_base
        rate = Fraction(declared_fps).limit_denominator(1001) if declared_fps else _USUAL_FPS
        self._step = max(1, round(1 / (rate * time_base)))
        self._presentation = _Candidate()
        self._decoding = _Candidate()
        self._first: int | None = None
        self.ticks = 0
        """Of the last picture, since the first, in units of `time_base`."""

    def seconds(self, picture: av.VideoFrame) -> float:
        """The time of `picture`, the next one in the order of showing, in seconds since the first."""
        self._presentation.see(picture.pts)
        self._decoding.see(picture.dts)
        trusted = self._presentation
        if picture.pts is None or (picture.dts is not None and self._decoding.faults < self._presentation.faults):
            trusted = self._decoding
        if self._first is None:
            self._first = trusted.last or 0
        elif trusted.missing:
            self.ticks += self._step
        else:
            self.ticks = max(self.ticks, (trusted.last or 0) - self._first)
        return self.ticks * self._time_base.numerator / self._time_base.denominator


class _Candidate:
    def __init__(self) -> None:
        self.last: int | None = None
        self.missing = True
        self.faults = 0

    def see(self, stamp: int | None) -> None:
        self.missing = stamp is None
        if stamp is not None:
            self.faults += self.last is not None and stamp <= self.last
            self.last = stamp
