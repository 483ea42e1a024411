"""What the two databases say differently: lists as parameters, parts of texts, the index of texts."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from ..db import is_sqlite


@dataclass(frozen=True, slots=True)
class Speech:
    """One database's way to say it."""

    cameras: str
    """All cameras, as `c`, by an index that is made for walking over them."""
    found: str
    """The cameras whose `id` stands in `found`, as `c`: one after the other, in the order of `found`."""
    plain: str
    """Before a column: its own index is not to be used."""
    array: Callable[[Sequence[Any]], Any]
    """A list as a parameter."""
    gathered: str
    """The numbers in `column` of a group, as JSON or as a list: handing over a row each would take longer."""
    list_form: str
    elements_form: str
    holds_form: str
    fence: str
    """After a subquery: it is asked for each row that comes so far, and not for all rows beforehand."""
    pieces: Callable[[Sequence[str]], Any]
    """The pieces of words as the parameter of `texts`."""
    texts: str
    """The `id` of every camera whose text holds all of the `pieces`."""
    text_there: str | None
    """The text, in `texts`: what a word is looked for in. None where it is not at hand there."""
    estimates_texts: bool
    """Whether those are estimated: counting would run the index over all of them."""

    def among(self, column: str, name: str, kind: str) -> str:
        """That `column` is one of the list in parameter `name`, which is of PostgreSQL's type `kind`."""
        return self.list_form.format(column=column, name=name, kind=kind)

    def elements(self, name: str, kind: str) -> str:
        """The list in parameter `name`, which is of PostgreSQL's type `kind`, as rows of one column `id`."""
        return self.elements_form.format(name=name, kind=kind)

    def holds(self, column: str, name: str) -> str:
        """That the text in parameter `name` is a part of `column`."""
        return self.holds_form.format(column=column, name=name)


def _phrases(pieces: Sequence[str]) -> str:
    return " AND ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


SQLITE: Final = Speech(
    cameras="camera c INDEXED BY ix_camera_catalogue",
    found="found CROSS JOIN camera c",  # of which it keeps the order
    plain="+",
    array=lambda values: json.dumps(list(values)),
    gathered="json_group_array({column})",
    list_form="{column} IN (SELECT value FROM json_each(:{name}))",
    elements_form="SELECT value AS id FROM json_each(:{name})",
    holds_form="instr({column}, :{name}) > 0",
    fence="",
    pieces=_phrases,
    texts="SELECT rowid AS id FROM camera_text WHERE camera_text MATCH :pieces",
    text_there=None,
    estimates_texts=False,
)
POSTGRESQL: Final = Speech(
    cameras="camera c",
    found="found CROSS JOIN LATERAL (SELECT * FROM camera WHERE camera.id = found.id OFFSET 0) c",
    plain="",
    array=list,
    gathered="array_agg({column})",
    list_form="{column} = ANY(CAST(:{name} AS {kind}[]))",
    elements_form="SELECT unnest(CAST(:{name} AS {kind}[])) AS id",
    holds_form="strpos({column}, :{name}) > 0",
    fence=" OFFSET 0",
    pieces=list,
    texts="SELECT id FROM camera WHERE camera_text_pieces(search_text) @> CAST(:pieces AS text[])",
    text_there="search_text",
    estimates_texts=True,
)


def speech_of(connection: Connection) -> Speech:
    """How the database of `connection` says it."""
    return SQLITE if is_sqlite(connection) else POSTGRESQL
