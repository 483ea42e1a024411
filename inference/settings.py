"""Settings of what looks at pictures."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Score = Annotated[float, Field(gt=0, lt=1)]


class Provider(StrEnum):
    """What computes the networks."""

    CPU = "cpu"
    CUDA = "cuda"
    """An NVIDIA card."""
    OPENVINO = "openvino"
    """Intel's library: an Intel graphics card where there is one, else the processor."""


class DetectorSettings(BaseModel):
    """Which models look at pictures, on what, and from what score on they are believed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(default="nanodet-g-int8", description="name of the model that finds objects")
    min_score: Score | None = Field(default=None, description="least score of a detection; unset: as its card says")
    face_model: str = Field(default="centerface-int8", description="name of the model that finds faces to mask")
    face_min_score: Score | None = Field(
        default=None, description="least score of a face; unset: low, so that rather too much is masked"
    )
    provider: Provider = Field(
        default=Provider.CPU,
        description="what computes the network that finds objects: cpu, cuda (an NVIDIA card) or openvino (Intel's "
        "library); one that does not work here is replaced by cpu, as the log and doctor say",
    )
