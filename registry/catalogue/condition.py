"""One condition of a filter in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """What must hold of a camera."""

    where: str
    """Of a row `c` of the camera table."""
    given: Mapping[str, Any] = field(default_factory=dict)
    source: str | None = None
    """Where an index has them: a statement that answers the `id` of every camera for which this holds."""
    is_exact: bool = True
    """Whether the source has no others."""
    words: tuple[str, ...] = ()
    """What is looked for in the texts, where that is the condition."""
