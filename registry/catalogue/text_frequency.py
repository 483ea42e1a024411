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
    """About how many cameras have all `words`. The pieces of a word come together, so its rarest one counts."""
    cameras = max(connection.execute(_CAMERAS).scalar_one(), 0)
    given = {"index": POSTGRESQL_INDEX, "pieces": pieces_of(words)}
    shares = {row.piece: row.share for row in connection.execute(_FREQUENCIES, given)}
    return int(cameras * prod(min(shares.get(piece, _RARE) for piece in pieces_of((word,))) for word in words))
