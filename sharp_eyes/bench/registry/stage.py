"""What a part of the benchmark stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.db import Database

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A filled registry. A part may change it as long as it puts it back as it was."""

    database: Database
    url: str
    folder: Path
    """For whatever a part has to write; removed afterwards."""
    seed: int
    tell: Tell


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured, and what was hoped for."""

    name: str
    values: dict[str, Any]
    most_p95_ms: float | None = None
    """The goal; None: there is none."""

    @property
    def is_reached(self) -> bool | None:
        """None where there is no goal."""
        return None if self.most_p95_ms is None else self.values["p95_ms"] <= self.most_p95_ms


Part = Callable[[Stage], list[Figure]]
"""Measures, and raises `SharpEyesError` where an answer is wrong."""
