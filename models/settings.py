"""Settings of the models."""

from pydantic import BaseModel, ConfigDict, Field


class ModelSettings(BaseModel):
    """Where models come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mirror: str | None = Field(
        default=None,
        min_length=1,
        description="where `models pull` fetches from in place of the internet: a folder, or the https:// or http:// "
        "address of one, that holds NAME.onnx",
    )
