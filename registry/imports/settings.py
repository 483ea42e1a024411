"""How large a file of cameras may be."""

from pydantic import BaseModel, ConfigDict, Field


class ImportSettings(BaseModel):
    """What an import takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    file_limit_bytes: int = Field(default=67_108_864, ge=1024, le=1_073_741_824)
    """Longest file, in bytes. A longer one is refused before it has arrived."""
    unpacked_limit_bytes: int = Field(default=268_435_456, ge=1024, le=4_294_967_296)
    """What a spreadsheet (.xlsx is a packed folder) may unpack to, all parts together, in bytes."""
    most_rows: int = Field(default=200_000, ge=1, le=4_000_000)
    """Most rows in a file."""
    upload_timeout_s: float = Field(default=300.0, gt=0, le=3600)
    """How long a client may take to send a file, in seconds."""
    kept: int = Field(default=50, ge=1, le=10_000)
    """How many imports stay on record with what became of each row; older ones are forgotten."""
