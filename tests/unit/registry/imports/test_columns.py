"""Which header names which column."""

from pathlib import Path

import pytest

from core.errors import BadInput
from registry.imports.columns import ALIASES, MOST_COLUMNS, Column, column_of, columns_of, shown

GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "onboarding.md"


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("name", Column.NAME),
        ("Name", Column.NAME),
        ("GB Code", Column.GB_CODE),
        ("gb-code", Column.GB_CODE),
        ("名称", Column.NAME),
        ("名称（必填）", Column.NAME),
        (" * 国标编码 ", Column.GB_CODE),
        ("国标ＩＤ", Column.GB_CODE),
        ("经度(WGS84)", Column.LONGITUDE),
        ("摄像机厂商", Column.MANUFACTURER),
        ("\ufeff单位", Column.DEPARTMENT),
        ("备注", None),
        ("", None),
    ],
)
def test_a_header_is_known_whatever_its_case_width_and_notes(header: str, column: Column | None) -> None:
    assert column_of(header) is column


@pytest.mark.parametrize("header", ["经度(GCJ-02)", "纬度（百度）", "longitude (BD09)", "lat [高德]"])
def test_a_place_by_another_datum_is_refused_by_its_header(header: str) -> None:
    with pytest.raises(BadInput, match="WGS-84"):
        column_of(header)


def test_columns_that_mean_nothing_are_told() -> None:
    assert columns_of(["name", "备注", "", "序号"]) == ([Column.NAME, None, None, None], ["备注", "序号"])


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(BadInput, match="two columns are both name"):
        columns_of(["名称", "name"])


def test_a_first_row_without_a_known_column_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadInput, match="none of the 2 cells") as refused:
        columns_of(["1", "gate"])
    assert "gate" not in str(refused.value)
    assert "gb_code" in (refused.value.hint or "")


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(BadInput, match="at most 256"):
        columns_of(["name"] + [""] * MOST_COLUMNS)


def test_every_header_stands_in_the_guide() -> None:
    page = GUIDE.read_text(encoding="utf-8")
    for column in Column:
        line = next(line for line in page.splitlines() if line.startswith(f"| `{column.value}` |"))
        for alias in ALIASES[column]:
            assert alias in line


def test_what_is_shown_has_no_invisible_character_and_is_short() -> None:
    assert shown("a\u202eb\nc\0") == "a<U+202E>b<U+000A>c<U+0000>"
    assert shown("x" * 100) == "x" * 60 + "…"
