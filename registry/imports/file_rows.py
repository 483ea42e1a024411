"""The rows of a file, whatever its format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .columns import Column


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: the texts of its cells, without blanks around them. None takes a value away; empty cells are left
    out."""

    number: int
    """As a spreadsheet counts: the headers stand in row 1. In JSON the first object is 1."""
    cells: Mapping[Column, str | None] = field(repr=False)
    numeric: frozenset[Column] = frozenset()
    """Cells that a spreadsheet kept as numbers, of which it knows 15 digits."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be told apart into cells."""

    number: int
    found: str
    expected: str
    hint: str | None = None


class FileReader(Protocol):
    """An open file of cameras. For one thread."""

    ignored: list[str]
    """Columns that mean nothing here."""

    def rows(self) -> Iterator[FileRow | BrokenRow]:
        """The rows, once. Raises `BadInput` where the file cannot be read on."""

    def share(self) -> float:
        """How much of the file has been read, 0 to 1."""

    def close(self) -> None:
        """Let go of the file, which stays open."""
