"""The looks of one camera, a minute or less of them, as few bytes, and back.

Boxes are kept in thousandths (under a pixel of what the detector sees), times to the microsecond, the rest as finely as
any rule asks: a rule that is tried on them must find what it would have found live. One row a track and look, by track
and then by look, a column a field, each value as the difference from the one before it or from what was foretold, all
deflated. What stands still costs next to nothing.
"""

import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import numpy as np

from core.box import Box
from core.errors import BadInput
from core.ids import CameraId
from core.track import Track, Velocity
from registry.columns import from_microseconds, to_microseconds

from .integers import Integers, pack, unpack
from .look import LoggedLook
from .prediction import Factors, fit, restore, surprises

PLACE: Final = 1_000
"""Boxes are kept in whole parts of this."""
SMOOTH: Final = 500
"""Smooth scores, and how far objects have moved: rules have bounds for both."""
ROUGH: Final = 200
"""Scores of single looks, which jump about, and speeds."""
MOST_LOOKS: Final = 6_000
"""In one part: a minute at the highest rate that can be set, and then some."""
MOST_ROWS: Final = 200_000
"""Tracks of all looks of one part together. With `MOST_LOOKS` it bounds what hostile bytes can make us hold."""

_FORM: Final = 1
_MOST_LABELS: Final = 1_000
_LONGEST_LABEL: Final = 512
_FORETOLD: Final = 3
"""Smooth score, and the velocity across and down: each with two factors."""
_COLUMNS: Final = 15
_MOST_INFLATED: Final = 10 * (MOST_LOOKS + _COLUMNS * MOST_ROWS)
_LATEST: Final = 253_402_300_799_000_000
"""The end of the year 9999, in microseconds since 1970: no calendar goes further."""
_FARTHEST: Final = 1 << 30
"""In whatever parts: no box, no speed and no way is anywhere near."""
_PARTS: Final = np.array([ROUGH, PLACE, PLACE, PLACE, PLACE, SMOOTH, SMOOTH, ROUGH, ROUGH])[:, None]
_COUNTS: Final = struct.Struct(">III6i")
_WORD: Final = struct.Struct(">H")
_SECOND: Final = 1_000_000


