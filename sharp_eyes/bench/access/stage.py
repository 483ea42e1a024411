"""What a part of the benchmark stands on, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.db import Database

from ..made_city import Tell


@dataclass(frozen=True, slots=True)
class Stage:
    """A simulated city with events. A part may add to it what no other part looks at."""

    database: Database
    url: str
    """Of the same database, for another process."""
    runs: int
    """How often each thing is measured."""
    seed: int
    tell: Tell
    rows: int
    """How many rows the record gets: as many as there are events."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured, and what was hoped for."""

    name: str
    values: dict[str, Any]
    """By what they are: `p50_ms`, `rows_per_s`."""
    goal: str = ""
    """In words; empty: there is none."""
    is_reached: bool | None = None
    """None where there is no goal."""


Part = Callable[[Stage], list[Figure]]
"""Measures, and raises `SharpEyesError` where an answer is wrong."""
