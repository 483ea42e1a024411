"""The words of a text search, and the pieces by which an index finds them.

A text is searched for each word of a query, anywhere in it. The index holds every character and every pair of
neighbours of a text (blanks left out), so two Chinese characters find what an index of three would miss.
"""

from typing import Final

from core.errors import BadInput

from ..search_text import folded

MOST_WORDS: Final = 8
LONGEST_QUERY: Final = 200
_MOST_PAIRS: Final = 4


def words_of(query: str) -> tuple[str, ...]:
    """The words of `query`, folded, each once. Raises `BadInput` (field `q`) for too many, too long, or none at all."""
    if len(query) > LONGEST_QUERY:
        raise BadInput(f"the query has {len(query)} characters; at most {LONGEST_QUERY} are allowed", field="q")
    words = tuple(dict.fromkeys(folded(query).split()))
    if not words:
        raise BadInput("the query has no words, blanks alone", field="q", hint="leave q out to find every camera")
    if len(words) > MOST_WORDS:
        raise BadInput(f"the query has {len(words)} words; at most {MOST_WORDS} are allowed", field="q")
    return words


def pieces_of(words: tuple[str, ...]) -> list[str]:
    """What the index is asked for: pairs that cover the end of each word, or its one character. Each pair costs; the
    words themselves are looked for in what is found. Ends differ more than beginnings, of codes above all."""
    starts = ((word, at) for word in words for at in _starts(len(word)))
    return list(dict.fromkeys(word[at : at + 2] for word, at in starts))


def _starts(length: int) -> list[int]:
    """Where the pairs of a word begin, the last ones first; one more at its beginning where a character is left."""
    last = max(length - 2, 0)
    return [*dict.fromkeys((*range(last, -1, -2), 0))][:_MOST_PAIRS]
