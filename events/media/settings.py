"""Where pictures and clips are stored (`[blobs]` in sharp-eyes.toml)."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class BlobSettings(BaseModel):
    """Where pictures and clips are stored: in a folder, or in an S3 store that several machines share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    s3_endpoint: str | None = Field(
        default=None,
        description="Host, or host:port, of an S3 store. Without it: the folder blobs in the data folder.",
    )
    bucket: str = Field(
        default="sharp-eyes",
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="The bucket; it is made at the first writing if it is missing and the login may do that.",
    )
    region: str = Field(default="us-east-1", min_length=1, description="The store's region; many take any.")
    access_key: SecretStr | None = Field(default=None, description="The login to the store: its access key.")
    secret_key: SecretStr | None = Field(default=None, description="The login to the store: its secret key.")
    secure: bool = Field(default=True, description="Whether the store is spoken to over TLS.")
    ca_file: Path | None = Field(
        default=None, description="Certificates (PEM) that vouch for the store. Without it: those of the system."
    )
    path_style: bool = Field(
        default=True, description="Whether the bucket stands in the path of addresses, or (off) in front of the host."
    )

    outbox_bytes: int = Field(
        default=4_000_000_000,
        ge=10_000_000,
        description="How much each worker keeps on its own disk, in the data folder, while the S3 store is away. Past "
        "that, new pictures and clips are not kept, and their events say so.",
    )

    @field_validator("s3_endpoint")
    @classmethod
    def _bare_host(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and (not endpoint or "/" in endpoint or "@" in endpoint or " " in endpoint):
            raise ValueError("expected host or host:port, without scheme, path and login; `secure` says whether by TLS")
        return endpoint
