"""Opening a file of cameras by what is in it, not by its name."""

from pathlib import PurePath
from typing import BinaryIO, Final

from core.errors import BadInput

from .columns import shown
from .csv_rows import CsvRows
from .encodings import encoding_of
from .file_rows import FileReader
from .json_rows import JsonRows
from .settings import ImportSettings

_PACKED: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_BEGINNING: Final = 4096


def open_rows(file: BinaryIO, settings: ImportSettings) -> FileReader:
    """A reader of the rows of `file` (seekable): XLSX, JSON, or CSV.

    Raises `BadInput` where it is empty, too large, or of another kind, or its first row names no columns.
    """
    size = file.seek(0, 2)
    file.seek(0)
    beginning = file.read(_BEGINNING)
    if size > settings.file_limit_bytes:
        raise BadInput(f"the file has {size} bytes; at most {settings.file_limit_bytes} are read", field="file")
    if not beginning.strip():
        raise BadInput("the file is empty", field="file", hint="the first row has the names of the columns")
    if beginning.startswith(_PACKED):
        from .xlsx_rows import XlsxRows  # Its library takes a tenth of a second, at the start of every process.

        return XlsxRows(file, settings)
    if beginning.startswith(_OLD_EXCEL):
        hint = "save it as .xlsx (without a password) or as CSV UTF-8"
        raise BadInput("the file is an old .xls workbook, or an encrypted one", field="file", hint=hint)
    if b"\0" in beginning and not beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("the file is no text and no spreadsheet", field="file", hint="expected CSV, XLSX or JSON")
    text = beginning.decode(encoding_of(file), "ignore").lstrip("\ufeff \t\r\n")
    return JsonRows(file, size) if text.startswith(("[", "{")) else CsvRows(file, size)


def plain_name(name: str) -> str:
    """The last part of a file's name, for the record: without folders and invisible characters."""
    return shown(PurePath(name.replace("\\", "/")).name, 200) or "file"
