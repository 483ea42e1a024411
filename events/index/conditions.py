"""Conditions on a row of the index that is at hand: constant pieces of text, whose parameters are bound."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.rule import RuleKind

from ..number_lists import listed
from . import camera_table
from .tables import IS_LONG, LASTED_US

_LASTED: Final = LASTED_US.replace("ended_at", "e.ended_at").replace("last_seen_at", "e.last_seen_at")
_LASTED_OF_ROW: Final = _LASTED.replace("(id >>", "(e.id >>")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a condition is said of a row `e`."""

    columns: tuple[str, ...]
    sqlite: str
    postgresql: str


def _among(column: str, kind: str) -> _Form:
    return _Form(
        (column,),
        f"e.{column} IN (SELECT value FROM json_each(:is_{column}))",  # noqa: S608 - constant text
        f"e.{column} = ANY(CAST(:is_{column} AS {kind}[]))",
    )


def _alike(columns: tuple[str, ...], words: str) -> _Form:
    return _Form(columns, words, words)


_CROSSED: Final = "EXISTS (SELECT 1 FROM event_detail d WHERE d.event = e.id AND d.line {among})"
_LOST: Final = f"(SELECT id FROM event_kind WHERE name = '{RuleKind.STREAM_LOST.value}')"  # noqa: S608 - constant text
_OUTAGE: Final = f"e.kind = {_LOST} AND EXISTS (SELECT 1 FROM outage o WHERE o.event = e.id)"  # noqa: S608 - likewise
_FORMS: Final = {
    "label": _among("label", "smallint"),
    "kind": _among("kind", "smallint"),
    "severity": _among("severity", "smallint"),
    "department": _among("department", "integer"),
    "zone": _among("zone", "integer"),
    "line": _Form(
        (),
        _CROSSED.format(among="IN (SELECT value FROM json_each(:is_line))"),
        _CROSSED.format(among="= ANY(CAST(:is_line AS integer[]))"),
    ),
    "score": _alike(("score",), "e.score >= :is_score"),
    "lasted_us": _alike(("ended_at", "last_seen_at"), f"{_LASTED_OF_ROW} >= :is_lasted_us"),
    "lasted_at_most_us": _alike(("ended_at", "last_seen_at"), f"{_LASTED_OF_ROW} <= :is_lasted_at_most_us"),
    "lasted_at_most_us_or_outage": _alike(
        ("ended_at", "last_seen_at", "kind"),
        f"({_LASTED_OF_ROW} <= :is_lasted_at_most_us_or_outage OR {_OUTAGE})",
    ),
    "camera_table": _Form((), camera_table.ON_SQLITE, camera_table.ON_POSTGRESQL),
    "going_on_at": _alike(("ended_at",), "(e.ended_at IS NULL OR e.ended_at > :is_going_on_at)"),
}
LONG: Final = IS_LONG
"""Of a row of `event` itself, word for word that of its index."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a row."""

    name: str
    """One of those that there are words for."""
    value: int | tuple[int, ...] | bytes
    """A bound, the values that fit, or a table of them as the database takes it."""


def words(names: Sequence[str], *, embedded: bool) -> str:
    """That all of these conditions hold of a row `e`."""
    forms = [_FORMS[name] for name in names]
    return " AND ".join(form.sqlite if embedded else form.postgresql for form in forms) or "TRUE"


def columns(names: Iterable[str]) -> set[str]:
    """What of a row they look at."""
    return {column for name in names for column in _FORMS[name].columns}


def given(conditions: Iterable[Condition], *, embedded: bool) -> dict[str, Any]:
    """Their parameters."""
    return {
        f"is_{one.name}": listed(one.value, embedded=embedded) if isinstance(one.value, tuple) else one.value
        for one in conditions
    }
