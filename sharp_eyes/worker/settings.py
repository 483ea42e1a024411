"""Settings of the worker (`[worker]` in sharp-eyes.toml)."""

import os
import socket
from ipaddress import ip_address
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class WorkerSettings(BaseModel):
    """Where a worker answers the API, what it is called, and how much of the city it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        max_length=255,
        description="Address on which it answers the API. It speaks plain HTTP, guarded by a token that it makes at "
        "each start: anything but loopback belongs into a network where nobody listens in.",
    )
    port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="TCP port there; 0 takes a free one, as several workers of one program must.",
    )
    advertise: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="Name or address by which the API reaches it; else `host`.",
    )
    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="What people call it; else the machine's name and its slot.",
    )
    capacity: float | None = Field(
        default=None,
        gt=0,
        le=4096,
        description="Its share of the cameras against that of other workers; else the processors that it may use.",
    )

    @model_validator(mode="after")
    def _is_reached(self) -> Self:
        if self.advertise is None and _is_everywhere(self.host):
            raise ValueError(
                f"`host` {self.host} is every address: name the one that the API connects to in `advertise`"
            )
        return self

    @property
    def reached_at(self) -> str:
        """The host to which the API connects."""
        return self.advertise or self.host

    @property
    def share(self) -> float:
        """Its capacity."""
        return self.capacity or float(len(os.sched_getaffinity(0)))

    def called(self, slot: int) -> str:
        """Its name, where it has the slot of that number."""
        return self.name or f"{socket.gethostname()}:{slot}"[-128:]


def _is_everywhere(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False
