"""Settings of access (`[access]` in sharp-eyes.toml)."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from ..event_facts import EventFacts
from ..own_url import OwnUrl


class AccessSettings(BaseModel):
    """What is shared without a grant, and how long sessions, links and the sight of originals last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_facts: EventFacts = Field(
        default=EventFacts.GRANT,
        description="With whom the facts of events are shared without a grant: `city` with everybody who looks at "
        "events, `sector` with departments of the same kind, `grant` with nobody. Pictures are always by grant. "
        "The same for all processes.",
    )
    console_url: OwnUrl | None = Field(
        default=None,
        description="Where browsers find the console, for links to choose a password: https://eyes.city.example behind "
        "a proxy. Without it: as the server listens.",
    )
    session_hours: int = Field(
        default=24, ge=1, le=720, description="How long somebody stays signed in at most, in hours."
    )
    session_idle_hours: int = Field(
        default=8, ge=1, le=720, description="How long somebody stays signed in without asking for anything, in hours."
    )
    invitation_hours: int = Field(
        default=72, ge=1, le=720, description="How long a link to choose a password is in force, in hours."
    )
    setup_hours: int = Field(
        default=24,
        ge=1,
        le=720,
        description="How long the link is in force by which the first city admin chooses a password, in hours.",
    )

    unmasking_minutes: int = Field(
        default=15, ge=1, le=60, description="How long an original clip may be seen once it was opened, in minutes."
    )

    @property
    def session_lasts(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def session_idle(self) -> timedelta:
        return timedelta(hours=self.session_idle_hours)

    @property
    def invitation_lasts(self) -> timedelta:
        return timedelta(hours=self.invitation_hours)

    @property
    def setup_lasts(self) -> timedelta:
        return timedelta(hours=self.setup_hours)

    @property
    def unmasking_lasts(self) -> timedelta:
        return timedelta(minutes=self.unmasking_minutes)
