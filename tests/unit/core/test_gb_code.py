"""The digits of a GB/T 28181 code."""

import pytest

from core.errors import BadInput
from core.gb_code import NOT_IN_OUR_TABLE, GbCode, GbPart
from core.gb_tables import GbEdition

SCHOOL = "31010400111320000017"


def test_a_code_is_taken_apart() -> None:
    code = GbCode.parse(SCHOOL)
    assert (code.centre, code.industry, code.type, code.network, code.serial) == (
        "31010400",
        "11",
        "132",
        "0",
        "000017",
    )
    assert code.is_camera
    code.check_camera()


@pytest.mark.parametrize(
    ("centre", "division"), [("31010400", "310104"), ("31000000", "31"), ("31010000", "3101"), ("31010405", "31010405")]
)
def test_the_area_of_a_code_is_as_long_as_what_it_names(centre: str, division: str) -> None:
    assert GbCode.parse(centre + SCHOOL[8:]).division == division


def test_what_the_digits_say_is_explained_by_edition() -> None:
    said = {
        edition: {part.part: part.meaning for part in GbCode.parse(SCHOOL, edition).explained()}
        for edition in GbEdition
    }
    assert said[GbEdition.E2016][GbPart.NETWORK] == "surveillance network"
    assert said[GbEdition.E2022][GbPart.NETWORK] == "public security video network"
    for meanings in said.values():
        assert (meanings[GbPart.INDUSTRY], meanings[GbPart.TYPE]) == ("education", "network camera (IPC)")


def test_the_parts_lie_side_by_side_over_all_digits() -> None:
    parts = GbCode.parse(SCHOOL).explained()
    assert "".join(part.value for part in parts) == SCHOOL
    assert [(part.first, part.last) for part in parts] == [(1, 8), (9, 10), (11, 13), (14, 14), (15, 20)]


@pytest.mark.parametrize("text", ["", "3101040011132000001", SCHOOL + "1", "3101040011132000001x", "３" * 20, "²" * 20])
def test_anything_but_twenty_digits_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="20 digits") as caught:
        GbCode.parse(text)
    assert caught.value.field == "gb_code"


@pytest.mark.parametrize(("kind", "words"), [("118", "network video recorder"), ("200", "signalling server")])
def test_the_code_of_another_thing_is_no_camera(kind: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        GbCode.parse(f"3101040011{kind}0000001").check_camera()


def test_an_industry_that_the_edition_keeps_for_later_is_refused_in_that_edition_alone() -> None:
    railway = "31010400131320000001"
    with pytest.raises(BadInput, match="digits 9 and 10"):
        GbCode.parse(railway, GbEdition.E2016).check_camera()
    GbCode.parse(railway, GbEdition.E2022).check_camera()


def test_an_industry_that_is_not_in_our_table_is_taken_and_said_so() -> None:
    code = GbCode.parse("31010400771320000001", GbEdition.E2022)
    code.check_camera()
    assert code.explained()[1].meaning == NOT_IN_OUR_TABLE
