"""Which sizes of pictures a network takes."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import BadInput

from .size import LONGEST_SIDE, Size


class FixedSize(BaseModel):
    """The network takes one size alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["fixed"]
    width: int = Field(ge=1, le=LONGEST_SIDE)
    height: int = Field(ge=1, le=LONGEST_SIDE)

    @property
    def sides(self) -> tuple[int, int]:
        return self.width, self.height

    def size_for(self, width: int, height: int) -> Size:
        """The input's size for a picture of `width` x `height` pixels: always the same."""
        return Size(self.width, self.height)

    def check(self, size: Size) -> None:
        """Raises `BadInput` where the network does not take `size`."""
        if size != Size(self.width, self.height):
            raise BadInput(f"size {size}: this model takes {self.width}x{self.height} alone", field="size")


class FreeSize(BaseModel):
    """The network takes every size with sides of a multiple of `multiple_of`: as wide or as tall as its picture is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["free"]
    long_side: int = Field(ge=1, le=LONGEST_SIDE, description="length of the longer side, in pixels")
    multiple_of: int = Field(ge=1, le=256)

    @model_validator(mode="after")
    def _is_a_multiple(self) -> Self:
        if self.long_side % self.multiple_of:
            raise ValueError(f"long_side is {self.long_side}; expected a multiple of {self.multiple_of}")
        return self

    @property
    def sides(self) -> tuple[int, int]:
        """The longer side, and what every side is a multiple of."""
        return self.long_side, self.multiple_of

    def size_for(self, width: int, height: int) -> Size:
        """The input's size for a picture of `width` x `height` pixels: `long_side`, the short side rounded up."""
        long, short = max(width, height), min(width, height)
        rounded = self._round_up(-(-self.long_side * short // long))
        return Size(self.long_side, rounded) if width >= height else Size(rounded, self.long_side)

    def check(self, size: Size) -> None:
        """Raises `BadInput` where the network does not take `size`."""
        if size.width % self.multiple_of or size.height % self.multiple_of:
            near = Size(self._round_up(size.width), self._round_up(size.height))
            raise BadInput(
                f"size {size}: this model takes sides of a multiple of {self.multiple_of}, {near} for example",
                field="size",
            )

    def _round_up(self, side: int) -> int:
        return -(-side // self.multiple_of) * self.multiple_of
