"""What a filter of events cannot mean is said, with the field, before anything is looked for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from core.errors import BadInput
from core.line import LineId
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.sieve import Sieve
from tests.support.builders import START, after

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    ("field", "words", "asked"),
    [
        ("polygon", "2 corners; expected 3 to 100", {"polygon": SQUARE[:2]}),
        ("polygon", "104 corners; expected 3 to 100", {"polygon": SQUARE * 26}),
        ("polygon", "corner 5 of the polygon is 181,0", {"polygon": (*SQUARE, (181.0, 0.0))}),
        ("polygon", "corner 5 of the polygon is 0,90.5", {"polygon": (*SQUARE, (0.0, 90.5))}),
        ("polygon", "corner 5 of the polygon is nan,0", {"polygon": (*SQUARE, (float("nan"), 0.0))}),
        ("from", "`from` lies after `to`", {"from_at": after(1), "to_at": START}),
        ("overlap", "say `from` too", {"overlap": True}),
        ("min_score", "min_score is 1.1; expected 0 to 1", {"min_score": 1.1}),
        ("min_score", "min_score is nan; expected 0 to 1", {"min_score": float("nan")}),
        ("min_duration_s", "-1; expected 0 or more", {"min_duration": timedelta(seconds=-1)}),
        ("max_duration_s", "-1; expected 0 or more", {"max_duration": timedelta(seconds=-1)}),
        (
            "min_duration_s",
            "5, which is more than max_duration_s, 2",
            {"min_duration": timedelta(seconds=5), "max_duration": timedelta(seconds=2)},
        ),
        ("line", "at most 10000 of line, not 10001", {"lines": frozenset(map(LineId, range(1, 10_002)))}),
        ("q", "no words", {"q": "  "}),
        ("region", "2, 4, 6, 8, 9 or 12 digits", {"region": "abc"}),
    ],
)
def test_what_cannot_be_meant_is_refused(connection: Connection, field: str, words: str, asked: dict[str, Any]) -> None:
    for refuses in (search, _sieve):
        with pytest.raises(BadInput, match=words) as refused:
            refuses(connection, EventFilter(**asked))
        assert refused.value.field == field


def _sieve(connection: Connection, asked: EventFilter) -> Sieve:
    return Sieve.of(connection, asked, now=START)
