"""JSON files: an array, or an object a line."""

import json

import pytest

from core.errors import BadInput
from registry.imports.columns import Column
from registry.imports.file_rows import BrokenRow, FileRow
from tests.support.importing import read

ROWS = [{"name": "A", "gb_code": 34020000001320000001, "enabled": True, "address": None}, {"名称": "北门", "经度": 1.5}]
EXPECTED = [
    {Column.NAME: "A", Column.GB_CODE: "34020000001320000001", Column.ENABLED: "true", Column.ADDRESS: None},
    {Column.NAME: "北门", Column.LONGITUDE: "1.5"},
]


def cells(content: bytes) -> list[object]:
    return [row.cells if isinstance(row, FileRow) else row for row in read(content)]


def test_an_array_is_read() -> None:
    assert cells(json.dumps(ROWS, ensure_ascii=False, indent=1).encode()) == EXPECTED


def test_an_object_a_line_is_read() -> None:
    assert cells("\n".join(json.dumps(row) for row in ROWS).encode()) == EXPECTED


def test_a_file_of_many_pieces_is_read_whole() -> None:
    rows = [{"name": f"相机 {number}", "address": "中山路" * 20} for number in range(2000)]
    assert len(cells(json.dumps(rows, ensure_ascii=False).encode("gb18030"))) == 2000


def test_a_value_that_is_none_harms_its_row_alone() -> None:
    rows = read(
        b'[{"name": ["a"]}, {"name": "b", "extra": {"pole": 1}}, {"name": "a", "\xe5\x90\x8d\xe7\xa7\xb0": "b"}]'
    )
    assert [type(row) for row in rows] == [BrokenRow, FileRow, BrokenRow]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'[{"name": "a"} {"name": "b"}]', "comma"),
        (b'[{"name": "a"}', "end of the array"),
        (b'[{"name": "a', "cut off"),
        (b'[{"name": NaN}]', "no JSON"),
        (b"[[1]]", "an object"),
        (b'[{"name": "a"}] x', "more after the end"),
        (b'{"name": "a"} 7', "an object"),
        (b'[{"a":' * 50_000, "no JSON"),
        (b'[{"name": "' + b"x" * 300_000 + b'"}]', "more than 131072 characters"),
    ],
)
def test_what_is_no_json_ends_the_file_with_a_reason(content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(content)
