"""How many cameras PostgreSQL expects to have some words: counting them would run its index over all of them."""

from math import prod
from typing import Final

from sqlalchemy import Connection, text

from .text_index import POSTGRESQL_INDEX
from .words import pieces_of

_CAMERAS: Final = text("SELECT reltuples FROM pg_class WHERE oid = 'camera'::regclass")
_FREQUENCIES: Final = text("""
    SELECT known.piece, known.share
    FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) known(piece, share)
    WHERE s.schemaname = current_schema() AND s.tablename = :index AND known.piece = ANY(CAST(:pieces AS text[]))
""")
_RARE: Final = 0.001
"""The share of cameras that have a piece of which the statistics know nothing."""


def expected(connection: Connection, words: tuple[str, ...]) -> int:
    """About how many cameras have all pieces of `words`."""
    cameras = max(connection.execute(_CAMERAS).scalar_one(), 0)
    given = {"index": POSTGRESQL_INDEX, "pieces": pieces_of(words)}
    shares = {row.piece: row.share for row in connection.execute(_FREQUENCIES, given)}
    return int(cameras * prod(_together([shares.get(piece, _RARE) for piece in pieces_of((word,))]) for word in words))


def _together(shares: list[float]) -> float:
    """The share of texts that have all pieces of a word. Those of a number come by chance, those of a name together: so
    the two rarest count, and no more. Where a name is common, walking has filled the page before this is asked."""
    return prod(sorted(shares)[:2])
