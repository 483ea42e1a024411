"""Whether a filter of events can be answered: the one place where that is said."""

from datetime import timedelta
from typing import Final

from core.errors import BadInput
from registry.catalogue.meant import MeantCameras
from registry.chunks import MOST_PARAMETERS

from .event_filter import EventFilter

_SHORTEST: Final = timedelta(0)


def check(asked: EventFilter) -> MeantCameras | None:
    """The cameras that are meant by place or text, not looked up yet; None where any camera will do.

    Raises `BadInput`, with the field as HTTP has it, for what cannot be meant: an end before its beginning, `overlap`
    without `from`, a score outside 0 to 1, more than 10,000 values of one thing, a query without words, a region code
    that is none, a polygon of less than three or more than a hundred corners or off the earth.
    """
    for field, values in (
        ("camera", asked.cameras),
        ("department", asked.departments),
        ("zone", asked.zones),
        ("line", asked.lines),
        ("label", asked.labels),
    ):
        if len(values) > MOST_PARAMETERS:
            raise BadInput(f"a search names at most {MOST_PARAMETERS} of {field}, not {len(values)}", field=field)
    if asked.from_at is not None and asked.to_at is not None and asked.from_at > asked.to_at:
        raise BadInput("`from` lies after `to`, so nothing can fit; exchange them", field="from")
    if asked.overlap and asked.from_at is None:
        raise BadInput("`overlap` finds what was going on at `from`; say `from` too, or leave it out", field="overlap")
    # Written so that a number that is none is refused too.
    if asked.min_score is not None and not 0 <= asked.min_score <= 1:
        raise BadInput(f"min_score is {asked.min_score:g}; expected 0 to 1", field="min_score")
    _check_durations(asked.min_duration, asked.max_duration)
    return MeantCameras.of(q=asked.q, region=asked.region, box=asked.box, around=asked.around, polygon=asked.polygon)


def _check_durations(shortest: timedelta | None, longest: timedelta | None) -> None:
    for field, duration in (("min_duration_s", shortest), ("max_duration_s", longest)):
        if duration is not None and duration < _SHORTEST:
            raise BadInput(f"{field} is {duration.total_seconds():g}; expected 0 or more seconds", field=field)
    if shortest is not None and longest is not None and shortest > longest:
        raise BadInput(
            f"min_duration_s is {shortest.total_seconds():g}, which is more than max_duration_s, "
            f"{longest.total_seconds():g}; exchange them",
            field="min_duration_s",
        )
