"""How many cameras PostgreSQL has with some words, about: counting them would run its index over all of them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

_PERCENT: Final = 1


def expected(connection: Connection, words: Sequence[str]) -> int:
    """About how many cameras have all `words`: those of a hundredth of the table's pages, always the same ones."""
    has_all = " AND ".join(f"strpos(search_text, :word_{place}) > 0" for place in range(len(words)))
    statement = text(
        f"SELECT count(*) FROM camera TABLESAMPLE SYSTEM ({_PERCENT}) REPEATABLE (1) WHERE {has_all}"  # noqa: S608
    )
    found: int = connection.execute(statement, {f"word_{place}": word for place, word in enumerate(words)}).scalar_one()
    return found * 100 // _PERCENT
