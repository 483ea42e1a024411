"""The 20 digits by which GB/T 28181 names a camera: taken apart, checked, explained."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from .errors import BadInput
from .gb_tables import CAMERA_TYPES, INDUSTRIES, NETWORKS, RESERVED_INDUSTRIES, TYPES, GbEdition
from .wording import quoted

LENGTH: Final = 20
PREFIX: Final = 14
"""So many digits come before the serial."""
LAST_SERIAL: Final = 999_999
NOT_IN_OUR_TABLE: Final = "not in our table"


class GbPart(StrEnum):
    """What some of the digits say."""

    CENTRE = "centre"
    INDUSTRY = "industry"
    TYPE = "type"
    NETWORK = "network"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class ExplainedPart:
    """Some digits of a code, and what they mean."""

    part: GbPart
    first: int
    """The place of its first digit, counted from 1."""
    last: int
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class GbCode:
    """A code of 20 digits, taken apart."""

    text: str
    edition: GbEdition

    @classmethod
    def parse(cls, text: str, edition: GbEdition = GbEdition.E2022) -> Self:
        """The code in `text`, its parts unchecked. Raises `BadInput` (field `gb_code`) unless it has 20 digits."""
        if not (text.isascii() and text.isdigit()):
            raise BadInput(
                f"a GB/T 28181 code has {LENGTH} digits and nothing else; found {quoted(text)}", field="gb_code"
            )
        if len(text) != LENGTH:
            raise BadInput(
                f"a GB/T 28181 code has {LENGTH} digits, not {len(text)}",
                field="gb_code",
                hint="a spreadsheet cuts long numbers off: keep the column as text",
            )
        return cls(text, edition)

    @property
    def centre(self) -> str:
        """Digits 1 to 8: the area of the centre that the camera belongs to, 00 where a level is not named."""
        return self.text[:8]

    @property
    def division(self) -> str:
        """The area by its shortest code, of 2, 4, 6 or 8 digits: `3101` for the centre 31010000."""
        centre = self.centre
        while len(centre) > 2 and centre.endswith("00"):
            centre = centre[:-2]
        return centre

    @property
    def industry(self) -> str:
        return self.text[8:10]

    @property
    def type(self) -> str:
        return self.text[10:13]

    @property
    def network(self) -> str:
        return self.text[13]

    @property
    def serial(self) -> str:
        return self.text[14:]

    @property
    def is_camera(self) -> bool:
        return self.type in CAMERA_TYPES

    def check_camera(self) -> None:
        """Raises `BadInput` (field `gb_code`) for a code that is no camera's, or of an industry that the edition does
        not have. Whether the area exists only the registry knows."""
        if not self.is_camera:
            raise BadInput(
                f"digits 11 to 13 of {self.text} are {self.type} ({self._type()}); expected 131 (camera) or 132 "
                "(network camera)",
                field="gb_code",
            )
        check_industry(self.industry, self.edition, field="gb_code", where=f"digits 9 and 10 of {self.text}")

    def explained(self) -> tuple[ExplainedPart, ...]:
        """What each of its parts says, from the first digit to the last."""
        industry = INDUSTRIES[self.edition].get(self.industry, NOT_IN_OUR_TABLE)
        if self.industry in RESERVED_INDUSTRIES[self.edition]:
            industry = f"kept for later by the edition of {self.edition.value}"
        network = NETWORKS[self.edition].get(self.network, NOT_IN_OUR_TABLE)
        return (
            ExplainedPart(GbPart.CENTRE, 1, 8, self.centre, f"the centre's area, {self.division}"),
            ExplainedPart(GbPart.INDUSTRY, 9, 10, self.industry, industry),
            ExplainedPart(GbPart.TYPE, 11, 13, self.type, self._type()),
            ExplainedPart(GbPart.NETWORK, 14, 14, self.network, network),
            ExplainedPart(GbPart.SERIAL, 15, 20, self.serial, "the serial within what stands before it"),
        )

    def _type(self) -> str:
        return TYPES[self.edition].get(self.type, NOT_IN_OUR_TABLE)


def check_industry(code: str, edition: GbEdition, *, field: str, where: str) -> str:
    """`code` back. Raises `BadInput` unless it has two digits and may stand for an industry in that edition."""
    if not (len(code) == 2 and code.isascii() and code.isdigit()):
        raise BadInput(f"an industry has two digits; found {quoted(code)}", field=field)
    if code in RESERVED_INDUSTRIES[edition]:
        raise BadInput(
            f"{where} are {code}, which the edition of {edition.value} keeps for later",
            field=field,
            hint="name the other edition, if the code was given out by it",
        )
    return code
