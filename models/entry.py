"""What is known of a model before it is opened."""

from dataclasses import dataclass
from enum import StrEnum

from .card import Card
from .model_file import ModelFile
from .precision import Precision


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
    files: tuple[ModelFile, ...]
    """Those of its files that are here, in the order of the card; not yet looked into."""
    fault: str | None = None

    @property
    def absent(self) -> tuple[Precision | None, ...]:
        """The precisions of which no file is here."""
        here = {model.precision for model in self.files}
        return tuple(which for which in (self.card.precisions if self.card else ()) if which not in here)


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
    """What was found when one file of a model was verified, in words for a person."""

    name: str
    state: ModelState
    detail: str
    precision: Precision | None = None
    """Which file, where the card says which of them it is."""

    @property
    def file(self) -> str:
        """The file's name for a person."""
        return self.name if self.precision is None else f"{self.name} ({self.precision})"

    @property
    def is_fault(self) -> bool:
        return self.state not in (ModelState.SOUND, ModelState.ABSENT)
