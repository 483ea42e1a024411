"""Settings of the HTTP server (`[api]` in sharp-eyes.toml)."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class ApiSettings(BaseModel):
    """How the API listens, and what it lets one client ask of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on: 0.0.0.0 for all of IPv4, :: for all. Beyond loopback with TLS, or behind a "
        "proxy that has it (`trusted_proxies`).",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="TCP port to listen on; 0 takes a free one.")
    allowed_hosts: tuple[str, ...] = Field(
        default=LOOPBACK_NAMES,
        min_length=1,
        description="Names by which browsers may ask for this server, without ports: "
        "the guard against pages which point a name of their own at this machine.",
    )
    tls_certificate: Path | None = Field(
        default=None, description="File of the server's certificate and those above it (PEM). Without it: plain HTTP."
    )
    tls_key: Path | None = Field(default=None, description="File of its private key (PEM, without a password).")
    trusted_proxies: tuple[str, ...] = Field(
        default=(),
        description="Addresses or networks of proxies before this server (10.0.0.7, 10.0.0.0/24): of them alone "
        "`X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    )
    requests_per_minute: int = Field(
        default=12_000, ge=60, le=1_000_000, description="Most requests of one person or API key in a minute."
    )
    strangers_per_minute: int = Field(
        default=120,
        ge=10,
        le=100_000,
        description="Most requests in a minute from one address by whom nobody knows: attempts to sign in too.",
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
    live_views: int = Field(
        default=64, ge=0, le=10_000, description="Most live views of cameras at the same time, masked and original."
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
        default=3.0,
        gt=0,
        le=60,
        description="How long the worker may take to answer the API, in seconds; for a picture at least 15.",
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
    def _address(cls, host: str) -> str:
        if host == "localhost":
            return host
        try:
            return str(ip_address(host.strip("[]")))
        except ValueError:
            raise ValueError(
                f"the address to listen on is {host!r}; expected an IP address (0.0.0.0 and :: for all) or localhost"
            ) from None

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            try:
                network = _as_ipv4(ip_network(name))
            except ValueError:
                raise ValueError(
                    f"{name!r} is no address of a proxy; expected 10.0.0.7, or a network like 10.0.0.0/24"
                ) from None
            if network.prefixlen == 0:
                raise ValueError(f"{name!r} would believe everybody; expected the addresses of the proxies alone")
        return names

    @model_validator(mode="after")
    def _both_files(self) -> Self:
        if (self.tls_certificate is None) is not (self.tls_key is None):
            missing = "tls_key" if self.tls_key is None else "tls_certificate"
            raise ValueError(f"{missing} is missing: TLS takes a certificate and its key")
        return self

    @property
    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """`trusted_proxies`, read."""
        return tuple(_as_ipv4(ip_network(name)) for name in self.trusted_proxies)

    @property
    def has_tls(self) -> bool:
        """Whether it speaks HTTPS itself."""
        return self.tls_certificate is not None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches the server."""
        return self.host == "localhost" or ip_address(self.host).is_loopback

    @field_validator("allowed_hosts")
    @classmethod
    def _bare_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            bracketed = name.startswith("[") and name.endswith("]")
            if not name or "/" in name or "*" in name or (":" in name and not bracketed):
                raise ValueError(f"{name!r} is no host name; expected a name without scheme, port or wildcard")
        return tuple(name.lower() for name in names)


def _as_ipv4(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    """An IPv4 network that is written as it comes to an IPv6 socket as what it is: so clients are told apart."""
    first = getattr(network.network_address, "ipv4_mapped", None)
    return network if first is None or network.prefixlen < 96 else ip_network((first, network.prefixlen - 96))
