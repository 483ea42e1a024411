"""A model on disk: its card and its ONNX file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadInput, NotFound

from .card import Card
from .precision import Precision


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A card, and where the file lies that it describes."""

    card: Card
    path: Path
    precision: Precision | None = None
    """Which of the card's files it is; None where that is not known."""

    def read(self) -> bytes:
        """The file's bytes, which are those that the card names. Raises `NotFound`, or `BadInput` for other bytes."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"the file of model {self.card.name!r} is gone: {self.path}") from error
        except OSError as error:
            raise BadInput(f"the file of model {self.card.name!r} cannot be read: {error}") from error
        check_hash(self.card, self.precision, hashlib.sha256(data).hexdigest(), len(data), str(self.path))
        return data


def check_hash(card: Card, precision: Precision | None, sha256: str, size_bytes: int, where: str) -> None:
    """Raises `BadInput` with what was expected and found, unless the card accepts a file of that hash and precision."""
    if card.accepts(sha256, precision):
        return
    expected = " or ".join(f"{file.sha256} ({file.size_bytes} bytes)" for file in card.files(precision))
    which = f"model {card.name!r}" if len(card.precisions) == 1 else f"the {precision} file of model {card.name!r}"
    raise BadInput(
        f"{where} is not {which}: expected SHA-256 {expected}, found {sha256} ({size_bytes} bytes)",
        field="accepted",
        hint="Fetch it again; if another file is meant, give it a card of its own.",
    )