class Part:
    """Looks that are gathered, to be packed together. Not more than fit: see `is_full`."""

    def __init__(self) -> None:
        self._times = array("q")
        self._labels: dict[str, int] = {}
        self._places = array("q")
        """Six whole numbers a row: look, track number, label, first seen, last seen before the look, standing."""
        self._shares = array("d")
        """Nine numbers a row: score, left, top, right, bottom, moved, smooth score, velocity across and down."""

    @property
    def looks(self) -> int:
        return len(self._times)

    @property
    def rows(self) -> int:
        """Tracks of all looks together."""
        return len(self._shares) // 9

    @property
    def is_full(self) -> bool:
        """Whether another part must be begun before the next look. Half the room is left for the tracks of one look."""
        return self.looks >= MOST_LOOKS or self.rows >= MOST_ROWS // 2

    def add(self, at: datetime, tracks: Sequence[Track]) -> None:
        """Take in one look."""
        look, now = self.looks, to_microseconds(at)
        self._times.append(now)
        for track in tracks[: MOST_ROWS // 2]:
            label = self._labels.setdefault(track.label, len(self._labels))
            first, before = to_microseconds(track.first_seen_at), now - to_microseconds(track.last_seen_at)
            self._places.extend((look, track.number, label, first, before, track.is_stationary))
            box, speed = track.box, track.velocity
            self._shares.extend((track.score, box.left, box.top, box.right, box.bottom, track.moved))
            self._shares.extend((track.smooth_score, speed.x, speed.y))

    def packed(self) -> bytes:
        """All that was added, as bytes for `looks_of`."""
        times = np.array(self._times, np.int64)
        places = np.array(self._places, np.int64).reshape(-1, 6).T
        shares = np.rint(np.array(self._shares, np.float64).reshape(-1, 9).T * _PARTS).astype(np.int64)
        order = np.lexsort((places[0], places[1]))
        plain = np.concatenate((places, shares[:6]))[:, order]
        plain[9:11] -= plain[7:9]  # A box that moves keeps its size, so that is what is kept.
        goes_on = _goes_on(plain)
        smoothed = [
            (column, news, fit(column, news, goes_on))
            for column, news in zip(shares[6:, order], _news(times, plain, goes_on), strict=True)
        ]
        columns = [pack(np.diff(column, prepend=0)) for column in (times, *plain)]
        columns += [pack(surprises(column, news, goes_on, factors)) for column, news, factors in smoothed]
        body = self._head([factors for _, _, factors in smoothed]) + b"".join(columns)
        return bytes([_FORM]) + zlib.compress(body, 9)

    def _head(self, factors: Sequence[Factors]) -> bytes:
        names = [label.encode()[:_LONGEST_LABEL] for label in self._labels]
        words = b"".join(_WORD.pack(len(name)) + name for name in names)
        return _COUNTS.pack(self.looks, self.rows, len(names), *(one for pair in factors for one in pair)) + words


def looks_of(packed: bytes, camera: CameraId, run: int) -> Iterator[LoggedLook]:
    """The looks that `Part.packed` made `packed` of, in the order in which they were added.

    Raises `BadInput`, before the first look, for bytes that it cannot have made.
    """
    body = _inflated(packed)
    try:
        count, rows, words, *factors = _COUNTS.unpack_from(body)
        place = _COUNTS.size
        if count > MOST_LOOKS or rows > MOST_ROWS or words > _MOST_LABELS:
            raise _broken(f"{count} looks with {rows} tracks and {words} labels; that is more than a part can have")
        labels = []
        for _ in range(words):
            (length,) = _WORD.unpack_from(body, place)
            place += _WORD.size + length
            labels.append(body[place - length : place].decode())
    except (struct.error, UnicodeDecodeError) as error:
        raise _broken(f"its head cannot be read ({error})") from None
    numbers = unpack(body[place:])
    if len(numbers) != count + rows * _COLUMNS:
        raise _broken(f"{len(numbers)} numbers for {count} looks with {rows} tracks")
    times = np.cumsum(numbers[:count])
    table = numbers[count:].reshape(_COLUMNS, rows)
    plain = np.cumsum(table[:-_FORETOLD], axis=1)
    _check_plain(times, plain, len(labels))
    goes_on = _goes_on(plain)
    pairs = zip(factors[::2], factors[1::2], strict=True)
    try:
        smoothed = [
            restore(left, news, goes_on, Factors(*pair))
            for left, news, pair in zip(table[-_FORETOLD:], _news(times, plain, goes_on), pairs, strict=True)
        ]
    except OverflowError:
        raise _broken("a smoothed value is beyond all measure") from None
    _check("a smooth score", smoothed[0], 0, SMOOTH)
    _check("a speed", np.stack(smoothed[1:]), -_FARTHEST, _FARTHEST)
    return _looks(times, np.concatenate((plain, smoothed)), labels, camera, run)


def _goes_on(plain: Integers) -> Integers:
    """The rows whose row before is of the same track."""
    return np.flatnonzero(plain[1, 1:] == plain[1, :-1]) + 1


def _news(times: Integers, plain: Integers, goes_on: Integers) -> tuple[Integers, Integers, Integers]:
    """What went newly into the smooth score and the velocities: the score, and how fast the box's centre moved."""
    moments = times[plain[0]]
    passed = np.maximum(1, np.diff(moments, prepend=0))
    speeds = []
    for edge, size in ((7, 9), (8, 10)):
        speed = np.zeros(plain.shape[1], np.int64)
        twice = np.diff(2 * plain[edge] + plain[size], prepend=0)
        speed[goes_on] = np.clip(twice[goes_on] * (_SECOND // 2) // passed[goes_on], -_FARTHEST, _FARTHEST)
        speeds.append(speed)
    return plain[6], speeds[0], speeds[1]


def _inflated(packed: bytes) -> bytes:
    if packed[:1] != bytes([_FORM]):
        raise _broken(f"it is of form {packed[:1].hex() or 'none'}, and {_FORM:02} is known")
    inflate = zlib.decompressobj()
    try:
        body = inflate.decompress(packed[1:], _MOST_INFLATED)
    except zlib.error as error:
        raise _broken(str(error)) from None
    if not inflate.eof or inflate.unused_data:
        raise _broken("it breaks off, or goes on after its end")
    return body


def _check_plain(times: Integers, plain: Integers, labels: int) -> None:
    """Refuse what no part can hold, so that whoever makes tracks of it meets no surprise."""
    _check("a time", times, 0, _LATEST)
    _check("the look of a track", plain[0], 0, len(times) - 1)
    _check("a track's number", plain[1], 0, _LATEST)
    _check("a label", plain[2], 0, labels - 1)
    _check("when a track was first seen", plain[3], 0, _LATEST)
    _check("when a track was last seen", plain[4], -_LATEST, _LATEST)
    _check("when a track was last seen", times[plain[0]] - plain[4], 0, _LATEST)
    _check("whether a track stands", plain[5], 0, 1)
    _check("a score", plain[6], 0, ROUGH)
    _check("the place of a box", plain[7:9], -_FARTHEST, _FARTHEST)
    _check("the size of a box, or a way", plain[9:12], 0, _FARTHEST)


def _check(what: str, column: Integers, least: int, most: int) -> None:
    if column.size and not (least <= column.min() and column.max() <= most):
        raise _broken(f"{what} lies outside {least} to {most}")


def _looks(times: Integers, table: Integers, labels: list[str], camera: CameraId, run: int) -> Iterator[LoggedLook]:
    rows = table[:, np.argsort(table[0], kind="stable")]
    ends = np.searchsorted(rows[0], np.arange(len(times)), side="right").tolist()
    row = zip(*(column.tolist() for column in rows), strict=True)
    begin = 0
    for now, end in zip(times.tolist(), ends, strict=True):
        yield LoggedLook(
            from_microseconds(now), [_track(next(row), now, labels, camera) for _ in range(begin, end)], run
        )
        begin = end


def _track(row: tuple[int, ...], now: int, labels: list[str], camera: CameraId) -> Track:
    _, number, label, first, before, stands, score, left, top, width, height, moved, smooth, across, down = row
    return Track(
        camera=camera,
        number=number,
        label=labels[label],
        score=score / ROUGH,
        box=Box(left / PLACE, top / PLACE, (left + width) / PLACE, (top + height) / PLACE),
        first_seen_at=from_microseconds(first),
        last_seen_at=from_microseconds(now - before),
        smooth_score=smooth / SMOOTH,
        velocity=Velocity(across / ROUGH, down / ROUGH),
        moved=moved / SMOOTH,
        is_stationary=bool(stands),
    )


def _broken(what: str) -> BadInput:
    return BadInput(f"a part of the track log cannot be read: {what}", field="data")
