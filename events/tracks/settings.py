"""Settings of the track log (`[tracks]` in sharp-eyes.toml)."""

from pydantic import BaseModel, ConfigDict, Field


class TrackLogSettings(BaseModel):
    """What is kept of the objects that were seen, so that rules can be tried on them."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    track_log_h: int = Field(default=72, ge=0, le=720)
    """For how many hours the tracks of each camera (no pictures) are kept to try rules on; 0: none are."""
