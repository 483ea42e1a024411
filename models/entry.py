"""What is known of a model before it is opened."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .card import Card


class Origin(StrEnum):
    """Where a model comes from."""

    SHIPPED = "shipped"
    """Card and weights came with the program."""
    TO_PULL = "to_pull"
    """The card came with the program, the weights are fetched (or added from a file)."""
    ADDED = "added"
    """Card and weights were added here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One model that is known here."""

    name: str
    origin: Origin
    card: Card | None
    """None where the card is broken; `fault` says how."""
    path: Path | None
    """Where its weights lie; None while they are not here."""
    fault: str | None = None


class ModelState(StrEnum):
    """What was found when a model was verified."""

    SOUND = "sound"
    ABSENT = "absent"
    """Not fetched yet: nothing is wrong."""
    WRONG_HASH = "wrong_hash"
    UNFIT = "unfit"
    """The ONNX file is broken or does not fit its card."""
    BROKEN = "broken"
    """The card cannot be read, or the weights of an added model are gone."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found when one model was verified, in words for a person."""

    name: str
    state: ModelState
    detail: str

    @property
    def is_fault(self) -> bool:
        return self.state not in (ModelState.SOUND, ModelState.ABSENT)
