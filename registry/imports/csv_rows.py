"""Rows of a CSV file: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from core.errors import BadInput

from .columns import CLEAR, Column, column_of, columns_of
from .encodings import encoding_of
from .file_rows import BrokenRow, FileRow
from .formulas import without_guard

_SEPARATORS: Final = (",", ";", "\t")
_MOST_LINES: Final = 50
"""A record over more lines has a quote that is never closed."""
_LONGEST_LINE: Final = 131_072
_SAMPLE_BYTES: Final = 65_536


class CsvRows:
    """`FileReader` of CSV."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Reads the first row of `file`, of `size` bytes. Raises `BadInput` where it names no columns."""
        encoding = encoding_of(file)
        file.seek(0)
        separator = _separator(file.read(_SAMPLE_BYTES).decode(encoding, "ignore"))
        file.seek(0)
        self._file = file
        self._size = max(size, 1)
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        self._text = text  # kept: it would close the file when it is forgotten
        self._lines = _Lines(text)
        self._records = csv.reader(self._lines, delimiter=separator, strict=True)
        self._number = 0
        headers = next((record for record in self._read() if isinstance(record, list)), [])
        self._columns, self.ignored = columns_of(headers)

    def rows(self) -> Iterator[FileRow | BrokenRow]:
        for record in self._read():
            match record:
                case BrokenRow():
                    yield record
                case cells if any(cells):
                    yield self._row(cells)
                case _:
                    pass  # an empty line

    def share(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def close(self) -> None:
        """Let go of the file, which stays open."""
        self._text.detach()

    def _row(self, cells: list[str]) -> FileRow | BrokenRow:
        expected = len(self._columns)
        while len(cells) > expected and not cells[-1].strip():
            cells.pop()
        if len(cells) != expected:
            return BrokenRow(
                self._number,
                f"{len(cells)} cells",
                f"{expected}, as many as there are columns",
                "a cell with a separator in it stands in quotes",
            )
        found: dict[Column, str | None] = {}
        for column, cell in zip(self._columns, cells, strict=True):
            if column is not None and (text := cell.strip()):
                found[column] = None if text == CLEAR else without_guard(text)
        return FileRow(self._number, found)

    def _read(self) -> Iterator[list[str] | BrokenRow]:
        while True:
            self._number += 1
            self._lines.begin_record()
            try:
                yield next(self._records)
            except StopIteration:
                return
            except csv.Error as error:
                if self._lines.ended or self._lines.is_too_long:
                    raise BadInput(
                        f"the row {self._number} has a quote that is never closed, so nothing after it can be read",
                        field="file",
                        hint='a quote inside a cell is written twice: ""',
                    ) from None
                yield BrokenRow(self._number, str(error), "cells in quotes, a quote inside one written twice")


class _Lines:
    """The lines of a file, bounded in length, and counted for each record."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._of_record = 0
        self.ended = False
        self.is_too_long = False

    def begin_record(self) -> None:
        self._of_record = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        self._of_record += 1
        if self._of_record > _MOST_LINES or len(line) >= _LONGEST_LINE:
            self.is_too_long = True
            raise csv.Error("too long")
        return line


def _separator(sample: str) -> str:
    """What separates the cells of the first row: the one by which most of its headers are known."""

    def known(separator: str) -> int:
        line = next((line for line in sample.splitlines() if line.strip()), "")
        try:
            headers = next(csv.reader([line], delimiter=separator), [])
        except csv.Error:
            return 0
        found = 0
        for header in headers:
            try:
                found += column_of(header) is not None
            except BadInput:
                found += 1
        return found

    return max(_SEPARATORS, key=known)
