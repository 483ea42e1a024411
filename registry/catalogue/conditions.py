"""A filter in SQL: constant pieces of text, whose parameters are bound.

Composing statements of SQLAlchemy's parts for each search would cost more than running them.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, text

from core.errors import NotFound

from .. import regions
from .areas import Around, Box
from .condition import Condition
from .filter import CameraFilter
from .reached import reached
from .speech import Speech, speech_of
from .words import pieces_of, words_of

IS_SAID: Final = "(s.worker IS NULL OR s.worker <> 0)"
"""Of a row `s` of the states: not only what was so when somebody watched it last."""

_REMOVED: Final = {True: "c.deleted_at IS NOT NULL", False: "c.deleted_at IS NULL", None: "TRUE"}


def conditions_of(connection: Connection, asked: CameraFilter) -> list[Condition] | None:
    """What must hold of a camera that fits `asked`; None where none can."""
    speech = speech_of(connection)
    conditions = [Condition(_REMOVED[asked.removed])]
    if asked.enabled is not None:
        conditions.append(Condition("c.enabled" if asked.enabled else "NOT c.enabled"))
    if not asked.reach.is_all:
        within = reached(speech, asked.reach)
        if within is None:
            return None
        conditions.append(within)
    if asked.sectors or asked.departments:
        owners = _owners(connection, asked, speech)
        if not owners:
            return None
        conditions.append(_one_of(speech, "department", owners))
    if asked.region is not None:
        try:
            codes = regions.below(connection, asked.region)
        except NotFound:
            return None
        conditions.append(_one_of(speech, "region", codes))
    if asked.gb_prefix is not None:
        conditions.append(_gb_prefix(asked.gb_prefix, living=asked.removed is False))
    if asked.box is not None:
        conditions.append(_box(asked.box, "box"))
    if asked.around is not None:
        conditions.append(_around(asked.around))
    if asked.states:
        conditions.append(_states(speech, sorted(state.value for state in asked.states)))
    if asked.q is not None:
        conditions.append(_text(speech, words_of(asked.q)))
    return conditions


def _owners(connection: Connection, asked: CameraFilter, speech: Speech) -> list[int]:
    if not asked.sectors:
        return sorted(asked.departments)
    of_sectors = text(f"SELECT id FROM department WHERE {speech.among('kind', 'sectors', 'text')}")  # noqa: S608
    sectors = sorted(sector.value for sector in asked.sectors)
    found = set(connection.scalars(of_sectors, {"sectors": speech.array(sectors)}))
    return sorted(found & asked.departments if asked.departments else found)


def _one_of(speech: Speech, column: str, values: Iterable[int | str]) -> Condition:
    kind = "integer" if column == "department" else "text"
    name = f"{column}s"
    return Condition(
        where=speech.among(f"{speech.plain}c.{column}", name, kind),
        given={name: speech.array(list(values))},
        source=f"SELECT id FROM camera WHERE {speech.among(column, name, kind)}",  # noqa: S608 - constant text
    )


def _gb_prefix(digits: str, *, living: bool) -> Condition:
    # All codes have 20 digits, and digits stand in their order in every collation.
    bounds = {"lowest_code": digits.ljust(20, "0"), "highest_code": digits.ljust(20, "9")}
    between = "gb_code BETWEEN :lowest_code AND :highest_code"
    source = f"SELECT id FROM camera WHERE {between} AND deleted_at IS NULL" if living else None  # noqa: S608
    return Condition(f"c.{between}", bounds, source)


def _box(box: Box, name: str) -> Condition:
    inside = "{0}latitude BETWEEN :{1}_south AND :{1}_north AND {0}longitude BETWEEN :{1}_west AND :{1}_east"
    return Condition(
        where=inside.format("c.", name),
        given={f"{name}_{side}": getattr(box, side) for side in ("west", "south", "east", "north")},
        source=f"SELECT id FROM camera WHERE {inside.format('', name)}",  # noqa: S608 - constant text
    )


_ACROSS: Final = "(c.longitude - :near_longitude)"
_UP: Final = "(c.latitude - :near_latitude)"
_MIDDLE: Final = f"(:near_cos - :near_sin * {_UP} - :near_curve * {_UP} * {_UP})"
"""Not every SQLite has a cosine of its own."""


def _around(around: Around) -> Condition:
    """What `whereabouts.Whereabouts` says too, operation by operation."""
    box = _box(around.box(), "near")
    circle = {f"near_{name}": value for name, value in asdict(around.circle()).items()}
    inside = f"{_UP} * {_UP} + {_ACROSS} * {_ACROSS} * {_MIDDLE} * {_MIDDLE} <= :near_square"
    return Condition(f"{box.where} AND {inside}", {**box.given, **circle}, box.source, is_exact=False)


def _states(speech: Speech, states: list[str]) -> Condition:
    among = f"{speech.among('s.state', 'states', 'text')} AND {IS_SAID}"
    of_detect = "SELECT 1 FROM stream d WHERE d.id = s.stream AND d.role = 'detect'"
    one = f"SELECT 1 FROM stream_state s WHERE s.camera = c.id AND {among} AND EXISTS ({of_detect})"  # noqa: S608
    return Condition(
        where=f"EXISTS ({one}{speech.fence})",
        given={"states": speech.array(states)},
        source=f"SELECT s.camera AS id FROM stream_state s WHERE {among}",  # noqa: S608 - constant text
        is_exact=False,
    )


def _text(speech: Speech, words: tuple[str, ...]) -> Condition:
    """Each word stands in the text. The index knows pairs alone, so longer words are looked for in what it finds."""
    given: dict[str, Any] = {f"word_{place}": word for place, word in enumerate(words)}
    given["pieces"] = speech.pieces(pieces_of(words))

    def hold(text: str) -> str:
        return " AND ".join(speech.holds(text, f"word_{place}") for place in range(len(words)))

    there = speech.text_there
    return Condition(
        where=hold("c.search_text"),
        given=given,
        source=speech.texts if there is None else f"{speech.texts} AND {hold(there)}",
        is_exact=there is not None,
        words=words,
    )
