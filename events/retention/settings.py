"""For how long what is kept, and how much room stays free (`[retention]` in sharp-eyes.toml)."""

from pydantic import BaseModel, ConfigDict, Field

_LONGEST = 36_600
_MIB = 1 << 20


class RetentionSettings(BaseModel):
    """How long things are kept where no rule says anything else. Nothing goes that a hold is on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_days: int = Field(
        default=1096,
        ge=1,
        le=_LONGEST,
        description="For how many days an event is kept from its end on. It stays as long as one of its pictures or "
        "clips does.",
    )
    snapshot_days: int = Field(
        default=365, ge=1, le=_LONGEST, description="For how many days from the event on its picture is kept."
    )
    original_days: int = Field(
        default=90, ge=1, le=_LONGEST, description="For how many days from the event on its original clip is kept."
    )
    masked_clip_days: int = Field(
        default=30,
        ge=1,
        le=_LONGEST,
        description="For how many days from the event on the masked clip that was made for playing is kept. Later it "
        "is made again when somebody plays it, as long as the original is there; it never outlives that.",
    )
    longest_days: int = Field(
        default=3660, ge=1, le=_LONGEST, description="The longest time that a department's own admin may set, in days."
    )
    caution_h: int = Field(
        default=24,
        ge=0,
        le=720,
        description="For how many hours nothing goes by its age after the first start with retention, and after the "
        "time of day went on or back by more than a day at once: so long there is to see what would go, or to set "
        "the clock. 0: it goes at once.",
    )
    quota_bytes: int | None = Field(
        default=None,
        ge=1_000_000,
        description="How many bytes of pictures and clips each department may have that has no quota of its own. "
        "Past that its oldest go. Without it: any number.",
    )
    free_bytes: int = Field(
        default=2_000_000_000,
        ge=0,
        description="How many bytes stay free on the disk of the folder of pictures and clips, but no more than 5 % "
        "of that disk: below that the oldest go. 0: that is not watched. With an S3 store: so much of a worker's disk "
        "is left to events; media that wait for the store take none of it.",
    )
    ballast_bytes: int = Field(
        default=32 * _MIB,
        ge=0,
        le=1024 * _MIB,
        description="The size of a file in the data folder that is given up when the disk is full, so that room can be "
        "made at all; no more than a 16th of the disk. 0: there is none.",
    )
