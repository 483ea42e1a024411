"""How the simulated streams were doing in the last 30 days: spells, and the same summed up by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.stream_state import StreamState
from registry.columns import from_microseconds, to_microseconds
from registry.uptime.days import Days

from .city import City
from .layout import Layout, Numbers
from .regions import STREETS, street_code
from .words import DISTRICTS

Rows = list[tuple[Any, ...]]
SPELL_COLUMNS: Final = ("camera", "from_at", "until_at", "state", "reason", "worker", "counted_to")
DAY_COLUMNS: Final = ("day", "camera", "department", "region", "state", "milliseconds")
SUM_COLUMNS: Final = ("day", "department", "region", "state", "milliseconds")
"""The columns of the tables in the order of the rows made here."""
HISTORY: Final = timedelta(days=30)
REASON: Final = "simulated"
STATES: Final = {
    StreamState.LIVE: 0.93,
    StreamState.UNREACHABLE: 0.04,
    StreamState.STALLED: 0.02,
    StreamState.UNAUTHORISED: 0.01,
}
"""How the cameras are doing in the end."""
_NAMES: Final = tuple(STATES)
_LIVE: Final = 0
_SHAKY: Final = 0.1
"""The share of cameras that are lost often."""
_MEAN_LOSSES: Final = (0.4, 6.0)
"""In 30 days: of most cameras, of shaky ones."""
_LOST_HOURS, _LOST_HOURS_IN_THE_END = 1.5, 100.0
"""For how long, about: what is lost in the end waits for somebody with a ladder."""
_MS: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Spells as columns of the same length, by camera and time; they lie one after the other without a gap, and all
    have ended: nobody watches simulated cameras from then on."""

    camera: Numbers
    """Place in the layout."""
    from_us: Numbers
    """Microseconds since 1970, whole milliseconds."""
    until_us: Numbers
    state: Numbers
    """Place in `STATES`."""

    def last_states(self) -> list[tuple[str, datetime]]:
        """Of each camera, the state in the end, and since when."""
        last = np.flatnonzero(np.diff(self.camera, append=-1))
        return [
            (_NAMES[state].value, from_microseconds(since))
            for state, since in zip(self.state[last].tolist(), self.from_us[last].tolist(), strict=True)
        ]

    def spells(self) -> Rows:
        """Rows of `SPELL_COLUMNS`; each is counted."""
        names = [_NAMES[state].value for state in self.state.tolist()]
        columns = ((self.camera + 1).tolist(), self.from_us.tolist(), self.until_us.tolist(), names)
        return [(*row, REASON, None, None) for row in zip(*columns, strict=True)]

    def day_count(self, zone: tzinfo) -> int:
        """How many days they touch."""
        days = Days(zone)
        first, last = (days.of(from_microseconds(int(at))) for at in (self.from_us.min(), self.until_us.max() - 1))
        return last - first + 1

    def days(self, layout: Layout, owners: Sequence[int], zone: tzinfo) -> Iterator[tuple[Rows, Rows]]:
        """Rows of `DAY_COLUMNS` and of `SUM_COLUMNS`, a day at a time."""
        days = Days(zone)
        first = days.of(from_microseconds(int(self.from_us.min())))
        places = np.array([[street_code(d, s) for s in range(len(STREETS))] for d in range(len(DISTRICTS))], object)
        region: npt.NDArray[np.object_] = places[layout.district, layout.street]
        owner = np.array(owners, np.int64)[layout.department]
        for day in range(first, first + self.day_count(zone)):
            begin, end = to_microseconds(days.start(day)), to_microseconds(days.start(day + 1))
            lasted = (np.minimum(self.until_us, end) - np.maximum(self.from_us, begin)) // _MS
            here = lasted > 0
            keys = self.camera[here] * len(_NAMES) + self.state[here]
            found, of = np.unique(keys, return_inverse=True)
            much = np.bincount(of, lasted[here]).astype(np.int64)
            cameras = found // len(_NAMES)
            names = [_NAMES[state].value for state in (found % len(_NAMES)).tolist()]
            who, where, ms = owner[cameras].tolist(), region[cameras].tolist(), much.tolist()
            of_cameras = list(zip([day] * len(ms), (cameras + 1).tolist(), who, where, names, ms, strict=True))
            sums: dict[tuple[int, str, str], int] = {}
            for key, milliseconds in zip(zip(who, where, names, strict=True), ms, strict=True):
                sums[key] = sums.get(key, 0) + milliseconds
            yield of_cameras, [(day, *key, milliseconds) for key, milliseconds in sorted(sums.items())]


def make_histories(city: City, until: datetime) -> Histories:
    """What happened to the streams of `city` in the 30 days before `until`."""
    rng = np.random.default_rng([city.seed, 2])
    end = to_microseconds(until.astimezone(UTC)) // _MS * _MS
    begin = end - to_microseconds(datetime(1970, 1, 1, tzinfo=UTC) + HISTORY)
    final = rng.choice(len(_NAMES), city.cameras, p=list(STATES.values()))
    final_from = np.where(
        final == _LIVE, end, np.maximum(end - _lengths(rng, city.cameras, _LOST_HOURS_IN_THE_END), begin + _MS)
    )
    losses = rng.poisson(np.where(rng.random(city.cameras) < _SHAKY, _MEAN_LOSSES[1], _MEAN_LOSSES[0]))
    camera = np.repeat(np.arange(city.cameras), losses)
    start = begin + _MS + rng.integers(0, (end - begin) // _MS - 1, len(camera)) * _MS
    order = np.lexsort((start, camera))
    camera, start = camera[order], start[order]
    stop = start + _lengths(rng, len(camera), _LOST_HOURS)
    state = rng.integers(1, len(_NAMES), len(camera))
    rows = _chain(city.cameras, begin, end, (camera, start, stop, state), (final, final_from))
    columns = np.array(rows, np.int64).T
    return Histories(*columns)


def _lengths(rng: np.random.Generator, count: int, hours: float) -> Numbers:
    """How long streams stay lost, in microseconds: about `hours`, some much longer."""
    drawn = np.clip(rng.lognormal(0.0, 1.2, count) * hours * 3_600_000, 1_000, 20 * 86_400_000)
    lengths: Numbers = drawn.astype(np.int64) * _MS
    return lengths


def _chain(
    cameras: int,
    begin: int,
    end: int,
    losses: tuple[Numbers, Numbers, Numbers, Numbers],
    finals: tuple[Numbers, Numbers],
) -> list[tuple[int, int, int, int]]:
    """Spells without gap or overlap: live, but for the losses, which are left out where they meet another one."""
    rows: list[tuple[int, int, int, int]] = []
    lost = list(zip(*(column.tolist() for column in losses), strict=True))
    place = 0
    for camera, (final, final_from) in enumerate(zip(*(column.tolist() for column in finals), strict=True)):
        at = begin
        while place < len(lost) and lost[place][0] == camera:
            _, start, stop, state = lost[place]
            place += 1
            if at < start and stop < final_from:
                rows += [(camera, at, start, _LIVE), (camera, start, stop, state)]
                at = stop
        rows.append((camera, at, final_from, _LIVE))
        if final != _LIVE:
            rows.append((camera, final_from, end, final))
    return rows
