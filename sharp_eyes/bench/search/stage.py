"""What a part of the benchmark stands on, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from registry.db import Database

from ..made_city import Tell
from ..registry.http import Api
from .askers import Asker
from .client import Client
from .oracle import Oracle

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Stage:
    """A simulated city with its API in a process of its own."""

    database: Database
    oracle: Oracle
    """All events as they were before anything was written beside the searches."""
    api: Api
    askers: Mapping[Asker, Client]
    sample: int
    """How many questions of each shape everyone asks first, whose answers are held against the scan."""
    runs: int
    """How many others are measured."""
    seed: int
    tell: Tell


@dataclass(frozen=True, slots=True)
class Figure:
    """How long answers to questions of one shape took."""

    name: str
    most_p95_ms: float
    """The goal."""
    ms: list[float] = field(default_factory=list)
    full: int = 0
    """How many pages were full."""
    api_work_ms: float = 0.0
    """What the API's process worked for an answer: a busy machine does not add to it."""

    @property
    def is_reached(self) -> bool:
        """Whether the goal is."""
        return self.p95_ms <= self.most_p95_ms

    @property
    def p95_ms(self) -> float:
        return float(np.percentile(self.ms, 95))

    def values(self) -> dict[str, Any]:
        """For programs."""
        return {
            "name": self.name,
            "p50_ms": _round(float(np.percentile(self.ms, 50))),
            "p95_ms": _round(self.p95_ms),
            "max_ms": _round(max(self.ms)),
            "n": len(self.ms),
            "full": self.full,
            "api_work_ms": _round(self.api_work_ms),
            "goal_ms": self.most_p95_ms,
            "is_reached": self.is_reached,
        }


def _round(milliseconds: float) -> float:
    return round(milliseconds, 2)
