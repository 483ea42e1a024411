"""Which encoding a text file has: found by reading all of it once, a piece at a time."""

import codecs
from typing import BinaryIO, Final

from core.errors import BadInput

_PIECE: Final = 65_536
_ENOUGH: Final = 8
"""So many characters of several bytes, all of them right in UTF-8, are no accident."""
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def encoding_of(file: BinaryIO) -> str:
    """The encoding of the text in `file`, read from its beginning: UTF-8, UTF-16 with its mark, or GB18030.

    Raises `BadInput` where it is none of these, or UTF-8 with damaged places.
    """
    file.seek(0)
    beginning = file.read(4)
    for mark, encoding in _BOMS.items():
        if beginning.startswith(mark):
            if (damaged_at := _damage(file, encoding)[0]) is not None:
                raise _damaged(encoding.removesuffix("-sig").upper(), damaged_at)
            return encoding
    damaged_at, wide = _damage(file, "utf-8")
    if damaged_at is None:
        return "utf-8"
    if wide >= _ENOUGH:
        raise _damaged("UTF-8", damaged_at)
    if _damage(file, "gb18030")[0] is None:
        return "gb18030"
    raise BadInput(
        f"the file is text neither in UTF-8 (byte {damaged_at} does not fit) nor in GB18030",
        field="file",
        hint="save it again as CSV UTF-8",
    )


def _damaged(encoding: str, at: int) -> BadInput:
    hint = "save it again as CSV UTF-8"
    return BadInput(f"the file is text in {encoding}, but damaged at byte {at}", field="file", hint=hint)


def _damage(file: BinaryIO, encoding: str) -> tuple[int | None, int]:
    """At which byte `file` stops being text in `encoding`, if it does; and how many characters of several bytes came
    before, as far as they were counted."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    read = wide = 0
    while True:
        piece = file.read(_PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            # What the decoder kept of the piece before stands in front of this one.
            before = len(error.object) - len(piece)
            good = error.object[: error.start].decode(encoding, "ignore")
            return read - before + error.start, wide + _wide(good)
        if not piece:
            return None, wide
        wide = min(wide + _wide(text), _ENOUGH)
        read += len(piece)


def _wide(text: str) -> int:
    return sum(character > "\x7f" for character in text) if not text.isascii() else 0
