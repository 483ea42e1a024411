"""Rows of the first sheet of an XLSX file: a packed folder of XML, which may be made to burst."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import BadInput

from .columns import CLEAR, MOST_COLUMNS, Column, columns_of
from .file_rows import BrokenRow, FileRow
from .formulas import without_guard
from .settings import ImportSettings

_MOST_PARTS: Final = 1000
_MOST_RATIO: Final = 200
"""How many times larger than its packed form a part may be; tables of XML come to 10 or 20."""
_SMALL: Final = 1_000_000
"""Parts below so many bytes do no harm, whatever their ratio."""
_SHARED_TEXTS: Final = "xl/sharedStrings.xml"
_MOST_SHARED: Final = 33_554_432
"""Bytes of the texts that cells share, which are all held in memory."""
_MOST_EMPTY: Final = 10_000
"""After so many empty rows the sheet counts as over: styled, but empty, cells go on to row 1,048,576."""
_HINT: Final = "save the sheet as CSV UTF-8, or in a new workbook"


class XlsxRows:
    """`FileReader` of XLSX. Formulas are not computed: what the spreadsheet showed last counts."""

    def __init__(self, file: BinaryIO, settings: ImportSettings) -> None:
        """Opens the workbook in `file`. Raises `BadInput` where it is none, is damaged, or unpacks to too much."""
        check_parts(file, settings)
        file.seek(0)
        try:
            self._book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = self._book.worksheets[0]
            # A sheet says how large it is; it may lie, so it serves to show progress and for nothing else.
            self._told_rows = max(sheet.max_row or 1, 1)
            sheet.reset_dimensions()
            self._rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
            self._number = 1
            headers = list(self._next() or ())
        except _FAULTS as error:
            raise _unreadable(error) from None
        while headers and headers[-1] is None:
            headers.pop()
        self._columns, self.ignored = columns_of(["" if header is None else str(header) for header in headers])

    def rows(self) -> Iterator[FileRow | BrokenRow]:
        empty = 0
        while empty < _MOST_EMPTY:
            self._number += 1
            try:
                values = self._next()
            except _FAULTS as error:
                raise _unreadable(error) from None
            if values is None:
                return
            found = self._row(values)
            if isinstance(found, FileRow) and not found.cells:
                empty += 1
                continue
            empty = 0
            yield found

    def share(self) -> float:
        return min(1.0, self._number / self._told_rows)

    def close(self) -> None:
        self._book.close()

    def _next(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def _row(self, values: tuple[Any, ...]) -> FileRow | BrokenRow:
        if any(value is not None for value in values[len(self._columns) :]):
            expected = f"{len(self._columns)}, as many as there are columns with a header"
            return BrokenRow(self._number, "a cell beyond the last column", expected)
        cells: dict[Column, str | None] = {}
        numeric = set()
        for column, value in zip(self._columns, values, strict=False):
            if column is None or value is None:
                continue
            text = _text(value)
            if isinstance(value, int | float) and not isinstance(value, bool):
                numeric.add(column)
            if text:
                cells[column] = None if text == CLEAR else without_guard(text)
        return FileRow(self._number, cells, frozenset(numeric))


def check_parts(file: BinaryIO, settings: ImportSettings) -> None:
    """Raises `BadInput` where the packed `file` is none, or holds more than a spreadsheet does.

    What its directory says of a part's size is the most that is ever unpacked of it.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _unreadable(error) from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise BadInput("the file is packed, but no spreadsheet (.xlsx)", field="file", hint="save it as .xlsx or .csv")
    if len(parts) > _MOST_PARTS or len(names) < len(parts):
        raise BadInput(f"the spreadsheet has {len(parts)} parts; at most {_MOST_PARTS} of different names are read")
    if (unpacked := sum(part.file_size for part in parts)) > settings.unpacked_limit_bytes:
        raise _bursting(f"unpacks to {unpacked} bytes; at most {settings.unpacked_limit_bytes} are read")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1):
            raise _bursting(f"has a part that unpacks to {part.file_size // max(part.compress_size, 1)} times its size")
        if part.filename == _SHARED_TEXTS and part.file_size > _MOST_SHARED:
            raise _bursting(f"has {part.file_size} bytes of texts; at most {_MOST_SHARED} are read")
        if part.flag_bits & 1:
            raise BadInput("the spreadsheet is encrypted", field="file", hint="save it without a password")


def _bursting(what: str) -> BadInput:
    return BadInput(f"the spreadsheet {what}", field="file", hint=_HINT)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return repr(value)
        case datetime():
            at = value.isoformat(" ", "seconds")
            return at.removesuffix(" 00:00:00")
        case date():
            return value.isoformat()
        case _:
            return str(value).strip()


_FAULTS: Final = (
    zipfile.BadZipFile,
    InvalidFileException,
    SyntaxError,  # what the XML parsers raise
    ValueError,  # defusedxml's too
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What openpyxl lets through of a damaged file."""


def _unreadable(error: Exception) -> BadInput:
    return BadInput(f"the spreadsheet is damaged or is none ({type(error).__name__})", field="file", hint=_HINT)
