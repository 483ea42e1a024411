"""Settings of live views (`[live]` in sharp-eyes.toml)."""

from pydantic import BaseModel, ConfigDict, Field


class LiveSettings(BaseModel):
    """How much of a worker goes into showing cameras live."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    masked_fps: float = Field(
        default=5.0,
        gt=0,
        le=5,
        description="Masked pictures a second of each camera that somebody looks at; no more than `looking.detect_fps` "
        "brings.",
    )
    masked_core_share: float = Field(
        default=0.5,
        ge=0.01,
        le=1.0,
        description="Share of one processor core that masking for all live views of a worker may take. Where it does "
        "not suffice every camera is shown more slowly.",
    )
    viewers: int = Field(
        default=32,
        ge=0,
        le=1000,
        description="Most live views of a worker at the same time, masked ones and originals together; 0 shows nothing "
        "live.",
    )
