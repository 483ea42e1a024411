"""Settings of alerts (`[alerts]` in sharp-eyes.toml)."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.errors import BadInput
from registry.own_url import OwnUrl

from .allowed_targets import AllowedTargets


class AlertSettings(BaseModel):
    """Where alerts may go, how long and how often they are tried, and where their pictures are found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_url: OwnUrl | None = Field(
        default=None,
        description="Where receivers of alerts reach this server, for links to pictures: https://eyes.city.example. "
        "Its host must be one of api.allowed_hosts. Without it: alerts have no pictures.",
    )
    picture_minutes: int = Field(
        default=10, ge=1, le=60, description="How long a link to an alert's picture is good, in minutes."
    )
    allowed_targets: tuple[str, ...] = Field(
        default=(),
        description="Receivers within your own network, each a host, host:port or network (10.0.8.0/24): to them "
        "alone, of those that are not on the open internet, alerts may go; over plain HTTP too.",
    )
    timeout_s: float = Field(
        default=10.0, gt=0, le=60, description="How long a receiver may take for one delivery in all, in seconds."
    )
    give_up_after_h: float = Field(
        default=24.0, gt=0, le=168, description="For how long a delivery that does not arrive is tried again, in hours."
    )
    most_at_once: int = Field(
        default=4, ge=1, le=64, description="Most deliveries on their way to one receiver at a time."
    )
    senders: int = Field(default=256, ge=1, le=4096, description="Most deliveries on their way at a time, in all.")
    kept_days: int = Field(
        default=30, ge=1, le=366, description="How long deliveries that have ended are kept, with their attempts."
    )

    @field_validator("allowed_targets")
    @classmethod
    def _can_be_read(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        try:
            AllowedTargets.of(texts)
        except BadInput as error:
            raise ValueError(error.message) from None
        return texts

    @property
    def allowed(self) -> AllowedTargets:
        """`allowed_targets`, read."""
        return AllowedTargets.of(self.allowed_targets)

    @property
    def picture_lasts(self) -> timedelta:
        return timedelta(minutes=self.picture_minutes)

    @property
    def give_up_after(self) -> timedelta:
        return timedelta(hours=self.give_up_after_h)
