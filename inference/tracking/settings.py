"""What may be set about following objects."""

from pydantic import BaseModel, ConfigDict, Field, model_validator


class TrackerSettings(BaseModel):
    """When a detection counts, when an object is believed, and how long one out of sight is remembered."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    low_score: float = Field(default=0.2, ge=0, le=1)
    """Detections below this are ignored; those from here to `high_score` only carry on an object already known."""
    high_score: float = Field(default=0.4, ge=0, le=1)
    """Detections from here on may begin a new object."""
    sure_score: float = Field(default=0.75, ge=0, le=1)
    """A detection from here on is believed at once."""
    confirm_hits: int = Field(default=3, ge=1, le=20)
    """Other objects are believed once they were seen in so many pictures."""
    candidate_s: float = Field(default=1.0, gt=0, le=10)
    """An object not yet believed is given up when it has not been seen for so long."""
    lost_s: float = Field(default=3.0, gt=0, le=60)
    """An object that was believed keeps its number when it comes back within this time."""
    stationary_s: float = Field(default=5.0, gt=0, le=600)
    """An object that has stayed where it is for so long is stationary."""
    stationary_lost_s: float = Field(default=60.0, gt=0, le=3600)
    """A stationary object keeps its number so long (at least `lost_s`) while the detector overlooks it. What comes to
    just the same place meanwhile, unseen on its way, takes its number: set it lower for a rank of taxis."""

    @model_validator(mode="after")
    def _scores_rise(self) -> "TrackerSettings":
        if not self.low_score <= self.high_score <= self.sure_score:
            raise ValueError(
                "expected low_score <= high_score <= sure_score, "
                f"found {self.low_score}, {self.high_score}, {self.sure_score}"
            )
        return self
