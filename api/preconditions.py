"""`ETag`, `If-Match` and `If-None-Match` (RFC 9110) of what has a revision: `"3"` is its third form."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response

from core.errors import BadInput, Stale

from .instead import AnswerInstead

_TAG = re.compile(r'(?P<weak>W/)?"(?P<value>[\x21\x23-\x7e\x80-\xff]*)"')
_LIST = re.compile(rf"\s*{_TAG.pattern.replace('?P<weak>', '?:').replace('?P<value>', '?:')}\s*(?:,|\Z)")
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Tags:
    """Entity tags of a header."""

    any: bool
    """`*`: whatever there is."""
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()


def tag(revision: int) -> str:
    """The entity tag of a revision."""
    return f'"{revision}"'


@dataclass(frozen=True, slots=True)
class IfMatch:
    """What a change expects of what it changes: None expects nothing."""

    tags: Tags | None

    def check(self, what: str, revision: int) -> None:
        """Raises `Stale` where `what` (`camera 17`) is not in a form that the client named."""
        if self.tags is None or self.tags.any or str(revision) in self.tags.strong:
            return
        raise Stale(
            f"{what} was changed meanwhile: it is at revision {revision}, which If-Match does not name",
            hint=f"read it again, make the change anew, and send If-Match: {tag(revision)}",
        )


@dataclass(frozen=True, slots=True)
class IfNoneMatch:
    """The forms that a client has already."""

    tags: Tags | None

    def has(self, value: str) -> bool:
        """Whether the form of that tag is among them."""
        return self.tags is not None and (self.tags.any or value in self.tags.strong | self.tags.weak)

    def answer(self, response: Response, revision: int, *, is_whole: bool = True) -> None:
        """Put the tag into `response`; where the client has this form, answer 304 instead.

        What is shown in part has a tag of its own: once more of it may be seen, the client has another form.
        """
        value = str(revision) if is_whole else f"{revision}-part"
        response.headers["ETag"] = f'"{value}"'
        if self.has(value):
            raise AnswerInstead(Response(status_code=304, headers={"ETag": f'"{value}"'}))


def _if_match(
    request: Request,
    header: Annotated[
        str | None,
        Header(alias="If-Match", description="Change it only in this form: its `ETag`. Without it, in whatever form."),
    ] = None,
) -> IfMatch:
    return IfMatch(_tags(request, "If-Match") if header is not None else None)


def _if_none_match(
    request: Request,
    header: Annotated[
        str | None,
        Header(alias="If-None-Match", description="The `ETag` that is known already: then the answer is 304."),
    ] = None,
) -> IfNoneMatch:
    return IfNoneMatch(_tags(request, "If-None-Match") if header is not None else None)


Expected = Annotated[IfMatch, Depends(_if_match)]
Known = Annotated[IfNoneMatch, Depends(_if_none_match)]


def _tags(request: Request, name: str) -> Tags:
    text = ",".join(request.headers.getlist(name)).strip()
    if text == "*":
        return Tags(any=True)
    strong, weak = set[str](), set[str]()
    at = 0
    while at < len(text) <= _LONGEST and (found := _LIST.match(text, at)) is not None:
        parts = _TAG.search(found[0])
        if parts is not None:
            (weak if parts["weak"] else strong).add(parts["value"])
        at = found.end()
    if at < len(text) or not text or text.endswith(","):
        raise BadInput(
            f'{name} is a list of tags in quotation marks, or *; "3" for example',
            field=name,
            hint="take the tag from the ETag of an answer, with its quotation marks",
        )
    return Tags(False, frozenset(strong), frozenset(weak))
