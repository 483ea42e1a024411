"""A card: the facts of a detector model, from which everything else follows."""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from core.errors import BadInput, NotFound

from .input_size import FixedSize, FreeSize
from .labels import check_labels
from .precision import Precision
from .task import Task

NAME_PATTERN = "[a-z0-9]+([.-][a-z0-9]+)*"
"""Names of models: small letters and digits, joined by single dots or hyphens, so that they name files everywhere."""

_HALVINGS = 32
"""Every network that can be decoded here halves its picture five times."""

Name = Annotated[str, StringConstraints(pattern=f"^{NAME_PATTERN}$", max_length=64)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]+$", max_length=300)]
"""Text that goes to a terminal as it is: no control characters."""
Channels = tuple[float, float, float]


class ColourOrder(StrEnum):
    """In which order a network takes the colours."""

    BGR = "bgr"
    RGB = "rgb"


class Letterbox(StrEnum):
    """Where the picture lies in an input of another shape."""

    CENTRED = "centred"
    TOP_LEFT = "top_left"


class Decoding(StrEnum):
    """How a network's outputs are to be read. `inference/decoding/` has a file for each."""

    NANODET = "nanodet"
    YOLOX = "yolox"
    CENTERFACE = "centerface"

    @property
    def task(self) -> Task:
        """The one task that networks of this kind have."""
        return Task.FACES if self is Decoding.CENTERFACE else Task.OBJECTS

    @property
    def outputs(self) -> int:
        """How many outputs such a network has. One more would be an embedding or landmarks, and is refused."""
        match self:
            case Decoding.NANODET:
                return 2
            case Decoding.YOLOX:
                return 1
            case Decoding.CENTERFACE:
                return 3


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class CardInput(_Part):
    """What the network takes: n x 3 x height x width, float32, `(colour - mean) / std`."""

    name: str = Field(min_length=1, description="name of the input in the ONNX file")
    size: FixedSize | FreeSize = Field(discriminator="kind")
    colours: ColourOrder
    mean: Channels = Field(description="subtracted from each channel, 0 to 255, in the order of `colours`")
    std: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] = Field(
        description="what each channel is divided by then"
    )
    letterbox: Letterbox
    pad: float = Field(ge=0, le=255, description="brightness around the picture, before normalising")


class AcceptedFile(_Part):
    """One file that is this model. Others are refused, whatever their name."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size_bytes: int = Field(gt=0, le=1_000_000_000)
    url: str | None = Field(default=None, pattern=r"^https://[^\s@]+$", description="where to fetch it")
    precision: Precision | None = Field(default=None, description="int8 or float; needed where the card lists both")


class Card(_Part):
    """The facts of a detector model."""

    name: Name
    about: Line = Field(description="one line for a person")
    task: Task
    decoding: Decoding
    input: CardInput
    outputs: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        description="names of the outputs in the ONNX file, in the order that `decoding` asks for"
    )
    labels: tuple[str, ...]
    min_score: float = Field(gt=0, lt=1, description="detections below are not told, unless somebody asks for them")
    max_overlap: float = Field(
        gt=0, lt=1, description="of two boxes of a label that overlap more, the better one stays"
    )
    licence: Line
    origin: Line = Field(description="who made it, and what was done to it")
    accepted: tuple[AcceptedFile, ...] = Field(
        min_length=1, description="the files that are this model; of those of one precision, any"
    )

    @model_validator(mode="after")
    def _fits_itself(self) -> Self:
        if self.decoding.task is not self.task:
            raise BadCard("decoding", f"found {self.decoding}, which finds {self.decoding.task}, not {self.task}")
        if len(self.outputs) != self.decoding.outputs:
            raise BadCard(
                "outputs", f"found {len(self.outputs)}; {self.decoding} has {self.decoding.outputs}, and no others"
            )
        sides = self.input.size.sides
        if any(side % _HALVINGS for side in sides):
            raise BadCard("input.size", f"found {list(sides)}; expected multiples of {_HALVINGS}")
        if None in self.precisions and len(self.precisions) > 1:
            raise BadCard("accepted", "some files name a precision and some do not; expected all of them to, or none")
        try:
            check_labels(self.task, self.labels)
        except BadInput as fault:
            raise BadCard(fault.field or "labels", fault.message) from fault
        return self

    @property
    def precisions(self) -> tuple[Precision | None, ...]:
        """The precisions that it has files of, in the order of the card; (None,) where it does not say."""
        return tuple(dict.fromkeys(file.precision for file in self.accepted))

    def file(self, precision: Precision | None) -> str:
        """The name of its file of `precision` in a models folder or a mirror."""
        # Names of models have no underscore, so that no other model's file is called so.
        return f"{self.name}.onnx" if len(self.precisions) == 1 else f"{self.name}_{precision}.onnx"

    def files(self, precision: Precision | None) -> tuple[AcceptedFile, ...]:
        """The files of `precision` (None: of any) that are this model: whichever is there will do."""
        return tuple(file for file in self.accepted if precision in (None, file.precision))

    def accepts(self, sha256: str, precision: Precision | None) -> bool:
        """Whether a file of that hash is this model's file of `precision`."""
        return any(sha256 == file.sha256 for file in self.files(precision))


class BadCard(ValueError):
    """A fault of a whole card at one key; pydantic wraps it, `_explain` unwraps it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


def load_card(path: Path) -> Card:
    """The card in a TOML file. Raises `NotFound`, or `BadInput` that names file, key, what was found and is allowed."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"there is no card at {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as a card: {error}", hint="A card is a TOML file in UTF-8.") from error
    return parse_card(text, str(path))


def parse_card(text: str, where: str) -> Card:
    """The card in a TOML text. `where` is named in errors. Raises `BadInput`."""
    try:
        return Card.model_validate(tomllib.loads(text))
    except ValidationError as error:
        faults = _explain(error)
        listed = "; ".join(f"{key}: {fault}" for key, fault in faults)
        raise BadInput(f"{where} is refused: {listed}", field=faults[0][0]) from error
    except (ValueError, RecursionError) as error:  # numbers of 5000 digits, brackets in a thousand brackets
        raise BadInput(f"{where} is not TOML: {error}") from error


def _explain(error: ValidationError) -> list[tuple[str, str]]:
    """Key and fault of each error, with what was found."""
    faults = []
    for fault in error.errors(include_url=False):
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, BadCard):
            faults.append((cause.key, str(cause)))
            continue
        key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]).lstrip(".")
        found = "" if fault["type"] == "missing" else f" (found {_short(fault['input'])})"
        faults.append((key or "card", fault["msg"] + found))
    return faults


def _short(found: object) -> str:
    text = repr(found)
    return text if len(text) <= 80 else text[:77] + "..."
