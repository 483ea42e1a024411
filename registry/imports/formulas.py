"""Cells that a spreadsheet would run as formulas, written so that it does not."""

import re
from typing import Final

_GUARD: Final = "'"
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are full-width: spreadsheets of East Asia take them for the others."""
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def with_guard(text: str) -> str:
    """`text` as a cell: one that a spreadsheet would take for a formula gets an apostrophe in front, a number none.

    So does one that begins with apostrophes and then such a sign: `without_guard` gives back exactly what was given.
    """
    return _GUARD + text if _needs_guard(text) else text


def without_guard(cell: str) -> str:
    """The text in a cell that `with_guard` may have written."""
    return cell[1:] if cell.startswith(_GUARD) and _needs_guard(cell[1:]) else cell


def _needs_guard(text: str) -> bool:
    bare = text.lstrip(_GUARD)
    return bare.startswith(_DANGEROUS) and not _NUMBER.fullmatch(bare)
