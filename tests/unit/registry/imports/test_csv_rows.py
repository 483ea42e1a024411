"""CSV files: encodings, separators, quotes, ragged rows."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from registry.imports.columns import Column
from registry.imports.file_rows import BrokenRow, FileRow
from registry.imports.formulas import with_guard, without_guard
from registry.imports.opening import open_rows
from registry.imports.settings import ImportSettings
from tests.support.importing import read

TABLE = "名称,单位,经度\r\n北门,教育局,116.3\r\n"
EXPECTED = {Column.NAME: "北门", Column.DEPARTMENT: "教育局", Column.LONGITUDE: "116.3"}


def cells(content: bytes) -> list[object]:
    return [row.cells if isinstance(row, FileRow) else row for row in read(content)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encoding_is_found(encoding: str) -> None:
    assert cells(TABLE.encode(encoding)) == [EXPECTED]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    assert cells(TABLE.replace(",", separator).encode()) == [EXPECTED]


def test_damaged_utf8_is_refused_with_the_place_and_not_read_as_something_else() -> None:
    content = "名称\n北门南门东门西门\n".encode() + b"\xff\n"
    with pytest.raises(BadInput, match=f"UTF-8, but damaged at byte {len(content) - 2}"):
        read(content)


def test_damage_behind_the_first_piece_is_found_at_its_byte() -> None:
    content = ("名称\n" + "北门\n" * 20_000).encode() + b"\xff\n"
    with pytest.raises(BadInput, match=f"damaged at byte {len(content) - 2}"):
        read(content)


def test_what_is_in_no_known_encoding_is_refused() -> None:
    with pytest.raises(BadInput, match="neither in UTF-8"):
        read(b"name,\xff\xff\xff\n")


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "old .xls"), (b"a\0b", "no text")]
)
def test_what_is_no_table_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(content)


def test_an_empty_cell_is_left_out_and_a_dash_takes_away() -> None:
    assert cells(b"name,own_id,address\na,,-\n") == [{Column.NAME: "a", Column.ADDRESS: None}]


def test_empty_lines_are_passed_over_and_counted() -> None:
    rows = read(b"name,own_id\n\na,1\n,\n\nb,2\n")
    assert [row.number for row in rows] == [3, 6]


def test_ragged_rows_are_told_and_the_others_read() -> None:
    rows = read(b"name,own_id\na,1\nb\nc,2,3\nd,4,,\n")
    assert [type(row) for row in rows] == [FileRow, BrokenRow, BrokenRow, FileRow]
    assert isinstance(rows[1], BrokenRow)
    assert (rows[1].number, rows[1].found) == (3, "1 cells")


def test_a_quoted_cell_may_hold_separators_quotes_and_lines() -> None:
    assert cells(b'name,address\n"a ""b"", c","x\ny"\n') == [{Column.NAME: 'a "b", c', Column.ADDRESS: "x\ny"}]


def test_text_after_a_closing_quote_harms_its_row_alone() -> None:
    rows = read(b'name,own_id\n"a"b,1\nc,2\n')
    assert [type(row) for row in rows] == [BrokenRow, FileRow]


@pytest.mark.parametrize("rest", ["", "x,1\n" * 10_000], ids=["at the end", "with more behind"])
def test_a_quote_that_is_never_closed_ends_the_file_with_its_row(rest: str) -> None:
    with pytest.raises(BadInput, match="row 3 has a quote that is never closed"):
        read(f'name,own_id\na,1\n"b,2\n{rest}'.encode())


def test_a_line_without_an_end_is_not_read_into_memory() -> None:
    with pytest.raises(BadInput, match="row 2"):
        read(b"name\n" + b"x" * 1_000_000)


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(BadInput, match="at most 1024"):
        open_rows(io.BytesIO(b"name\n" + b"a\n" * 1000), ImportSettings(file_limit_bytes=1024))


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1+1", "\uff20x", "'=1", "''@x"]
)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert with_guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-116.5", "+8613800000000", "1e5", "gate", "'tis", "a=b"])
def test_numbers_and_plain_texts_stay(text: str) -> None:
    assert with_guard(text) == text


@given(st.text())
def test_the_guard_comes_off_again(text: str) -> None:
    assert without_guard(with_guard(text)) == text


def test_a_guarded_dash_is_a_dash() -> None:
    assert cells(b"name,own_id\na,'-\n") == [{Column.NAME: "a", Column.OWN_ID: "-"}]
