"""Settings of the HTTP server (`[api]` in sharp-eyes.toml)."""

from ipaddress import ip_address

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class ApiSettings(BaseModel):
    """How the API listens, and what it lets one client ask of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trust_network: bool = Field(
        default=False,
        description="Whether everybody who reaches an address beyond loopback may do everything: for a container whose "
        "port is published on loopback alone, or that a network policy guards.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. Loopback only, until people can sign in, or with `trust_network`.",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="TCP port to listen on; 0 takes a free one.")
    allowed_hosts: tuple[str, ...] = Field(
        default=LOOPBACK_NAMES,
        min_length=1,
        description="Names by which browsers may ask for this server, without ports: "
        "the guard against pages which point a name of their own at this machine.",
    )
    body_limit_bytes: int = Field(
        default=262_144, ge=1024, le=16_777_216, description="Longest body of a request, in bytes."
    )
    body_timeout_s: float = Field(
        default=15.0, gt=0, le=300, description="How long a client may take to send the body of a request, in seconds."
    )
    live_clients: int = Field(
        default=64, ge=1, le=10_000, description="Most clients that follow the changes of events at the same time."
    )
    live_queue: int = Field(
        default=512,
        ge=256,  # more than one question to the database brings
        le=65_536,
        description="Changes kept for a slow follower before it is disconnected; it can resume where it was.",
    )
    live_poll_s: float = Field(
        default=0.2, ge=0.02, le=10, description="How often the database is asked for changes, in seconds."
    )
    heartbeat_s: float = Field(
        default=15.0, ge=0.1, le=60, description="Silence after which a follower gets a comment, in seconds."
    )
    worker_timeout_s: float = Field(
        default=3.0, gt=0, le=60, description="How long the worker may take to answer the API, in seconds."
    )
    worker_silence_s: float = Field(
        default=5.0, ge=1, le=300, description="A worker whose heartbeat is older counts as gone, in seconds."
    )
    free_disk_bytes: int = Field(
        default=268_435_456,
        ge=0,
        description="With less room on the data folder's disk the server is not ready, in bytes.",
    )
    stop_timeout_s: int = Field(
        default=5, ge=1, le=120, description="How long requests may go on when the server is stopped, in seconds."
    )

    @field_validator("host")
    @classmethod
    def _loopback_only(cls, host: str, others: ValidationInfo) -> str:
        if host == "localhost":
            return host
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            raise ValueError(f"the host to listen on is {host!r}; expected 127.0.0.1, ::1 or localhost") from None
        if not address.is_loopback and not others.data.get("trust_network"):
            raise ValueError(
                f"the server does not listen on {host!r}: there is no sign-in yet, so everybody who reaches it would "
                "see every camera; expected 127.0.0.1, ::1 or localhost (from another machine, use an SSH tunnel)"
            )
        return str(address)

    @field_validator("allowed_hosts")
    @classmethod
    def _bare_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            bracketed = name.startswith("[") and name.endswith("]")
            if not name or "/" in name or "*" in name or (":" in name and not bracketed):
                raise ValueError(f"{name!r} is no host name; expected a name without scheme, port or wildcard")
        return tuple(name.lower() for name in names)
