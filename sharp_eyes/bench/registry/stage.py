"""What a part of the benchmark stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.db import Database

from ..made_city import Tell
from .http import Api
from .oracle import Oracle


@dataclass(frozen=True, slots=True)
class Stage:
    """A filled registry. A part may change it as long as it puts it back as it was."""

    database: Database
    url: str
    folder: Path
    """For whatever a part has to write; removed afterwards."""
    api: Api
    """The API over the same database, in a process of its own."""
    oracle: Callable[[], Oracle]
    """All cameras as they were at first; read when somebody asks for them."""
    runs: int
    """How many random filters are measured of each shape."""
    seed: int
    tell: Tell


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured, and what was hoped for."""

    name: str
    values: dict[str, Any]
    most_p95_ms: float | None = None
    """The goal; None: there is none."""

    most_per_second: float | None = None
    """The same for what happens so often."""

    @property
    def is_reached(self) -> bool | None:
        """None where there is no goal."""
        if self.most_per_second is not None:
            return bool(self.values["per_second"] <= self.most_per_second)
        return None if self.most_p95_ms is None else self.values["p95_ms"] <= self.most_p95_ms


Part = Callable[[Stage], list[Figure]]
"""Measures, and raises `SharpEyesError` where an answer is wrong."""
