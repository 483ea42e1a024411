"""Settings of the readers."""

from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class HardwareDecoding(StrEnum):
    """What decodes the streams, as FFmpeg names its devices."""

    OFF = "off"
    """The processor."""
    AUTO = "auto"
    """The first device that works."""
    CUDA = "cuda"
    QSV = "qsv"
    AMF = "amf"
    VAAPI = "vaapi"
    VIDEOTOOLBOX = "videotoolbox"


class ReaderSettings(BaseModel):
    """How streams are opened, watched, and tried again."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    open_timeout_s: float = Field(default=5.0, gt=0, le=60)
    """How long a camera may take to answer, and again to send its first packets."""
    read_timeout_s: float = Field(default=3.0, gt=0, le=60)
    """How long nothing may arrive before the stream counts as stalled."""
    first_picture_timeout_s: float = Field(default=60.0, gt=0, le=600)
    """How long packets may arrive before the first whole picture; cameras exist with a minute between key frames."""
    analyze_ms: int = Field(default=400, ge=10, le=10_000)
    """How much of a stream is looked at before it is decoded; longer finds odd streams, but opens later."""
    probe_bytes: int = Field(default=400_000, ge=10_000, le=20_000_000)
    """How many bytes of a stream are looked at before it is decoded, at most."""
    first_wait_s: float = Field(default=1.0, gt=0, le=60)
    """Wait before the first new attempt; it doubles from there to `longest_wait_s`."""
    longest_wait_s: float = Field(default=60.0, gt=0, le=3600)
    """The longest wait between two attempts."""
    settled_after_s: float = Field(default=30.0, ge=0, le=3600)
    """A stream that was live for so long starts again with `first_wait_s`."""
    most_broken_in_a_row: int = Field(default=100, ge=1, le=100_000)
    """So many packets in a row that cannot be decoded, and the stream is closed and opened again."""
    largest_side_px: int = Field(default=8192, ge=16, le=16_384)
    """A stream with a longer side is refused."""
    largest_picture_px: int = Field(default=40_000_000, ge=256, le=268_435_456)
    """A stream with more pixels a picture is refused."""
    hardware_decoding: HardwareDecoding = HardwareDecoding.OFF
    """What decodes: off (the processor), cuda, qsv, amf, vaapi, videotoolbox, or auto (the first that works). A device
    that does not work here is replaced by the processor, as the log and doctor say."""
    files: Path | None = None
    """The one folder that `file:` streams may be read from; none are allowed where it is not set."""

    @model_validator(mode="after")
    def _waits_grow(self) -> Self:
        if self.longest_wait_s < self.first_wait_s:
            raise ValueError(
                f"longest_wait_s ({self.longest_wait_s}) is shorter than first_wait_s ({self.first_wait_s})"
            )
        return self
