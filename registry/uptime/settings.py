"""Settings of the streams' history (`[history]` in sharp-eyes.toml)."""

from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator


class HistorySettings(BaseModel):
    """How long it is kept how the streams were doing and who watched them, and where days begin."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_zone: str = Field(
        default="UTC",
        description="The city's time zone by its IANA name, Asia/Shanghai for example: where days of uptime begin. "
        "What was counted before a change of it stays as it was. The same for all processes.",
    )
    spells_days: int = Field(
        default=90, ge=1, le=3660, description="How long each span of a stream's state is kept, in days."
    )
    uptime_days: int = Field(
        default=1096, ge=7, le=3660, description="How long the uptime of each camera and day is kept, in days."
    )
    records_days: int = Field(
        default=90,
        ge=7,
        le=3660,
        description="How long it is kept who watched a camera when, which events were not accepted, and which cameras "
        "an outage had, in days. Events that a worker holds back for longer are not accepted any more.",
    )

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(
                f"there is no time zone {name!r} on this machine; expected an IANA name, Asia/Shanghai for example"
            )
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
