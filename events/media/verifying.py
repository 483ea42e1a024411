"""Whether a blob is still what was written."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import NotFound

from .blobs import Blobs
from .checksums import digest_of
from .reading import MediaRow


class Verdict(StrEnum):
    """What reading a blob shows."""

    SAME = "same"
    """It has the checksum that it was written with."""
    UNSUMMED = "unsummed"
    """It can be read and is as long as it was; an earlier version kept no checksum of it."""
    OTHER = "other"
    """It is not what was written."""
    GONE = "gone"


BAD: Final = frozenset({Verdict.OTHER, Verdict.GONE})


@dataclass(frozen=True, slots=True)
class Checked:
    """A medium whose blob was read."""

    row: MediaRow
    verdict: Verdict
    words: str
    """What was expected and what was found, where it is bad."""


def check_blob(blobs: Blobs, row: MediaRow) -> Checked:
    """Read the blob of `row` as a whole. Raises `Unavailable` where the store is away."""
    key = row.blob.key
    try:
        length = blobs.size(key)
        if length != row.blob.bytes:
            return Checked(row, Verdict.OTHER, f"{key} has {length} bytes; {row.blob.bytes} were written")
        with blobs.open(key) as source:
            found = digest_of(source, "sha256")
    except NotFound:
        return Checked(row, Verdict.GONE, f"{key} is not in the store")
    if row.blob.sha256 is None:
        return Checked(row, Verdict.UNSUMMED, "")
    if found != row.blob.sha256:
        return Checked(row, Verdict.OTHER, f"{key} has the SHA-256 {found}; {row.blob.sha256} was written")
    return Checked(row, Verdict.SAME, "")
