"""Words that several answers share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path
from pydantic import Field

from core.errors import BadInput, NotFound, Refused
from registry.page import Page

from .fields import (
    Body,
    CameraNumber,
    Cursor,
    DepartmentNumber,
    LineNumber,
    PrivacyAreaNumber,
    RuleNumber,
    StreamNumber,
    ZoneNumber,
)

Item = TypeVar("Item")
Found = TypeVar("Found")

CameraInPath = Annotated[CameraNumber, Path(description="The camera's number.")]
StreamInPath = Annotated[StreamNumber, Path(description="The stream's number.")]
PrivacyAreaInPath = Annotated[PrivacyAreaNumber, Path(description="The privacy area's number.")]
ZoneInPath = Annotated[ZoneNumber, Path(description="The zone's number.")]
LineInPath = Annotated[LineNumber, Path(description="The line's number.")]
DepartmentInPath = Annotated[DepartmentNumber, Path(description="The department's number.")]
RuleInPath = Annotated[RuleNumber, Path(description="The rule's number.")]


class Listing(Body, Generic[Item]):
    """One page of a list."""

    items: tuple[Item, ...]
    next: str | None = Field(
        default=None,
        description="The cursor of the next page; null on the last one. A page may be short and still have a next one.",
    )


class Paging(Body):
    """Which page of a list is asked for."""

    limit: int = Field(default=100, ge=1, le=1000, description="Most items in the page.")
    cursor: Cursor | None = Field(default=None, description="`next` of the page before; without it, the first page.")


class Named(Body):
    """Something that has a number and a name."""

    id: int
    name: str


def listing(page: Page[Found, Any], view: Callable[[Found], Item]) -> Listing[Item]:
    """`page` as an answer, each item as `view` shows it."""
    return Listing(items=tuple(view(item) for item in page.items), next=None if page.next is None else str(page.next))


@contextmanager
def named_in_body(field: str) -> Iterator[None]:
    """What a body names and does not exist is a fault of the body, not of the path. Where it may only not be seen, that
    goes on record all the same: it is the fault's cause."""
    try:
        yield
    except NotFound as error:
        cause = error if isinstance(error, Refused) else None
        raise BadInput(error.message, field=field, hint=error.hint) from cause


@contextmanager
def part_of_body(place: str) -> Iterator[None]:
    """A fault of a part of a body names the whole way to its field: `streams[0].url`."""
    try:
        yield
    except BadInput as error:
        raise BadInput(error.message, field=f"{place}.{error.field or ''}".rstrip("."), hint=error.hint) from None
