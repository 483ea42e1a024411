"""Rows of a JSON file: an array of objects, or an object a line (NDJSON). Read a piece at a time."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from core.errors import BadInput

from .columns import Column, column_of, shown
from .encodings import encoding_of
from .file_rows import BrokenRow, FileRow

_PIECE: Final = 65_536
_LONGEST_OBJECT: Final = 131_072
"""Characters of one object."""
_BLANKS: Final = " \t\r\n"
_MOST_IGNORED: Final = 50


class JsonRows:
    """`FileReader` of JSON."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Raises `BadInput` where `file`, of `size` bytes, is no text."""
        self._encoding = encoding_of(file)
        file.seek(0)
        self._file = file
        self._size = max(size, 1)
        self._read_bytes = 0
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        self._json = json.JSONDecoder(parse_constant=_no_constant)
        self._text = ""
        self._at = 0
        self._ended = False
        self.ignored: list[str] = []

    def rows(self) -> Iterator[FileRow | BrokenRow]:
        self._skip_blanks()
        in_array = self._next() == "["
        if in_array:
            self._at += 1
        number = 0
        while not self._is_over(in_array, first=number == 0):
            number += 1
            found = self._value(number)
            yield self._row(number, found)

    def share(self) -> float:
        return min(1.0, self._read_bytes / self._size)

    def close(self) -> None:
        """Nothing to let go of."""

    def _is_over(self, in_array: bool, *, first: bool) -> bool:
        self._skip_blanks()
        if not in_array:
            return not self._next()
        if self._next() == "]":
            self._at += 1
            self._skip_blanks()
            if self._next():
                raise _bad("there is more after the end of the array")
            return True
        if not first:
            if self._next() != ",":
                raise _bad(f"expected a comma or the end of the array, found {self._here()}")
            self._at += 1
            self._skip_blanks()
        return False

    def _value(self, number: int) -> object:
        if self._next() != "{":
            raise _bad(f"the row {number} begins with {self._here()}; expected an object: {{")
        while True:
            try:
                value, self._at = self._json.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                # Cut off where the piece ends, or wrong: more text tells.
                if len(self._text) - self._at > _LONGEST_OBJECT or isinstance(error, RecursionError):
                    raise _bad(f"the row {number} is no JSON, or has more than {_LONGEST_OBJECT} characters") from None
                if not self._fill():
                    raise _bad(f"the row {number} is no JSON, or is cut off") from None
            else:
                return value

    def _row(self, number: int, found: object) -> FileRow | BrokenRow:
        if not isinstance(found, dict):
            return BrokenRow(number, type(found).__name__, "an object")
        cells: dict[Column, str | None] = {}
        for key, value in found.items():
            column = column_of(key)
            if column is None:
                if len(self.ignored) < _MOST_IGNORED and shown(key) not in self.ignored:
                    self.ignored.append(shown(key))
                continue
            if column in cells:
                return BrokenRow(number, f"two values for {column.value}", "one")
            if value is None:
                cells[column] = None
                continue
            text = _cell(value, column)
            if text is None:
                return BrokenRow(number, f"a list or an object as {column.value}", "a text or a number")
            if text:
                cells[column] = text
        return FileRow(number, cells)

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _here(self) -> str:
        return repr(self._next()) if self._next() else "the end of the file"

    def _skip_blanks(self) -> None:
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text) or not self._fill():
                return

    def _fill(self) -> bool:
        """Read another piece. False at the end of the file."""
        if self._ended:
            return False
        piece = self._file.read(_PIECE)
        self._read_bytes += len(piece)
        self._ended = not piece
        self._text = self._text[self._at :] + self._decoder.decode(piece, final=self._ended)
        self._at = 0
        return True


def _cell(value: Any, column: Column) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value.strip()
        case int() | float():
            return repr(value)
        case dict() if column is Column.EXTRA:
            return json.dumps(value, ensure_ascii=False)
        case _:
            return None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _bad(message: str) -> BadInput:
    return BadInput(message, field="file", hint="expected an array of objects, or an object a line")
