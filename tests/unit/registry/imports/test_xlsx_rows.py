"""XLSX files: what cells hold, and what is made to burst."""

import datetime
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from core.errors import BadInput
from registry.imports.columns import Column
from registry.imports.file_rows import BrokenRow, FileRow
from registry.imports.settings import ImportSettings
from tests.support.importing import an_xlsx, read

TABLE = (("名称", "国标编码"), ("北门", "34020000001320000001"))


def repacked(changes: dict[str, bytes], **how: Any) -> bytes:
    """A workbook with some of its parts replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(an_xlsx(TABLE))) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return made.getvalue()


def a_sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def text_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def test_cells_become_texts() -> None:
    header = ("名称", "安装日期", "经度", "启用", "录像保存天数", "单位")
    day = datetime.date(2024, 1, 2)
    moment = datetime.datetime(2024, 1, 2, 3, 4)  # noqa: DTZ001 - spreadsheets know no zones
    rows = read(an_xlsx([header, ("A", day, 116.5, True, 30, "=1"), (None,) * 6, ("B", moment, 3, False, 7.0, "-")]))
    assert [row.cells if isinstance(row, FileRow) else row for row in rows] == [
        {
            Column.NAME: "A",
            Column.INSTALLED_ON: "2024-01-02",
            Column.LONGITUDE: "116.5",
            Column.ENABLED: "true",
            Column.RECORDING_DAYS: "30",
        },
        {
            Column.NAME: "B",
            Column.INSTALLED_ON: "2024-01-02 03:04:00",
            Column.LONGITUDE: "3",
            Column.ENABLED: "false",
            Column.RECORDING_DAYS: "7",
            Column.DEPARTMENT: None,
        },
    ]
    assert [row.number for row in rows] == [2, 4]


def test_a_code_that_was_kept_as_a_number_is_marked() -> None:
    [row] = read(an_xlsx([("名称", "国标编码"), ("A", 34020000001320000001)]))
    assert isinstance(row, FileRow)
    assert Column.GB_CODE in row.numeric


def test_a_cell_beyond_the_headers_is_told() -> None:
    assert [type(row) for row in read(an_xlsx([("name",), ("a", "b"), ("c",)]))] == [BrokenRow, FileRow]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked({"xl/worksheets/sheet1.xml": a_sheet(" " * 50_000_000)})
    assert len(bomb) < 100_000
    with pytest.raises(BadInput, match="unpacks to"):
        read(bomb)
    with pytest.raises(BadInput, match="unpacks to"):
        read(bomb, ImportSettings(unpacked_limit_bytes=40_000_000))


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    with pytest.raises(BadInput, match="parts"):
        read(repacked({f"xl/media/{number}.png": b"x" for number in range(1100)}))


def test_a_part_unpacks_to_no_more_than_the_directory_says() -> None:
    lying = bytearray(repacked({"xl/worksheets/sheet1.xml": a_sheet(" " * 50_000_000)}))
    real, told = (50_000_000 + len(a_sheet(""))).to_bytes(4, "little"), (900).to_bytes(4, "little")
    assert lying.count(real) == 2
    with pytest.raises(BadInput, match="damaged"):
        read(bytes(lying.replace(real, told)))


def test_entities_are_not_expanded() -> None:
    assert openpyxl.DEFUSEDXML
    sheet = a_sheet(f"<row>{text_cell('name')}</row><row>{text_cell('&laugh;')}</row>").decode()
    with pytest.raises(BadInput, match="damaged"):
        read(repacked({"xl/worksheets/sheet1.xml": f'<!DOCTYPE x [<!ENTITY laugh "ha">]>{sheet}'.encode()}))


def test_a_row_far_away_costs_little_and_is_not_reached() -> None:
    rows = f'<row r="1">{text_cell("name")}</row><row r="1048576">{text_cell("far")}</row>'
    assert read(repacked({"xl/worksheets/sheet1.xml": a_sheet(rows)})) == []


def test_a_column_far_away_is_not_filled_up_to() -> None:
    rows = f'<row r="1">{text_cell("name")}</row><row r="2"><c r="XFD2"><v>1</v></c></row>'
    assert read(repacked({"xl/worksheets/sheet1.xml": a_sheet(rows)})) == []


@pytest.mark.parametrize(
    "content",
    [an_xlsx(TABLE)[:3000], b"PK\x03\x04" + b"x" * 100, repacked({"xl/worksheets/sheet1.xml": b"<worksheet"})],
    ids=["cut off", "nonsense", "broken XML"],
)
def test_a_damaged_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="damaged"):
        read(content)


def test_another_packed_file_is_no_spreadsheet() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("a.txt", "a")
    with pytest.raises(BadInput, match="no spreadsheet"):
        read(made.getvalue())
